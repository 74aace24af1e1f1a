"""Who answers which address?

This is the ASGI application. The SPARQL endpoint is answered here, since only ASGI tells at once when a client has
left, and can break an answer off so that it does not look whole. All else is Flask's (`app`), in some threads, with
answers that are complete before they begin.
"""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping, MutableMapping
from contextlib import aclosing
from string import printable
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qs, quote

from a2wsgi import WSGIMiddleware

from toolbox_graph.assembly import Service
from toolbox_graph.errors import ToolboxError
from toolbox_graph.graph_store import LARGEST
from toolbox_graph.negotiation import choose_language
from toolbox_graph.query import LONGEST, Request
from toolbox_graph.web import caching, graph_store, messages, questions, running, sparql
from toolbox_graph.web.app import create_app
from toolbox_graph.web.authorization import refuse_in_address
from toolbox_graph.web.pages import Frame
from toolbox_graph.web.responses import Response
from toolbox_graph.web.views import Layout

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

WITH_BODY = frozenset({"POST", "PUT", "QUERY"})
"""The methods with which something is sent."""

THREADS = 8
"""Pages that are made at the same time."""

PLAIN = printable.strip()
"""The characters of a query string that stay as they are."""

STALL_SECONDS = 30.0
"""How far a client may fall behind the least speed."""

UNWATCHED_SECONDS = 0.02
"""How long nobody looks whether a client has left."""

LEAST_SPEED = 64_000
"""Bytes of an answer that a client takes in a second."""


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
        self._pages = cast(Any, WSGIMiddleware(cast(Any, create_app(service)), workers=THREADS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end the service."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["method"] == "OPTIONS":
            await _send_whole(send, messages.PREFLIGHT)
        elif place := self._place(scope["path"]):
            await self._enter(place, scope, receive, send)
        else:
            # WSGI has no other characters there than those of ASCII.
            query_string = quote(scope["query_string"], safe=PLAIN).encode()
            await self._pages({**scope, "query_string": query_string}, receive, send)

    def answers(self, path: str) -> bool:
        """Return whether an address is answered here."""
        return self._place(path) is not None

    def _place(self, path: str) -> Place | None:
        """Return which of the places that are answered here an address is, None where it is Flask's."""
        name, slash, rest = path.removeprefix(self._service.model.base.path).partition("/")
        is_endpoint = name == "sparql" and (not slash or rest.partition("/")[0] == "queries")
        if is_endpoint or name == "graph-store" or (name in {"queries", "graph"} and rest):
            return Place(name, rest)
        return None

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        if not self._service.is_playground:
            await asyncio.to_thread(self._service.repository.bring_up_to_date)
            self._service.repository.close()
        await self._pool.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.stop()
        await asyncio.to_thread(self._service.repository.close)
        await send({"type": "lifespan.shutdown.complete"})

    async def _enter(self, place: Place, scope: Scope, receive: Receive, send: Send) -> None:
        """Read a request and answer it; of who may not write, no more is read than that."""
        headers = _headers(scope)
        names = ("content-type", "accept", "authorization")
        content_type, accept, authorization = (headers.get(name, "") for name in names)
        query_string = scope["query_string"].decode("latin-1")
        client = _client(scope, headers, self._service.settings.proxies)
        query_id = headers.get("query-id") or secrets.token_hex(8)
        request = Request(
            method=scope["method"],
            query_string=query_string,
            content_type=content_type,
            accept=accept,
            body=b"",
            authorization=authorization,
            client=client,
            query_id=query_id,
            if_none_match=headers.get("if-none-match", ""),
            accept_encoding=headers.get("accept-encoding", ""),
        )
        # To take a long query apart twice would cost more than all else here.
        asked_language = parse_qs(query_string).get("lang", [""])[0] if "lang=" in query_string else ""
        language = choose_language(asked_language, headers.get("accept-language"))
        layout = Layout(self._service.model, language, "../" * (1 + place.rest.count("/")) if place.rest else "./")
        try:
            running.require_id(query_id)
            refuse_in_address(request)
            graph_store.require_writer(place.name, request, self._service)
            if request.method in WITH_BODY:
                body = await _body(receive, LARGEST if place.name == "graph-store" else LONGEST)
                if body is None:
                    return
                request = request._replace(body=body)
            await _unless_gone(self._answer(place, request, layout, send), receive)
        except Exception as error:  # noqa: BLE001  # a fault of ours gets a number, not granian's bare page
            refusal = error if isinstance(error, ToolboxError) else messages.fault(error)
            frame = Frame(language, layout.root, {"lang": asked_language})
            message = messages.problem(refusal, accept=accept, frame=frame)
            told = self._told(client, layout.root)
            await _send_whole(send, message._replace(headers=[*message.headers, *told]))

    def _told(self, client: str, root: str) -> list[tuple[str, str]]:
        """Return what is told of budget (draft-ietf-httpapi-ratelimit-headers) and documentation (RFC 8631)."""
        capacity, left = self._pool.budgets.seconds, self._pool.budgets.left(client)
        return [
            ("RateLimit-Policy", f'"query-seconds";q={capacity:.0f};w={capacity:.0f}'),
            ("RateLimit", f'"query-seconds";r={left:.0f};t={capacity - left:.0f}'),
            ("Link", f'<{root}sparql>; rel="service-doc"; type="text/html"'),
            ("Link", f'<{root}sparql>; rel="service-desc"; type="text/turtle"'),
        ]

    async def _answer(self, place: Place, request: Request, layout: Layout, send: Send) -> None:
        service = self._service
        match place.name:
            case "queries":
                response = await questions.respond(place.rest, request, self._engine, service, layout)
            case "graph-store":
                response = await graph_store.respond(place.rest, request, self._engine, service)
            case "graph":
                graph = service.model.base.graph(place.rest)
                response = await graph_store.describe(graph, request, self._engine, service)
            case "sparql" if place.rest:
                response = running.respond(place.rest, request, self._pool.running, service)
            case _:
                response = await sparql.respond(request, self._engine, service, layout)
        told = [*self._told(request.client, layout.root), ("Query-Id", request.query_id)]
        response = caching.packed(response._replace(headers=[*response.headers, *told]), request)
        await _send(send, response, with_body=request.method != "HEAD")


async def _unless_gone(work: Coroutine[None, None, None], receive: Receive) -> None:
    """Do some work, and stop it when the client leaves; most work is done before one need look whether it has."""
    loop, doing = asyncio.get_running_loop(), asyncio.current_task()
    assert doing is not None
    watching: list[asyncio.Task[None]] = []
    later = loop.call_later(UNWATCHED_SECONDS, lambda: watching.append(loop.create_task(_leave(receive, doing))))
    try:
        await work
    except asyncio.CancelledError:
        if not (watching and watching[0].done()):
            raise
        doing.uncancel()
    finally:
        later.cancel()
        for task in watching:
            task.cancel()


async def _leave(receive: Receive, doing: asyncio.Task[Any]) -> None:
    """Wait until the client leaves, then stop what is done for it."""
    while (await receive())["type"] != "http.disconnect":
        pass
    doing.cancel()


def _client(scope: Scope, headers: Mapping[str, str], proxies: int) -> str:
    """Return who asks: by address, as the first of our proxies saw it, and by program."""
    seen = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    address = seen[-proxies] if 0 < proxies <= len(seen) else (scope.get("client") or ("",))[0]
    return f"{address} {headers.get('user-agent', '')[:200]}"


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers of a request, those that stand several times as one (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _body(receive: Receive, limit: int) -> bytes | None:
    """Return the body of a request, or so much of it that it is too long; None where it breaks off."""
    body = bytearray()
    more = True
    while more and len(body) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


async def _send(send: Send, response: Response, *, with_body: bool) -> None:
    """Send an answer piece by piece; after an error it has no end, so that nobody takes it for whole.

    Who takes it too slowly is left: the answer holds a worker.
    """
    if response.whole is not None:
        body = response.whole if with_body else b""
        await _send_whole(send, messages.Message(response.status, response.headers, body))
        return
    await _start(send, response.status, response.headers)
    left = STALL_SECONDS
    async with aclosing(response.pieces) as pieces:
        if with_body:
            async for piece in pieces:
                begun = time.monotonic()
                async with asyncio.timeout(left):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                left = min(STALL_SECONDS, left + len(piece) / LEAST_SPEED - (time.monotonic() - begun))
    await send({"type": "http.response.body", "body": b""})


async def _send_whole(send: Send, message: messages.Message) -> None:
    length = [("Content-Length", str(len(message.body)))] if message.body else []
    await _start(send, message.status, [*message.headers, *length])
    await send({"type": "http.response.body", "body": message.body})


async def _start(send: Send, status: int, headers: list[tuple[str, str]]) -> None:
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})
