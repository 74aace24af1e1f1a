"""Who answers which address?

This is the ASGI application. The SPARQL endpoint is answered here, since only ASGI tells at once when a client has
left, and can break an answer off so that it does not look whole. All else is Flask's (`app`), in some threads, with
answers that are complete before they begin.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from contextlib import aclosing, suppress
from string import printable
from typing import Any, cast
from urllib.parse import parse_qs, quote

from a2wsgi import WSGIMiddleware

from toolbox_graph.assembly import Service
from toolbox_graph.errors import ToolboxError
from toolbox_graph.negotiation import choose_language
from toolbox_graph.query import LONGEST, Request
from toolbox_graph.web import messages, questions, sparql
from toolbox_graph.web.app import create_app
from toolbox_graph.web.pages import Frame
from toolbox_graph.web.views import Layout

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

THREADS = 8
"""Pages that are made at the same time."""

PLAIN = printable.strip()
"""The characters of a query string that stay as they are."""

STALL_SECONDS = 30.0
"""How far a client may fall behind the least speed."""

LEAST_SPEED = 64_000
"""Bytes of an answer that a client takes in a second."""


class Door:
    """The catalogue as an ASGI application."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._pool = service.pool()
        self._endpoint = f"{service.model.base.path}sparql"
        self._questions = f"{service.model.base.path}queries/"
        self._pages = cast(Any, WSGIMiddleware(cast(Any, create_app(service)), workers=THREADS))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or begin and end the service."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["method"] == "OPTIONS":
            await _send_whole(send, messages.PREFLIGHT)
        elif scope["path"] == self._endpoint or scope["path"].removeprefix(self._questions) not in {"", scope["path"]}:
            body = await _body(receive)
            if body is not None:
                await _unless_gone(self._ask(scope, body, send), receive)
        else:
            # WSGI has no other characters there than those of ASCII.
            query_string = quote(scope["query_string"], safe=PLAIN).encode()
            await self._pages({**scope, "query_string": query_string}, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        await asyncio.to_thread(self._service.repository.bring_up_to_date)
        self._service.repository.close()
        await self._pool.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.stop()
        await send({"type": "lifespan.shutdown.complete"})

    async def _ask(self, scope: Scope, body: bytes, send: Send) -> None:
        """Answer the SPARQL endpoint, or a prepared question."""
        headers = _headers(scope)
        query_string = scope["query_string"].decode("latin-1")
        accept = headers.get("accept", "")
        request = Request(scope["method"], query_string, headers.get("content-type", ""), accept, body)
        # To take a long query apart twice would cost more than all else here.
        asked_language = parse_qs(query_string).get("lang", [""])[0] if "lang=" in query_string else ""
        name = scope["path"].removeprefix(self._questions) if scope["path"] != self._endpoint else ""
        language, root = choose_language(asked_language, headers.get("accept-language")), "../" if name else "./"
        layout = Layout(self._service.model, language, root)
        try:
            if name:
                response = await questions.respond(name, request, self._pool, self._service.limits, layout)
            else:
                response = await sparql.respond(
                    request, self._pool, self._service.limits, layout, self._service.describe_endpoint
                )
        except Exception as error:  # noqa: BLE001  # a fault of ours gets a number, not granian's bare page
            refusal = error if isinstance(error, ToolboxError) else messages.fault(error)
            frame = Frame(language, root, {"lang": asked_language})
            await _send_whole(send, messages.problem(refusal, accept=accept, frame=frame))
        else:
            await _send(send, response, with_body=request.method != "HEAD")


async def _unless_gone(work: Coroutine[None, None, None], receive: Receive) -> None:
    """Do some work, and stop it when the client leaves."""
    doing, leaving = asyncio.create_task(work), asyncio.create_task(_leave(receive))
    await asyncio.wait({doing, leaving}, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if doing.done():
        await doing
    else:
        doing.cancel()
        with suppress(asyncio.CancelledError):
            await doing


async def _leave(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers of a request, those that stand several times as one (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers


async def _body(receive: Receive) -> bytes | None:
    """Return the body of a request, or so much of it that it is too long; None where it breaks off."""
    body = bytearray()
    more = True
    while more and len(body) <= LONGEST:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


async def _send(send: Send, response: sparql.Response, *, with_body: bool) -> None:
    """Send an answer piece by piece; after an error it has no end, so that nobody takes it for whole.

    Who takes it too slowly is left: the answer holds a worker.
    """
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
