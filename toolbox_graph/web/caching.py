"""What may a client keep of an answer, and how is it packed?"""

import hashlib
import zlib
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import lru_cache

from werkzeug.http import parse_accept_header, parse_etags

from toolbox_graph.negotiation import COMMON, Format
from toolbox_graph.query import Request
from toolbox_graph.store.cache import is_lasting
from toolbox_graph.store.engine import Query
from toolbox_graph.web.responses import Response

LEVEL = 4
"""How hard answers are packed: harder takes more time than it saves."""

GZIP = "gzip"


def etag(query: Query, state: str, file_format: Format) -> str:
    """Return what tells an answer from all others: it depends on the query, the state of the store and the format."""
    parts = (state, query.text, repr(query.dataset), file_format.media_type)
    return hashlib.sha256("\0".join(parts).encode(errors="surrogateescape")).hexdigest()[:32]


def is_known(query: Query, state: str, if_none_match: str) -> bool:
    """Return whether a client has the answer already (RFC 9110, section 13.1.2); then nothing need be asked."""
    if not if_none_match:
        return False
    known = {tag.removesuffix(f"-{GZIP}") for tag in parse_etags(if_none_match).as_set()}
    formats = (file_format for file_format in (query.results, query.graph) if file_format)
    return is_lasting(query.text) and any(etag(query, state, each) in known for each in formats)


def to_keep(query: Query, state: str, file_format: Format) -> list[tuple[str, str]]:
    """Return what a client is told of keeping an answer: it may, and asks each time whether it is still the same."""
    if not is_lasting(query.text):
        return [("Cache-Control", "no-store")]
    return [("Cache-Control", "public, no-cache"), ("ETag", f'"{etag(query, state, file_format)}"')]


def packed(response: Response, request: Request) -> Response:
    """Return an answer as the client takes it: packed, where it says that it can unpack that."""
    headers = [(name, f"{value}, Accept-Encoding" if name == "Vary" else value) for name, value in response.headers]
    if response.status != 200 or not _takes_gzip(request.accept_encoding):
        return response._replace(headers=headers)
    headers = [(name, f'{value[:-1]}-{GZIP}"' if name == "ETag" else value) for name, value in headers]
    # Without a body there is nothing to pack; a generator that never begins would not close the one that it packs.
    pieces = response.pieces if request.method == "HEAD" else _pack(response.pieces)
    return response._replace(headers=[*headers, ("Content-Encoding", GZIP)], pieces=pieces)


@lru_cache(maxsize=1000)
def _takes_gzip(accept_encoding: str) -> bool:
    codings = dict(parse_accept_header(accept_encoding[:COMMON]))
    return codings.get(GZIP, codings.get("*", 0)) > 0


async def _pack(pieces: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """Pack an answer piece by piece, so that none waits for the next."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    async with aclosing(pieces):
        async for piece in pieces:
            yield packer.compress(piece) + packer.flush(zlib.Z_SYNC_FLUSH)
    yield packer.flush()
