"""How is a table written for programs that know no RDF?

As JSON: a list with an object for each row, numbers and truth as such, things by their IRIs. As GeoJSON: a feature for
each row. Both are written from the engine's TSV line by line, so that a long answer is never held as a whole.
"""

import asyncio
import json
import re
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing
from typing import NamedTuple

from toolbox_graph import geojson
from toolbox_graph.namespaces import XSD
from toolbox_graph.negotiation import GEOJSON, JSON, TSV, Format
from toolbox_graph.store.engine import Answer, Engine, Query, at_once
from toolbox_graph.store.lexer import LONG
from toolbox_graph.store.quads import iri, value_of

NATIVE = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|true|false", re.ASCII)
"""A number or a truth as JSON has it (RFC 8259, sections 3 and 6)."""

NUMBERS = tuple(f'"^^<{XSD[name]}>' for name in ("decimal", "double", "float"))
"""How numbers end that the engine writes with their type."""

Row = Mapping[str, str]
"""The terms of a row by column, as TSV has them, empty for what is not bound."""


class Style(NamedTuple):
    """How rows are written, and what stands before the first, and behind the last."""

    before: str
    row: Callable[[Row], str]
    after: str


def plain(term: str) -> str:
    r"""Return a term as a value of JSON.

    >>> plain("12"), plain('"1000"^^<http://www.w3.org/2001/XMLSchema#double>'), plain('"oui"@fr'), plain("")
    ('12', '1000', '"oui"', 'null')
    """
    if not term:
        return "null"
    if term.startswith("<") and not term.startswith("<<"):
        return json.dumps(iri(term), ensure_ascii=False)
    if not term.startswith('"'):
        return term if NATIVE.fullmatch(term) else json.dumps(term)
    value = value_of(term)
    return value if term.endswith(NUMBERS) and NATIVE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def as_object(row: Row) -> str:
    """Return a row as an object of JSON."""
    members = (f"{json.dumps(name)}: {plain(term)}" for name, term in row.items())
    return f"{{{', '.join(members)}}}"


def as_feature(row: Row) -> str:
    """Return a row as a feature: where it is, and the rest as properties (RFC 7946, section 3.2)."""
    rest, position = geojson.located(row)
    return f'{{"type": "Feature", "geometry": {position}, "properties": {as_object(rest)}}}'


STYLES: Mapping[Format, Style] = {
    JSON: Style("[", as_object, "]"),
    GEOJSON: Style('{"type": "FeatureCollection", "features": [', as_feature, "]}"),
}


class PlainAnswers:
    """An engine that writes tables in plain formats too."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise the refusal where there is none."""
        wanted = query.results
        if wanted is None or wanted not in STYLES:
            return await self._engine.ask(query)
        answer = await self._engine.ask(query._replace(results=TSV))
        if answer.is_graph:
            return answer
        written = _Writer(STYLES[wanted])
        if answer.whole is None:
            return answer._replace(format=wanted, pieces=_pieces(answer, written))
        await answer.pieces.aclose()
        # Others go on meanwhile where it is long.
        is_long = len(answer.whole) > LONG
        whole = await asyncio.to_thread(written.all, answer.whole) if is_long else written.all(answer.whole)
        return answer._replace(format=wanted, whole=whole, pieces=at_once(whole))


async def _pieces(answer: Answer, written: "_Writer") -> AsyncGenerator[bytes, None]:
    async with aclosing(answer.pieces) as pieces:
        async for piece in pieces:
            yield await asyncio.to_thread(written.piece, piece)
    yield written.end()


class _Writer:
    """Writes an answer in TSV anew in a style, piece by piece."""

    def __init__(self, style: Style) -> None:
        self._style = style
        self._columns: Sequence[str] = ()
        self._begun = b""
        self._next = ""
        self._after = ""

    def all(self, body: bytes) -> bytes:
        """Return a whole answer."""
        return self.piece(body) + self.end()

    def piece(self, data: bytes) -> bytes:
        """Return what is written for a piece of the answer; what is no whole line yet waits for the rest."""
        *lines, self._begun = (self._begun + data).split(b"\n")
        return "".join(self._written(line.decode()) for line in lines).encode()

    def end(self) -> bytes:
        """Return what is written behind the last row; the answer to an ASK is one word without an end of line."""
        return (self._written(self._begun.decode()) if self._begun else "").encode() + self._after.encode()

    def _written(self, line: str) -> str:
        if self._after:
            row = self._style.row(dict(zip(self._columns, line.split("\t"), strict=True)))
            self._next, separator = ",\n", self._next
            return separator + row
        if not line.startswith("?"):
            return line
        self._columns = [name.removeprefix("?") for name in line.split("\t")]
        self._after = self._style.after
        return self._style.before


def formats(columns: Sequence[str]) -> Iterator[Format]:
    """Yield the plain formats in which a table with some columns can be had."""
    yield JSON
    if geojson.fits(columns):
        yield GEOJSON
