"""What is an answer that is sent piece by piece?"""

from collections.abc import AsyncGenerator
from typing import NamedTuple

from toolbox_graph.negotiation import Format
from toolbox_graph.store.engine import at_once
from toolbox_graph.web.messages import OPEN, SAFETY


class Response(NamedTuple):
    """An answer that has begun: its status and headers, and its body piece by piece."""

    status: int
    headers: list[tuple[str, str]]
    pieces: AsyncGenerator[bytes, None]


def whole(file_format: Format, pieces: AsyncGenerator[bytes, None]) -> Response:
    """Return an answer in a format."""
    return Response(200, [("Content-Type", file_format.content_type), ("Vary", "Accept"), *OPEN, *SAFETY], pieces)


def done(status: int, location: str = "") -> Response:
    """Return an answer without a body."""
    headers = [("Location", location)] if location else []
    return Response(status, [*headers, *OPEN, *SAFETY], at_once(b""))
