"""How are the addresses described that the door answers: SPARQL, the graph store, and each saved question?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from toolbox_graph import parameters
from toolbox_graph.assembly import Service
from toolbox_graph.graph_store import READ
from toolbox_graph.model import in_language
from toolbox_graph.namespaces import Base
from toolbox_graph.negotiation import GEOJSON, GRAPHS, HTML, JSON, JSONLD, RESULTS, TABLES, Format
from toolbox_graph.parameters import Parameter
from toolbox_graph.query import DEFAULT_GRAPH, DIRECT, FORM, MOST_ROWS, NAMED_GRAPH, USING_GRAPH, USING_NAMED_GRAPH
from toolbox_graph.saved_queries import MOST, SavedQuery
from toolbox_graph.store.lexer import LONG
from toolbox_graph.web import paging, running
from toolbox_graph.web.operations import (
    ASKING,
    AT,
    DONE,
    ELSEWHERE,
    LANG,
    WITH_OR_WITHOUT,
    WITH_TOKEN,
    WRITING,
    Described,
    answered,
    formatted,
    number,
    operation,
    parameter,
    refused,
)
from toolbox_graph.web.questions import offers
from toolbox_graph.web.schemas import IRI, TEXT, Schema, of

ANSWERS = (*RESULTS, *GRAPHS, HTML)
"""The formats in which answers to queries can be had."""

SCHEMAS: Mapping[Format, Schema] = {
    RESULTS[0]: of("SparqlResults"),
    TABLES[0]: of("SparqlResults"),
    GEOJSON: of("FeatureCollection"),
}

QUERY = parameter("query", "The query. Without one, what takes RDF gets the service description.", TEXT)
EMPTY = parameter("query", f"The query that finds nothing, of {LONG} characters at most.", TEXT, required=True)
TIMEOUT = parameter(
    "timeout", "Seconds that it may take, fewer than the service allows.", {"type": "number", "exclusiveMinimum": 0}
)
DATASET = [
    parameter(name, f"A graph of the dataset: {what}.", {"type": "array", "items": IRI})
    for name, what in ((DEFAULT_GRAPH, "one of the default graph"), (NAMED_GRAPH, "one that is asked by name"))
]
PROTOCOL = [*DATASET, TIMEOUT, number("max-rows", "Solutions at most.", 0, MOST_ROWS)]
ID = {"type": "string", "pattern": f"^{running.ID.pattern}$"}


def paths(service: Service) -> Described:
    """Return the addresses that the door answers."""
    return {
        "/sparql": _sparql(),
        "/sparql/why-empty": _why_empty(),
        "/sparql/queries": {
            "get": operation(
                "runningQueries",
                "Return the queries that the client is running.",
                "SPARQL",
                answered([JSON], {JSON: of("RunningQueries")}, (400, 401, 403, 405, 500)),
                security=WITH_OR_WITHOUT,
            )
        },
        "/sparql/queries/{name}": {
            "delete": operation(
                "endQuery",
                "End a query that the client has named by the header Query-Id.",
                "SPARQL",
                {**DONE, **refused((400, 401, 403, 404, 405, 500))},
                parameters=[parameter("name", "What the client calls the query.", ID, where="path")],
                security=WITH_OR_WITHOUT,
            )
        },
        "/graph-store": _graph_store("graphStore", _NAMED),
        "/graph-store/{name}": _graph_store("graphByAddress", [_path("The rest of the name of the graph.")]),
        "/graph/{name}": {
            "get": operation(
                "graph",
                "Return what a graph of the catalogue holds.",
                "Graph store",
                answered(GRAPHS, {}, ASKING),
                parameters=[_path("The rest of the name of the graph, which may have slashes: seeds/toolbox-graph.")],
            )
        },
        **{f"/queries/{name}": _question(query, service.model.base) for name, query in service.questions.items()},
    }


def _path(description: str) -> Described:
    return parameter("name", description, {"type": "string", "pattern": "^[A-Za-z0-9._~-]+$"}, where="path")


_NAMED = [
    parameter("graph", "The whole name of the graph.", IRI),
    parameter("default", "The default graph, whatever it says.", TEXT, allowEmptyValue=True),
]


def _sparql() -> Described:
    form = {
        "type": "object",
        "properties": {"query": TEXT, "update": TEXT, **{p["name"]: p["schema"] for p in (*PROTOCOL, AT)}}
        | {name: {"type": "array", "items": IRI} for name in (USING_GRAPH, USING_NAMED_GRAPH)},
    }
    body = {FORM: {"schema": form}, **{media_type: {"schema": TEXT} for media_type in DIRECT}}
    return {
        "get": operation(
            "query",
            "Answer a SPARQL query.",
            "SPARQL",
            {**answered(ANSWERS, SCHEMAS, ASKING), **ELSEWHERE},
            parameters=[QUERY, *PROTOCOL, AT, formatted(ANSWERS), LANG],
            security=WITH_OR_WITHOUT,
        ),
        "post": operation(
            "queryOrUpdate",
            "Answer a SPARQL query, or do a SPARQL update with a token. The method QUERY asks likewise.",
            "SPARQL",
            {**answered(ANSWERS, SCHEMAS), **DONE, **ELSEWHERE, **refused(sorted({*ASKING, *WRITING}))},
            requestBody={"required": True, "content": body},
            security=WITH_OR_WITHOUT,
        ),
    }


def _why_empty() -> Described:
    offers = (JSON, HTML)
    answers = answered(offers, {JSON: of("Explanation")}, ASKING)
    form = {"type": "object", "required": ["query"], "properties": {p["name"]: p["schema"] for p in (EMPTY, *PROTOCOL)}}
    body = {FORM: {"schema": form}, "application/sparql-query": {"schema": TEXT}}
    return {
        "get": operation(
            "whyEmpty",
            "Return why a SPARQL query finds nothing: without which part it would find something.",
            "SPARQL",
            answers,
            parameters=[EMPTY, *PROTOCOL, formatted(offers), LANG],
            security=WITH_OR_WITHOUT,
        ),
        "post": operation(
            "whyEmptyPost",
            "Return why a SPARQL query that is sent finds nothing.",
            "SPARQL",
            answers,
            requestBody={"required": True, "content": body},
            security=WITH_OR_WITHOUT,
        ),
    }


def _graph_store(name: str, which: Sequence[Described]) -> Described:
    body = {offer.media_type: {"schema": TEXT} for offer in READ}
    sent = {"requestBody": {"required": True, "content": body}, "security": WITH_TOKEN}
    stored = {"201": {"description": "There is a new graph."}, **DONE, **refused(sorted({*WRITING, 412}))}
    return {
        "parameters": list(which),
        "get": operation(f"{name}Get", "Return what a graph holds.", "Graph store", answered(GRAPHS, {}, ASKING)),
        "put": operation(f"{name}Put", "Replace what a graph holds.", "Graph store", stored, **sent),
        "post": operation(f"{name}Post", "Add statements to a graph.", "Graph store", stored, **sent),
        "delete": operation(
            f"{name}Delete",
            "Take a graph away.",
            "Graph store",
            {**DONE, **refused(sorted({*WRITING, 412}))},
            security=WITH_TOKEN,
        ),
    }


def _question(query: SavedQuery, base: Base) -> Described:
    own = _unique(query.parameters, base)
    given = [*own, *_parts(query), TIMEOUT, *DATASET, AT, formatted(_offers(query)), LANG]
    asked = operation(
        query.name,
        in_language(query.titles, "en"),
        "Questions",
        _answers(query),
        description=in_language(query.descriptions, "en"),
        parameters=given,
        security=WITH_OR_WITHOUT,
    )
    asked["tags"] = ["Questions", *query.tags]
    return {"get": asked, **({"post": _posted(asked, given)} if "POST" in query.methods else {})}


def _posted(asked: Described, given: Iterable[Described]) -> Described:
    """Return how a question is posted: as a form with its parameters."""
    given = list(given)
    required = [one["name"] for one in given if one.get("required")]
    form = {"type": "object", "properties": {one["name"]: one["schema"] for one in given}}
    body = {FORM: {"schema": form | ({"required": required} if required else {})}}
    rest = {name: value for name, value in asked.items() if name != "parameters"}
    return {**rest, "operationId": f"{asked['operationId']}-post", "requestBody": {"required": True, "content": body}}


def _offers(query: SavedQuery) -> tuple[Format, ...]:
    is_graph = query.form in {"construct", "describe"}
    return (*(GRAPHS if is_graph else offers(query)), HTML)


def _answers(query: SavedQuery) -> Described:
    """Return the answers to a question; those that have parts lead to the one before and the one after."""
    found = dict(answered(_offers(query), {**SCHEMAS, JSON: _rows(query), JSONLD: {}}, ASKING))
    links = {"Link": {"description": "`next` and `prev`: the parts after and before.", "schema": TEXT}}
    return found | {"200": found["200"] | {"headers": links}, **ELSEWHERE}


def _rows(query: SavedQuery) -> Schema:
    """Return what plain JSON has of the answer."""
    if query.form == "ask":
        return {"type": "boolean"}
    value = {"type": ["string", "number", "boolean", "null"]}
    properties = dict.fromkeys(query.columns, value)
    row = {"type": "object", "required": list(query.columns), "properties": properties}
    return {"type": "array", "items": row}


def _parts(query: SavedQuery) -> Sequence[Described]:
    if query.form not in paging.PAGED:
        return []
    page = {"default": query.page} if query.page else {}
    return [
        number(paging.LIMIT, "Solutions of one part of the answer.", 1, MOST, **page),
        number(paging.OFFSET, "Solutions to leave out.", 0, paging.LARGEST, default=0),
    ]


def _unique(given: Iterable[Parameter], base: Base) -> Sequence[Described]:
    """Return the parameters of a question, each once."""
    found: dict[str, Described] = {}
    for one in given:
        required: dict[str, Any] = {"required": True} if one.is_required else {}
        label = in_language(one.labels, "en")
        found.setdefault(one.name, parameter(one.name, label, parameters.schema(one, base), **required))
    return list(found.values())
