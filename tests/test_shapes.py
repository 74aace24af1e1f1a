"""What each rule of the shapes judges: something that keeps it, something that breaks it, and the exact report.

`shapes/good.ttl` is a small world in which every rule is kept. The files beside it are named like those of the
project's shapes and hold one graph for each rule, with the rule's name and in its order. What a graph states of a
property of a thing takes the place of what the good world states of it; `()` states that there is nothing. `<every>`
stands for the first thing of each class that has the rule. The blank nodes of a graph are the results that are to be
reported, of this rule where they name no other `sh:sourceShape`.

All is judged twice: by our own checker, as a change of the good world, and by plain pySHACL as a whole.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import pytest
from rdflib import Graph, URIRef

from tests.conftest import BASE, once
from toolbox_graph import files, self_description
from toolbox_graph.model import Model, local_name
from toolbox_graph.namespaces import RDF, SCHEMA, SH, SHAPES, XSD
from toolbox_graph.store.claims import TYPE
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import Quad, iri, node, value_of
from toolbox_graph.validation import PART, THING, Checker, Finding, Report

EXAMPLES = Path(__file__).parent / "shapes"
MODEL = Model(BASE)
GRAPH = node(BASE.graph("examples", "ledger"))
EVERY, NOTHING = node(f"{BASE.iri}every"), node(RDF.nil)


class Result(NamedTuple):
    """One result of a report: which value of which property of which thing breaks which rule, and how bad that is."""

    focus: str
    path: str
    value: str
    severity: str
    shape: str


class Example(NamedTuple):
    """What breaks a rule, and what is to be reported of it."""

    rule: str
    stated: list[Quad]
    results: set[Result]


Standard = dict[str, set[tuple[Result, str]]]
"""By base: the results about the things under it, and the constraints that they come from."""


def read(path: Path) -> list[Quad]:
    """Return what a file states, in its order."""
    quads = ox.parse(path=str(path), base_iri=BASE.iri)
    return [Quad(str(quad.subject), str(quad.predicate), str(quad.object), str(quad.graph_name)) for quad in quads]


GOOD = [quad._replace(graph=GRAPH) for quad in read(EXAMPLES / "good.ttl")]
FIRST = {iri(quad.object): iri(quad.subject) for quad in reversed(GOOD) if quad.predicate == TYPE}
"""The first thing of each class."""


def rules_in(path: Path) -> list[str]:
    """Return the rules of a file of shapes: property shapes, and node shapes that demand something themselves."""
    subjects = dict.fromkeys(quad.subject for quad in read(path))
    return [iri(subject) for subject in subjects if subject.startswith(f"<{SHAPES}") and constraints(iri(subject))]


def constraints(rule: str) -> set[str]:
    """Return what SHACL calls the constraints of a rule, such as `MinCountConstraintComponent`."""
    names = {local_name(str(name)) for name in MODEL.shapes.predicates(URIRef(rule)) if name != SH.property}
    components = {f"{name[0].upper()}{name[1:]}ConstraintComponent".replace("Sparql", "SPARQL") for name in names}
    return {name for name in components if name in SH}


def classes(rule: str) -> list[str]:
    """Return the classes whose things have to keep a rule."""
    shapes = MODEL.shapes.subjects(SH.property, URIRef(rule))
    return sorted(str(target) for shape in shapes for target in MODEL.shapes.objects(shape, SH.targetClass))


def examples_in(path: Path) -> Iterator[Example]:
    """Yield the examples of a file."""
    graphs: defaultdict[str, list[Quad]] = defaultdict(list)
    for quad in read(path):
        graphs[iri(quad.graph)].append(quad)
    for rule, quads in graphs.items():
        stated = (quad for quad in quads if not quad.subject.startswith("_:"))
        ours = [quad._replace(subject=node(name), graph=GRAPH) for quad in stated for name in meant(quad.subject, rule)]
        yield Example(rule, ours, set(results_in(quads, rule)))


def meant(term: str, rule: str) -> list[str]:
    """Return the things that a term stands for."""
    return [FIRST[name] for name in classes(rule)] if term == EVERY else [iri(term)]


def results_in(quads: Iterable[Quad], rule: str) -> Iterator[Result]:
    """Yield the results that the graph of a rule expects."""
    described: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for quad in quads:
        if quad.subject.startswith("_:"):
            described[quad.subject][local_name(iri(quad.predicate))] = quad.object
    for result in described.values():
        said = {name: value_of(term) for name, term in result.items()}
        severity, shape = local_name(said.get("resultSeverity", "Violation")), said.get("sourceShape", rule)
        for focus in meant(result["focusNode"], rule):
            yield Result(focus, said.get("resultPath", ""), said.get("value", ""), severity, shape)


RULES = [rule for path in files.turtle_in(files.SHAPES) for rule in rules_in(path)]
BROKEN = {example.rule: example for path in sorted(EXAMPLES.glob("*.trig")) for example in examples_in(path)}
SHARED = [rule for rule in RULES if len(classes(rule)) > 1]
every_rule = pytest.mark.parametrize("rule", RULES, ids=local_name)


def world(example: Example) -> set[Quad]:
    """Return the good world but for what an example states."""
    replaced = {(quad.subject, quad.predicate) for quad in example.stated}
    kept = {quad for quad in GOOD if (quad.subject, quad.predicate) not in replaced}
    return kept | {quad for quad in example.stated if quad.object != NOTHING}


@cache
def good_world() -> Dataset:
    """Return a dataset with the good world and the ontology."""
    dataset = Dataset(ox.Store(), MODEL)
    dataset.apply([], sorted([*self_description.project(MODEL), *GOOD]))
    return dataset


def check(example: Example) -> Report:
    """Return what our checker says of the change that an example makes of the good world, which is then good again."""
    dataset, after = good_world(), world(example)
    removed, added = sorted(set(GOOD) - after), sorted(after - set(GOOD))
    try:
        said = dataset.apply(removed, added)
        return Checker(MODEL, dataset, with_remarks=True).check(said, {GRAPH})
    finally:
        dataset.apply(added, removed)


@cache
def checked(rule: str) -> Report:
    """Return what our checker says of the example of a rule."""
    return check(BROKEN[rule])


def results(findings: Iterable[Finding]) -> set[Result]:
    """Return findings as results."""
    return {Result(iri(each.focus), each.path, each.value, each.severity, each.shape) for each in findings}


def elsewhere(rule: str) -> str:
    """Return the base under which the things of an example stand when all examples are judged together."""
    return f"{BASE.iri}{local_name(rule)}/"


def standard_report() -> Graph:
    """Return the report of plain pySHACL on the good world and, beside it, what each example makes of its things."""
    lines, shapes = list(map(str, GOOD)), MODEL.shapes + Graph()
    places = [(quad.subject, quad.subject) for quad in GOOD]
    for rule, example in BROKEN.items():
        moved = {quad.subject: quad.subject.replace(BASE.iri, elsewhere(rule)) for quad in example.stated}
        lines += [str(elsewhere_too(quad, moved)) for quad in world(example) if quad.subject in moved]
        places += moved.items()
    for thing, place in places:
        for shape in shapes_by_address(iri(thing)):
            shapes.add((shape, SH.targetNode, URIRef(iri(place))))
    data = Graph().parse(data="\n".join(lines).replace(f" {GRAPH} .", " ."), format="nt")
    _, report, _ = pyshacl.validate(data + MODEL.ontology, shacl_graph=shapes)
    assert isinstance(report, Graph)
    return report


def elsewhere_too(quad: Quad, moved: Mapping[str, str]) -> Quad:
    """Return a statement about a moved thing; the links of a chain that may not be circular lead to moved things."""
    chained = iri(quad.predicate) in MODEL.acyclic
    return quad._replace(
        subject=moved[quad.subject], object=moved.get(quad.object, quad.object) if chained else quad.object
    )


def shapes_by_address(thing: str) -> Iterator[URIRef]:
    """Yield the shapes that a thing has to keep for its address, which SHACL has no word for."""
    kind, _ = BASE.split(thing) or ("", "")
    yield URIRef(PART if "#" in thing else THING)
    if "#" not in thing and kind in MODEL.kinds:
        for name in MODEL.ancestors(MODEL.kinds[kind].iri):
            yield from (URIRef(str(shape)) for shape in MODEL.shapes.subjects(SH.targetClass, URIRef(name)))


def standard_results() -> Standard:
    """Return by base the results about the things under it, and the constraints that they come from."""
    report = standard_report()
    names = (SH.focusNode, SH.resultPath, SH.value, SH.resultSeverity, SH.sourceShape, SH.sourceConstraintComponent)
    found: defaultdict[str, set[tuple[Result, str]]] = defaultdict(set)
    for result in report.objects(None, SH.result):
        base = str(report.value(result, SH.focusNode)).partition("id/")[0]
        said = [
            "" if (term := report.value(result, name)) is None else str(term).replace(base, BASE.iri) for name in names
        ]
        focus, path, value, severity, shape, constraint = said
        found[base].add((Result(focus, path, value, local_name(severity), shape), local_name(constraint)))
    return dict(found)


@pytest.fixture(scope="session")
def standard(tmp_path_factory: pytest.TempPathFactory) -> Standard:
    """What plain pySHACL says, by base."""
    return once(tmp_path_factory, "standard", lambda _: standard_results())


def test_every_rule_has_its_example_where_one_looks_for_it() -> None:
    rules = {path.stem: rules_in(path) for path in files.turtle_in(files.SHAPES)}
    examples = {path.stem: [example.rule for example in examples_in(path)] for path in EXAMPLES.glob("*.trig")}
    assert examples == rules


def test_the_good_world_breaks_no_rule() -> None:
    dataset = Dataset(ox.Store(), MODEL)
    dataset.apply([], sorted(self_description.project(MODEL)))
    assert Checker(MODEL, dataset, with_remarks=True).check(dataset.apply([], sorted(GOOD)), {GRAPH}) == ([], [])


def test_the_good_world_breaks_no_rule_the_standard_way(standard: Standard) -> None:
    assert BASE.iri not in standard


@pytest.mark.parametrize(("rule", "name"), [(rule, name) for rule in RULES for name in classes(rule)], ids=local_name)
def test_the_good_world_has_something_that_keeps_the_rule(rule: str, name: str) -> None:
    path = node(str(MODEL.shapes.value(URIRef(rule), SH.path)))
    assert (node(FIRST[name]), path) in {(quad.subject, quad.predicate) for quad in GOOD}


@every_rule
def test_what_breaks_a_rule_is_reported_and_nothing_else(rule: str) -> None:
    assert results([*checked(rule).findings, *checked(rule).objections]) == BROKEN[rule].results


@every_rule
def test_the_standard_way_reports_the_same(standard: Standard, rule: str) -> None:
    assert {result for result, _ in standard[elsewhere(rule)]} == BROKEN[rule].results


@every_rule
def test_the_example_breaks_each_constraint_of_the_rule(standard: Standard, rule: str) -> None:
    broken = {constraint for result, constraint in standard[elsewhere(rule)] if result.shape == rule}
    assert broken == constraints(rule)


@every_rule
def test_violations_stop_a_change_and_nothing_else_does(rule: str) -> None:
    violations = {result for result in BROKEN[rule].results if result.severity == "Violation"}
    assert results(checked(rule).objections) == violations


@every_rule
def test_a_finding_speaks_english_and_french_and_a_remark_spanish_too(rule: str) -> None:
    for found in [*checked(rule).findings, *checked(rule).objections]:
        assert found.messages.keys() == {"en", "fr", *(["es"] if found.severity == "Info" else [])}


@pytest.mark.parametrize("rule", SHARED, ids=local_name)
def test_a_rule_that_several_classes_have_is_broken_by_a_thing_of_each(rule: str) -> None:
    assert {FIRST[name] for name in classes(rule)} == {result.focus for result in BROKEN[rule].results}


@pytest.mark.parametrize(
    ("start", "end", "broken"),
    [
        ("2016-12-07", "2016-12-07", []),
        ("2016-12-07", "2016-12-06", ["start-before-end"]),
        ("2016-12", "2016-11", ["start-before-end"]),
        ("2016-12-07", "2016", []),
        ("2016", "2016-12-07", []),
        ("2017-01-01", "2016", ["start-before-end"]),
        ("2017", "2016-12", ["start-before-end"]),
    ],
)
def test_dates_are_compared_as_far_as_both_go(start: str, end: str, broken: list[str]) -> None:
    fair = node(BASE.thing("event", "fair"))
    dates = [Quad(fair, node(SCHEMA.startDate), date(start), GRAPH), Quad(fair, node(SCHEMA.endDate), date(end), GRAPH)]
    findings = check(Example("", dates, set())).findings
    assert [local_name(found.shape) for found in findings] == broken


def date(text: str) -> str:
    """Return a day, a month or a year as a term."""
    kind = (XSD.gYear, XSD.gYearMonth, XSD.date)[text.count("-")]
    return str(ox.Literal(text, datatype=ox.NamedNode(kind)))
