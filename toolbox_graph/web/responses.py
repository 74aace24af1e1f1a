"""What is an answer that is sent piece by piece?"""

from collections.abc import AsyncGenerator
from typing import NamedTuple

from toolbox_graph.negotiation import Format
from toolbox_graph.store.engine import Answer, at_once
from toolbox_graph.web.messages import OPEN, SAFETY


class Response(NamedTuple):
    """An answer that has begun: its status and headers, and its body piece by piece, or whole.

    `state` is the state of the store that it is about.
    """

    status: int
    headers: list[tuple[str, str]]
    pieces: AsyncGenerator[bytes, None]
    whole: bytes | None = None
    state: str = ""


def answered(file_format: Format, answer: Answer) -> Response:
    """Return the answer of an engine as one to a client."""
    return Response(200, _headers(file_format), answer.pieces, answer.whole, answer.state)


def whole(file_format: Format, body: bytes) -> Response:
    """Return an answer in a format."""
    return Response(200, _headers(file_format), at_once(body), body)


def _headers(file_format: Format) -> list[tuple[str, str]]:
    return [("Content-Type", file_format.content_type), ("Vary", "Accept"), *OPEN, *SAFETY]


def done(status: int, location: str = "") -> Response:
    """Return an answer without a body."""
    headers = [("Location", location)] if location else []
    return Response(status, [*headers, *OPEN, *SAFETY], at_once(b""), b"")
