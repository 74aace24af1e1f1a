"""How is what we know laid out for a reader?

Everything here is made for one reader: in one language, with addresses relative to the page. Sources become numbered
notes, so that each statement can name all of its own and stay readable.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

import pyoxigraph as ox
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from babel.units import format_unit

from toolbox_graph.documents import in_reader_language, tag_of
from toolbox_graph.entities import Description, Fact, Link, Links, Part, Source, Value
from toolbox_graph.model import Model, Property, in_language
from toolbox_graph.namespaces import DCTERMS, RDF, SHAPES, TBG, XSD, short
from toolbox_graph.store.merge import Rank
from toolbox_graph.store.terms import DURATION

AT_THE_HEAD = {str(DCTERMS.description)}
"""What stands at the head of a page, and not among the facts."""

DURATION_PART = re.compile(r"(\d+)([YMD])")
DURATION_UNITS = {"Y": "duration-year", "M": "duration-month", "D": "duration-day"}


@dataclass(frozen=True)
class ValueView:
    """A value as a reader sees it: `address` where it leads, `language` unless the page's, `notes` who says so.

    One that is derived nobody states: it follows from what others state of other things.
    """

    text: str
    address: str
    language: str
    notes: tuple[int, ...]
    is_deprecated: bool
    is_derived: bool


@dataclass(frozen=True)
class FactView:
    """A property and its values; `also` is what somebody states and we do not show."""

    label: str
    values: tuple[ValueView, ...]
    also: tuple[ValueView, ...]


NO_FACT = FactView("", (), ())


@dataclass(frozen=True)
class GroupView:
    """Facts under one heading."""

    label: str
    facts: tuple[FactView, ...]


@dataclass(frozen=True)
class RowView:
    """A part of a thing: the fragment of its address, a fact for each column, and `notes` where all facts have them."""

    anchor: str
    cells: tuple[FactView, ...]
    notes: tuple[int, ...]


@dataclass(frozen=True)
class TableView:
    """The parts of a thing that belong to it in the same way: a row for each, a column for each property."""

    label: str
    columns: tuple[str, ...]
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class LinkView:
    """A thing that points to this one; `about` says in which role, if there is something to say."""

    text: str
    address: str
    about: str
    is_derived: bool


@dataclass(frozen=True)
class LinksView:
    """The things that point to this one in the same way: the first of so many."""

    label: str
    total: int
    links: tuple[LinkView, ...]


@dataclass(frozen=True)
class NoteView:
    """A source, with the number under which statements name it."""

    number: int
    text: str
    address: str
    date: str


class Layout:
    """Lays out what we know for one reader, and collects the notes that name the sources."""

    def __init__(self, model: Model, language: str, root: str) -> None:
        self.model = model
        self.language = language
        self.root = root
        self._notes: dict[str, NoteView] = {}

    @property
    def notes(self) -> tuple[NoteView, ...]:
        """The sources of all that was laid out so far."""
        return tuple(self._notes.values())

    def values(self, values: Iterable[Value]) -> tuple[ValueView, ...]:
        """Return values in the order in which they are read, texts in the reader's language only."""
        return tuple(map(self._value, in_reader_language(tuple(values), self.language)))

    def groups(self, description: Description) -> tuple[GroupView, ...]:
        """Return the facts of a thing under the headings of the ontology."""
        groups: defaultdict[str, list[FactView]] = defaultdict(list)
        for fact in description.facts:
            if fact.predicate.iri not in AT_THE_HEAD:
                groups[fact.predicate.group].append(self._fact(fact))
        return tuple(GroupView(self._label(group), tuple(facts)) for group, facts in groups.items())

    def tables(self, parts: Iterable[Part]) -> tuple[TableView, ...]:
        """Return the parts of a thing as tables, one for each way in which they belong to it."""
        groups: defaultdict[str, list[Part]] = defaultdict(list)
        for part in parts:
            groups[part.predicate.iri].append(part)
        return tuple(map(self._table, groups.values()))

    def links(self, links: Links) -> LinksView:
        """Return the things that point to this one in one way."""
        label = in_language(links.predicate.inverse_labels, self.language)
        return LinksView(label, links.total, tuple(map(self._link, links.first)))

    def name(self, iri: str) -> str:
        """Return how an IRI is written: ours by kind and key, Wikidata's by its number, others with their prefix."""
        named = short(iri).removeprefix(f"{self.model.base.iri}id/").removeprefix("wd:")
        return named if named == iri else named.rpartition("#")[2]

    def address(self, iri: str) -> str:
        """Return where an IRI leads from this page."""
        base = self.model.base.iri
        if iri.startswith(f"{base}id/"):
            return self.root + iri.removeprefix(f"{base}id/")
        for prefix, page in ((str(TBG), "ontology"), (str(SHAPES), "shapes"), (f"{base}history#", "history")):
            if iri.startswith(prefix):
                return f"{self.root}{page}#{iri.removeprefix(prefix)}"
        return iri if iri.startswith(("https:", "http:", "mailto:")) else ""

    def _label(self, iri: str) -> str:
        return in_language(self.model.labels(iri), self.language) if iri else ""

    def _fact(self, fact: Fact) -> FactView:
        shown = self._most_specific(fact) if fact.predicate.iri == str(RDF.type) else fact.shown
        return FactView(
            in_language(fact.predicate.labels, self.language),
            self.values(shown),
            tuple(map(self._value, fact.also_stated)),
        )

    def _most_specific(self, fact: Fact) -> tuple[Value, ...]:
        """Return the classes that no other one of the thing is a case of."""
        broader = {name for v in fact.shown for name in self.model.ancestors(v.term.value) if name != v.term.value}
        return tuple(value for value in fact.shown if value.term.value not in broader)

    def _table(self, parts: list[Part]) -> TableView:
        found = {fact.predicate.iri: fact.predicate for part in parts for fact in part.facts}
        # What kind of part these are stands above the table.
        found.pop(str(RDF.type), None)
        columns = sorted(found.values(), key=lambda entry: entry.place)
        return TableView(
            in_language(parts[0].predicate.inverse_labels, self.language),
            tuple(in_language(column.labels, self.language) for column in columns),
            tuple(self._row(part, columns) for part in parts),
        )

    def _row(self, part: Part, columns: Iterable[Property]) -> RowView:
        """Return a part as a row; what the same sources say of it, they say once."""
        facts = {fact.predicate.iri: self._fact(fact) for fact in part.facts}
        cells = tuple(facts.get(column.iri, NO_FACT) for column in columns)
        notes = {value.notes for cell in cells for value in (*cell.values, *cell.also)}
        if len(notes) == 1:
            return RowView(part.iri.partition("#")[2], tuple(map(_without_notes, cells)), notes.pop())
        return RowView(part.iri.partition("#")[2], cells, ())

    def _link(self, link: Link) -> LinkView:
        facts = [fact for fact in link.part.facts if fact.predicate.iri != str(RDF.type)] if link.part else []
        # The thing itself is named beside it.
        values = [[v for v in fact.shown if v.term.value.partition("#")[0] != link.iri] for fact in facts]
        about = "; ".join(value.text for shown in values for value in self.values(shown))
        return LinkView(in_language(link.labels, self.language), self.address(link.iri), about, link.is_derived)

    def _value(self, value: Value) -> ValueView:
        tag = tag_of(value.term)
        return ValueView(
            text=self._text(value),
            address=self.address(value.entry or value.term.value) if isinstance(value.term, ox.NamedNode) else "",
            language=tag if tag != self.language else "",
            notes=tuple(sorted({self._note(source) for source in value.stated.values()})),
            is_deprecated=value.rank is Rank.DEPRECATED,
            is_derived=value.is_derived,
        )

    def _text(self, value: Value) -> str:
        if isinstance(value.term, ox.Literal):
            return in_words(value.term, self.language)
        return self.name(value.term.value) if "" in value.labels else in_language(value.labels, self.language)

    def _note(self, source: Source) -> int:
        if source.iri not in self._notes:
            name = in_language(source.labels, self.language)
            number = len(self._notes) + 1
            self._notes[source.iri] = NoteView(number, name, self.address(source.iri), _day(source.date, self.language))
        return self._notes[source.iri].number


def _without_notes(fact: FactView) -> FactView:
    return replace(fact, values=tuple(replace(value, notes=()) for value in fact.values))


def in_words(literal: ox.Literal, language: str) -> str:
    """Return a literal as a reader of a language writes it.

    >>> in_words(ox.Literal("2016-12", datatype=ox.NamedNode(str(XSD.gYearMonth))), "fr")
    'décembre 2016'
    """
    write = WORDS.get(literal.datatype.value)
    try:
        return write(literal.value, language) if write else literal.value
    except ValueError:
        # Data may say what its datatype does not allow; then it is shown as it stands.
        return literal.value


def _day(text: str, language: str) -> str:
    return format_date(date.fromisoformat(text), "long", locale=language) if text else ""


def _month(text: str, language: str) -> str:
    return format_skeleton("yMMMM", date.fromisoformat(f"{text}-01"), locale=language)


def _answer(text: str, language: str) -> str:
    return YES_OR_NO[language][text in {"true", "1"}]


def _number(text: str, language: str) -> str:
    return format_decimal(int(text), locale=language)


def _duration(text: str, language: str) -> str:
    """Return a duration in words.

    >>> _duration("P1Y2M", "en")
    '1 year, 2 months'
    >>> _duration("PT30M", "en")
    'PT30M'
    """
    if not DURATION.fullmatch(text):
        return text
    parts = DURATION_PART.findall(text)
    return ", ".join(format_unit(int(number), DURATION_UNITS[unit], locale=language) for number, unit in parts)


YES_OR_NO = {"en": ("no", "yes"), "fr": ("non", "oui"), "es": ("no", "sí")}

WORDS: dict[str, Callable[[str, str], str]] = {
    str(XSD.boolean): _answer,
    str(XSD.date): _day,
    str(XSD.gYearMonth): _month,
    str(XSD.integer): _number,
    str(XSD.duration): _duration,
}
"""How values of some datatypes are written for people."""


def anchor(iri: str) -> str:
    """Return the fragment at which a page explains a term: our own terms have that fragment in their IRI.

    >>> anchor(str(TBG.Tool)), anchor("http://schema.org/Event")
    ('Tool', 'schema-Event')
    """
    return iri.removeprefix(str(TBG)) if iri.startswith(str(TBG)) else short(iri).replace(":", "-")
