"""What follows from what is stated: each rule finds what it should, at once and after every change."""

from collections.abc import Iterable
from functools import cache, reduce
from operator import xor

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Variable
from rdflib.plugins.sparql import parser
from rdflib.plugins.sparql.parserutils import CompValue

from tests.conftest import BASE, examples, flips, origin, quads, steps
from toolbox_graph import catalogue, derivation, files, query_files, self_description
from toolbox_graph.changes import Repository
from toolbox_graph.derivation import Deriver, Rule, rules
from toolbox_graph.errors import InvalidRequest
from toolbox_graph.imports import load
from toolbox_graph.model import Model
from toolbox_graph.namespaces import PREFIXES
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node

MODEL = Model(BASE)
DERIVED = node(BASE.graph("derived"))
STATED = node(BASE.graph("house", "alpha"))

each_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)


@cache
def template() -> bytes:
    """Return what a store holds in which nobody has stated anything yet."""
    dataset = Dataset(ox.Store(), MODEL)
    dataset.apply([], self_description.project(MODEL))
    Deriver(MODEL, dataset).derive_all()
    return dataset.store.dump(format=ox.RdfFormat.N_QUADS) or b""


class World:
    """A dataset in memory that follows the rules, as a writer does."""

    def __init__(self) -> None:
        store = ox.Store()
        store.bulk_load(template(), ox.RdfFormat.N_QUADS)
        self.dataset = Dataset(store, MODEL)
        self.deriver = Deriver(MODEL, self.dataset)

    def change(self, *, removed: Iterable[Quad] = (), added: Iterable[Quad] = ()) -> None:
        """Remove and add statements, and what follows from them."""
        gone, new = sorted(removed), sorted(added)
        before = self.deriver.reached(self.dataset.touched(gone) | self.dataset.touched(new))
        self.deriver.derive(self.dataset.apply(gone, new), before)

    def derived(self) -> set[Quad]:
        """Return what follows, but for the lists of the ontology."""
        return {quad for quad in self.dataset.graph(DERIVED) if BASE.split(quad.subject[1:-1])}

    def shown(self) -> set[Quad]:
        """Return the merge."""
        return {quad for quad in map(_plain, self.dataset.store) if not quad.graph}


def _plain(quad: ox.Quad) -> Quad:
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else str(quad.graph_name)
    return Quad(str(quad.subject), str(quad.predicate), str(quad.object), graph)


def follows(text: str) -> set[Quad]:
    """Return what follows from a text in Turtle."""
    world = World()
    world.change(added=quads(text))
    return world.derived()


EXAMPLES = {
    "completeness-of-tools": (
        '<id/tool/a> a tbg:Tool ; foaf:homepage <https://a.org> ; dct:description "A."@en ; tbg:licenceText "Free."@en .'
        "<id/tool/a> owl:sameAs <https://a.org/> .",
        "<id/tool/a> tbg:completeness 0.375 .",
    ),
    "contents-of-collections": (
        "<id/collection/c#a> tbg:itemOf <id/collection/c> ; schema:item <id/tool/a> .",
        "<id/collection/c> dct:hasPart <id/tool/a> .",
    ),
    "entries-of-licences": (
        "<id/licence/mit> skos:exactMatch <https://spdx.org/licenses/MIT> ; skos:inScheme tbg:licences ."
        "<id/source/s> dct:license <https://spdx.org/licenses/MIT> .",
        "<id/source/s> tbg:underLicence <id/licence/mit> .",
    ),
    "interoperable-tools": (
        "<id/tool/a> tbg:interoperableWith <id/tool/b> .",
        "<id/tool/b> tbg:interoperableWith <id/tool/a> .",
    ),
    "inverse-relations": (
        "<id/tool/a> tbg:developer <id/organization/o> .",
        "<id/organization/o> tbg:developerOf <id/tool/a> .",
    ),
    "members-of-coalitions": (
        "<id/coalition/c#fr> org:member <id/country/fr> ; org:organization <id/coalition/c> .",
        "<id/country/fr> org:memberOf <id/coalition/c> . <id/coalition/c> org:hasMember <id/country/fr> .",
    ),
    "names-of-concepts": (
        '<id/theme/t> skos:inScheme tbg:themes ; rdfs:label "T"@en ; skos:broader <id/theme/u> . '
        "<id/theme/u> skos:inScheme tbg:themes .",
        '<id/theme/t> skos:prefLabel "T"@en .',
    ),
    "open-source-tools": (
        "<id/tool/a> a tbg:Tool ; dct:license <https://spdx.org/licenses/MIT> ."
        "<id/licence/mit> skos:exactMatch <https://spdx.org/licenses/MIT> ; tbg:osiApproved true .",
        "<id/tool/a> tbg:openSource true .",
    ),
    "sectors-of-organizations": (
        "<id/organization/o> tbg:organizationKind tbg:organization-kind-company .",
        "<id/organization/o> org:classification tbg:sector-private .",
    ),
    "tags-of-keywords": (
        '<id/tag/vote> skos:inScheme tbg:tags ; rdfs:label "voting"@en ; skos:altLabel "vote"@fr .'
        '<id/tool/a> schema:keywords "vote"@fr . <id/tool/b> schema:keywords "vote"@en .',
        "<id/tool/a> dct:subject <id/tag/vote> .",
    ),
    "themes-of-tools": (
        "<id/use-case/u> tbg:usesTool <id/tool/a> ; dcat:theme <id/theme/t> .",
        "<id/tool/a> dcat:theme <id/theme/t> .",
    ),
    "tools-of-organizations": (
        "<id/use-case/u> tbg:usesTool <id/tool/a> ; tbg:carriedOutBy <id/organization/o> .",
        "<id/organization/o> tbg:uses <id/tool/a> . <id/tool/a> tbg:usedBy <id/organization/o> .",
    ),
    "tops-of-lists": (
        "<id/theme/u> skos:inScheme tbg:themes . <id/theme/t> skos:inScheme tbg:themes ; skos:broader <id/theme/u> .",
        "<id/theme/u> skos:topConceptOf tbg:themes .",
    ),
}  # fmt: skip


@each_rule
def test_a_rule_finds(rule: Rule) -> None:
    stated, found = EXAMPLES[rule.name]
    assert quads(found, DERIVED) <= follows(stated)


@each_rule
def test_a_rule_finds_nothing_else(rule: Rule) -> None:
    stated, found = EXAMPLES[rule.name]
    properties = rule.predicates or tuple(map(node, MODEL.inverses))
    own = {quad for quad in quads(found, DERIVED) if quad.predicate in properties}
    assert {quad for quad in follows(stated) if quad.predicate in {quad.predicate for quad in own}} == own


def test_from_what_is_not_known_nothing_follows() -> None:
    assert follows("<id/tool/a> dct:license <https://spdx.org/licenses/No-Such> .") == set()


def test_a_tool_has_no_longer_a_theme_that_its_use_case_lost() -> None:
    world = World()
    theme = quads("<id/use-case/u> dcat:theme <id/theme/t> .")
    world.change(added=quads("<id/use-case/u> tbg:usesTool <id/tool/a> .") | theme)
    world.change(removed=theme)
    assert not any("theme>" in quad.predicate for quad in world.derived())


def test_a_theme_of_two_use_cases_stays_when_one_of_them_goes() -> None:
    world = World()
    one, other = (quads(f"<id/use-case/{u}> tbg:usesTool <id/tool/a> ; dcat:theme <id/theme/t> .") for u in "uv")
    world.change(added=one | other)
    world.change(removed=one)
    assert quads("<id/tool/a> dcat:theme <id/theme/t> .", DERIVED) <= world.derived()


def test_what_is_stated_stays_shown_when_it_follows_no_more() -> None:
    world = World()
    use = quads("<id/use-case/u> tbg:usesTool <id/tool/a> ; dcat:theme <id/theme/t> .")
    stated = quads("<id/tool/a> dcat:theme <id/theme/t> .")
    world.change(added=use | stated)
    world.change(removed=use)
    assert {quad._replace(graph="") for quad in stated} <= world.shown()


def test_what_somebody_says_goes_before_what_follows() -> None:
    text = EXAMPLES["open-source-tools"][0] + "<id/tool/a> tbg:openSource false ."
    world = World()
    world.change(added=quads(text))
    shown = {quad.object for quad in world.shown() if "openSource" in quad.predicate and "tool/a" in quad.subject}
    assert shown == {'"false"^^<http://www.w3.org/2001/XMLSchema#boolean>'}


def test_nothing_follows_from_what_is_deprecated() -> None:
    claim = "rdf:subject <id/tool/a> ; rdf:predicate tbg:interoperableWith ; rdf:object <id/tool/b>"
    stated = "<id/tool/a> tbg:interoperableWith <id/tool/b> ."
    assert follows(stated) != set()
    assert follows(f"{stated} <id/tool/a#claim> {claim} ; tbg:rank tbg:rank-deprecated .") == set()


POSSIBLE = sorted(
    quads(
        " ".join(
            [
                *(f"<id/use-case/{u}> tbg:usesTool <id/tool/{t}> ." for u in "uv" for t in "ab"),
                *(f"<id/use-case/{u}> tbg:carriedOutBy <id/organization/{o}> ; dcat:theme <id/theme/{o}> ." for u in "uv" for o in "op"),
                *(f"<id/tool/{t}> tbg:developer <id/organization/o> ; a tbg:Tool ; tbg:builtOn <id/tool/b> ." for t in "ab"),
                *(f'<id/tool/{t}> schema:keywords "vote"@fr ; dct:license <https://spdx.org/licenses/MIT> .' for t in "ab"),
                "<id/tool/a> tbg:interoperableWith <id/tool/b> . <id/tool/b> tbg:interoperableWith <id/tool/a> .",
                "<id/tool/a#claim> rdf:subject <id/tool/a> ; rdf:predicate tbg:interoperableWith ; rdf:object <id/tool/b> .",
                "<id/tool/a#claim> tbg:rank tbg:rank-deprecated .",
                "<id/licence/mit> skos:exactMatch <https://spdx.org/licenses/MIT> ; tbg:osiApproved true ; skos:inScheme tbg:licences .",
                '<id/tag/vote> skos:inScheme tbg:tags ; rdfs:label "vote"@fr .',
                "<id/theme/o> skos:inScheme tbg:themes ; skos:broader <id/theme/p> . <id/theme/p> skos:inScheme tbg:themes .",
                "<id/coalition/c#o> org:member <id/organization/o> ; org:organization <id/coalition/c> .",
                "<id/organization/o> tbg:organizationKind tbg:organization-kind-company ; tbg:uses <id/tool/b> .",
            ]
        )
    )
)  # fmt: skip


@settings(deadline=None, max_examples=examples(40))
@given(changes=flips(POSSIBLE))
def test_change_by_change_comes_to_the_same_as_all_at_once(changes: list[set[Quad]]) -> None:
    world = World()
    for removed, added in steps(changes):
        world.change(removed=removed, added=added)
    anew = World()
    anew.change(added=reduce(xor, changes))
    assert (world.derived(), world.shown()) == (anew.derived(), anew.shown())


@settings(deadline=None, max_examples=examples(10))
@given(stated=st.sets(st.sampled_from(POSSIBLE)))
def test_a_large_change_comes_to_the_same_as_a_small_one(stated: set[Quad]) -> None:
    small, large = World(), World()
    small.change(added=stated)
    large.dataset.apply([], sorted(stated))
    large.deriver.derive_all()
    assert (small.derived(), small.shown()) == (large.derived(), large.shown())


def test_what_follows_is_not_journaled_and_goes_with_an_undo(house: Repository) -> None:
    added = quads("<id/tool/roof> tbg:interoperableWith <id/tool/door> .")
    house.commit(Draft(origin(), [], sorted(added)), since=1)
    assert _says(house, "<id/tool/door> tbg:interoperableWith <id/tool/roof>")
    assert house.journal.get(2).added == sorted(added)
    house.undo(2, origin("undo"))
    assert not _says(house, "<id/tool/door> tbg:interoperableWith <id/tool/roof>")


def test_nobody_else_may_write_to_the_graph_of_what_follows(house: Repository) -> None:
    with pytest.raises(InvalidRequest, match="cannot take statements"):
        load(house, files.RULES, BASE.graph("derived"), origin("load"))


def test_another_writer_finds_what_followed(house: Repository) -> None:
    other = Repository(house.folder)
    house.commit(Draft(origin(), [], sorted(quads("<id/tool/roof> tbg:interoperableWith <id/tool/door> ."))), since=1)
    other.commit(Draft(origin(), [], sorted(quads('<id/tool/roof> dct:description "A roof."@en .'))), since=2)
    other.close()
    assert _says(house, "<id/tool/door> tbg:interoperableWith <id/tool/roof>")


def _says(house: Repository, triple: str) -> bool:
    prefixes = "".join(f"PREFIX {prefix}: <{namespace}> " for prefix, namespace in PREFIXES.items())
    with house.open() as generation:
        return bool(generation.store.query(f"{prefixes} ASK {{ {triple} }}", base_iri=BASE.iri))


@each_rule
def test_a_rule_is_named_and_explained_in_each_language(rule: Rule) -> None:
    _, header, _ = query_files.read(files.RULES / f"{rule.name}.rq")
    assert {"en", "fr", "es"} == set(header["title"]) == set(header["description"])


@each_rule
def test_a_rule_runs_as_it_stands_in_any_editor(rule: Rule) -> None:
    text = (files.RULES / f"{rule.name}.rq").read_text()
    assert isinstance(catalogue.dataset().store.query(text, base_iri=BASE.iri), ox.QueryTriples)


def subjects_in(part: object) -> set[str]:
    """Return the variables that stand as subjects somewhere in a parsed query, FILTER and BIND apart."""
    if isinstance(part, CompValue):
        if part.name in {"Filter", "Bind"}:
            return set()
        own = {str(triples[0]) for triples in part.get("triples") or () if isinstance(triples[0], Variable)}
        return own.union(*(subjects_in(value) for value in part.values()))
    if isinstance(part, str):
        return set()
    return set().union(*map(subjects_in, part)) if isinstance(part, Iterable) else set()


@each_rule
def test_a_rule_follows_all_that_it_reads_but_the_ontology(rule: Rule) -> None:
    _, header, text = query_files.read(files.RULES / f"{rule.name}.rq")
    read = subjects_in(parser.parseQuery(text)[1].where)
    assert read - set(header.get("ontology", ())) == set(rule.follows)


@each_rule
def test_a_rule_of_a_later_stratum_follows_its_key_alone(rule: Rule) -> None:
    assert rule.stratum == 1 or rule.follows == (rule.key,)


def test_no_property_is_found_in_two_strata() -> None:
    found = {(name, rule.stratum) for rule in rules() for name in rule.predicates or map(node, MODEL.inverses)}
    assert len(found) == len({name for name, _ in found})


def test_each_rule_has_an_example() -> None:
    assert EXAMPLES.keys() == {rule.name for rule in derivation.rules()}
