"""Which statements does a row make?

A row is what its sources say, and a thing that several sources describe has several rows. What a cell points to is
named by its key, or by its name; whatever points to nothing is told at its row and column, and nothing is read.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from rdflib import XSD, Literal, URIRef
from rdflib.term import Node

from toolbox_graph.errors import NotFound, Unreadable
from toolbox_graph.namespaces import KEY, Base
from toolbox_graph.sheets.metadata import Column, Sheet, expand
from toolbox_graph.sheets.rows import Problem, Row, read_rows
from toolbox_graph.store.terms import DURATION, NEVER_IN_ADDRESSES, NEVER_IN_TEXTS

VARIABLE = re.compile(r"\{\+?(\w+)\}")
"""A variable of a URI template (RFC 6570), such as `{key}`."""

PARTIAL_DATE = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?")
"""A date of which the day, or the day and the month, may be unknown."""


class Statement(NamedTuple):
    """One statement, the key of the source that makes it, and the place where it stands."""

    subject: URIRef
    predicate: URIRef
    value: Node
    source: str
    place: str


class NotUnderstood(ValueError):
    """A cell does not say what its column asks for; the text says what it should say."""


class Reading:
    """A reading of sheets that may point to each other; `exists` says whether a thing is known from elsewhere."""

    def __init__(self, sheets: Mapping[str, Sheet], base: Base, exists: Callable[[str], bool]) -> None:
        self.sheets = sheets
        self.base = base
        self.exists = exists
        self.problems: list[Problem] = []
        self._rows: dict[tuple[str, str], str] = {}
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        self._named: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def read(self, paths: Iterable[Path]) -> list[Statement]:
        """Return what some sheets say; raise Unreadable with all that is wrong in them."""
        rows = [row for path in paths for row in read_rows(path, self._sheet(path), self.problems)]
        for row in rows:
            self._learn(row)
        statements = [statement for row in rows for statement in self._statements(row)]
        if self.problems:
            what = "is one mistake" if len(self.problems) == 1 else f"are {len(self.problems)} mistakes"
            raise Unreadable(f"Nothing was read: there {what} in the sheets.", problems=list(map(str, self.problems)))
        return statements

    def _sheet(self, path: Path) -> Sheet:
        if path.stem not in self.sheets:
            names = ", ".join(f"{name}.csv" for name in self.sheets)
            raise NotFound(f"{path.name} is not the name of a sheet; name it one of {names}.")
        return self.sheets[path.stem]

    def _learn(self, row: Row) -> None:
        """Remember which thing a row is about and what it is called, so that others can point to it."""
        if not KEY.fullmatch(row.text("key")):
            self._complain(row.place, f"{row.text('key')!r} is no key; use small letters, digits and hyphens.")
        about, source = fill(row.sheet.about, row), row.text("source")
        if first := self._rows.get((about, source)):
            self._complain(
                row.place, f"{row.text('key')} from {source} stands already in {first}; make one row of both."
            )
        self._rows[about, source] = row.place
        kind, _, key = about.removeprefix("id/").partition("/")
        if "#" not in key:
            self._keys[kind].add(key)
            self._named[kind, row.text("name").casefold()].add(key)

    def _statements(self, row: Row) -> Iterator[Statement]:
        subject = URIRef(self.base.iri + fill(row.sheet.about, row))
        sources = [column for column in row.values if column.name == "source"]
        for place, predicate, value in self._facts(row):
            for column in sources:
                for source in row.values[column]:
                    yield Statement(subject, predicate, value, source, place)

    def _facts(self, row: Row) -> Iterator[tuple[str, URIRef, Node]]:
        for column in row.sheet.columns:
            place = row.place_of(column)
            for text in [""] if column.virtual else row.values.get(column, []):
                try:
                    value = self._value(text, column, row)
                except NotUnderstood as problem:
                    self._complain(place, str(problem))
                    continue
                if column.predicate:
                    yield place, URIRef(column.predicate), value

    def _value(self, text: str, column: Column, row: Row) -> Node:
        if column.template:
            return self._point(text, column, row)
        match column.datatype:
            case "integer":
                return Literal(_integer(text))
            case "tbg:partialDate":
                return _partial_date(text)
            case "duration":
                return _duration(text)
        if NEVER_IN_TEXTS.search(text):
            raise NotUnderstood(f"{text!r} holds a control character; take it out.")
        return Literal(text, lang=column.language)

    def _point(self, text: str, column: Column, row: Row) -> URIRef:
        """Return what a cell points to: a thing, a term of a vocabulary, or an address."""
        target = fill(column.template, row, **{column.name: text})
        if target.startswith("id/"):
            kind, _, key = target.removeprefix("id/").partition("/")
            return URIRef(self.base.thing(kind, self._key(kind, key)))
        address = expand(target)
        if target == text and urlsplit(address).scheme not in {"http", "https"}:
            raise NotUnderstood(f"{text!r} is no web address; write it whole, with https://.")
        if NEVER_IN_ADDRESSES.search(address):
            raise NotUnderstood(f"{text!r} cannot be part of an address; leave out spaces, quotes and brackets.")
        return URIRef(address)

    def _key(self, kind: str, text: str) -> str:
        """Return the key of the thing of a kind that a cell names by its key or its name."""
        thing, _, part = text.partition("#")
        found = {thing} & self._keys[kind] or self._named.get((kind, thing.casefold()), set())
        if not found and KEY.fullmatch(thing) and self.exists(self.base.thing(kind, thing)):
            found = {thing}
        if len(found) > 1:
            raise NotUnderstood(f"several are called {thing!r}; write the key: {', '.join(sorted(found))}.")
        if not found:
            raise NotUnderstood(f"there is no {kind} {thing!r}; {self._hint(kind, thing)}")
        [key] = found
        return f"{key}#{part}" if part else key

    def _hint(self, kind: str, text: str) -> str:
        names = {name: keys for (named_kind, name), keys in self._named.items() if named_kind == kind and name}
        near = get_close_matches(text.casefold(), {key: {key} for key in self._keys[kind]} | names, n=1)
        if not near:
            return "is its row missing?"
        return f"did you mean {min(names.get(near[0], near))}?"

    def _complain(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))


def fill(template: str, row: Row, **values: str) -> str:
    """Return a URI template with the values of a row, or with others that are given."""
    return VARIABLE.sub(lambda variable: values.get(variable[1]) or row.text(variable[1]), template)


def _integer(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise NotUnderstood(f"{text!r} is no number; write digits only, such as 1230.")
    return int(text)


def _partial_date(text: str) -> Literal:
    """Return a date as precise as it is known.

    >>> _partial_date("2016-12").n3()
    '"2016-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    parts = PARTIAL_DATE.fullmatch(text)
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        parts = None
    if parts is None:
        raise NotUnderstood(f"{text!r} is no date; write 2016, 2016-12 or 2016-12-07.")
    return Literal(text, datatype=XSD.date if parts[3] else XSD.gYearMonth if parts[2] else XSD.gYear, normalize=False)


def _duration(text: str) -> Literal:
    if not DURATION.fullmatch(text):
        raise NotUnderstood(f"{text!r} is no duration; write P3D for three days, P1Y for a year.")
    return Literal(text, datatype=XSD.duration, normalize=False)
