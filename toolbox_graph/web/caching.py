"""What may a client keep of an answer, and how is it packed?"""

import hashlib
import zlib
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from functools import lru_cache
from typing import Protocol

import brotli
import zstandard
from werkzeug.http import parse_accept_header, parse_etags

from toolbox_graph.negotiation import COMMON, Format
from toolbox_graph.query import Request
from toolbox_graph.store.engine import Answer, Query
from toolbox_graph.web.responses import Response

LEVEL = 4
"""How hard answers are packed: harder takes more time than it saves."""


class Packer(Protocol):
    """What packs an answer piece by piece."""

    def piece(self, data: bytes) -> bytes:
        """Return a piece packed, whole enough to be unpacked at once."""

    def end(self) -> bytes:
        """Return what comes after the last piece."""


class Zstandard:
    """Zstandard (RFC 8878)."""

    def __init__(self) -> None:
        self._packer = zstandard.ZstdCompressor(LEVEL).compressobj()

    def piece(self, data: bytes) -> bytes:
        """Return a piece packed."""
        return self._packer.compress(data) + self._packer.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        """Return what comes after the last piece."""
        return self._packer.flush()


class Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._packer = brotli.Compressor(quality=LEVEL)

    def piece(self, data: bytes) -> bytes:
        """Return a piece packed."""
        return bytes(self._packer.process(data) + self._packer.flush())

    def end(self) -> bytes:
        """Return what comes after the last piece."""
        return bytes(self._packer.finish())


class Gzip:
    """GZIP (RFC 1952)."""

    def __init__(self) -> None:
        self._packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)

    def piece(self, data: bytes) -> bytes:
        """Return a piece packed."""
        return self._packer.compress(data) + self._packer.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        """Return what comes after the last piece."""
        return self._packer.flush()


CODINGS: Mapping[str, Callable[[], Packer]] = {"zstd": Zstandard, "br": Brotli, "gzip": Gzip}
"""How answers can be packed, the quickest first."""


def etag(query: Query, state: str, file_format: Format) -> str:
    """Return what tells an answer from all others: it depends on the query, the state of the store and the format."""
    parts = (state, query.text, repr(query.dataset), file_format.media_type)
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()[:32]


def is_known(query: Query, state: str, if_none_match: str) -> bool:
    """Return whether a client has the answer already (RFC 9110, section 13.1.2); then nothing need be asked."""
    known = {tag.partition("-")[0] for tag in parse_etags(if_none_match).as_set()}
    formats = (file_format for file_format in (query.results, query.graph) if file_format)
    return any(etag(query, state, each) in known for each in formats)


def to_keep(query: Query, answer: Answer) -> list[tuple[str, str]]:
    """Return what a client is told of keeping an answer: it may, and asks each time whether it is still the same."""
    if not answer.is_lasting:
        return [("Cache-Control", "no-store")]
    return [("Cache-Control", "public, no-cache"), ("ETag", f'"{etag(query, answer.state, answer.format)}"')]


def packed(response: Response, request: Request) -> Response:
    """Return an answer as the client takes it: packed, where it says that it can unpack that."""
    headers = [(name, f"{value}, Accept-Encoding" if name == "Vary" else value) for name, value in response.headers]
    coding = coding_of(request.accept_encoding)
    if response.status != 200 or not coding:
        return response._replace(headers=headers)
    headers = [(name, f'{value[:-1]}-{coding}"' if name == "ETag" else value) for name, value in headers]
    response = response._replace(headers=[*headers, ("Content-Encoding", coding)])
    if request.method == "HEAD":
        # Without a body there is nothing to pack; a generator that never begins would not close the one that it packs.
        return response
    if response.whole is not None:
        return response._replace(whole=pack(response.whole, coding))
    return response._replace(pieces=_pack(response.pieces, CODINGS[coding]()))


def pack(body: bytes, coding: str) -> bytes:
    """Return a body packed."""
    packer = CODINGS[coding]()
    return packer.piece(body) + packer.end()


@lru_cache(maxsize=1000)
def coding_of(accept_encoding: str) -> str:
    """Return the coding that a client likes best (RFC 9110, section 12.5.3); none where it takes none of ours.

    >>> coding_of("gzip, br;q=0.5"), coding_of("zstd;q=0, *"), coding_of("identity")
    ('gzip', 'br', '')
    """
    liked = dict(parse_accept_header(accept_encoding[:COMMON]))
    best = max(CODINGS, key=lambda coding: liked.get(coding, liked.get("*", 0)))
    return best if liked.get(best, liked.get("*", 0)) > 0 else ""


async def _pack(pieces: AsyncGenerator[bytes, None], packer: Packer) -> AsyncGenerator[bytes, None]:
    """Pack an answer piece by piece, so that none waits for the next."""
    async with aclosing(pieces):
        async for piece in pieces:
            yield packer.piece(piece)
    yield packer.end()
