"""Who opens the past version that a page is asked of?

Only here, before Flask: its threads are few, and may not wait until a version has been made again.
"""

from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from toolbox_graph.assembly import Service
from toolbox_graph.web import messages, versions
from toolbox_graph.web.connection import Receive, Scope, Send, Sending, send_whole
from toolbox_graph.web.pages import Frame
from toolbox_graph.web.past import Past

PAST = "toolbox-graph.past"
"""Under which name Flask finds the service of a past version in what it is called with."""

Pages = Callable[[Scope, Receive, Send], Awaitable[None]]


class PastPages:
    """The pages as an ASGI application that also shows past versions of them."""

    def __init__(self, pages: Pages, service: Service, past: Past) -> None:
        self._pages = pages
        self._service = service
        self._past = past
        model = service.model
        self._versioned = {"cite", "id", *model.kinds, *model.lists, *(f"{name}.json" for name in model.lists)}

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str], client: str
    ) -> None:
        """Answer one request for a page."""
        if scope["method"] not in {"GET", "HEAD"} or not versions.may_be_named(scope["query_string"]):
            await self._pages(scope, receive, send)
            return
        sending = Sending(send)
        try:
            await self._show(scope, receive, sending, client)
        except Exception as error:  # noqa: BLE001  # a fault of ours gets a number, not granian's bare page
            if not sending.has_begun:
                query_string, home = scope["query_string"].decode("ascii"), self._service.model.base.home(scope["path"])
                frame = Frame.asked(query_string, headers.get("accept-language"), home)
                await send_whole(send, messages.failure(error, accept=headers.get("accept", ""), frame=frame))

    async def _show(self, scope: Scope, receive: Receive, send: Send, client: str) -> None:
        fields = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True)
        if scope["path"].removeprefix(self._service.model.base.path).partition("/")[0] not in self._versioned:
            versions.refuse(fields, "This address has no versions")
        version = versions.asked(fields, self._service)
        if version and (location := versions.led(fields, version)):
            await send_whole(send, messages.Message(302, [("Location", location), *messages.OPEN], b""))
        elif version is None or versions.is_present(version, self._service):
            await self._pages(scope, receive, send)
        else:
            async with self._past.using(version, client) as opened:
                await self._pages({**scope, PAST: opened.service}, receive, send)
