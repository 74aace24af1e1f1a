"""Whom do we ask, and how is a request sent exactly as it is written?"""

import json
import ssl
from collections.abc import Iterable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from textwrap import shorten
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from conformance.suite import Header

SECONDS = 60.0
"""How long an answer may take."""

LONGEST = 120
"""Characters of an answer that a report cites."""

READING = ("GET", "HEAD")
"""The methods that go without a token."""

WITH_CONTENT = ("POST", "PUT")
"""The methods that state a length even without a body (RFC 9110, 8.6)."""


class NoAnswer(Exception):
    """The service closed the connection, or took too long."""


class Answer(NamedTuple):
    """What came back."""

    status: int
    media_type: str
    location: str
    body: bytes

    @property
    def said(self) -> str:
        """The answer in one line: its status, and the beginning of what it says."""
        text = self.body.decode("utf-8", "replace")
        if self.media_type == "application/problem+json":
            text = _detail(text)
        return shorten(f"{self.status} {text}", LONGEST, placeholder=" …")


def _detail(problem: str) -> str:
    try:
        return str(json.loads(problem)["detail"])
    except (ValueError, LookupError, TypeError):
        return problem


class Target(NamedTuple):
    """A service: its address, and a token for what only a token may do."""

    address: str
    token: str | None = None

    @property
    def endpoint(self) -> str:
        """The address for queries and updates."""
        return f"{self.address.rstrip('/')}/sparql"

    @property
    def graph_store(self) -> str:
        """The address for whole graphs."""
        return f"{self.address.rstrip('/')}/graph-store"

    def graph(self, name: str) -> str:
        """Return the address of a graph by its name."""
        return f"{self.graph_store}?graph={quote(name, safe='')}"

    def locate(self, path: str) -> str:
        """Return the address that a path of the W3C's tests means.

        >>> Target("http://127.0.0.1:8000").locate("/sparql/?query=ASK%20%7B%7D")
        'http://127.0.0.1:8000/sparql?query=ASK%20%7B%7D'
        >>> Target("http://127.0.0.1:8000").locate("/gsp/person/1.ttl")
        'http://127.0.0.1:8000/graph-store/person/1.ttl'
        """
        if path.startswith("/sparql/"):
            return self.endpoint + path.removeprefix("/sparql/")
        return self.graph_store + path.removeprefix("/gsp")

    def send(self, method: str, address: str, headers: Iterable[Header] = (), body: bytes | None = None) -> Answer:
        """Send a request with these headers and no others but Host, Content-Length and the token."""
        try:
            with closing(_connection(address)) as connection:
                connection.putrequest(method, _within(address), skip_accept_encoding=True)
                for name, value in (*headers, *self._more(method, body)):
                    connection.putheader(name, value)
                connection.endheaders(body)
                return _answer(connection)
        except (OSError, HTTPException) as error:
            raise NoAnswer(f"no answer: {error!r}") from error

    def _more(self, method: str, body: bytes | None) -> Iterable[Header]:
        if body is not None or method in WITH_CONTENT:
            yield "Content-Length", str(len(body or b""))
        if self.token and method not in READING:
            yield "Authorization", f"Bearer {self.token}"


def _connection(address: str) -> HTTPConnection:
    parts = urlsplit(address)
    if parts.scheme == "https":
        return HTTPSConnection(parts.netloc, timeout=SECONDS, context=ssl.create_default_context())
    return HTTPConnection(parts.netloc, timeout=SECONDS)


def _within(address: str) -> str:
    """Return what of an address stands in the first line of a request.

    >>> _within("http://127.0.0.1:8000/graph-store?default")
    '/graph-store?default'
    """
    return urlsplit(address)._replace(scheme="", netloc="").geturl()


def _answer(connection: HTTPConnection) -> Answer:
    response = connection.getresponse()
    media_type = response.headers.get_content_type() if "Content-Type" in response.headers else ""
    return Answer(response.status, media_type, response.headers.get("Location", ""), response.read())
