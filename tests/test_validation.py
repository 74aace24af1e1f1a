"""What the shapes judge: the things that a change touched, as each source would have them."""

import pyoxigraph as ox
import pytest

from tests.conftest import BASE
from toolbox_graph.model import Model
from toolbox_graph.namespaces import FOAF, RDF, RDFS, SCHEMA, TBG
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import Quad, node
from toolbox_graph.validation import Checker, Finding, held_by

MODEL = Model(BASE)
TOOL = node(BASE.thing("tool", "door"))


def say(predicate: str, value: str, source: str = "alpha", subject: str = TOOL) -> Quad:
    """Return what a source says of the tool."""
    return Quad(subject, node(predicate), value, node(BASE.graph("house", source)))


A_TOOL = [
    say(str(RDF.type), node(str(TBG.Tool))),
    say(str(RDF.type), node(str(TBG.Software))),
    say(str(RDFS.label), '"Door"@en'),
]
HOMEPAGE = str(FOAF.homepage)


def report(*quads: Quad, of: str = "alpha", with_remarks: bool = False) -> tuple[list[Finding], list[Finding]]:
    """Return what the shapes find about the tool, and what they object to a change of one graph."""
    dataset = Dataset(ox.Store(), MODEL)
    dataset.apply([], sorted(quads))
    things = {TOOL: dataset.said(TOOL)}
    return Checker(MODEL, dataset, with_remarks=with_remarks).check(things, {node(BASE.graph("house", of))})


def names(findings: list[Finding]) -> list[str]:
    """Return the rules that findings come from."""
    return sorted(finding.shape.partition("#")[2] for finding in findings)


def test_a_thing_that_keeps_the_shapes_has_no_violation() -> None:
    assert names(report(*A_TOOL)[1]) == []


def test_what_is_missing_is_remarked_on_demand_and_stops_nothing() -> None:
    assert report(*A_TOOL)[0] == []
    found, objections = report(*A_TOOL, with_remarks=True)
    assert {"Tool-found", "Tool-licensed", "Tool-used", "described-in-french"} <= set(names(found))
    assert ({finding.severity for finding in found}, objections) == ({"Info"}, [])


def test_two_values_of_one_source_where_one_is_allowed_are_a_violation() -> None:
    values = [say(HOMEPAGE, "<https://a.org>"), say(HOMEPAGE, "<https://b.org>")]
    assert names(report(*A_TOOL, *values)[1]) == ["homepage"]


def test_two_sources_that_disagree_are_none() -> None:
    values = [say(HOMEPAGE, "<https://a.org>"), say(HOMEPAGE, "<https://b.org>", "beta")]
    assert [names(report(*A_TOOL, *values, of=graph)[1]) for graph in ("alpha", "beta")] == [[], []]


def test_a_source_need_not_say_what_another_says() -> None:
    assert names(report(*A_TOOL, say(HOMEPAGE, "<https://a.org>", "beta"), of="beta")[1]) == []


def test_a_source_is_blamed_for_its_own_value_even_if_another_one_is_shown() -> None:
    values = [say(HOMEPAGE, "<https://a.org>"), say(HOMEPAGE, "<ftp://b.org>", "beta")]
    assert names(report(*A_TOOL, *values, of="beta")[1]) == ["homepage"]


def test_a_source_is_not_blamed_for_the_value_of_another() -> None:
    values = [say(HOMEPAGE, "<https://a.org>"), say(HOMEPAGE, "<ftp://b.org>", "beta")]
    assert names(report(*A_TOOL, *values, of="alpha")[1]) == []


def test_a_name_that_nothing_is_said_to_be_is_a_violation() -> None:
    assert "Thing-class" in names(report(say(str(RDFS.label), '"Door"@en'))[1])


@pytest.mark.parametrize(("kind", "key"), [("gadget", "door"), ("tool", "Door"), ("tool", "a/b"), ("tool", "")])
def test_a_name_of_no_kind_or_with_no_key_is_a_violation(kind: str, key: str) -> None:
    odd = node(BASE.thing(kind, key))
    dataset = Dataset(ox.Store(), MODEL)
    said = dataset.apply([], [say(str(RDFS.label), '"Door"@en', subject=odd)])
    found = Checker(MODEL, dataset).check(said, {node(BASE.graph("house", "alpha"))})
    assert "Thing" in names(found.objections)


def test_a_part_of_a_thing_has_to_say_what_it_is() -> None:
    part = f"{TOOL[:-1]}#part>"
    dataset = Dataset(ox.Store(), MODEL)
    said = dataset.apply([], [say(str(RDFS.label), '"Part"@en', subject=part)])
    found = Checker(MODEL, dataset).check(said, {node(BASE.graph("house", "alpha"))})
    assert names(found.objections) == ["Part-class"]


def test_what_is_not_ours_is_left_alone() -> None:
    dataset = Dataset(ox.Store(), MODEL)
    said = dataset.apply([], [say(str(RDFS.label), '"Paris"', subject="<http://www.wikidata.org/entity/Q90>")])
    assert Checker(MODEL, dataset).check(said, {node(BASE.graph("house", "alpha"))}) == ([], [])


def test_a_value_has_to_be_of_its_class() -> None:
    country = say(str(SCHEMA.countryOfOrigin), TOOL)
    assert names(report(*A_TOOL, country)[1]) == ["Tool-origin"]


def test_an_organization_is_no_tool() -> None:
    organization = say(str(RDF.type), "<http://www.w3.org/ns/org#Organization>")
    assert "Tool-distinct" in names(report(*A_TOOL, organization)[1])


def test_what_the_classes_of_one_thing_keep_is_not_asked_of_the_next_and_what_they_break_is() -> None:
    other, mixed = (node(BASE.thing("tool", key)) for key in ("gate", "mixed"))
    quads = [quad._replace(subject=subject) for quad in A_TOOL for subject in (TOOL, other, mixed)]
    organization = say(str(RDF.type), "<http://www.w3.org/ns/org#Organization>", subject=mixed)
    dataset = Dataset(ox.Store(), MODEL)
    dataset.apply([], sorted([*quads, organization]))
    checker = Checker(MODEL, dataset)
    found = [
        [name for name in names(checker.check({thing: dataset.said(thing)}, ()).findings) if "distinct" in name]
        for thing in (TOOL, other, mixed, TOOL, mixed)
    ]
    both = ["Organization-distinct", "Tool-distinct"]
    assert found == [[], [], both, [], both]


@pytest.mark.parametrize(
    ("shown", "held"),
    [
        ({("<urn:p>", '"theirs"')}, {("<urn:p>", '"ours"')}),
        ({("<urn:q>", '"theirs"')}, {("<urn:p>", '"ours"'), ("<urn:q>", '"theirs"')}),
        ({("<urn:p>", '"theirs"@fr')}, {("<urn:p>", '"ours"'), ("<urn:p>", '"theirs"@fr')}),
    ],
)
def test_a_source_holds_its_own_values_and_for_the_rest_those_shown(
    shown: set[tuple[str, str]], held: set[tuple[str, str]]
) -> None:
    dataset = Dataset(ox.Store(), MODEL)
    said = dataset.apply([], [Quad("<urn:s>", "<urn:p>", '"ours"', "<urn:g>")])["<urn:s>"]
    assert held_by(said._replace(shown=shown), "<urn:g>") == held
