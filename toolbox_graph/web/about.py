"""What do the pages about the catalogue itself answer?"""

import json
from collections.abc import Callable
from functools import lru_cache
from typing import cast

import pyoxigraph as ox
from flask import Blueprint, Response
from rdflib import Graph

from toolbox_graph import context
from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import PROV, TBG
from toolbox_graph.negotiation import HTML, JSON, JSONLD, RDFLIB_NAMES, VOCABULARIES, Format
from toolbox_graph.web import requests, terms
from toolbox_graph.web.pages import HistoryPage, HomePage, QueriesPage, TermsPage

about = Blueprint("about", __name__)

HISTORY = f"""
SELECT ?position ?time ?reason ?added ?removed WHERE {{
    GRAPH <graph/history> {{
        ?changeset <{TBG.position}> ?position ;
            <{PROV.generatedAtTime}> ?time ;
            <{TBG.reason}> ?reason ;
            <{TBG.added}> ?added ;
            <{TBG.removed}> ?removed
    }}
}}
ORDER BY DESC(?position) LIMIT 200
"""


@about.get("/")
def home() -> Response:
    """Return the home page: what there is, and how much of it."""
    model, language = requests.service().model, requests.language()
    counts = requests.reader().listing.counts()
    kinds = [kind for kind in model.kinds.values() if counts.get(kind.name)]
    response = requests.page(
        HomePage(
            counts=[(in_language(kind.plural_labels, language), kind.plural, counts[kind.name]) for kind in kinds],
            position=requests.reader().name.position,
        )
    )
    for address in ("catalog", ".well-known/void"):
        response.headers.add("Link", f'<{address}>; rel="describedby"')
    return response


@about.get("/health")
def health() -> Response:
    """Return whether the service can answer, and from which version of the data."""
    return requests.document(json.dumps({"position": requests.reader().name.position}).encode(), JSON)


@about.get("/queries")
def queries() -> Response:
    """Return the questions that there are."""
    language = requests.language()
    listed = [
        (in_language(query.titles, language), f"queries/{name}", in_language(query.descriptions, language))
        for name, query in requests.service().questions.items()
    ]
    if requests.wanted((HTML, JSON)) is JSON:
        entries = [dict(zip(("label", "url", "description"), entry, strict=True)) for entry in listed]
        return requests.document(json.dumps({"total": len(entries), "items": entries}).encode(), JSON)
    return requests.page(QueriesPage(listed))


@about.get("/history")
def history() -> Response:
    """Return what changed lately."""
    rows = cast(
        ox.QuerySolutions, requests.reader().generation.store.query(HISTORY, base_iri=requests.service().model.base.iri)
    )
    changes = [tuple(cast(ox.Literal, term).value for term in row) for row in rows]
    return requests.page(
        HistoryPage(
            [
                (int(position), time, reason, int(added), int(removed))
                for position, time, reason, added, removed in changes
            ]
        )
    )


@about.get("/ontology")
@about.get("/ontology.<extension>")
def ontology(extension: str | None = None) -> Response:
    """Return the ontology, to read or to load."""
    model, language = requests.service().model, requests.language()
    return _terms("ontology", model.ontology, extension, lambda: terms.of_ontology(model, language))


@about.get("/shapes")
@about.get("/shapes.<extension>")
def shapes(extension: str | None = None) -> Response:
    """Return the shapes, to read or to load."""
    model, language = requests.service().model, requests.language()
    return _terms("shapes", model.shapes, extension, lambda: terms.of_shapes(model, language))


@about.get("/context.jsonld")
def jsonld_context() -> Response:
    """Return the short names of the ontology's terms, for JSON-LD."""
    return requests.document(_context(requests.service().model), JSONLD)


@lru_cache(maxsize=1)
def _context(model: Model) -> bytes:
    return context.write(model).encode()


def _terms(name: str, graph: Graph, extension: str | None, page: Callable[[], TermsPage]) -> Response:
    """Return some terms as a page or as RDF."""
    offers = (HTML, *VOCABULARIES)
    offer = requests.by_extension(extension, offers) if extension else requests.wanted(offers)
    formats = [(other, f"{name}.{other.name}") for other in VOCABULARIES]
    if offer is HTML:
        return requests.page(page(), formats=formats)
    return requests.document(_written(graph, offer), offer, formats=formats)


@lru_cache(maxsize=16)
def _written(graph: Graph, offer: Format) -> bytes:
    """Return the ontology or the shapes in a format; they stay as they are as long as the service runs."""
    return graph.serialize(format=RDFLIB_NAMES[offer.name], encoding="utf-8")
