"""What does the catalogue say about itself?

These graphs are derived: the ontology and the shapes from the project's files, the history from the journal. They
stand in the store like others, so that one can ask for them, but are not journaled: they can always be made again.
"""

from collections.abc import Iterable, Iterator

from rdflib import Literal, URIRef
from rdflib.term import Node

from toolbox_graph import files
from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCTERMS, PROV, RDF, TBG, XSD, Base
from toolbox_graph.store.journal import Changeset
from toolbox_graph.store.quads import Quad, canonical, iri, node, text_of
from toolbox_graph.store.reading import read_files

PROJECT = {"ontology": files.ONTOLOGY, "shapes": files.SHAPES}
"""The graphs that hold what the project's own files say, and where those lie."""

DESCRIPTIONS = ("void", "dcat", "service", "queries")
"""The graphs that describe the catalogue: its numbers, its datasets, its endpoint, its questions (`describing/`)."""

DERIVED = (*PROJECT, "history", "derived", *DESCRIPTIONS)
"""The graphs that are not journaled."""


def made(base: Base) -> set[str]:
    """Return the graphs that are made and can take no statements: the derived ones, and the merge by its name."""
    return {base.merge, *map(base.graph, DERIVED)}


def project(model: Model) -> list[Quad]:
    """Return what the project's own files say."""
    base = model.base
    return [
        quad
        for name, folder in PROJECT.items()
        for quad in read_files(files.turtle_in(folder), graph=base.graph(name), base=base)
    ]


def history(model: Model, changeset: Changeset) -> list[Quad]:
    """Return what there is to say of a changeset: who made it, when and why, and which graphs it changed."""
    graphs = {iri(quad.graph) for quad in (*changeset.removed, *changeset.added)}
    this = changeset_iri(model.base, changeset.header.position)
    changed = ((this, TBG.changed, URIRef(graph)) for graph in graphs)
    return _quads(model.base, (*_changeset(model.base, changeset), *changed)) + sources(model, graphs)


def sources(model: Model, graphs: Iterable[str]) -> list[Quad]:
    """Return which source each of some graphs has its statements from."""
    return _quads(model.base, ((URIRef(graph), DCTERMS.source, URIRef(model.source(graph))) for graph in graphs))


Triple = tuple[URIRef, URIRef, Node]


def _changeset(base: Base, changeset: Changeset) -> Iterator[Triple]:
    header, origin = changeset.header, changeset.header.origin
    this = changeset_iri(base, header.position)
    time = Literal(origin.time, datatype=XSD.dateTime)
    yield this, RDF.type, TBG.Changeset
    yield this, TBG.position, Literal(header.position)
    yield this, PROV.generatedAtTime, time
    yield this, TBG.agent, Literal(origin.agent)
    yield this, TBG.reason, Literal(origin.reason)
    yield this, TBG.removed, Literal(len(changeset.removed))
    yield this, TBG.added, Literal(len(changeset.added))
    if origin.importer:
        run = URIRef(f"{base.iri}history#run-{header.position}")
        yield this, PROV.wasGeneratedBy, run
        yield run, RDF.type, TBG.ImportRun
        yield run, TBG.importer, Literal(origin.importer)
        yield run, PROV.endedAtTime, time


def _quads(base: Base, triples: Iterable[Triple]) -> list[Quad]:
    graph = node(base.graph("history"))
    return sorted(canonical(f"{' '.join(map(text_of, triple))} {graph} ." for triple in triples))


def changeset_iri(base: Base, position: int) -> URIRef:
    """Return the IRI of the changeset at a position."""
    return URIRef(f"{base.iri}history#{position}")
