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

import pyoxigraph as ox
from rdflib import Literal, Namespace, URIRef

from toolbox_graph.linking.decisions import Line, Standing, State, kind_of, standing, undoings
from toolbox_graph.linking.naming import Names, Triple, moment
from toolbox_graph.linking.publishing import relation
from toolbox_graph.linking.sssom import JUSTIFICATIONS, LICENCE, SEMAPV
from toolbox_graph.namespaces import DCTERMS, PREFIXES, PROV, RDF, RDFS, WD, Base
from toolbox_graph.store.quads import text_of

SSSOM = Namespace("https://w3id.org/sssom/")

USED, OWN = ("dct", "owl", "prov", "rdf", "rdfs", "skos", "wd", "xsd"), {"semapv": SEMAPV, "sssom": str(SSSOM)}
"""The prefixes that are written, those of the catalogue and others."""

JUDGED = (State.ACCEPTED, State.REJECTED, State.NEW)
"""What says something of an item, or that there is none."""


UNKNOWN = "UnspecifiedMatching"
"""How likeness that proves nothing is called in SSSOM."""


def write(lines: Sequence[Line], base: Base) -> str:
    """Return the whole file of decisions as Turtle."""
    names = Names(base)
    told: defaultdict[URIRef, dict[Triple, None]] = defaultdict(dict)
    for triple in _triples(lines, names):
        told[triple[0]][triple] = None
    text = "".join(f"{' '.join(map(text_of, triple))} .\n" for some in told.values() for triple in some)
    quads = ox.parse(text, ox.RdfFormat.N_TRIPLES)
    prefixes = {**{name: PREFIXES[name] for name in USED}, **OWN, "": f"{names.document}#"}
    turtle = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.TURTLE, prefixes=prefixes)
    return (turtle or b"").decode()


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
    for number, basis in based.items():
        if basis.derived:
            yield names.line(number), PROV.wasDerivedFrom, basis.derived
        if basis.revised:
            yield names.line(number), PROV.wasRevisionOf, basis.revised
    for number, line in undoings(lines).items():
        yield names.line(number), PROV.wasInvalidatedBy, names.run(line.number)
        yield names.line(number), PROV.invalidatedAtTime, moment(line.time)


def runs(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Yield the lines that were written together: the proposals of a run, which is of one kind; others alone."""
    found: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        run = (line.run or line.time, line.by, line.source, kind_of(line.thing))
        found[run if line.state is State.PROPOSED else (line.number,)].append(line)
    yield from found.values()


class Basis(NamedTuple):
    """What a line was made from, and in the place of which line; each may be nothing."""

    derived: URIRef | None = None
    revised: URIRef | None = None

    @property
    def used(self) -> list[URIRef]:
        """All that it was made with."""
        return [one for one in self if one]


def _bases(lines: Iterable[Line], names: Names) -> Iterator[tuple[int, Basis]]:
    """Yield what each line was made from, by its number; what stood when it was written tells that."""
    written: defaultdict[str, list[Line]] = defaultdict(list)
    for line in lines:
        before = written[line.thing]
        yield line.number, _basis(line, standing(before).get(line.thing, Standing()), names)
        before.append(line)


def _basis(line: Line, before: Standing, names: Names) -> Basis:
    match line.state:
        case State.UNDONE:
            return Basis(names.line(line.undoes))
        case State.PROPOSED:
            return Basis(revised=_named(before.proposal, names))
        case _:
            return Basis(_judged(line.item, before.proposal, names), _named(before.decision, names))


def _named(line: Line | None, names: Names) -> URIRef | None:
    return names.line(line.number) if line else None


def _judged(item: str, proposal: Line | None, names: Names) -> URIRef | None:
    """Return which candidate of a proposal was decided of; the proposal where it is none of them."""
    if proposal and any(entry["item"] == item for entry in proposal.candidates):
        return names.candidate(proposal.number, item)
    return _named(proposal, names)


def _activity(run: Sequence[Line], based: Mapping[int, Basis], names: Names) -> Iterator[Triple]:
    """Yield what was done: by whom and with what, when, and what was used for it."""
    first, this = run[0], names.run(run[0].number)
    for agent in dict.fromkeys([names.person(first.by), *map(names.author, run)]):
        yield this, PROV.wasAssociatedWith, agent.iri
        yield agent.iri, RDF.type, PROV.Agent
        yield agent.label
    yield this, RDF.type, PROV.Activity
    yield this, PROV.endedAtTime, moment(run[-1].time)
    if first.state is not State.PROPOSED:
        yield from ((this, PROV.used, one) for one in based[first.number].used)
        return
    if first.run:
        yield this, PROV.startedAtTime, moment(first.run)
    yield this, PROV.used, names.source(first.source)
    yield names.source(first.source), RDF.type, PROV.Entity
    yield names.source(first.source), RDFS.label, Literal(first.source)
    yield names.author(first).iri, RDF.type, PROV.SoftwareAgent


def _entity(line: Line, names: Names) -> Iterator[Triple]:
    """Yield what a line says, with its candidates as entities of their own."""
    this, is_proposal = names.line(line.number), line.state is State.PROPOSED
    yield this, RDF.type, PROV.Entity
    yield this, RDFS.label, Literal(f"{line.thing}: {line.state} {line.item}".rstrip(), "en")
    yield this, PROV.generatedAtTime, moment(line.time)
    yield this, PROV.wasAttributedTo, names.author(line).iri
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


def _statement(this: URIRef, line: Line, item: URIRef, names: Names) -> Iterator[Triple]:
    yield this, RDF.type, RDF.Statement
    yield this, RDF.subject, names.thing(line.thing)
    yield this, RDF.predicate, URIRef(relation(kind_of(line.thing), near=line.near))
    yield this, RDF.object, item


def _json(value: Mapping[str, Any]) -> Literal:
    return Literal(json.dumps(value, ensure_ascii=False, sort_keys=True), datatype=RDF.JSON, normalize=False)
