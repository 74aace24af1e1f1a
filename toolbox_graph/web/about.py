"""What do the pages about the catalogue itself answer?"""

import json
from functools import lru_cache
from typing import cast

import pyoxigraph as ox
from flask import Blueprint, Response

from toolbox_graph import context
from toolbox_graph.assembly import Service
from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import PROV, TBG
from toolbox_graph.negotiation import HTML, JSON, JSONLD, MARKDOWN
from toolbox_graph.store.generations import Name
from toolbox_graph.web import graphs, guide, requests, terms
from toolbox_graph.web.pages import HistoryPage, HomePage, QueriesPage

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
    response.headers.add("Link", f'<llms.txt>; rel="service-doc"; type="{MARKDOWN.media_type}"')
    return response


@about.get("/llms.txt")
def llms() -> Response:
    """Return what there is and how to ask for it, for programs that read (llmstxt.org)."""
    return requests.document(_guide(requests.service(), requests.reader().name), MARKDOWN)


@lru_cache(maxsize=1)
def _guide(service: Service, _: Name) -> bytes:
    """Return the guide to one generation, that of the request."""
    reader = requests.reader()
    told = guide.Told(reader.listing.counts(), reader.void, service.offer, service.questions, reader.name.position)
    return guide.write(service.model, told).encode()


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
    return graphs.answer("ontology", model.ontology, extension, lambda: terms.of_ontology(model, language))


@about.get("/shapes")
@about.get("/shapes.<extension>")
def shapes(extension: str | None = None) -> Response:
    """Return the shapes, to read or to load."""
    model, language = requests.service().model, requests.language()
    return graphs.answer("shapes", model.shapes, extension, lambda: terms.of_shapes(model, language))


@about.get("/context.jsonld")
def jsonld_context() -> Response:
    """Return the short names of the ontology's terms, for JSON-LD."""
    return requests.document(_context(requests.service().model), JSONLD)


@lru_cache(maxsize=1)
def _context(model: Model) -> bytes:
    return context.write(model).encode()
