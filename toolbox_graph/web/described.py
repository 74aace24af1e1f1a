"""What do the descriptions of the catalogue answer, to people and to programs?"""

from flask import Blueprint, Response
from rdflib import Graph

from toolbox_graph.describing import reading
from toolbox_graph.describing.datasets import name
from toolbox_graph.model import in_language
from toolbox_graph.namespaces import DCTERMS, VOID, short
from toolbox_graph.web import graphs, requests
from toolbox_graph.web.described_pages import CatalogPage, DatasetView, NumberView, VoidPage

described = Blueprint("described", __name__)


@described.get("/.well-known/void")
@described.get("/.well-known/void.<extension>")
def void(extension: str | None = None) -> Response:
    """Return how much there is of what (VoID, section 7.2)."""
    graph = requests.reader().void
    return graphs.answer("void", graph, extension, lambda: _void_page(graph))


@described.get("/catalog")
@described.get("/catalog.<extension>")
def catalog(extension: str | None = None) -> Response:
    """Return which datasets there are, and how they can be had (DCAT-AP 3)."""
    graph = requests.reader().catalogue
    return graphs.answer("catalog", graph, extension, lambda: _catalog_page(graph))


def _void_page(graph: Graph) -> VoidPage:
    base = requests.service().model.base
    return VoidPage(
        triples=reading.number(graph, base, VOID.triples),
        things=reading.number(graph, base, VOID.entities),
        classes=[_numbered(entry.iri, "", entry.number) for entry in reading.classes(graph, base)],
        properties=[_numbered(entry.iri, "", entry.number) for entry in reading.properties(graph, base)],
        links=[_numbered(entry.predicate, entry.namespace, entry.number) for entry in reading.links(graph)],
    )


def _numbered(iri: str, target: str, number: int) -> NumberView:
    model = requests.service().model
    return NumberView(
        in_language(model.labels(iri), requests.language()), short(iri), requests.layout().address(iri), target, number
    )


def _catalog_page(graph: Graph) -> CatalogPage:
    base, language, layout = requests.service().model.base, requests.language(), requests.layout()
    return CatalogPage(
        title=in_language(reading.texts(graph, name(base), DCTERMS.title), language),
        description=in_language(reading.texts(graph, name(base), DCTERMS.description), language),
        publisher=requests.service().settings.publisher,
        datasets=[
            DatasetView(
                title=in_language(entry.labels, language),
                description=in_language(entry.descriptions, language),
                address=layout.address(entry.source),
                licences=[(short(licence).rpartition("/")[2], licence) for licence in entry.licences],
                modified=entry.modified,
                formats=[(each.title, each.address.removeprefix(base.iri)) for each in entry.distributions],
            )
            for entry in reading.datasets(graph, base)
        ],
    )
