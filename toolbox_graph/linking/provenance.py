"""Where do our links to Wikidata come from: which runs proposed them, who decided what of them, when and why?

PROV-O (w3.org/TR/prov-o). Each line of the file of decisions is an entity whose value is the line itself; a run that
proposes, a deciding and an undoing are activities. What is undone is invalidated, by the undoing and from its time on;
where the undoing is undone too, it is not. A candidate, and a decision of one, is a statement that is talked about,
with the words of SSSOM (mapping-commons.github.io/sssom) for what was found of it.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from toolbox_graph.linking.decisions import Line, Standing, State, standing, undoings
from toolbox_graph.linking.publishing import IMPORTER, REVIEWED, relation
from toolbox_graph.linking.sssom import JUSTIFICATIONS, LICENCE, SEMAPV
from toolbox_graph.namespaces import DCTERMS, PREFIXES, PROV, RDF, RDFS, WD, XSD, Base
from toolbox_graph.store.quads import text_of

SSSOM = Namespace("https://w3id.org/sssom/")

JUDGED = (State.ACCEPTED, State.REJECTED, State.NEW)
"""What says something of an item, or that there is none."""

Triple = tuple[URIRef, URIRef, Node]


class Names(NamedTuple):
    """What is called how: all parts of the set of mappings, so that a name once given stays."""

    base: Base

    @property
    def document(self) -> URIRef:
        """The whole, which is called like the set of mappings."""
        return URIRef(self.base.graph(IMPORTER, REVIEWED))

    def line(self, number: int) -> URIRef:
        """Return the name of a proposal, a decision or an undoing."""
        return self.document + f"#{number}"

    def candidate(self, number: int, item: str) -> URIRef:
        """Return the name of a candidate of a proposal."""
        return self.document + f"#{number}-{item}"

    def run(self, number: int) -> URIRef:
        """Return the name of what was done when a line was written, the first of its run."""
        return self.document + f"#run-{number}"

    def agent(self, by: str) -> URIRef:
        """Return the name of who did something, of whom nothing else is known."""
        return self.document + f"#by-{quote(by, safe='')}"

    def software(self, version: str) -> URIRef:
        """Return the name of the program, in a version if that is known."""
        return self.document + f"#toolbox-graph{f'-{quote(version)}' if version else ''}"

    def source(self, name: str) -> URIRef:
        """Return the name of a source of candidates."""
        return self.document + f"#source-{quote(name, safe='')}"

    def thing(self, name: str) -> URIRef:
        """Return the name of a thing of ours, of which a line tells by kind and key."""
        return URIRef(self.base.thing(*name.split("/", 1)))


def write(lines: Sequence[Line], base: Base) -> str:
    """Return the whole file of decisions as Turtle."""
    names = Names(base)
    told: defaultdict[URIRef, dict[Triple, None]] = defaultdict(dict)
    for triple in _triples(lines, names):
        told[triple[0]][triple] = None
    text = "".join(f"{' '.join(map(text_of, triple))} .\n" for some in told.values() for triple in some)
    quads = ox.parse(text, ox.RdfFormat.N_TRIPLES)
    chosen = {name: PREFIXES[name] for name in ("dct", "owl", "prov", "rdf", "rdfs", "skos", "wd", "xsd")}
    prefixes = {**chosen, "semapv": SEMAPV, "sssom": str(SSSOM), "": f"{names.document}#"}
    return (
        ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.TURTLE, prefixes=prefixes) or b""
    ).decode()


def _triples(lines: Sequence[Line], names: Names) -> Iterator[Triple]:
    yield names.document, RDF.type, PROV.Entity
    yield names.document, RDF.type, PROV.Bundle
    yield names.document, DCTERMS.license, URIRef(LICENCE)
    based = dict(_bases(lines, names))
    for run in runs(lines):
        yield from _activity(run, based, names)
        for line in run:
            yield from _entity(line, names)
            yield names.line(line.number), PROV.wasGeneratedBy, names.run(run[0].number)
    for number, (original, earlier) in based.items():
        yield from ((names.line(number), PROV.wasDerivedFrom, one) for one in original)
        yield from ((names.line(number), PROV.wasRevisionOf, one) for one in earlier)
    for number, line in undoings(lines).items():
        yield names.line(number), PROV.wasInvalidatedBy, names.run(line.number)
        yield names.line(number), PROV.invalidatedAtTime, _time(line.time)


def runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines that were written together: the proposals of a run, which is of one kind; others alone."""
    found: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        run = (line.run or line.time, line.by, line.source, line.thing.partition("/")[0])
        found[run if line.state is State.PROPOSED else (line.number,)].append(line)
    yield from found.values()


Bases = tuple[list[URIRef], list[URIRef]]


def _bases(lines: Iterable[Line], names: Names) -> Iterator[tuple[int, Bases]]:
    """Yield for each line what it was made from, and in the place of what; by what stood when it was written."""
    written: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        before = written[line.thing]
        yield line.number, _basis(line, standing(before).get(line.thing, Standing()), names)
        before.append(line)


def _basis(line: Line, before: Standing, names: Names) -> Bases:
    if line.state is State.UNDONE:
        return [names.line(line.undoes)], []
    earlier = before.proposal if line.state is State.PROPOSED else before.decision
    judged = before.proposal if line.state is not State.PROPOSED else None
    return (
        [_judged(line.item, judged, names)] if judged else [],
        [names.line(earlier.number)] if earlier else [],
    )


def _judged(item: str, proposal: Line, names: Names) -> URIRef:
    """Return which candidate of a proposal was decided of; the proposal where it is none of them."""
    is_candidate = item in {entry["item"] for entry in proposal.candidates}
    return names.candidate(proposal.number, item) if is_candidate else names.line(proposal.number)


def _activity(run: Sequence[Line], based: Mapping[int, Bases], names: Names) -> Iterator[Triple]:
    """Yield what was done: by whom and with what, when, and what was used for it."""
    first, this = run[0], names.run(run[0].number)
    yield this, RDF.type, PROV.Activity
    yield this, PROV.endedAtTime, _time(run[-1].time)
    yield this, PROV.wasAssociatedWith, names.agent(first.by)
    yield names.agent(first.by), RDF.type, PROV.Agent
    yield names.agent(first.by), RDFS.label, Literal(first.by)
    if first.state is not State.PROPOSED:
        yield from ((this, PROV.used, one) for some in based[first.number] for one in some)
        return
    if first.run:
        yield this, PROV.startedAtTime, _time(first.run)
    yield this, PROV.used, names.source(first.source)
    yield names.source(first.source), RDF.type, PROV.Entity
    yield names.source(first.source), RDFS.label, Literal(first.source)
    for version in dict.fromkeys(line.version for line in run):
        yield this, PROV.wasAssociatedWith, names.software(version)
        yield names.software(version), RDF.type, PROV.Agent
        yield names.software(version), RDF.type, PROV.SoftwareAgent
        yield names.software(version), RDFS.label, Literal(f"Toolbox Graph {version}".strip())


def _entity(line: Line, names: Names) -> Iterator[Triple]:
    """Yield what a line says, with its candidates as entities of their own."""
    this, is_proposal = names.line(line.number), line.state is State.PROPOSED
    yield this, RDF.type, PROV.Entity
    yield this, RDFS.label, Literal(f"{line.thing}: {line.state} {line.item}".rstrip(), "en")
    yield this, PROV.generatedAtTime, _time(line.time)
    yield this, PROV.wasAttributedTo, names.software(line.version) if is_proposal else names.agent(line.by)
    yield this, PROV.value, _json({name: value for name, value in line.as_json().items() if name != "candidates"})
    if line.why:
        yield this, RDFS.comment, Literal(line.why, "en" if is_proposal else None)
    if line.state in JUDGED:
        yield from _statement(this, line, URIRef(WD + line.item) if line.item else SSSOM.NoTermFound, names)
    if line.state is State.REJECTED:
        yield this, SSSOM.predicate_modifier, SSSOM.NegatedPredicate
    if is_proposal:
        yield this, RDF.type, PROV.Collection
    for entry in line.candidates:
        yield this, PROV.hadMember, names.candidate(line.number, entry["item"])
        yield from _candidate(line, entry, names)


def _candidate(line: Line, entry: Mapping[str, Any], names: Names) -> Iterator[Triple]:
    """Yield what was found of a candidate: all of it as its value, which holds the features."""
    this = names.candidate(line.number, entry["item"])
    yield this, RDF.type, PROV.Entity
    yield from _statement(this, line, URIRef(WD + entry["item"]), names)
    yield this, PROV.value, _json(entry)
    if "confidence" in entry:
        yield this, SSSOM.confidence, Literal(float(entry["confidence"]))
    yield this, SSSOM.mapping_justification, URIRef(SEMAPV + JUSTIFICATIONS.get(entry.get("evidence", ""), UNKNOWN))


UNKNOWN = "UnspecifiedMatching"
"""How likeness that proves nothing is called in SSSOM."""


def _statement(this: URIRef, line: Line, item: URIRef, names: Names) -> Iterator[Triple]:
    kind = line.thing.partition("/")[0]
    yield this, RDF.type, RDF.Statement
    yield this, RDF.subject, names.thing(line.thing)
    yield this, RDF.predicate, URIRef(relation(kind, near=line.near))
    yield this, RDF.object, item


def _time(time: str) -> Literal:
    return Literal(time, datatype=XSD.dateTime, normalize=False)


def _json(value: Mapping[str, Any]) -> Literal:
    return Literal(json.dumps(value, ensure_ascii=False, sort_keys=True), datatype=RDF.JSON, normalize=False)
