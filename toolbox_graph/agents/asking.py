"""How are the doors of a service asked, in this process or over HTTP?

Either way they get the same requests, so whoever asks here meets what every client meets: the same answers, limits and
refusals. Of an answer no more is taken than is wanted; what is left of it is not waited for.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, NamedTuple

import httpx2

from toolbox_graph.assembly import Service
from toolbox_graph.errors import URN, MalformedQuery, ToolboxError, Unusable
from toolbox_graph.settings import Settings
from toolbox_graph.web.door import Door
from toolbox_graph.web.requests import VERSION

Application = Callable[[Any, Any, Any], Awaitable[None]]
"""An ASGI application."""

Message = Mapping[str, Any]

AGENT = f"toolbox-graph-mcp/{VERSION}"

PATIENCE_SECONDS = 60.0
"""How long a service may keep silent; its own limits end a query long before."""

LONGEST_REFUSAL = 100_000
"""Bytes of a refusal that are read, however little is wanted of an answer."""

HINT = re.compile(r'rel="related"; anchor="[^"]*"; title="([^"]*)"')
"""What a link tells of a term of a query that the catalogue does not know."""

HERE = "http://localhost"
"""What stands for the host where there is none; it never matters."""


class Answer(NamedTuple):
    """What a door answered: its text, or the beginning of it; the media type; and what it remarks on the query."""

    text: str
    media_type: str
    is_cut: bool
    hints: Sequence[str]


class Doors:
    """The doors of one service, each by its path below the base."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def ask(
        self,
        path: str,
        accept: str,
        *,
        most: int,
        parameters: Mapping[str, str | list[str]] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return so many bytes of an answer at most; raise the refusal where there is none."""
        method, headers = "GET" if form is None else "POST", {"Accept": accept}
        try:
            async with self._client.stream(method, path, params=parameters, data=form, headers=headers) as response:
                is_refused = response.status_code >= 400
                body = await _beginning(response, LONGEST_REFUSAL if is_refused else most)
        except httpx2.HTTPError as problem:
            raise Unusable(f"The service does not answer: {problem or type(problem).__name__}.") from problem
        if is_refused:
            raise _refusal(response, body)
        media_type = response.headers.get("Content-Type", "").partition(";")[0]
        text = body[:most].decode(errors="ignore")
        return Answer(text, media_type, len(body) > most, HINT.findall(response.headers.get("Link", "")))


async def _beginning(response: httpx2.Response, most: int) -> bytes:
    """Return a body, or somewhat more of it than is wanted."""
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > most:
            break
    return bytes(body)


def _refusal(response: httpx2.Response, body: bytes) -> ToolboxError:
    """Return the refusal that an answer is; what is no problem document is told by its status."""
    try:
        told = json.loads(body)
        kind = MalformedQuery if told["type"] == f"{URN}{MalformedQuery.name}" else ToolboxError
        return kind(f"{told['title']}: {told['detail']}")
    except (ValueError, KeyError, TypeError):
        return ToolboxError(f"The service answers with {response.status_code} {response.reason_phrase}.")


@asynccontextmanager
async def over_http(address: str) -> AsyncIterator[Doors]:
    """Yield the doors of a service that runs at an address."""
    async with _client(address) as client:
        yield Doors(client)


@asynccontextmanager
async def in_this_process(settings: Settings) -> AsyncIterator[Doors]:
    """Yield the doors of the service of a data folder, which runs here for that long."""
    service = Service(settings)
    door, address = Door(service), HERE + service.model.base.path
    async with alive(door), _client(address, transport=InProcess(door)) as client:
        # Nothing is sent on this way, so nothing is packed.
        client.headers["Accept-Encoding"] = "identity"
        yield Doors(client)


def _client(address: str, **options: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=address, headers={"User-Agent": AGENT}, follow_redirects=True, timeout=PATIENCE_SECONDS, **options
    )


@asynccontextmanager
async def alive(application: Application) -> AsyncIterator[None]:
    """Begin an application, and end it afterwards (ASGI, Lifespan Protocol)."""
    to_application: asyncio.Queue[Message] = asyncio.Queue()
    from_application: asyncio.Queue[Message] = asyncio.Queue()
    living = asyncio.ensure_future(application({"type": "lifespan"}, to_application.get, from_application.put))
    to_application.put_nowait({"type": "lifespan.startup"})
    beginning = asyncio.ensure_future(from_application.get())
    await asyncio.wait([living, beginning], return_when=asyncio.FIRST_COMPLETED)
    if living.done():
        beginning.cancel()
        await living
    try:
        yield
    finally:
        to_application.put_nowait({"type": "lifespan.shutdown"})
        await living


class InProcess(httpx2.AsyncBaseTransport):
    """The way to an application that runs in this process, piece by piece as over a connection."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Return the answer to a request once it has begun."""
        exchange = Exchange(await request.aread())
        exchange.begin(self._application(_scope(request), exchange.receive, exchange.send))
        try:
            start = await exchange.next()
        except BaseException:
            await exchange.aclose()
            raise
        return httpx2.Response(start["status"], headers=start["headers"], stream=exchange, request=request)


def _scope(request: httpx2.Request) -> dict[str, Any]:
    """Return a request as an application is told of it (ASGI, HTTP Connection Scope)."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": request.url.scheme,
        "path": request.url.path,
        "raw_path": request.url.raw_path.partition(b"?")[0],
        "query_string": request.url.query,
        "root_path": "",
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
        "client": ("127.0.0.1", 0),
        "server": (request.url.host, request.url.port or 80),
    }


class Exchange(httpx2.AsyncByteStream):
    """A request to an application, and its answer as it comes; who closes it before its end has left."""

    def __init__(self, body: bytes) -> None:
        self._body: list[bytes] = [body]
        # Without room for more the application waits until a piece is taken.
        self._sent: asyncio.Queue[Message | None] = asyncio.Queue(maxsize=1)
        self._left = asyncio.Event()

    def begin(self, answering: Awaitable[None]) -> None:
        """Let the application answer."""
        self._answering = asyncio.ensure_future(self._to_its_end(answering))

    async def _to_its_end(self, answering: Awaitable[None]) -> None:
        try:
            await answering
        finally:
            if not self._left.is_set():
                await self._sent.put(None)

    async def receive(self) -> Message:
        """Give the application the request, then wait until nobody waits for it any more."""
        if self._body:
            return {"type": "http.request", "body": self._body.pop(), "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Take what the application answers."""
        await self._sent.put(message)

    async def next(self) -> Message:
        """Return the next message of the application; raise ReadError where it ended without one."""
        message = await self._sent.get()
        if message is None:
            raise httpx2.ReadError("the answer broke off")
        return message

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the body piece by piece."""
        more = True
        while more:
            message = await self.next()
            more = message.get("more_body", False)
            yield message.get("body", b"")

    async def aclose(self) -> None:
        """End the answer, whether it is whole or not."""
        self._left.set()
        self._answering.cancel()
        with suppress(asyncio.CancelledError):
            await self._answering
