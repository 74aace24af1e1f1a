"""Which files are pages made with, and how are they sent?

Those that the query editor needs have an address with the version of all of them, and may be kept for ever: another
version has another address, and scripts find each other beside themselves.
"""

import hashlib
from collections.abc import Mapping
from functools import cache, lru_cache
from mimetypes import guess_type
from pathlib import Path

from flask import Response, request, send_from_directory

from toolbox_graph import browser_parts
from toolbox_graph.errors import NotFound
from toolbox_graph.web.caching import coding_of, pack
from toolbox_graph.web.messages import SAFETY
from toolbox_graph.web.pages import STATIC

SECONDS = 3600
"""How long browsers keep a file whose address says nothing of its version."""

FOR_EVER = "public, max-age=31536000, immutable"

PACKED = frozenset({".css", ".js", ".json"})
"""Files that are worth packing."""


@cache
def files() -> Mapping[str, Path]:
    """Return the files by name: ours, and the parts that others make, where they have been fetched."""
    parts = browser_parts.found()
    return {path.name: path for folder in (STATIC, parts) if folder for path in sorted(folder.iterdir())}


@cache
def has_editor() -> bool:
    """Return whether all is here that the query editor is made with."""
    return browser_parts.found() is not None


@cache
def version() -> str:
    """Return what changes whenever one of the files does."""
    sums = hashlib.sha256()
    for name, path in files().items():
        sums.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()[:12]


def static(name: str) -> Response:
    """Return a file that pages are made with."""
    return send_from_directory(STATIC, name, max_age=SECONDS)


def versioned(asked: str, name: str) -> Response:
    """Return a file by the version of all; one of another version is gone, and its newest is not kept in its place."""
    path = files().get(name)
    if path is None:
        raise NotFound("There is no such file.")
    coding = coding_of(request.headers.get("Accept-Encoding", "")) if path.suffix in PACKED else ""
    response = Response(_body(path, coding), mimetype=guess_type(name)[0], headers=[*SAFETY])
    response.headers["Cache-Control"] = FOR_EVER if asked == version() else "no-cache"
    response.vary.add("Accept-Encoding")
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


@lru_cache(maxsize=64)
def _body(path: Path, coding: str) -> bytes:
    body = path.read_bytes()
    return pack(body, coding) if coding else body
