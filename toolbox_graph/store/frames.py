"""How do the service and its workers talk?

Over a pair of sockets, in frames: one byte that says what it is, four that say how long, then the payload. A worker
says that it is ready. It answers a question with a head and data, of which the last is called so, or with a refusal;
after the head that cuts the data off.
"""

import json
import struct
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO, NamedTuple, Self

PREFIX = struct.Struct(">cI")

READY, QUESTION, HEAD, DATA, LAST, REFUSAL = b"R", b"?", b"H", b"D", b"L", b"X"


class Frame(NamedTuple):
    """One message."""

    kind: bytes
    payload: bytes

    def json(self) -> Any:
        """Return what a question or a refusal says."""
        return json.loads(self.payload)


class Head(NamedTuple):
    """What is told of an answer before it: `graph` or `results`, of which state it is, and whether it found nothing."""

    form: str
    state: str
    is_empty: bool

    @classmethod
    def read(cls, payload: bytes) -> Self:
        """Return what a frame says."""
        form, state, is_empty = payload.decode().split(" ")
        return cls(form, state, is_empty == "1")

    def payload(self) -> bytes:
        r"""Return what a frame says; in words, since each answer has one.

        >>> Head("graph", "7", is_empty=False).payload()
        b'graph 7 0'
        """
        return f"{self.form} {self.state} {self.is_empty:d}".encode()


def pack(kind: bytes, payload: bytes | Mapping[str, object] = b"") -> bytes:
    r"""Return a frame as it is sent.

    >>> pack(DATA, b"x")
    b'D\x00\x00\x00\x01x'
    """
    data = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return PREFIX.pack(kind, len(data)) + data


def split(received: bytearray) -> Iterator[Frame]:
    r"""Yield the frames that have arrived as a whole, and take them out of what was received.

    >>> received = bytearray(pack(DATA, b"x") + b"D\x00")
    >>> list(split(received)), received
    ([Frame(kind=b'D', payload=b'x')], bytearray(b'D\x00'))
    """
    while len(received) >= PREFIX.size:
        kind, length = PREFIX.unpack_from(received)
        end = PREFIX.size + length
        if len(received) < end:
            return
        payload = bytes(received[PREFIX.size : end])
        del received[:end]
        yield Frame(kind, payload)


def read(stream: BinaryIO) -> Frame | None:
    """Wait for the next frame and return it, None where the other side has ended."""
    prefix = stream.read(PREFIX.size)
    if len(prefix) < PREFIX.size:
        return None
    kind, length = PREFIX.unpack(prefix)
    return Frame(kind, stream.read(length))
