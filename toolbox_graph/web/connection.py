"""How does the service talk with a client that may be slow, or leave?"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping, MutableMapping
from contextlib import aclosing
from typing import Any

from toolbox_graph.errors import InvalidRequest, TooSlow
from toolbox_graph.web import messages, ready
from toolbox_graph.web.responses import Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

STALL_SECONDS = 30.0
"""How far a client may fall behind the least speed when it reads."""

UNWATCHED_SECONDS = 0.02
"""How long nobody looks whether a client has left."""

SENDING_SECONDS = 5.0
"""How far a client may fall behind the least speed when it sends."""

LEAST_SPEED = 64_000
"""Bytes that a client takes or sends in a second."""


class Sending:
    """The way to a client, which knows whether an answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.has_begun = False

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        """Send a message."""
        self.has_begun = True
        await self._send(message)


async def unless_gone(work: Coroutine[None, None, None], receive: Receive) -> None:
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


async def read_body(receive: Receive, limit: int) -> bytes:
    """Return the body of a request, or so much of it that it is too long.

    One that breaks off is told like a client that has left; if the client is still there, it gets to know why.
    """
    body = bytearray()
    more = True
    until = time.monotonic() + SENDING_SECONDS
    while more and len(body) <= limit:
        try:
            async with asyncio.timeout(until + len(body) / LEAST_SPEED - time.monotonic()):
                message = await receive()
        except TimeoutError:
            raise TooSlow("The request did not come in time; send it again, or in parts.") from None
        if message["type"] == "http.disconnect":
            raise InvalidRequest("The body of the request breaks off, or its chunks are not as they have to be.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(body)


def giving(body: bytes) -> Receive:
    """Return what gives a body that has been read."""

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def with_length(headers: Iterable[tuple[bytes, bytes]], length: int) -> list[tuple[bytes, bytes]]:
    """Return headers with the length of the body, which is not known of one that comes in chunks."""
    others = [(name, value) for name, value in headers if name not in (b"content-length", b"transfer-encoding")]
    return [*others, (b"content-length", str(length).encode())]


async def send_response(send: Send, response: Response, *, with_body: bool) -> None:
    """Send an answer piece by piece; after an error it has no end, so that nobody takes it for whole.

    Who takes it too slowly is left: the answer holds a worker.
    """
    if response.whole is not None:
        body = response.whole if with_body else b""
        await send_whole(send, messages.Message(response.status, response.headers, body))
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


async def send_whole(send: Send, message: messages.Message) -> None:
    """Send an answer that is whole."""
    length = [("Content-Length", str(len(message.body)))] if message.body else []
    await _start(send, message.status, [*message.headers, *length])
    await send({"type": "http.response.body", "body": message.body})


async def _start(send: Send, status: int, headers: list[tuple[str, str]]) -> None:
    await send({"type": "http.response.start", "status": status, "headers": ready.encoded(headers)})


def client_of(scope: Scope, headers: Mapping[str, str], proxies: int) -> str:
    """Return who asks: by address, as the first of our proxies saw it, and by program."""
    seen = [part.strip() for part in headers.get("x-forwarded-for", "").split(",") if part.strip()]
    address = seen[-proxies] if 0 < proxies <= len(seen) else (scope.get("client") or ("",))[0]
    return f"{address} {headers.get('user-agent', '')[:200]}"


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers of a request, those that stand several times as one (RFC 9110, section 5.3)."""
    headers: dict[str, str] = {}
    for name, value in ((name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]):
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
