"""What can the endpoint do, and which graphs does it have? (SPARQL 1.1 Service Description)"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import Namespace
from rdflib.term import Node

from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCTERMS, LICENCES, PREFIXES, RDF, RDFS, SCHEMA
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.lookup import size

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
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
    for prefix, namespace in {**PREFIXES, "sd": SD, "void": VOID}.items():
        graph.bind(prefix, namespace)
    for triple in _service(generation, model, offer):
        graph.add(triple)
    return graph


def _service(generation: Generation, model: Model, offer: Offer) -> Iterator[Triple]:
    service = URIRef(f"{model.base.iri}sparql")
    yield service, RDF.type, SD.Service
    yield service, RDFS.label, Literal("Toolbox Graph", "en")
    yield service, SD.endpoint, service
    yield service, SD.supportedLanguage, SD.SPARQL11Query
    yield service, SD.supportedLanguage, SD.SPARQL11Update
    yield service, SD.defaultEntailmentRegime, ENTAILMENT.Simple
    yield service, DCTERMS.license, LICENCES["CC0-1.0"]
    for name in WRITTEN:
        yield service, SD.resultFormat, FORMATS[name]
    for name in READ:
        yield service, SD.inputFormat, FORMATS[name]
    yield from _offered(service, offer)
    yield service, SD.defaultDataset, URIRef(f"{service}#dataset")
    yield from _dataset(f"{service}#", generation, model)


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
        yield entry, SCHEMA.maxValue, Literal(bound.most)
        yield entry, SCHEMA.unitCode, Literal(bound.unit)
        if bound.parameter:
            yield entry, SCHEMA.propertyID, Literal(bound.parameter)


def _dataset(within: str, generation: Generation, model: Model) -> Iterator[Triple]:
    """Yield what there is to say of the graphs; each has an entry with an address, so that all is in a fixed order."""
    dataset, merge = URIRef(f"{within}dataset"), URIRef(model.base.merge)
    yield dataset, RDF.type, SD.Dataset
    yield dataset, SD.defaultGraph, merge
    yield from _graph(merge, size(generation.store, ""))
    names = sorted(name.value for name in generation.store.named_graphs() if isinstance(name, ox.NamedNode))
    for number, name in enumerate(names, 1):
        entry, graph = URIRef(f"{within}graph-{number}"), URIRef(name)
        yield dataset, SD.namedGraph, entry
        yield entry, RDF.type, SD.NamedGraph
        yield entry, SD.name, graph
        yield entry, SD.graph, graph
        yield graph, DCTERMS.source, URIRef(model.source(name))
        yield from _graph(graph, size(generation.store, name))


def _graph(graph: URIRef, triples: int) -> Iterator[Triple]:
    yield graph, RDF.type, SD.Graph
    yield graph, VOID.triples, Literal(triples)
