"""The maintained merge: it depends on what the graphs say, and on nothing else."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import BASE
from toolbox_graph.model import Model
from toolbox_graph.namespaces import FOAF, RDF, TBG, XSD
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import MERGE, Quad, node

MODEL = Model(BASE)
TOOL = node(BASE.thing("tool", "door"))
HOMEPAGE, TYPE = node(str(FOAF.homepage)), node(str(RDF.type))
A_TOOL = Quad(TOOL, TYPE, node(str(TBG.Tool)), node(BASE.graph("house", "alpha")))


def graph(source: str) -> str:
    """Return the graph of a source."""
    return node(BASE.graph("house", source))


def homepage(address: str, source: str) -> Quad:
    """Return what a source says of the tool's website."""
    return Quad(TOOL, HOMEPAGE, f"<https://{address}>", graph(source))


def rank(address: str, rank: str, source: str) -> list[Quad]:
    """Return the claim with which a source ranks what is said of the tool's website."""
    claim = f"<{TOOL[1:-1]}#claim-{rank}-{address}>"
    return [
        Quad(claim, TYPE, node(str(TBG.Claim)), graph(source)),
        Quad(claim, node(str(RDF.subject)), TOOL, graph(source)),
        Quad(claim, node(str(RDF.predicate)), HOMEPAGE, graph(source)),
        Quad(claim, node(str(RDF.object)), f"<https://{address}>", graph(source)),
        Quad(claim, node(str(TBG.rank)), node(str(TBG[f"rank-{rank}"])), graph(source)),
    ]


def confirmed(source: str, day: str) -> Quad:
    """Return the day on which a source was last seen."""
    date = f'"{day}"^^<{XSD.date}>'
    return Quad(node(BASE.thing("source", source)), node(str(TBG.confirmed)), date, graph("alpha"))


def dataset(*quads: Quad) -> Dataset:
    """Return a dataset in memory with some statements."""
    made = Dataset(ox.Store(), MODEL)
    made.apply([], sorted(quads))
    return made


def shown(made: Dataset) -> set[str]:
    """Return the websites of the tool that the merge shows."""
    found = made.store.quads_for_pattern(ox.NamedNode(TOOL[1:-1]), ox.NamedNode(str(FOAF.homepage)), None, MERGE)
    return {str(quad.object)[len("<https://") : -1] for quad in found}


def test_what_two_graphs_say_is_shown_once() -> None:
    assert shown(dataset(A_TOOL, homepage("a", "alpha"), homepage("a", "beta"))) == {"a"}


def test_it_stays_while_one_of_them_says_so() -> None:
    made = dataset(A_TOOL, homepage("a", "alpha"), homepage("a", "beta"))
    made.apply([homepage("a", "alpha")], [])
    assert shown(made) == {"a"}


def test_where_two_sources_disagree_the_one_confirmed_later_is_shown() -> None:
    days = confirmed("alpha", "2016-01-01"), confirmed("beta", "2016-02-02")
    assert shown(dataset(A_TOOL, *days, homepage("a", "alpha"), homepage("b", "beta"))) == {"b"}


def test_a_source_that_is_confirmed_again_is_believed_again() -> None:
    made = dataset(A_TOOL, confirmed("beta", "2016-02-02"), homepage("a", "alpha"), homepage("b", "beta"))
    made.apply([], [confirmed("alpha", "2016-03-03")])
    assert shown(made) == {"a"}


def test_a_source_of_which_it_is_no_longer_known_when_it_was_confirmed_is_believed_last() -> None:
    day = confirmed("beta", "2016-02-02")
    made = dataset(A_TOOL, day, homepage("a", "alpha"), homepage("b", "beta"))
    made.apply([day], [])
    assert shown(made) == {"a"}


def test_a_preferred_claim_is_shown_whoever_made_it() -> None:
    made = dataset(A_TOOL, confirmed("beta", "2016-02-02"), homepage("a", "alpha"), homepage("b", "beta"))
    made.apply([], rank("a", "preferred", "gamma"))
    assert shown(made) == {"a"}


def test_a_deprecated_claim_leaves_the_merge_and_stays_in_its_graph() -> None:
    made = dataset(A_TOOL, homepage("a", "alpha"), *rank("a", "deprecated", "gamma"))
    assert shown(made) == set()
    assert homepage("a", "alpha") in made.graph(graph("alpha"))


def test_a_rank_survives_the_import_of_what_it_ranks() -> None:
    made = dataset(A_TOOL, homepage("a", "alpha"), *rank("a", "deprecated", "gamma"))
    made.apply([homepage("a", "alpha")], [])
    made.apply([], [homepage("a", "alpha")])
    assert shown(made) == set()


def test_a_rank_that_is_taken_back_ranks_no_more() -> None:
    ranking = rank("a", "deprecated", "gamma")
    made = dataset(A_TOOL, homepage("a", "alpha"), *ranking)
    made.apply(ranking, [])
    assert shown(made) == {"a"}


def test_a_claim_that_is_turned_to_another_value_ranks_that_one() -> None:
    ranking = rank("a", "deprecated", "gamma")
    made = dataset(A_TOOL, homepage("a", "alpha"), homepage("b", "alpha"), *ranking)
    [old] = [quad for quad in ranking if quad.predicate == node(str(RDF.object))]
    made.apply([old], [old._replace(object="<https://b>")])
    assert shown(made) == {"a"}


def test_a_property_without_a_shape_may_have_many_values() -> None:
    made = dataset(homepage("a", "alpha"), homepage("b", "beta"))
    assert shown(made) == {"a", "b"}


def test_a_class_that_comes_later_decides_all_the_same() -> None:
    made = dataset(homepage("a", "alpha"), homepage("b", "beta"))
    made.apply([], [A_TOOL])
    assert shown(made) == {"a"}


WHOLE_CLAIMS = [*rank("a", "deprecated", "gamma"), *rank("b", "preferred", "gamma")]
STATEMENTS = [
    A_TOOL,
    *(homepage(address, source) for address in "abc" for source in ("alpha", "beta")),
    *(confirmed(source, day) for source in ("alpha", "beta") for day in ("2016-01-01", "2017-01-01")),
]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(STATEMENTS), unique=True), st.booleans(), st.randoms())
def test_the_way_by_which_a_state_came_about_changes_nothing(quads: list[Quad], claims: bool, random: object) -> None:
    whole = [*quads, *(WHOLE_CLAIMS if claims else [])]
    at_once = dataset(*whole)
    one_by_one = dataset()
    steps = [[quad] for quad in quads] + ([WHOLE_CLAIMS] if claims else [])
    random.shuffle(steps)  # type: ignore[attr-defined]
    for step in steps:
        one_by_one.apply([], step)
    assert set(one_by_one.store) == set(at_once.store)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(STATEMENTS), unique=True), st.lists(st.sampled_from(STATEMENTS), unique=True))
def test_a_change_and_its_reverse_are_nothing(before: list[Quad], change: list[Quad]) -> None:
    made = dataset(*before)
    expected = set(made.store)
    removed, added = [q for q in change if q in before], [q for q in change if q not in before]
    made.apply(removed, sorted(added))
    made.apply(added, sorted(removed))
    assert set(made.store) == expected


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(STATEMENTS), unique=True),
    st.lists(st.sampled_from("abc"), unique=True),
    st.lists(st.sampled_from("abc"), unique=True),
    st.booleans(),
)
def test_to_amend_a_graph_comes_to_the_same_as_to_change_it(
    before: list[Quad], held: list[str], found: list[str], claims: bool
) -> None:
    stated = [*before, *(homepage(address, "derived") for address in held), *(WHOLE_CLAIMS if claims else [])]
    removed = [homepage(address, "derived") for address in held if address not in found]
    added = [homepage(address, "derived") for address in found if address not in held]
    amended, changed = dataset(*stated), dataset(*stated)
    amended.amend(removed, added)
    changed.apply(removed, sorted(added))
    assert set(amended.store) == set(changed.store)


def test_what_is_read_again_is_as_if_all_were_read_anew() -> None:
    made = dataset(A_TOOL, homepage("a", "alpha"), homepage("b", "beta"))
    said = {TOOL: made.said(TOOL)}
    made.amend([homepage("a", "alpha")], [homepage("c", "gamma")])
    made.reread(said, [(TOOL, HOMEPAGE), (A_TOOL.object, TYPE)])
    assert said == {TOOL: made.said(TOOL), A_TOOL.object: made.said(A_TOOL.object)}


def test_a_large_change_gives_what_small_ones_give(monkeypatch: pytest.MonkeyPatch) -> None:
    small = dataset(*STATEMENTS)
    monkeypatch.setattr("toolbox_graph.store.dataset.LARGE", 1)
    monkeypatch.setattr("toolbox_graph.store.dataset.BULK", 2)
    assert set(dataset(*STATEMENTS).store) == set(small.store)


def test_one_source_that_says_two_things_is_shown_with_the_smaller() -> None:
    assert shown(dataset(A_TOOL, homepage("b", "alpha"), homepage("a", "alpha"))) == {"a"}
