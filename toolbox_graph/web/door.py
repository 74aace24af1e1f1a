"""Who answers which address?

This is the ASGI application. The SPARQL endpoint is answered here, since only ASGI tells at once when a client has
left, and can break an answer off so that it does not look whole. All else is Flask's (`app`), in some threads, with
answers that are complete before they begin.
"""

import asyncio
import gc
import secrets
import time
from collections.abc import Mapping
from functools import lru_cache, partial
from string import printable
from typing import Any, NamedTuple, cast
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from toolbox_graph.assembly import Service
from toolbox_graph.errors import TooLarge, ToolboxError
from toolbox_graph.graph_store import LARGEST
from toolbox_graph.query import LONGEST, Request
from toolbox_graph.reconciliation import manifest
from toolbox_graph.store.budgets import ERRORS_WINDOW
from toolbox_graph.store.engine import Engine
from toolbox_graph.web import (
    caching,
    graph_store,
    messages,
    private,
    questions,
    ready,
    reconcile,
    running,
    sparql,
    why_empty,
)
from toolbox_graph.web.app import create_app
from toolbox_graph.web.authorization import refuse_in_address
from toolbox_graph.web.connection import (
    Receive,
    Scope,
    Send,
    Sending,
    client_of,
    giving,
    headers_of,
    read_body,
    send_response,
    send_whole,
    unless_gone,
    with_length,
)
from toolbox_graph.web.pages import Frame
from toolbox_graph.web.past import Past
from toolbox_graph.web.past_pages import PastPages
from toolbox_graph.web.past_queries import PastQueries
from toolbox_graph.web.private import CLIENT
from toolbox_graph.web.ready import Identity, Kept, Ready
from toolbox_graph.web.responses import Response
from toolbox_graph.web.views import Layout

WITH_BODY = frozenset({"POST", "PUT", "QUERY"})
"""The methods with which something is sent."""

LONGEST_BODIES = {
    manifest.ADDRESS: reconcile.LONGEST,
    **dict.fromkeys(("quality", "sign-in", "sign-out"), private.LONGEST),
}
"""Which first parts of addresses of Flask's may have a body, and of how many bytes."""

THREADS = 8
"""Pages that are made at the same time."""

WHY_EMPTY = "why-empty"
"""What is answered below the endpoint, beside the queries that run."""

PLAIN = printable.strip()
"""The characters of a query string that stay as they are."""


class Place(NamedTuple):
    """What is answered here: the first part of an address below the base, and the rest of it."""

    name: str
    rest: str


class Door:
    """The catalogue as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pool = service.pool()
        self._engine = service.engine(self._pool)
        self._ready = Ready(service.state)
        self._past = Past(service, self._pool)
        self._queries = PastQueries(service, self._engine, self._past)
        pages = cast(Any, WSGIMiddleware(cast(Any, create_app(service)), workers=THREADS))
        self._pages = PastPages(pages, service, self._past)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end the service."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["method"] == "OPTIONS":
            await send_whole(send, messages.PREFLIGHT)
        elif place := self._place(scope["path"]):
            await self._enter(place, scope, receive, send)
        else:
            headers = headers_of(scope)
            client = client_of(scope, headers, self._service.settings.proxies)
            scope = {**scope, CLIENT: client}
            name = self._name(scope["path"])
            is_awaited = name == manifest.ADDRESS or (name in LONGEST_BODIES and scope["method"] in WITH_BODY)
            show = self._after_body if is_awaited else self._show
            await show(scope, receive, send, headers, client)

    async def _show(self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str], client: str) -> None:
        # WSGI has no other characters there than those of ASCII.
        query_string = quote(scope["query_string"], safe=PLAIN).encode()
        await self._pages({**scope, "query_string": query_string}, receive, send, headers, client)

    async def _after_body(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str], client: str
    ) -> None:
        """Let Flask answer what has a body, once that has come: a slow client would hold one of its threads.

        The time counts to the budget of the client; who asks one batch after the other never spends it.
        """
        budgets, longest = self._pool.budgets, LONGEST_BODIES[self._name(scope["path"])]
        try:
            budgets.require(client)
            body = await read_body(receive, longest) if scope["method"] in WITH_BODY else b""
            if len(body) > longest:
                raise TooLarge(f"A request may have {longest:,} bytes; send several.", limit=longest)
        except ToolboxError as refusal:
            query_string, home = scope["query_string"].decode("latin-1"), self._service.model.base.home(scope["path"])
            frame = Frame.asked(query_string, headers.get("accept-language"), home)
            message = messages.failure(refusal, accept=headers.get("accept", ""), frame=frame)
            await send_whole(send, message._replace(headers=[*message.headers, ("Connection", "close")]))
            return
        begun = time.monotonic()
        known = {**scope, "headers": with_length(scope["headers"], len(body))}
        await self._show(known, giving(body), send, headers, client)
        budgets.charge(client, seconds=time.monotonic() - begun)

    def answers(self, path: str) -> bool:
        """Return whether an address is answered here."""
        return self._place(path) is not None

    def _name(self, path: str) -> str:
        """Return the first part of an address below the base."""
        return path.removeprefix(self._service.model.base.path).partition("/")[0]

    def _place(self, path: str) -> Place | None:
        """Return which of the places that are answered here an address is, None where it is Flask's."""
        name, slash, rest = path.removeprefix(self._service.model.base.path).partition("/")
        is_endpoint = name == "sparql" and (not slash or rest == WHY_EMPTY or rest.partition("/")[0] == "queries")
        if is_endpoint or name == "graph-store" or (name in {"queries", "graph"} and rest):
            return Place(name, rest)
        return None

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if not self._service.is_playground:
            await asyncio.to_thread(self._service.repository.bring_up_to_date)
            self._service.repository.close()
        await self._pool.start()
        # What is there now stays; to look through all of it again and again holds everybody up.
        gc.freeze()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._past.stop()
        await self._pool.stop()
        await asyncio.to_thread(self._service.repository.close)
        await send({"type": "lifespan.shutdown.complete"})

    async def _enter(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a request and answer it; of who may not write, no more is read than that."""
        headers = headers_of(scope)
        client = client_of(scope, headers, self._service.settings.proxies)
        identity = ready.identity(scope["method"], scope["path"], scope["query_string"], headers)
        if kept := self._ready.find(identity):
            await self._send_ready(kept, client, send)
            return
        request = _request(scope, headers, client)
        root = "../" * (1 + place.rest.count("/")) if place.rest else "./"
        frame = Frame.asked(request.query_string, headers.get("accept-language"), root)
        layout = Layout(self._service.model, frame.language, root)
        sending = Sending(send)
        is_read = request.method not in WITH_BODY
        try:
            running.require_id(request.query_id)
            refuse_in_address(request.query_string)
            graph_store.require_writer(place.name, request, self._service)
            if place.name == "queries":
                questions.require_method(place.rest, request, self._service)
            if not is_read:
                body = await read_body(receive, LARGEST if place.name == "graph-store" else LONGEST)
                request, is_read = request._replace(body=body), True
            await unless_gone(self._answer(place, request, layout, identity, sending), receive)
        except Exception as error:  # noqa: BLE001  # a fault of ours gets a number, not granian's bare page
            # An answer that has begun is left without its end, so that nobody takes it for whole.
            if not sending.has_begun:
                message = messages.failure(error, accept=request.accept, frame=frame)
                told = self._told(client, layout.root) + ([] if is_read else [("Connection", "close")])
                await send_whole(send, message._replace(headers=[*message.headers, *told]))

    async def _send_ready(self, kept: Kept, client: str, send: Send) -> None:
        """Send an answer that lies ready, with what only this client is told."""
        told = ready.encoded([self._left(client), ("Query-Id", _new_id()), ("Server-Timing", "ready;dur=0")])
        await send({"type": "http.response.start", "status": 200, "headers": kept.headers + told})
        await send({"type": "http.response.body", "body": kept.body})

    def _left(self, client: str) -> tuple[str, str]:
        """Return what a client is told of its budget (draft-ietf-httpapi-ratelimit-headers)."""
        budgets = self._pool.budgets
        left, errors = budgets.left(client), budgets.errors_left(client)
        full = (budgets.errors - errors) * ERRORS_WINDOW / budgets.errors
        seconds = f'"query-seconds";r={left:.0f};t={budgets.seconds - left:.0f}'
        return "RateLimit", f'{seconds}, "failed-queries";r={int(errors)};t={full:.0f}'

    def _told(self, client: str, root: str) -> list[tuple[str, str]]:
        """Return what is told with each answer: of the budget, and where the documentation is (RFC 8631)."""
        budgets = self._pool.budgets
        return [self._left(client), *_documented(root, budgets.seconds, budgets.errors)]

    async def _answer(
        self, place: Place, request: Request, layout: Layout, identity: Identity | None, send: Send
    ) -> None:
        async def give(response: Response) -> None:
            told = [*self._told(request.client, layout.root), ("Query-Id", request.query_id)]
            packed = caching.packed(response._replace(headers=[*response.headers, *told]), request)
            self._ready.keep(identity, packed)
            await send_response(send, packed, with_body=request.method != "HEAD")

        path = f"{place.name}/{place.rest}" if place.rest else place.name
        respond = partial(self._respond, place, request, layout)
        await self._queries.answer(request, path, layout.root, respond, give)

    async def _respond(
        self, place: Place, request: Request, layout: Layout, engine: Engine, service: Service
    ) -> Response:
        """Return the answer of the place that is asked, from one version of the data."""
        match place.name:
            case "queries":
                return await questions.respond(place.rest, request, engine, service, layout)
            case "graph-store":
                return await graph_store.respond(place.rest, request, engine, service)
            case "graph":
                graph = service.model.base.graph(place.rest)
                return await graph_store.describe(graph, request, engine, service)
            case "sparql" if place.rest == WHY_EMPTY:
                return await why_empty.respond(request, engine, service, layout)
            case "sparql" if place.rest:
                return running.respond(place.rest, request, self._pool.running, service)
            case _:
                return await sparql.respond(request, engine, service, layout)


@lru_cache(maxsize=100)
def _documented(root: str, seconds: float, errors: int) -> tuple[tuple[str, str], ...]:
    """Return what all are told with each answer."""
    query_seconds, failed_queries = f"q={seconds:.0f};w={seconds:.0f}", f"q={errors};w={ERRORS_WINDOW:.0f}"
    return (
        ("RateLimit-Policy", f'"query-seconds";{query_seconds}, "failed-queries";{failed_queries}'),
        ("Link", f'<{root}sparql>; rel="service-doc"; type="text/html"'),
        ("Link", f'<{root}llms.txt>; rel="service-doc"; type="text/markdown"'),
        ("Link", f'<{root}sparql>; rel="service-desc"; type="text/turtle"'),
    )


def _new_id() -> str:
    return secrets.token_hex(8)


def _request(scope: Scope, headers: Mapping[str, str], client: str) -> Request:
    """Return a request without its body."""
    return Request(
        method=scope["method"],
        query_string=scope["query_string"].decode("latin-1"),
        content_type=headers.get("content-type", ""),
        accept=headers.get("accept", ""),
        body=b"",
        authorization=headers.get("authorization", ""),
        client=client,
        query_id=headers.get("query-id") or _new_id(),
        if_none_match=headers.get("if-none-match", ""),
        accept_encoding=headers.get("accept-encoding", ""),
        if_match=headers.get("if-match", ""),
        content_encoding=headers.get("content-encoding", ""),
    )
