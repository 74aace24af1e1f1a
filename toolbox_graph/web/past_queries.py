"""From which version of the data is a query answered?"""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from toolbox_graph.assembly import Service
from toolbox_graph.query import FORM, Request, is_update
from toolbox_graph.store.engine import Engine
from toolbox_graph.store.journal import Header
from toolbox_graph.web import versions
from toolbox_graph.web.past import Past
from toolbox_graph.web.responses import Response, done
from toolbox_graph.web.version_views import Fields, present

Respond = Callable[[Engine, Service], Awaitable[Response]]
Give = Callable[[Response], Awaitable[None]]

METHODS = frozenset({"GET", "HEAD", "POST", "QUERY"})
"""With which queries are asked."""

VERSIONED = ("sparql", "sparql/why-empty")
"""Where a version can be named, beside the questions."""


class PastQueries:
    """What chooses the engine and the service that a query is answered by."""

    def __init__(self, service: Service, engine: Engine, past: Past) -> None:
        self._service = service
        self._engine = engine
        self._past = past

    async def answer(self, request: Request, path: str, root: str, respond: Respond, give: Give) -> None:
        """Give the answer to a request at a path below the base; its version stays open until it has been given."""
        fields = _fields(request, path)
        version = versions.asked(fields, self._service)
        if version is None:
            await give(await respond(self._engine, self._service))
        elif location := versions.led(fields, version):
            await give(done(302, location))
        elif versions.is_present(version, self._service):
            await give(await self._still_present(version, respond))
        else:
            async with self._past.using(version, request.client) as opened:
                response = await respond(await opened.engine(), opened.service)
                address = present(f"{root.removeprefix('./')}{path}", parse_qsl(request.query_string))
                await give(_told(response, version, address))

    async def _still_present(self, version: Header, respond: Respond) -> Response:
        """Return the answer from the newest version, unless there is a newer one by now."""
        response = await respond(self._engine, self._service)
        if not versions.is_present(version, self._service):
            await response.pieces.aclose()
            raise versions.superseded()
        return response


def _fields(request: Request, path: str) -> Fields:
    """Return the parameters of a request that may name a version; raise InvalidRequest where it may not."""
    is_form = request.content_type.lower().startswith(FORM)
    written = request.query_string.encode("latin-1") + b"&" + (request.body if is_form else b"")
    if not versions.may_be_named(written):
        return ()
    fields = parse_qsl(written.decode("latin-1"), keep_blank_values=True)
    if path not in VERSIONED and not path.startswith("queries/"):
        versions.refuse(fields, "This address has no versions")
    if request.method in METHODS and is_update(request):
        versions.refuse(fields, "An update changes the newest version")
    return fields if request.method in METHODS else ()


def _told(response: Response, version: Header, present: str) -> Response:
    """Return an answer with what is told of a past version; data that may be kept may be so for ever."""
    lasts = any(name == "ETag" for name, _ in response.headers)
    headers = [
        versions.FOR_EVER if lasts and name == "Cache-Control" else (name, value) for name, value in response.headers
    ]
    return response._replace(headers=[*headers, *versions.told(version, present)])
