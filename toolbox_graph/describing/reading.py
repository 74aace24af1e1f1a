"""How is a description read, to be shown or to be sent?

What depends on who serves the catalogue, its publisher, is added here.
"""

from collections.abc import Iterator
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from toolbox_graph.describing.counting import Step
from toolbox_graph.describing.datasets import name, supplement
from toolbox_graph.describing.void import resource, whole
from toolbox_graph.model import Labels
from toolbox_graph.namespaces import DCAT, DCTERMS, PREFIXES, PROV, RDF, VOID, Base


class Number(NamedTuple):
    """How much there is of a class or a property."""

    iri: str
    number: int


class Links(NamedTuple):
    """How many links of a kind lead to where others name their things."""

    predicate: str
    namespace: str
    number: int


class Distribution(NamedTuple):
    """A form in which a dataset can be had: what it is called, and its address."""

    title: str
    address: str


class Dataset(NamedTuple):
    """A dataset of the catalogue, as a page tells of it; the source is empty for the whole."""

    labels: Labels
    descriptions: Labels
    source: str
    licences: tuple[str, ...]
    modified: str
    distributions: tuple[Distribution, ...]


def description(store: ox.Store, base: Base, kind: str) -> Graph:
    """Return what one of the descriptions says; where nothing is described, nothing."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in {**PREFIXES, "void-ext": "http://ldf.fi/void-ext#"}.items():
        graph.bind(prefix, namespace)
    quads = store.quads_for_pattern(None, None, None, ox.NamedNode(base.graph(kind)))
    text = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    return graph.parse(data=text or b"", format="nt11")


def catalogue(store: ox.Store, base: Base, publisher: str) -> Graph:
    """Return the description for catalogues of data, with its publisher."""
    graph = description(store, base, "dcat")
    for triple in list(supplement(graph, base, publisher)) if graph else ():
        graph.add(triple)
    return graph


def number(void: Graph, base: Base, predicate: URIRef) -> int:
    """Return a number that is told of the whole, 0 where none is."""
    value = void.value(whole(base), predicate)
    return int(value) if isinstance(value, Literal) else 0


def classes(void: Graph, base: Base) -> list[Number]:
    """Return how many things there are of each class, the most first."""
    return _numbers(void, base, VOID.classPartition, VOID["class"], VOID.entities)


def properties(void: Graph, base: Base) -> list[Number]:
    """Return how many statements there are with each property, the most first."""
    return _numbers(void, base, VOID.propertyPartition, VOID.property, VOID.triples)


def used(void: Graph, base: Base, class_iri: str) -> list[tuple[Number, list[str]]]:
    """Return what the things of a class have: each property, the most frequent first, and where it leads."""
    part = resource(base, (Step("class", f"<{class_iri}>"),))
    found = [
        (
            Number(str(void.value(each, VOID.property)), _integer(void.value(each, VOID.triples))),
            sorted(str(void.value(end, VOID["class"])) for end in void.objects(each, VOID.classPartition)),
        )
        for each in void.objects(part, VOID.propertyPartition)
    ]
    return sorted(found, key=lambda entry: (-entry[0].number, entry[0].iri))


def _numbers(void: Graph, base: Base, leading: URIRef, naming: URIRef, counting: URIRef) -> list[Number]:
    parts = void.objects(whole(base), leading)
    found = [Number(str(void.value(part, naming)), _integer(void.value(part, counting))) for part in parts]
    return sorted(found, key=lambda entry: (-entry.number, entry.iri))


def links(void: Graph) -> list[Links]:
    """Return how many links lead to things of others, the most first."""
    found = [
        Links(
            str(void.value(linkset, VOID.linkPredicate)),
            str(void.value(void.value(linkset, VOID.objectsTarget), VOID.uriSpace)),
            _integer(void.value(linkset, VOID.triples)),
        )
        for linkset in void.subjects(RDF.type, VOID.Linkset)
    ]
    return sorted(found, key=lambda entry: (-entry.number, entry))


def datasets(described: Graph, base: Base) -> Iterator[Dataset]:
    """Yield the datasets of the catalogue: the whole, then what there is from each source."""
    found = set(described.objects(name(base), DCAT.dataset))
    for dataset in sorted(found, key=lambda dataset: (dataset != whole(base), str(dataset))):
        yield Dataset(
            labels=texts(described, dataset, DCTERMS.title),
            descriptions=texts(described, dataset, DCTERMS.description),
            source=str(described.value(dataset, PROV.wasDerivedFrom) or ""),
            licences=tuple(sorted(map(str, described.objects(dataset, DCTERMS.license)))),
            # rdflib writes times in its own way.
            modified=str(described.value(dataset, DCTERMS.modified) or "").replace("+00:00", "Z"),
            distributions=tuple(sorted(_distributions(described, dataset))),
        )


def _distributions(described: Graph, dataset: Node) -> Iterator[Distribution]:
    for each in described.objects(dataset, DCAT.distribution):
        yield Distribution(str(described.value(each, DCTERMS.title)), str(described.value(each, DCAT.downloadURL)))


def texts(graph: Graph, subject: Node, predicate: URIRef) -> Labels:
    """Return what is told in a text of something, by language."""
    found = (text for text in graph.objects(subject, predicate) if isinstance(text, Literal))
    return {text.language or "": str(text) for text in found}


def _integer(value: Node | None) -> int:
    assert isinstance(value, Literal)
    return int(value)
