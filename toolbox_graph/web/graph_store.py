"""What does the graph store answer?"""

import secrets
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph as ox
from werkzeug.http import parse_etags

from toolbox_graph.assembly import Service
from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, NotFound, PreconditionFailed, TooLarge
from toolbox_graph.graph_store import DEFAULT, LARGEST, identified, payloads
from toolbox_graph.negotiation import GRAPHS, Format, choose, named, unacceptable
from toolbox_graph.query import Request, require_unpacked
from toolbox_graph.store.engine import Dataset, Engine, Query
from toolbox_graph.store.terms import is_whole
from toolbox_graph.web import caching
from toolbox_graph.web.authorization import limits, writer
from toolbox_graph.web.responses import Response, done, whole
from toolbox_graph.web.sparql import answer

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
WRITING = frozenset({"POST", "PUT", "DELETE"})

ALL = "CONSTRUCT WHERE { ?s ?p ?o }"


async def respond(path: str, request: Request, engine: Engine, service: Service) -> Response:
    """Answer a request to the graph store; raise the refusal where there is no answer."""
    if request.method not in METHODS:
        raise MethodNotAllowed(f"Ask with {', '.join(METHODS)}.", allow=list(METHODS))
    graph = identified(path, request.query_string, service.model.base)
    if graph is None and request.method != "POST":
        raise InvalidRequest("Name a graph: by the parameter graph, or by default.")
    if request.method in WRITING:
        return await _write(graph, request, service)
    return await _read(graph or DEFAULT, request, engine, service)


def require_writer(place: str, request: Request, service: Service) -> None:
    """Raise the refusal where somebody is about to send statements who may not."""
    if place == "graph-store" and request.method in WRITING:
        writer(request, service)


async def describe(graph: str, request: Request, engine: Engine, service: Service) -> Response:
    """Answer a request for the graph whose name is the address."""
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Ask this address with GET; write at /graph-store.", allow=["GET", "HEAD"])
    if not is_whole(graph):
        raise NotFound("No graph has an address like this.")
    return await _read(DEFAULT if graph == service.model.base.merge else graph, request, engine, service)


async def _read(graph: str, request: Request, engine: Engine, service: Service) -> Response:
    """Return what a graph holds (section 5.2)."""
    file_format = _wanted(request)
    if not _exists(graph, service):
        raise NotFound(f"There is no graph {graph}.")
    query = _question(graph, file_format, request, service)
    if request.method == "HEAD":
        return _head(query, file_format, request, service)
    return await answer(query, engine, service, request)


def _question(graph: str, file_format: Format | None, request: Request, service: Service) -> Query:
    """Return the query whose answer is what a graph holds."""
    dataset = Dataset((graph,), ()) if graph != DEFAULT else None
    return Query(ALL, None, file_format, limits(request, service), dataset, request.client)


def _head(query: Query, file_format: Format, request: Request, service: Service) -> Response:
    """Return what is told of a graph, without asking for it."""
    tag = caching.etag(query, service.state(), file_format)
    if caching.known(query, service.state(), request) or caching.has_any(request):
        return caching.unchanged(tag)
    response = whole(file_format, b"")
    return response._replace(headers=[*response.headers, caching.MAY_BE_KEPT, ("ETag", f'"{tag}"')])


def _wanted(request: Request) -> Format:
    """Return the format that a request asks for: by `format`, as links do, else by its Accept header."""
    name = dict(parse_qsl(request.query_string)).get("format")
    offer = choose(request.accept, GRAPHS) if name is None else named(name, GRAPHS)
    if offer is None:
        raise unacceptable(GRAPHS)
    return offer


async def _write(graph: str | None, request: Request, service: Service) -> Response:
    account = writer(request, service)
    if len(request.body) > LARGEST:
        raise TooLarge(f"Statements may have {LARGEST} bytes; send them in parts.", limit=LARGEST)
    new = f"{service.model.base.iri}graph-store/{secrets.token_hex(8)}" if graph is None else graph
    require_unpacked(request)
    _require_as_meant(new, request, service)
    existed = _exists(new, service)
    if request.method == "DELETE":
        if not existed:
            raise NotFound(f"There is no graph {new}.")
        await service.writer.delete(new, account)
        return done(204)
    sent = payloads(request.content_type, request.body)
    await (service.writer.put if request.method == "PUT" else service.writer.post)(new, sent, account)
    return done(204 if existed else 201, location=urlsplit(new).path if graph is None else "")


def _require_as_meant(graph: str, request: Request, service: Service) -> None:
    """Raise PreconditionFailed where a graph is not as the client takes it to be (RFC 9110, section 13.2.2)."""
    if not (request.if_match or request.if_none_match):
        return
    query = _question(graph, None, request, service)
    tags = list(caching.tags_of(query, service.state())) if _exists(graph, service) else []
    meant, others = parse_etags(request.if_match), parse_etags(request.if_none_match)
    if request.if_match and not any(meant.contains(tag) for tag in tags):
        raise PreconditionFailed("The graph is not as you take it to be: get it again, and change what it says now.")
    if any(others.contains_weak(tag) for tag in tags):
        raise PreconditionFailed("There is such a graph already; get it, and change what it says now.")


def _exists(graph: str, service: Service) -> bool:
    """Return whether there is a graph; the default graph always is, one of a catalogue while it says something."""
    if graph == DEFAULT:
        return True
    store, name = service.reader().generation.store, ox.NamedNode(graph)
    if service.is_playground:
        return store.contains_named_graph(name)
    return any(True for _ in store.quads_for_pattern(None, None, None, name))
