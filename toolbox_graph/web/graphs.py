"""How is a graph answered, as a page or as RDF?"""

from collections.abc import Callable
from functools import lru_cache

from flask import Response
from rdflib import Graph

from toolbox_graph.negotiation import HTML, RDFLIB_NAMES, VOCABULARIES, Format
from toolbox_graph.web import requests
from toolbox_graph.web.pages import Page


def answer(name: str, graph: Graph, extension: str | None, page: Callable[[], Page]) -> Response:
    """Return a graph at an address as the request asks for it: by the ending, by `format`, or by Accept."""
    offers = (HTML, *VOCABULARIES)
    offer = requests.by_extension(extension, offers) if extension else requests.wanted(offers)
    formats = [(other, f"{name}.{other.name}") for other in VOCABULARIES]
    if offer is HTML:
        return requests.page(page(), formats=formats)
    return requests.document(written(graph, offer), offer, formats=formats)


@lru_cache(maxsize=16)
def written(graph: Graph, offer: Format) -> bytes:
    """Return a graph in a format; those that are answered like this are never changed once they are made."""
    return graph.serialize(format=RDFLIB_NAMES[offer.name], encoding="utf-8")
