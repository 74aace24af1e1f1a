"""The decisions as PROV-O: who proposed and decided what, when, why and from what, and what of it is taken back."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import PROV, RDF, RDFS, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from tests.conftest import BASE, examples
from toolbox_graph.linking.decisions import Line, State, undone
from toolbox_graph.linking.provenance import SSSOM, runs, write
from toolbox_graph.namespaces import OWL, SKOS, WD, XSD

DOOR, MOSS = "Q900000001", "Q900000002"
NAMES = f"{BASE.iri}graph/reconciliation/reconciliation#"
CANDIDATES = (
    {"item": DOOR, "confidence": 0.97, "evidence": "address", "why": "the same name", "features": {"name": 100.0}},
    {"item": MOSS, "confidence": 0.43, "evidence": "none", "why": "a name alike by 90 %", "features": {"name": 90.0}},
)
RUN = {"run": "2026-11-28T09:00:00Z", "version": "0.1.0", "source": "wikidata"}


def line(number: int, state: State, by: str = "ada", thing: str = "tool/door", **more: object) -> Line:
    """Return a line of a test, each a minute after the one before."""
    return Line(number, f"2026-11-28T10:{number:02}:00Z", by, state, thing, **more)  # type: ignore[arg-type]


FILE = [
    line(1, State.PROPOSED, "operator", item=DOOR, candidates=CANDIDATES, why="the same name", **RUN),
    line(2, State.PROPOSED, "operator", "tool/gate", candidates=CANDIDATES[:1], item=DOOR, **RUN),
    line(3, State.ACCEPTED, item=DOOR, why="its maker says so"),
    line(4, State.REJECTED, "zoé <z>", item=MOSS),
    line(5, State.ACCEPTED, thing="theme/doors", item=DOOR, near=True),
    line(6, State.ACCEPTED, item=DOOR, near=True),
    line(7, State.NEW, thing="tool/wall"),
    line(8, State.SKIPPED, thing="tool/roof"),
    line(9, State.UNDONE, "bob", thing="tool/wall", undoes=7),
    line(10, State.UNDONE, "bob", thing="tool/roof", undoes=8),
    line(11, State.UNDONE, "ada", thing="tool/roof", undoes=10, why="it was right"),
    line(12, State.PROPOSED, "operator", item=DOOR, candidates=CANDIDATES, source="slice.jsonl"),
    line(13, State.PROPOSED, "operator", "theme/doors", item=DOOR, candidates=CANDIDATES[:1], **RUN),
]


def name(end: str) -> URIRef:
    """Return the name of something that the file tells of."""
    return URIRef(NAMES + end)


@pytest.fixture(scope="module")
def told() -> Graph:
    """What is told of the file."""
    return Graph().parse(data=write(FILE, BASE), format="turtle")


@pytest.mark.parametrize(
    ("subject", "predicate", "wanted"),
    [
        ("1", PROV.wasGeneratedBy, {name("run-1")}),
        ("2", PROV.wasGeneratedBy, {name("run-1")}),
        ("3", PROV.wasGeneratedBy, {name("run-3")}),
        ("12", PROV.wasGeneratedBy, {name("run-12")}),
        ("13", PROV.wasGeneratedBy, {name("run-13")}),
        ("1", PROV.wasAttributedTo, {name("toolbox-graph-0.1.0")}),
        ("3", PROV.wasAttributedTo, {name("by-ada")}),
        ("4", PROV.wasAttributedTo, {name("by-zo%C3%A9%20%3Cz%3E")}),
        ("by-zo%C3%A9%20%3Cz%3E", RDFS.label, {Literal("zoé <z>", "en")}),
        ("run-1", PROV.wasAssociatedWith, {name("toolbox-graph-0.1.0"), name("by-operator")}),
        ("run-12", PROV.wasAssociatedWith, {name("toolbox-graph"), name("by-operator")}),
        ("run-3", PROV.wasAssociatedWith, {name("by-ada")}),
        ("run-1", PROV.used, {name("source-wikidata")}),
        ("run-1", PROV.startedAtTime, {Literal("2026-11-28T09:00:00Z", datatype=XSD.dateTime)}),
        ("run-1", PROV.endedAtTime, {Literal("2026-11-28T10:02:00Z", datatype=XSD.dateTime)}),
        ("run-12", PROV.startedAtTime, set()),
        ("run-3", PROV.used, {name(f"1-{DOOR}")}),
        ("run-9", PROV.used, {name("7")}),
        ("1", PROV.hadMember, {name(f"1-{DOOR}"), name(f"1-{MOSS}")}),
        ("3", PROV.generatedAtTime, {Literal("2026-11-28T10:03:00Z", datatype=XSD.dateTime)}),
        ("3", PROV.wasDerivedFrom, {name(f"1-{DOOR}")}),
        ("4", PROV.wasDerivedFrom, {name(f"1-{MOSS}")}),
        ("7", PROV.wasDerivedFrom, set()),
        ("3", PROV.wasRevisionOf, set()),
        ("6", PROV.wasRevisionOf, {name("3")}),
        ("12", PROV.wasRevisionOf, {name("1")}),
        ("1", RDFS.comment, {Literal("the same name", "en")}),
        ("3", RDFS.comment, {Literal("its maker says so")}),
        ("3", RDF.subject, {URIRef(BASE.thing("tool", "door"))}),
        ("3", RDF.predicate, {OWL.sameAs}),
        ("5", RDF.predicate, {SKOS.closeMatch}),
        (f"13-{DOOR}", RDF.predicate, {SKOS.exactMatch}),
        ("3", RDF.object, {WD[DOOR]}),
        ("7", RDF.object, {SSSOM.NoTermFound}),
        ("8", RDF.object, set()),
        ("4", SSSOM.predicate_modifier, {SSSOM.NegatedPredicate}),
        ("3", SSSOM.predicate_modifier, set()),
        (f"1-{DOOR}", SSSOM.confidence, {Literal(0.97)}),
        (f"1-{DOOR}", SSSOM.mapping_justification, {URIRef("https://w3id.org/semapv/vocab/CompositeMatching")}),
        (f"1-{MOSS}", SSSOM.mapping_justification, {URIRef("https://w3id.org/semapv/vocab/UnspecifiedMatching")}),
        ("7", PROV.wasInvalidatedBy, {name("run-9")}),
        ("7", PROV.invalidatedAtTime, {Literal("2026-11-28T10:09:00Z", datatype=XSD.dateTime)}),
        ("8", PROV.wasInvalidatedBy, set()),
        ("10", PROV.wasInvalidatedBy, {name("run-11")}),
    ],
)
def test_each_fact_is_told(told: Graph, subject: str, predicate: URIRef, wanted: set[Node]) -> None:
    assert set(told.objects(name(subject), predicate)) == wanted


def test_what_was_found_of_a_candidate_is_kept_whole(told: Graph) -> None:
    assert json.loads(str(told.value(name(f"1-{MOSS}"), PROV.value))) == CANDIDATES[1]


def test_the_value_of_an_entity_is_the_line_without_its_candidates(told: Graph) -> None:
    values = {number: json.loads(str(told.value(name(str(number)), PROV.value))) for number in range(1, len(FILE) + 1)}
    lines = {one.number: {key: value for key, value in one.as_json().items() if key != "candidates"} for one in FILE}
    assert values == lines


def test_all_is_named_and_all_names_of_ours_lie_below_the_base(told: Graph) -> None:
    terms = {term for triple in told for term in triple}
    assert not [term for term in terms if isinstance(term, BNode)]
    assert all(str(subject).startswith(BASE.iri) for subject in told.subjects())


def test_what_is_named_is_described(told: Graph) -> None:
    others = {term for term in told.objects() if str(term).startswith(NAMES)}
    assert others - set(told.subjects()) == set()


ENTITY, ACTIVITY, AGENT, TIME = PROV.Entity, PROV.Activity, PROV.Agent, XSD.dateTime
ENDS = {
    PROV.wasGeneratedBy: (ENTITY, ACTIVITY),
    PROV.wasInvalidatedBy: (ENTITY, ACTIVITY),
    PROV.wasAttributedTo: (ENTITY, AGENT),
    PROV.wasDerivedFrom: (ENTITY, ENTITY),
    PROV.wasRevisionOf: (ENTITY, ENTITY),
    PROV.hadMember: (PROV.Collection, ENTITY),
    PROV.used: (ACTIVITY, ENTITY),
    PROV.wasAssociatedWith: (ACTIVITY, AGENT),
    PROV.generatedAtTime: (ENTITY, TIME),
    PROV.invalidatedAtTime: (ENTITY, TIME),
    PROV.startedAtTime: (ACTIVITY, TIME),
    PROV.endedAtTime: (ACTIVITY, TIME),
}
"""The domain and the range of each property, as PROV-O says (w3.org/ns/prov-o)."""


def test_domains_and_ranges_are_those_of_prov(told: Graph) -> None:
    def is_of(term: Node, wanted: URIRef) -> bool:
        return term.datatype == wanted if isinstance(term, Literal) else (term, RDF.type, wanted) in told

    wrong = [
        (subject, predicate, value)
        for predicate, (domain, range_) in ENDS.items()
        for subject, value in told.subject_objects(predicate)
        if not is_of(subject, domain) or not is_of(value, range_)
    ]
    assert wrong == []


def test_no_activity_is_an_entity(told: Graph) -> None:
    assert set(told.subjects(RDF.type, ACTIVITY)) & set(told.subjects(RDF.type, ENTITY)) == set()


def test_a_file_without_lines_is_a_bundle_of_nothing() -> None:
    assert set(Graph().parse(data=write([], BASE), format="turtle").objects(None, RDF.type)) == {PROV.Bundle, ENTITY}


def test_what_is_told_of_a_line_stays_when_others_follow() -> None:
    def facts(lines: list[Line]) -> set[tuple[Node, Node, Node]]:
        return set(Graph().parse(data=write(lines, BASE), format="turtle"))

    assert facts(FILE[:8]) <= facts(FILE)


def written(steps: list[tuple[State, int]]) -> Iterator[Line]:
    """Yield lines of one thing; an undoing takes back a line before it that stands, chosen by a number."""
    lines: list[Line] = []
    for state, choice in steps:
        standing = [one.number for one in lines if one.number not in undone(lines)]
        if state is not State.UNDONE or standing:
            undoes = standing[choice % len(standing)] if state is State.UNDONE else 0
            item = DOOR if state in (State.ACCEPTED, State.REJECTED) else ""
            lines.append(line(len(lines) + 1, state, item=item, undoes=undoes))
    yield from lines


@settings(deadline=None, max_examples=examples(100))
@given(st.lists(st.tuples(st.sampled_from(list(State)), st.integers(0, 20)), max_size=12))
def test_invalid_is_what_is_undone_and_nothing_else(steps: list[tuple[State, int]]) -> None:
    lines = list(written(steps))
    told = Graph().parse(data=write(lines, BASE), format="turtle")
    invalid = {str(one) for one in told.subjects(PROV.invalidatedAtTime)}
    assert invalid == {f"{NAMES}{number}" for number in undone(lines)}


@given(st.lists(st.tuples(st.sampled_from(list(State)), st.integers(0, 20)), max_size=12))
def test_each_line_belongs_to_one_run(steps: list[tuple[State, int]]) -> None:
    lines = list(written(steps))
    assert sorted(one.number for run in runs(lines) for one in run) == [one.number for one in lines]
