"""What does the service offer, as OpenAPI tells it?

The document is made of what the code has: the routes with their docstrings, the formats, the refusals, the kinds, the
facets and the questions. A table adds what only a person knows of pages: which parameters they look at, and what their
JSON is.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, current_app
from werkzeug.routing import Rule

from toolbox_graph.assembly import Service
from toolbox_graph.model import Model
from toolbox_graph.namespaces import KEY
from toolbox_graph.negotiation import BIBTEX, DOCUMENTS, HTML, JSON, JSONLD, MARKDOWN, VOCABULARIES
from toolbox_graph.reconciliation.manifest import roots
from toolbox_graph.search.facets import facets
from toolbox_graph.search.finding import SORTS
from toolbox_graph.search.matching import LONGEST
from toolbox_graph.web import endpoints, listed, reconcile_operations, requests, review_operations
from toolbox_graph.web.operations import (
    AT,
    LANG,
    OFFSET,
    Described,
    Known,
    answered,
    formatted,
    number,
    operation,
    parameter,
    problems,
    refused,
)
from toolbox_graph.web.private import COOKIE
from toolbox_graph.web.schemas import TEXT, Schema, of, schemas

openapi = Blueprint("openapi", __name__)

VARIABLE = re.compile(r"<(?:(\w+):)?(\w+)>")
"""A part of an address that may be anything, as Flask writes it."""

PAGES = (HTML, JSON)

SCHEMES: Mapping[str, Described] = {
    "token": {"type": "http", "scheme": "bearer", "description": "`Bearer tbg_…`"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "What `/sign-in` gives a browser."},
}
"""How somebody shows who they are."""

VERSIONED = (400, 404, 405, 406, 429, 500, 503)
"""The refusals of a page that may be asked for in a past version."""


@openapi.get("/openapi.json")
def describe() -> Response:
    """Return this description of all addresses, as OpenAPI."""
    return requests.document(_written(requests.service()), JSON)


@lru_cache(maxsize=1)
def _written(service: Service) -> bytes:
    """Return the description; it stays as it is as long as the service runs."""
    return json.dumps(document(service, list(current_app.url_map.iter_rules())), ensure_ascii=False).encode()


def document(service: Service, rules: Sequence[Rule]) -> Mapping[str, Any]:
    """Return the description of a service with some routes (OpenAPI 3.1.1)."""
    prefix = service.model.base.path.rstrip("/")
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "Toolbox Graph",
            "version": requests.VERSION,
            "summary": "The tools, organizations and use cases of open government as a knowledge graph.",
            "license": {"name": "CC0-1.0", "identifier": "CC0-1.0"},
        },
        "servers": [{"url": prefix or "/"}],
        "tags": [
            {"name": name}
            for name in ("Pages", "Questions", "SPARQL", "Graph store", reconcile_operations.TAG, review_operations.TAG)
        ],
        "paths": dict(sorted([*_pages(service.model, rules).items(), *endpoints.paths(service).items()])),
        "components": {
            "schemas": schemas(),
            "responses": problems(),
            "securitySchemes": SCHEMES,
        },
    }


def _pages(model: Model, rules: Sequence[Rule]) -> Mapping[str, Described]:
    """Return the addresses that Flask answers."""
    known, variables, prefix = _known(model), _variables(model), model.base.path.rstrip("/")
    found: dict[str, Described] = {}
    for rule in rules:
        path = VARIABLE.sub(r"{\2}", rule.rule).removeprefix(prefix)
        parts = [_part(kind, name, variables) for kind, name in VARIABLE.findall(rule.rule)]
        method = "post" if "POST" in (rule.methods or ()) else "get"
        found.setdefault(path, {})[method] = _page(rule.endpoint, parts, known.get(rule.endpoint, Known()))
    return found


def _page(endpoint: str, parts: Sequence[Described], about: Known) -> Described:
    """Return how a page is described; an ending in its address goes before the parameter for the format."""
    names = [part["name"] for part in parts]
    summary = (current_app.view_functions[endpoint].__doc__ or "").partition("\n")[0]
    given = [one for one in about.parameters if not ("extension" in names and one["name"] == "format")]
    sent = {media_type: {"schema": schema} for media_type, schema in about.sent.items()}
    more: Described = {"requestBody": {"required": True, "content": sent}} if sent else {}
    if about.security:
        more["security"] = about.security
    name = "-".join([endpoint, *names])
    return operation(name, summary, about.tag, _responses(about), parameters=[*parts, *given], **more)


def _part(kind: str, name: str, variables: Mapping[str, tuple[str, Schema]]) -> Described:
    """Return a part of an address that may be anything of a kind, or whatever it is called."""
    description, schema = variables.get(kind or name, (name.capitalize(), TEXT))
    return parameter(name, description, schema, where="path")


def _responses(about: Known) -> Described:
    """Return the answers of a page; where it is elsewhere, a relative reference says where."""
    located = {"Location": {"description": "A relative reference.", "schema": TEXT}}
    there = {str(status): {"description": "It is there.", "headers": located} for status in about.leads}
    if about.formats:
        return {**answered(about.formats, {JSON: about.json}, about.refusals), **there}
    if about.leads:
        return {**there, **refused(about.refusals)}
    return {"200": {"description": "Here it is."}, "304": {"description": "You have it."}, **refused(about.refusals)}


def _variables(model: Model) -> Mapping[str, tuple[str, Schema]]:
    """Return what the variable parts of addresses are, by name."""
    key = f"^{KEY.pattern}$"
    document = rf"^{KEY.pattern}(\.({'|'.join(offer.name for offer in DOCUMENTS)}))?$"
    lists = [*model.lists, *(f"{name}.{JSON.name}" for name in model.lists)]
    return {
        "kind": ("A kind of things.", {"type": "string", "enum": list(model.kinds)}),
        "key": ("The key of a thing.", {"type": "string", "pattern": key}),
        "name": ("The key of a thing, with or without a format.", {"type": "string", "pattern": document}),
        "service": ("One of the services.", {"type": "string", "enum": list(roots(model))}),
        "what": ("What is meant.", {"type": "string", "enum": ["entity", "type", "property"]}),
        "one": ("An id.", {"type": "string", "examples": ["tool-openfisca"]}),
        "plural": ("The plural of a kind, with or without a format.", {"type": "string", "enum": lists}),
        "extension": ("A format.", {"type": "string", "enum": [offer.name for offer in (HTML, *VOCABULARIES)]}),
        "language": ("A language of the first OGP Toolbox.", {"type": "string", "examples": ["fr"]}),
        "section": ("A section of the first OGP Toolbox.", {"type": "string", "examples": ["tools"]}),
        "int": ("A number of the first OGP Toolbox.", {"type": "integer", "minimum": 0, "examples": [4318]}),
    }


def _known(model: Model) -> Mapping[str, Known]:
    """Return what is known of pages, by endpoint."""
    vocabulary = Known([LANG, formatted((HTML, *VOCABULARIES))], (HTML, *VOCABULARIES))
    words = parameter("q", "Words to look for.", {"type": "string", "maxLength": LONGEST})
    narrowing = [
        parameter(
            name, "A choice; several are alternatives.", {"type": "array", "items": TEXT, "maxItems": listed.MOST}
        )
        for name in facets(model)
    ]
    order = parameter("sort", "The order of what is found.", {"type": "string", "enum": list(SORTS)})
    some = number("limit", "How many to give.", 1, listed.MOST_LISTED)
    thing = formatted(DOCUMENTS)
    cited = parameter("of", "The address of an answer, from the base on, such as /tool/ckan.", TEXT, required=True)
    return {
        **reconcile_operations.known(),
        **review_operations.known(),
        "about.home": Known([LANG], [HTML]),
        "about.health": Known([], [JSON], of("Position")),
        "about.queries": Known([LANG, formatted(PAGES)], PAGES, of("Questions")),
        "about.llms": Known([], [MARKDOWN]),
        "about.history": Known([LANG], [HTML]),
        "about.ontology": vocabulary,
        "about.shapes": vocabulary,
        "about.jsonld_context": Known([], [JSONLD]),
        "described.catalog": vocabulary,
        "described.void": vocabulary,
        "editor.terms": Known([LANG], [JSON], of("Terms")),
        "openapi.describe": Known([], [JSON], {"type": "object"}),
        "quality.wikidata": Known([LANG, formatted(PAGES)], PAGES, of("Links")),
        "search.find": Known([words, *narrowing, order, some, OFFSET, LANG, formatted(PAGES)], PAGES, of("List")),
        "search.suggest": Known([words, number("limit", "How many to give.", 1, 100), LANG], [JSON], of("Suggestions")),
        "citing.cite": Known([cited, AT, LANG], [BIBTEX], leads=(302,), refusals=VERSIONED),
        "things.identify": Known([thing, AT, LANG], leads=(301, 302, 303), refusals=(*VERSIONED, 410)),
        "things.describe": Known([thing, AT, LANG], DOCUMENTS, of("Thing"), (301, 302), (*VERSIONED, 410)),
        "things.list_things": Known([some, OFFSET, AT, LANG, formatted(PAGES)], PAGES, of("List"), (302,), VERSIONED),
        "things.former": Known([LANG], leads=(301,)),
    }
