"""Which statements does a row make?

A row is what its sources say, and a thing that several sources describe has several rows. What cannot be understood is
told at its row and column. Read strictly, one such cell and nothing is read; otherwise the rest of the sheet is taken,
and what is left out becomes a question.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from rdflib import URIRef
from rdflib.term import Node

from toolbox_graph.errors import NotFound, Unreadable
from toolbox_graph.model import Model
from toolbox_graph.namespaces import KEY, LICENCES
from toolbox_graph.sheets.cells import NotUnderstood, check, literal, quoted, web_address
from toolbox_graph.sheets.known import Known
from toolbox_graph.sheets.metadata import Column, Sheet, expand
from toolbox_graph.sheets.references import References
from toolbox_graph.sheets.rows import Problem, Row, read_rows
from toolbox_graph.store.terms import NEVER_IN_ADDRESSES

VARIABLE = re.compile(r"\{\+?(\w+)\}")
"""A variable of a URI template (RFC 6570), such as `{key}`."""

TERM = re.compile(r"(tbg:[\w-]+)\{\w+\}")
"""A template for the terms of a list, such as `tbg:status-{status}`."""


class Statement(NamedTuple):
    """One statement, the key of the source that makes it, and the place where it stands."""

    subject: URIRef
    predicate: URIRef
    value: Node
    source: str
    place: str


class Reading:
    """A reading of sheets that may point to each other, and to what is known from elsewhere.

    `strict`: whether one cell that is not understood stops all.
    `joins`: whether what several rows of one thing and source say is put together; else all but the first are refused.
    """

    def __init__(
        self, sheets: Mapping[str, Sheet], model: Model, known: Known, *, strict: bool = True, joins: bool = False
    ) -> None:
        self.sheets = sheets
        self.model = model
        self.strict = strict
        self.joins = joins
        self.problems: list[Problem] = []
        self.references = References(model, known)
        self._rows: dict[tuple[str, str, str], str] = {}

    def read(self, paths: Iterable[Path]) -> list[Statement]:
        """Return what some sheets say; raise Unreadable with all that is wrong in them."""
        return self.take(row for path in paths for row in read_rows(path, self._sheet(path), self.problems))

    def take(self, rows: Iterable[Row]) -> list[Statement]:
        """Return what some rows say, likewise."""
        learnt = [row for row in rows if self._learn(row)]
        statements = [statement for row in learnt for statement in self._statements(row)]
        if any(self.strict or problem.stops for problem in self.problems):
            what = "is one mistake" if len(self.problems) == 1 else f"are {len(self.problems)} mistakes"
            raise Unreadable(f"Nothing was read: there {what} in the sheets.", problems=list(map(str, self.problems)))
        return statements

    def _sheet(self, path: Path) -> Sheet:
        if path.stem not in self.sheets:
            names = ", ".join(f"{name}.csv" for name in self.sheets)
            raise NotFound(f"{path.name} is not the name of a sheet; name it one of {names}.")
        return self.sheets[path.stem]

    def _learn(self, row: Row) -> bool:
        """Remember which thing a row is about, so that others can point to it; say whether the row can be used."""
        if not KEY.fullmatch(row.text("key")):
            self._complain(
                f"{row.place}, column Key",
                f"{quoted(row.text('key'))} is no key; use small letters, digits and hyphens.",
            )
            return False
        about, source = fill(row.sheet.about, row), row.text("source")
        first = self._rows.get((row.sheet.name, about, source))
        if first and not self.joins:
            self._complain(
                row.place, f"{row.text('key')} from {source} stands already in {first}; make one row of both."
            )
            return False
        self._rows[row.sheet.name, about, source] = row.place
        kind, _, key = about.removeprefix("id/").partition("/")
        if "#" not in key:
            self.references.learn(kind, key, filter(None, [row.text("name")]))
            self.references.learn_licence(row.text("spdx"))
        return True

    def _statements(self, row: Row) -> Iterator[Statement]:
        named = (source for column in row.values if column.name == "source" for source in row.values[column])
        sources = [source for source in named if self.references.knows("source", source)]
        for place, subject, predicate, value in self._facts(row):
            for source in sources:
                yield Statement(subject, predicate, value, source, place)

    def _facts(self, row: Row) -> Iterator[tuple[str, URIRef, URIRef, Node]]:
        about = URIRef(self.model.base.iri + fill(row.sheet.about, row))
        for column in row.sheet.columns:
            place = row.place_of(column)
            for text in [""] if column.virtual else row.values.get(column, []):
                try:
                    check(text)
                    subject = self._point(column.about, text, column, row) if column.about else about
                    value = self._value(text, column, row)
                except NotUnderstood as problem:
                    self._complain(place, str(problem))
                    continue
                if column.predicate:
                    yield place, subject, URIRef(column.predicate), value

    def _value(self, text: str, column: Column, row: Row) -> Node:
        if column.template:
            return self._point(column.template, text, column, row)
        return literal(text, column.datatype, column.language)

    def _point(self, template: str, text: str, column: Column, row: Row) -> URIRef:
        """Return what a template makes of a cell: a thing, a term of a list, or an address."""
        if term := TERM.fullmatch(template):
            return self.references.term(term[1], text)
        target = fill(template, row, **{column.name: text})
        if target.startswith("id/"):
            kind, _, key = target.removeprefix("id/").partition("/")
            return self.references.thing(kind, key)
        if template.startswith(str(LICENCES)) and not column.virtual:
            return self.references.licence(text)
        address = expand(target)
        if target == text:
            web_address(address)
        if NEVER_IN_ADDRESSES.search(address):
            raise NotUnderstood(f"{quoted(text)} cannot be part of an address; leave out spaces, quotes and brackets.")
        return URIRef(address)

    def _complain(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))


def fill(template: str, row: Row, **values: str) -> str:
    """Return a URI template with the values of a row, or with others that are given."""
    return VARIABLE.sub(lambda variable: values.get(variable[1]) or row.text(variable[1]), template)
