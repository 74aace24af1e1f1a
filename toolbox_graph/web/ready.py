"""Which requests get an answer that lies ready?

A short answer that was given is kept as it was sent, under all that it depends on: address, what the client takes, and
the state of the store. Who sends the same request gets it before anything is read or asked.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from toolbox_graph.web.responses import Response

Headers = list[tuple[bytes, bytes]]

KEPT = 1_000
"""Answers that lie ready; those that were sent last."""

SHORT = 16_000
"""Bytes of such an answer, and of the address that asks for it."""

ON_THEIR_OWN = frozenset({"authorization", "if-none-match", "query-id"})
"""Headers of requests that have to be looked at."""

OF_ONE = frozenset({"Query-Id", "RateLimit", "Server-Timing"})
"""Headers of answers that are for one client at one time."""


class Identity(NamedTuple):
    """What an answer depends on beside the state of the store."""

    path: str
    query_string: bytes
    accept: str
    accept_encoding: str


class Kept:
    """An answer as it was sent, without what was for one client; most are never sent again, and not prepared for it."""

    def __init__(self, response: Response, body: bytes) -> None:
        self._headers = response.headers
        self.body = body

    @cached_property
    def headers(self) -> Headers:
        """The headers that all get."""
        return encoded([header for header in self._headers if header[0] not in OF_ONE])


class Ready:
    """The answers that lie ready for one state of the store, which are forgotten with it."""

    def __init__(self, state: Callable[[], str]) -> None:
        self._state = state
        self._of = ""
        self._kept: OrderedDict[Identity, Kept] = OrderedDict()

    def find(self, identity: Identity | None) -> Kept | None:
        """Return an answer that still holds."""
        if identity is None or identity not in self._kept or self._state() != self._of:
            return None
        self._kept.move_to_end(identity)
        return self._kept[identity]

    def keep(self, identity: Identity | None, response: Response) -> None:
        """Keep an answer that others may get too."""
        if identity is None or response.whole is None or not _may_be_kept(identity, response):
            return
        if response.state != self._state():
            return  # It is about a past version, or one that has passed just now.
        if response.state != self._of:
            self._of = response.state
            self._kept.clear()
        self._kept[identity] = Kept(response, response.whole)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def identity(method: str, path: str, query_string: bytes, headers: Mapping[str, str]) -> Identity | None:
    """Return what the answer to a request depends on; None where that is more than we look at here."""
    if method != "GET" or not ON_THEIR_OWN.isdisjoint(headers):
        return None
    return Identity(path, query_string, headers.get("accept", ""), headers.get("accept-encoding", ""))


def _may_be_kept(identity: Identity, response: Response) -> bool:
    is_short = len(identity.query_string) + len(response.whole or b"") <= SHORT
    return is_short and response.status == 200 and any(name == "ETag" for name, _ in response.headers)


def encoded(headers: list[tuple[str, str]]) -> Headers:
    """Return headers as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
