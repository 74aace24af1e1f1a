"""Does this keep our shapes, and if not, what should its author do?

A change is checked on the things it touched and on nothing else. What is checked is each thing as a source would have
it: where the source states a property its own values, for the rest what the merge shows. So a source is not blamed
for what others say, nor for what it leaves to others to say; that two sources disagree is a question, never a
violation.

pySHACL is asked rule by rule, each for all the things that it concerns: forty times quicker than thing by thing.
"""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox
from pyshacl.graph_abstraction import OxigraphDataGraph
from pyshacl.shapes_graph import ShapesGraph
from pyshacl.validator import Validator
from rdflib import Graph
from rdflib.term import Node

from toolbox_graph.model import Labels, Model, Rule, in_language, local_name
from toolbox_graph.namespaces import RDFS, SH, SHAPES
from toolbox_graph.progress import Progress, silent
from toolbox_graph.store.claims import SUBJECT, TYPE, Facts, Said
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import Quad, iri, language, node

SUBCLASS = node(str(RDFS.subClassOf))

STEP = 1_000
"""Things checked at a time."""

THING = str(SHAPES.Thing)
"""The shape of whatever has an address of ours, even where nothing says what it is."""

PART = str(SHAPES.Part)
"""The shape of what has a fragment of such an address, likewise."""


class Finding(NamedTuple):
    """One result of a shape: which value of which thing is wrong, and what to do about it, by language."""

    focus: str
    path: str
    value: str
    severity: str
    shape: str
    messages: Labels

    @property
    def is_violation(self) -> bool:
        """Whether it stops a change."""
        return self.severity == "Violation"

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it from others."""
        return self.focus, self.path, self.value, self.shape


class Report(NamedTuple):
    """What the shapes find about things as the merge shows them, and what stops a change of some graphs."""

    findings: list[Finding]
    objections: list[Finding]


class Checker:
    """Checks things of a dataset; on demand with remarks, which stop nothing and are many."""

    def __init__(
        self, model: Model, dataset: Dataset, progress: Progress = silent, *, with_remarks: bool = False
    ) -> None:
        self.model = model
        self._with_remarks = with_remarks
        self._progress = progress
        self.dataset = dataset
        self._shapes = _shapes(model.shapes)
        self._kept: set[tuple[str, frozenset[str]]] = set()

    def check(self, things: Mapping[str, Said], graphs: Collection[str]) -> Report:
        """Check what is said of some things, after a change of some graphs; without any, the merge alone is judged."""
        report = Report([], [])
        remaining = iter(things.items())
        for done in range(0, len(things), STEP):
            self._progress("checking", done, len(things))
            self._check_step(dict(islice(remaining, STEP)), graphs, report)
        return report

    def _check_step(self, things: Mapping[str, Said], graphs: Collection[str], report: Report) -> None:
        agreeing: set[str] = set()
        differing: defaultdict[str, dict[str, Facts]] = defaultdict(dict)
        for subject, said in things.items():
            views = {graph: held_by(said, graph) for graph in said.graphs().intersection(graphs)}
            if not views or said.shown in views.values():
                agreeing.add(subject)
            for graph, view in views.items():
                if view != said.shown:
                    differing[graph][subject] = view
        found = self._validate({subject: said.shown for subject, said in things.items()})
        report.findings.extend(found)
        report.objections.extend(finding for finding in found if finding.is_violation and finding.focus in agreeing)
        for views in differing.values():
            report.objections.extend(finding for finding in self._validate(views) if finding.is_violation)

    def _validate(self, things: Mapping[str, Facts]) -> list[Finding]:
        """Return what the rules find about some things, given what is said of them."""
        store = self._store(things)
        concerned: defaultdict[str, list[str]] = defaultdict(list)
        for subject, facts in things.items():
            for shape in self._shapes_to_ask(subject, facts):
                concerned[shape].append(iri(subject))
        asked: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for shape, focus_nodes in concerned.items():
            asked[tuple(focus_nodes)].append(shape)
        found = [finding for focus_nodes, shapes in asked.items() for finding in self._ask(store, shapes, focus_nodes)]
        self._learn(things, concerned, {finding.shape for finding in found})
        return found

    def _learn(self, things: Mapping[str, Facts], concerned: Mapping[str, list[str]], broken: Collection[str]) -> None:
        """Note which rules the classes of some things keep: they need not be asked of other things of these classes."""
        for shape in self.model.about_classes.intersection(concerned).difference(broken):
            self._kept.update((shape, _classes(things[node(thing)])) for thing in concerned[shape])

    def _store(self, things: Mapping[str, Facts]) -> ox.Store:
        """Return a store with what is said of the things, what those are that they point to, and the classes."""
        quads = [Quad(subject, *fact) for subject, facts in things.items() for fact in facts]
        quads += [*self._chains(quads, things), *self._rivals(quads, things)]
        pointed_to = {quad.object for quad in quads if quad.object.startswith("<")} - things.keys()
        quads += [Quad(thing, TYPE, node(name)) for thing in pointed_to for name in self.dataset.classes(thing)]
        quads += [
            Quad(name, SUBCLASS, node(ancestor))
            for name in {quad.object for quad in quads if quad.predicate == TYPE}
            for ancestor in self.model.ancestors(iri(name))
        ]
        store = ox.Store()
        store.bulk_load("\n".join(map(str, quads)).encode(), ox.RdfFormat.N_QUADS)
        return store

    def _chains(self, quads: Iterable[Quad], things: Container[str]) -> Iterator[Quad]:
        """Yield where chains that may not be circles lead on from some statements, through other things."""
        for predicate in map(node, self.model.acyclic):
            reached: set[str] = set()
            ahead = {quad.object for quad in quads if quad.predicate == predicate and quad.object.startswith("<")}
            while ahead := {thing for thing in ahead if thing not in reached and thing not in things}:
                reached |= ahead
                links = [
                    Quad(thing, predicate, value) for thing in ahead for value in self.dataset.values(thing, predicate)
                ]
                yield from links
                ahead = {link.object for link in links}

    def _rivals(self, quads: Iterable[Quad], things: Container[str]) -> Iterator[Quad]:
        """Yield what is said of the other claims about what some claims are about."""
        subjects = {quad.object for quad in quads if quad.predicate == SUBJECT and quad.object.startswith("<")}
        claims = {claim for subject in subjects for claim in self.dataset.pointing_to(subject, SUBJECT)}
        for claim in claims:
            if claim not in things:
                yield from (Quad(claim, *fact) for fact in self.dataset.said(claim).shown)

    def _shapes_to_ask(self, subject: str, facts: Facts) -> list[str]:
        """Return the shapes that may have something to say of a thing: rules that it cannot break are left out."""
        if not facts:
            return []
        present = {iri(name) for name, _ in facts}
        classes = _classes(facts)
        rules, shapes = self._rules_for(iri(subject), classes)
        asked = (rule for rule in rules if self._with_remarks or not rule.is_remark)
        possible = (rule.shape for rule in asked if rule.demands or rule.path in present)
        return [*shapes, *(shape for shape in possible if (shape, classes) not in self._kept)]

    def _rules_for(self, subject: str, classes: frozenset[str]) -> tuple[set[Rule], list[str]]:
        """Return the rules for a thing of some classes with a certain address, and whole shapes to be asked."""
        named = self.model.base.split(subject)
        if named is None:
            is_meant_as_ours = subject.startswith(f"{self.model.base.iri}id/")
            return (set(), [THING]) if is_meant_as_ours else (self.model.rules(classes), [])
        if "#" in subject:
            return self.model.rules(classes) or self.model.rules_of(PART), []
        kind = self.model.kinds.get(named[0])
        if kind is None:
            return set(), [THING]
        return self.model.rules(classes | {kind.iri}) | self.model.rules_of(THING), []

    def _ask(self, store: ox.Store, shapes: list[str], focus_nodes: tuple[str, ...]) -> Iterator[Finding]:
        options = {"use_shapes": shapes, "focus_nodes": focus_nodes}
        validator = Validator(_Data.from_oxigraph_store(store), shacl_graph=self.model.shapes, options=options)
        # Reading the shapes again for each call would take most of its time.
        validator.shacl_graph = self._shapes
        _, report, _ = validator.run()  # type: ignore[no-untyped-call]
        yield from (self._finding(report, result) for result in report.objects(None, SH.result))

    def _finding(self, report: Graph, result: Node) -> Finding:
        said = {str(name): str(value) for name, value in report.predicate_objects(result)}
        shape = said[str(SH.sourceShape)]
        return Finding(
            focus=node(said[str(SH.focusNode)]),
            path=said.get(str(SH.resultPath), ""),
            value=said.get(str(SH.value), ""),
            severity=local_name(said[str(SH.resultSeverity)]),
            shape=shape,
            # Not the report's: pySHACL 0.40 loses the languages of what a SPARQL constraint says.
            messages=self.model.messages(shape),
        )


class _Data(OxigraphDataGraph):
    """The data as pySHACL reads it; asked whether there is any, it would count all of it, anew for each result."""

    def __bool__(self) -> bool:
        return True


@cache
def _shapes(graph: Graph) -> ShapesGraph:
    """Return some shapes as pySHACL reads them.

    pySHACL 0.40 reads shapes when first asked for, and then only those it is to use: rules that have a name of their
    own would be passed over in silence. Asking for all first makes it read all.
    """
    shapes = ShapesGraph(graph)
    shapes.shapes  # noqa: B018
    return shapes


def _classes(facts: Facts) -> frozenset[str]:
    return frozenset(iri(value) for name, value in facts if name == TYPE)


def held_by(said: Said, graph: str) -> Facts:
    """Return what would be shown of a thing if one graph were always believed."""
    own = {(name, value) for name, stated in said.stated.items() for value, by in stated if by == graph}
    taken = {(name, language(value)) for name, value in own}
    return own | {(name, value) for name, value in said.shown if (name, language(value)) not in taken}


def explain(model: Model, finding: Finding, language: str = "en") -> dict[str, str]:
    """Return what a person reads of a finding."""
    return {
        "thing": iri(finding.focus),
        "property": finding.path,
        "name": in_language(model.labels(finding.path), language) if finding.path else "",
        "value": finding.value,
        "severity": finding.severity,
        "message": in_language(finding.messages, language),
    }
