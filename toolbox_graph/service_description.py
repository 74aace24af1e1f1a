"""What can the endpoint do, and which graphs does it have? (SPARQL 1.1 Service Description)

What depends on the data alone stands in the default graph too (`describing/`); the limits are those of who serves.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import Namespace
from rdflib.term import Node

from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCTERMS, LICENCES, PREFIXES, RDF, RDFS, SCHEMA, VOID, XSD, Base
from toolbox_graph.store import search_clauses
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.lookup import size, values

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ENTAILMENT = Namespace("http://www.w3.org/ns/entailment/")

WRITTEN = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "RDF_XML",
    "JSON-LD",
    "N-Quads",
    "TriG",
)
"""The formats of answers, by their names in the list of the W3C."""

READ = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")
"""The formats in which the graph store takes statements."""

FORMATS = Namespace("http://www.w3.org/ns/formats/")


class Bound(NamedTuple):
    """Something that is limited: what it is, the most of it, its unit (UN/CEFACT), and how a client asks for less."""

    name: str
    most: float
    unit: str
    parameter: str = ""


class Offer(NamedTuple):
    """What an operator offers with the endpoint: how far queries may go, and which services they may call."""

    bounds: Sequence[Bound]
    services: Sequence[str]


Triple = tuple[URIRef, URIRef, Node]


def service_description(generation: Generation, model: Model, offer: Offer) -> Graph:
    """Return the description of the endpoint over one generation."""
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for triple in _all(generation, model, offer):
        graph.add(triple)
    return graph


def _all(generation: Generation, model: Model, offer: Offer) -> Iterator[Triple]:
    yield from service(model.base)
    yield from _offered(name_of(model.base), offer)
    yield URIRef(model.base.merge), VOID.triples, Literal(size(generation.store, ""))
    for name in (name.value for name in generation.store.named_graphs() if isinstance(name, ox.NamedNode)):
        yield from named_graph(model, name)
        if any(values(generation.store, source := model.source(name), str(RDF.type))):
            yield URIRef(name), DCTERMS.source, URIRef(source)
        yield URIRef(name), VOID.triples, Literal(size(generation.store, name))


def name_of(base: Base) -> URIRef:
    """Return the name of the endpoint, which is its address."""
    return URIRef(f"{base.iri}sparql")


def service(base: Base) -> Iterator[Triple]:
    """Yield what there is to say of the endpoint wherever it is served."""
    this, dataset, merge = name_of(base), _dataset(base), URIRef(base.merge)
    yield this, RDF.type, SD.Service
    yield this, RDFS.label, Literal("Toolbox Graph", "en")
    yield this, SD.endpoint, this
    yield this, SD.supportedLanguage, SD.SPARQL11Query
    yield this, SD.supportedLanguage, SD.SPARQL11Update
    for name in search_clauses.PREDICATES:
        yield this, SD.propertyFeature, URIRef(name)
        yield URIRef(name), RDF.type, SD.Feature
    yield this, SD.defaultEntailmentRegime, ENTAILMENT.Simple
    yield this, DCTERMS.license, LICENCES["CC0-1.0"]
    for name in WRITTEN:
        yield this, SD.resultFormat, FORMATS[name]
    for name in READ:
        yield this, SD.inputFormat, FORMATS[name]
    yield this, SD.defaultDataset, dataset
    yield dataset, RDF.type, SD.Dataset
    yield dataset, SD.defaultGraph, merge
    yield merge, RDF.type, SD.Graph


def named_graph(model: Model, name: str) -> Iterator[Triple]:
    """Yield what there is to say of a graph but for its size; its entry has an address, so that all is in an order."""
    graph, entry = URIRef(name), graph_entry(model.base, name)
    yield _dataset(model.base), SD.namedGraph, entry
    yield entry, RDF.type, SD.NamedGraph
    yield entry, SD.name, graph
    yield entry, SD.graph, graph
    yield graph, RDF.type, SD.Graph


def graph_entry(base: Base, name: str) -> URIRef:
    """Return the entry of a graph among those of the endpoint.

    >>> base = Base("https://example.org/")
    >>> str(graph_entry(base, base.graph("seeds", "cldr")))
    'https://example.org/sparql#graph/seeds/cldr'
    """
    return URIRef(f"{name_of(base)}#{quote(name.removeprefix(base.iri), safe='/:')}")


def _dataset(base: Base) -> URIRef:
    return URIRef(f"{name_of(base)}#dataset")


def _offered(service: URIRef, offer: Offer) -> Iterator[Triple]:
    """Yield which services can be called, and the limits, for which the vocabulary has no words of its own."""
    if offer.services:
        yield service, SD.feature, SD.BasicFederatedQuery
    for endpoint in offer.services:
        yield service, DCTERMS.references, URIRef(endpoint)
    for bound in offer.bounds:
        entry = URIRef(f"{service}#{bound.name.replace(' ', '-')}")
        yield service, SCHEMA.additionalProperty, entry
        yield entry, RDF.type, SCHEMA.PropertyValue
        yield entry, SCHEMA.name, Literal(bound.name, "en")
        yield entry, SCHEMA.maxValue, Literal(f"{bound.most:f}".rstrip("0").rstrip("."), datatype=XSD.decimal)
        yield entry, SCHEMA.unitCode, Literal(bound.unit)
        if bound.parameter:
            yield entry, SCHEMA.propertyID, Literal(bound.parameter)
