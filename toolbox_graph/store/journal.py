"""Which changes were made, by whom, when and why, in which order?

The journal is one file in RDF Patch (afs.github.io/rdf-delta/rdf-patch.html): changesets one after the other, each a
header and a body of `D` and `A` rows. It is the truth of a data folder; the store, the index and the dumps are read
from it and can be made again. A changeset's place in it, its position, is the version of the data.

The checksums form a chain over the headers, and a header carries its body's digest: whoever knows the last id can
tell whether anything before it was altered. An append ends with one
fsync; a record that was cut off by a crash is recognised by its length and digest, and set aside at the next append.
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pyoxigraph as ox

from toolbox_graph.errors import NotFound, Unusable
from toolbox_graph.store.disk import sync, sync_path
from toolbox_graph.store.quads import Quad, parse_line, value_of

HEADER_ROW = re.compile(r"H (\w+) (.+) \.")
"""A header row of RDF Patch: `H reason "why" .`"""

NOTHING = "0" * 64
"""The id before the first."""


class Origin(NamedTuple):
    """Where a changeset comes from: what was done, when, by whom (an opaque id), why, and for which importer."""

    activity: str
    time: str
    agent: str
    reason: str
    importer: str = ""


class Header(NamedTuple):
    """What a changeset says about itself, and where in the file its header and its body begin."""

    position: int
    previous: str
    body: str
    length: int
    origin: Origin
    base: str = ""
    start: int = 0
    offset: int = 0

    @property
    def id(self) -> str:
        """The checksum of the header, which the next header repeats."""
        return _sha256(_header_rows(self))

    @property
    def end(self) -> int:
        """The offset at which the next record starts."""
        return self.offset + self.length


class Changeset(NamedTuple):
    """One change to the data: the statements it removed and those it added."""

    header: Header
    removed: Sequence[Quad]
    added: Sequence[Quad]


class Draft(NamedTuple):
    """A changeset that has no position yet."""

    origin: Origin
    removed: Sequence[Quad]
    added: Sequence[Quad]


class Journal:
    """The changesets of one data folder, in order."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, base: str, origin: Origin) -> "Journal":
        """Begin a journal with a record that fixes the base of all names."""
        draft = path.with_name(f"{path.name}.new")
        with draft.open("wb") as file:
            _append(file, Header(0, NOTHING, "", 0, origin, base), [])
            file.flush()
            sync(file.fileno())
        # A link fails where there is a journal already, and is there whole or not at all.
        os.link(draft, path)
        draft.unlink()
        sync_path(path.parent)
        return cls(path)

    @property
    def base(self) -> str:
        """The base of all names, from the first record."""
        first = next(self.headers(), None)
        if first is None:
            raise _damage(0)
        return first.base

    def headers(self, *, offset: int = 0) -> Iterator[Header]:
        """Yield the headers of all whole records, from the one that starts at an offset."""
        with self.path.open("rb") as file:
            yield from _whole_headers(file, offset)

    def read(self, header: Header) -> Changeset:
        """Return a changeset with its statements."""
        with self.path.open("rb") as file:
            body = _body(file, header)
        if _sha256([body]) != header.body:
            raise _damage(header.start)
        # Only this character ends a row: texts may hold others that Python takes for ends of lines.
        rows = body.decode().split("\n")
        removed = [parse_line(row[2:]) for row in rows if row.startswith("D ")]
        added = [parse_line(row[2:]) for row in rows if row.startswith("A ")]
        return Changeset(header, removed, added)

    def get(self, position: int) -> Changeset:
        """Return the changeset at a position."""
        for header in self.headers():
            if header.position == position:
                return self.read(header)
        raise NotFound(f"There is no changeset {position}; `toolbox-graph history` lists them.")

    def append(self, drafts: Sequence[Draft], *, after: Header) -> list[Header]:
        """Write changesets after the last whole record and return their headers once they are on the disk."""
        with self.path.open("r+b") as file:
            self._set_aside(file, after)
            file.truncate(after.end)
            file.seek(after.end)
            headers = []
            for draft in drafts:
                after = _write(file, draft, after)
                headers.append(after)
            file.flush()
            sync(file.fileno())
        return headers

    def _set_aside(self, file: BinaryIO, after: Header) -> None:
        """Keep what stands after the last whole record: what a crash left is no loss, what was altered may be one."""
        file.seek(after.end)
        if rest := file.read():
            kept = self.path.with_name(f"{self.path.name}.cut-{after.position + 1}")
            kept.write_bytes(rest)
            sync_path(kept)

    def last(self, *, offset: int = 0) -> Header:
        """Return the header of the last whole record, looking from the start of a record that once was whole."""
        last = None
        for last in self.headers(offset=offset):  # noqa: B007
            pass
        if last is None:
            raise _damage(offset)
        return last

    def verify(self) -> int:
        """Return how many records the chain holds; raise where one does not fit its digest or the one before it."""
        previous = NOTHING
        count = 0
        with self.path.open("rb") as file:
            for count, header in enumerate(_whole_headers(file, 0), 1):  # noqa: B007
                if header.previous != previous or _sha256([_body(file, header)]) != header.body:
                    raise Unusable(f"The journal was altered at position {header.position}; restore it from a copy.")
                previous = header.id
        return count

    def rest(self) -> int:
        """Return how many bytes stand after the last whole record; the next change sets them aside."""
        return self.path.stat().st_size - self.last().end


def _write(file: BinaryIO, draft: Draft, after: Header) -> Header:
    return _append(
        file,
        Header(after.position + 1, after.id, "", 0, draft.origin),
        [*(f"D {quad}\n".encode() for quad in draft.removed), *(f"A {quad}\n".encode() for quad in draft.added)],
    )


def _append(file: BinaryIO, header: Header, rows: Iterable[bytes]) -> Header:
    """Write one record at the end of the file; the digest precedes the body, so the rows are gone through twice."""
    body = [b"TX .\n", *rows, b"TC .\n"]
    header = header._replace(body=_sha256(body), length=sum(map(len, body)), start=file.tell())
    file.writelines(_header_rows(header))
    file.writelines([f"H id <urn:sha256:{header.id}> .\n".encode()])
    offset = file.tell()
    file.writelines(body)
    return header._replace(offset=offset)


def _header_rows(header: Header) -> list[bytes]:
    values = {
        "position": ox.Literal(str(header.position)),
        "previous": ox.NamedNode(f"urn:sha256:{header.previous}"),
        "body": ox.NamedNode(f"urn:sha256:{header.body}"),
        "length": ox.Literal(str(header.length)),
        **{name: ox.Literal(value) for name, value in header.origin._asdict().items()},
    }
    if header.base:
        values["base"] = ox.NamedNode(header.base)
    return [f"H {name} {value} .\n".encode() for name, value in values.items()]


def _whole_headers(file: BinaryIO, offset: int) -> Iterator[Header]:
    """Yield headers until the file, or what was written whole of it, ends.

    Only the last record can be half-written: anything wrong before it is damage, and must not be cut off as a crash's
    rest.
    """
    size = file.seek(0, os.SEEK_END)
    while offset < size:
        header = _read_header(file, offset)
        if header is None or header.end > size:
            return
        if header.end == size and _sha256([_body(file, header)]) != header.body:
            return
        yield header
        offset = header.end


def _read_header(file: BinaryIO, offset: int) -> Header | None:
    """Return the header that starts at an offset, None where the file ends before it does; its last row is the id."""
    file.seek(offset)
    values: dict[str, str] = {}
    while "id" not in values:
        line = file.readline()
        if not line.endswith(b"\n"):
            return None
        row = HEADER_ROW.fullmatch(line.decode(errors="replace").rstrip("\n"))
        if row is None:
            raise _damage(offset)
        try:
            values[row[1]] = value_of(row[2])
        except SyntaxError:
            raise _damage(offset) from None
    header = _header_of(values, start=offset, offset=file.tell())
    if header is None or values["id"] != f"urn:sha256:{header.id}":
        raise _damage(offset)
    return header


def _header_of(values: dict[str, str], *, start: int, offset: int) -> Header | None:
    try:
        return Header(
            position=int(values["position"]),
            previous=values["previous"].removeprefix("urn:sha256:"),
            body=values["body"].removeprefix("urn:sha256:"),
            length=int(values["length"]),
            origin=Origin(*(values[name] for name in Origin._fields)),
            base=values.get("base", ""),
            start=start,
            offset=offset,
        )
    except (KeyError, ValueError):
        return None


def _damage(offset: int) -> Unusable:
    return Unusable(f"The journal is damaged at byte {offset}; restore it from a copy.")


def _body(file: BinaryIO, header: Header) -> bytes:
    file.seek(header.offset)
    return file.read(header.length)


def _sha256(parts: Iterable[bytes]) -> str:
    sums = hashlib.sha256()
    for part in parts:
        sums.update(part)
    return sums.hexdigest()
