"""What may a client keep of an answer, and how is it packed?"""

import hashlib
import zlib
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from functools import lru_cache
from typing import Protocol

import brotli
import zstandard
from werkzeug.http import parse_accept_header, parse_etags

from toolbox_graph.negotiation import COMMON, GRAPHS, Format
from toolbox_graph.query import Request
from toolbox_graph.store.engine import Answer, Query, at_once
from toolbox_graph.web.responses import Response, done

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


CONDITIONAL = frozenset({"GET", "HEAD", "QUERY"})
"""The methods by which one can ask for what has changed; by POST one gets an answer in any case."""

MAY_BE_KEPT = ("Cache-Control", "public, no-cache")
"""What is told of an answer that may be kept: one asks each time whether it is still the same."""


def etag(query: Query, state: str, file_format: Format) -> str:
    """Return what tells an answer from all others: it depends on the query, the state of the store and the format."""
    parts = (state, query.text, repr(query.dataset), file_format.media_type)
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()[:32]


def known(query: Query, state: str, request: Request) -> str:
    """Return the tag of the answer that a client has already, in the coding that it would get; "" if it has none.

    Then nothing need be asked. A proxy that packs an answer makes its tag a weak one, which is as good here
    (RFC 9110, section 13.1.2).
    """
    if not request.if_none_match or request.method not in CONDITIONAL or has_any(request):
        return ""
    owned, coding = parse_etags(request.if_none_match), coding_of(request.accept_encoding)
    tags = (etag(query, state, each) for each in (query.results, query.graph) if each)
    return next((tag for tag in tags if owned.contains_weak(_in_coding(tag, coding))), "")


def has_any(request: Request) -> bool:
    """Return whether a client wants an answer only if there is none (RFC 9110, section 13.1.2)."""
    return request.method in CONDITIONAL and request.if_none_match.strip() == "*"


def unchanged(tag: str) -> Response:
    """Return what a client is told that has the answer: all that is told of keeping it (RFC 9110, section 15.4.5)."""
    headers = [("ETag", f'"{tag}"'), MAY_BE_KEPT, ("Vary", "Accept")]
    return done(304)._replace(headers=[*headers, *done(304).headers])


async def withheld(response: Response) -> Response:
    """Return an answer without what it says, for who wants it only if there is none."""
    await response.pieces.aclose()
    told = [header for header in response.headers if header[0] != "Content-Type"]
    return response._replace(status=304, headers=told, pieces=at_once(b""), whole=b"")


def tags_of(query: Query, state: str) -> Iterator[str]:
    """Yield the tags of an answer that is a graph, in all formats and codings."""
    for file_format in GRAPHS:
        for coding in ("", *CODINGS):
            yield _in_coding(etag(query, state, file_format), coding)


def to_keep(query: Query, answer: Answer) -> list[tuple[str, str]]:
    """Return what a client is told of keeping an answer: it may, and asks each time whether it is still the same."""
    if not answer.is_lasting:
        return [("Cache-Control", "no-store")]
    return [MAY_BE_KEPT, ("ETag", f'"{etag(query, answer.state, answer.format)}"')]


def packed(response: Response, request: Request) -> Response:
    """Return an answer as the client takes it: packed, where it says that it can unpack that."""
    headers = [(name, f"{value}, Accept-Encoding" if name == "Vary" else value) for name, value in response.headers]
    coding = coding_of(request.accept_encoding)
    if response.status not in {200, 304} or not coding:
        return response._replace(headers=headers)
    headers = [(name, f'"{_in_coding(value[1:-1], coding)}"' if name == "ETag" else value) for name, value in headers]
    if response.status == 304:
        return response._replace(headers=headers)
    response = response._replace(headers=[*headers, ("Content-Encoding", coding)])
    if request.method == "HEAD":
        # Without a body there is nothing to pack; a generator that never begins would not close the one that it packs.
        return response
    if response.whole is not None:
        return response._replace(whole=pack(response.whole, coding))
    return response._replace(pieces=_pack(response.pieces, CODINGS[coding]()))


def _in_coding(tag: str, coding: str) -> str:
    return f"{tag}-{coding}" if coding else tag


def pack(body: bytes, coding: str) -> bytes:
    """Return a body packed."""
    packer = CODINGS[coding]()
    return packer.piece(body) + packer.end()


def coding_of(accept_encoding: str) -> str:
    """Return the coding that a client likes best (RFC 9110, section 12.5.3); none where it takes none of ours.

    >>> coding_of("gzip, br;q=0.5"), coding_of("zstd;q=0, *"), coding_of("identity, GZIP;q=0.5")
    ('gzip', 'br', '')
    """
    return _coding(accept_encoding[:COMMON].lower())


@lru_cache(maxsize=1000)
def _coding(accept_encoding: str) -> str:
    liked = dict(parse_accept_header(accept_encoding))
    best = max(CODINGS, key=lambda coding: liked.get(coding, liked.get("*", 0)))
    weight = liked.get(best, liked.get("*", 0))
    return best if weight > 0 and weight >= liked.get("identity", 0) else ""


async def _pack(pieces: AsyncGenerator[bytes, None], packer: Packer) -> AsyncGenerator[bytes, None]:
    """Pack an answer piece by piece, so that none waits for the next."""
    async with aclosing(pieces):
        async for piece in pieces:
            yield packer.piece(piece)
    yield packer.end()
