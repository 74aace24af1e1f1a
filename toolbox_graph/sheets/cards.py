"""What does a card of the first toolbox say, in the rows of our sheets?

A card is what one row of its spreadsheet, or one entry of its bundles, says of one thing. Cards of one kind and name
are one thing, so that a tool may be both software and a service; an organization and its product stay two. A suffix
such as `[software]` tells a tool from its namesake. The key of a thing begins with the name of what it was read from,
unless it is certainly a thing that the catalogue has already.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from toolbox_graph.namespaces import FOAF, KEY, LICENCES, OWL, RDFS, SCHEMA, slug
from toolbox_graph.sheets import wording
from toolbox_graph.sheets.cells import NotUnderstood, quoted
from toolbox_graph.sheets.metadata import Column, Sheet
from toolbox_graph.sheets.references import References
from toolbox_graph.sheets.rows import Problem, Row
from toolbox_graph.sheets.wording import bare, folded
from toolbox_graph.store.terms import NEVER_IN_TEXTS

USERS = (("used_by", "organization"), ("carries", "tool"), ("used_in", "use-case"))
"""The columns for what uses a tool, by the kind of the user."""


SORTS = (("kind", "tbg:organization-kind-"), ("type", "tbg:sector-"))
"""The columns for what sort of organization one is, and the terms of each."""


class Cell(NamedTuple):
    """A text under a header, and its language where it is known."""

    header: str
    text: str
    language: str = ""


class Card(NamedTuple):
    """What one row or entry says: the sheet it belongs to, the name of its thing as it is written, and its cells."""

    sheet: str
    name: str
    place: str
    cells: Sequence[Cell]


class Placed(NamedTuple):
    """A text, and where it stands."""

    place: str
    text: str


class Thing(NamedTuple):
    """What cards are of: a kind, and a name in small letters with its suffix."""

    kind: str
    name: str


class Deck:
    """Cards that are read together, and may name each other."""

    def __init__(self, cards: Sequence[Card], sheets: Mapping[str, Sheet], references: References, source: str) -> None:
        self.cards = cards
        self.sheets = sheets
        self.references = references
        self.source = source
        self.problems: list[Problem] = []
        self._unknown: defaultdict[tuple[str, str], list[Placed]] = defaultdict(list)
        self._cards_of: defaultdict[Thing, list[Card]] = defaultdict(list)
        for card in cards:
            self._cards_of[self._thing(card)].append(card)
        self._namesakes = Counter((kind, folded(bare(name))) for kind, name in self._cards_of)
        self.keys = self._keys()
        for thing, key in self.keys.items():
            references.learn(thing.kind, key, {thing.name, folded(bare(thing.name))})
        references.learn("source", source, ())

    def rows(self) -> Iterator[Row]:
        """Yield what the cards say, as rows; what cannot be is added to the problems."""
        for card in self.cards:
            yield self._row(card)
        for (sheet, header), texts in self._unknown.items():
            title = f"a column {quoted(header)}" if header else "a column without a title"
            others = "" if len(texts) == 1 else f" and {len(texts) - 1:,} more"
            self._complain(texts[0].place, f"{sheet} has no place for {title}: {quoted(texts[0].text)}{others}.")

    def things(self) -> Iterator[tuple[str, str, str]]:
        """Yield the things that the cards are of: kind, key, and what the first of their cards calls them."""
        for thing, cards in self._cards_of.items():
            if KEY.fullmatch(self.keys[thing]) and not NEVER_IN_TEXTS.search(cards[0].name):
                yield thing.kind, self.keys[thing], cards[0].name

    def _thing(self, card: Card) -> Thing:
        return Thing(_kind(self.sheets[card.sheet]), folded(card.name))

    def _keys(self) -> dict[Thing, str]:
        """Return the key of each thing: that which a card gives, that of the catalogue, or a new one."""
        keys: dict[Thing, str] = {}
        taken: set[tuple[str, str]] = set()
        for thing, cards in self._cards_of.items():
            given = next((cell.text for card in cards for cell in card.cells if folded(cell.header) == "key"), "")
            keys[thing] = given or self._new_key(thing, taken)
            if not given and (known := self._in_catalogue(thing, cards, keys[thing])):
                keys[thing] = known
            taken.add((thing.kind, keys[thing]))
        return keys

    def _new_key(self, thing: Thing, taken: Container[tuple[str, str]]) -> str:
        mark = hashlib.sha256(thing.name.encode(errors="replace")).hexdigest()[:8]
        key = f"{self.source}-{slug(thing.name) or mark}"
        return f"{key}-{mark}" if (thing.kind, key) in taken else key

    def _in_catalogue(self, thing: Thing, cards: Sequence[Card], own: str) -> str:
        """Return the key of the thing of the catalogue that has the same name, and the same address or item."""
        name = bare(cards[0].name)
        for key in sorted(self.references.known.named(thing.kind, name) - {own}):
            if self._evidence(cards) & self._known_evidence(thing.kind, key):
                return key
            self._complain(
                cards[0].place, f"is {quoted(name)} the same as {thing.kind}/{key}? They share no address; both stand."
            )
        return ""

    def _evidence(self, cards: Iterable[Card]) -> set[str]:
        columns = [
            (self.sheets[card.sheet].find_column(cell.header), cell.text) for card in cards for cell in card.cells
        ]
        return {
            wording.item(text) if column.name == "wikidata" else wording.address(text)
            for column, text in columns
            if column and column.name in {"website", "wikidata", "repository"}
        }

    def _known_evidence(self, kind: str, key: str) -> set[str]:
        known, iri = self.references.known, self.references.model.base.thing(kind, key)
        items = {value.rpartition("/")[2] for value in known.values(iri, str(OWL.sameAs))}
        addresses = (value for name in (FOAF.homepage, SCHEMA.codeRepository) for value in known.values(iri, str(name)))
        return items | set(map(wording.address, addresses))

    def _row(self, card: Card) -> Row:
        row = Row(self.sheets[card.sheet], card.place, {}, {})
        _put(row, "key", self.keys[self._thing(card)])
        for cell in card.cells:
            self._take(row, card, cell)
        if not row.text("source"):
            _put(row, "source", self.source)
        return row

    def _take(self, row: Row, card: Card, cell: Cell) -> None:
        column = row.sheet.find_column(cell.header)
        if column is None:
            self._unknown[card.sheet, cell.header].append(Placed(card.place, cell.text))
            return
        try:
            column = _in_language(row.sheet, column, cell.language)
            for name, text in self._said(row.sheet, column, cell):
                _put(row, name, text, cell.header)
        except NotUnderstood as problem:
            self._complain(f"{card.place}, column {cell.header}", str(problem))

    def _said(self, sheet: Sheet, column: Column, cell: Cell) -> Iterator[tuple[str, str]]:
        """Yield what a cell says, by the columns of our sheets that have a place for it."""
        if column.predicate == str(RDFS.label):
            yield column.name, self._label(sheet, cell.text)
        elif column.name in self._readers:
            yield from self._readers[column.name](sheet, cell.text)
        elif column.datatype == "tbg:partialDate":
            yield column.name, wording.date(cell.text)
        elif column.template.startswith("id/"):
            yield column.name, self._written(column.template.split("/")[1], cell.text, cell.header)
        else:
            yield column.name, wording.READERS.get(column.name, str)(cell.text)

    @cached_property
    def _readers(self) -> Mapping[str, Callable[[Sheet, str], Iterator[tuple[str, str]]]]:
        """How cells are read of which it depends on others what they say."""
        return {
            "key": lambda _sheet, _text: iter(()),
            "location": self._location,
            "used_by": self._user,
            "type": self._sort_of_organization,
            "licence": self._licence,
            "user_size": self._user_size,
            "logo": lambda _sheet, text: self._image("logo", text),
            "screenshot": lambda _sheet, text: self._image("screenshot", text),
        }

    def _label(self, sheet: Sheet, name: str) -> str:
        """Return what a thing is called: its name without the suffix, where nothing else of its kind is called so."""
        return bare(name) if self._namesakes[_kind(sheet), folded(bare(name))] <= 1 else name

    def _location(self, _sheet: Sheet, text: str) -> Iterator[tuple[str, str]]:
        """Yield the countries among the parts of a place, and the rest of it."""
        parts = [part.strip() for part in text.split(",") if part.strip(" -")]
        countries = [part for part in parts if self._knows("country", part)]
        yield from (("country", part) for part in countries)
        if rest := ", ".join(part for part in parts if part not in countries):
            yield "location", rest

    def _user(self, _sheet: Sheet, text: str) -> Iterator[tuple[str, str]]:
        """Yield what uses a tool, in the column for its kind."""
        named = [(name, self._written(kind, text)) for name, kind in USERS if self._knows(kind, bare(text))]
        if len(named) > 1:
            raise NotUnderstood(f"{quoted(text)} is the name of several kinds of things; which of them uses it?")
        if not named:
            raise NotUnderstood(f"there is nothing called {quoted(text)}; is its row missing?")
        yield from named

    def _sort_of_organization(self, _sheet: Sheet, text: str) -> Iterator[tuple[str, str]]:
        fitting = [name for name, prefix in SORTS if self.references.is_term(prefix, text)]
        if not fitting:
            raise NotUnderstood(f"{quoted(text)} is no kind of organization that we know; which one is meant?")
        yield fitting[0], text

    def _licence(self, _sheet: Sheet, text: str) -> Iterator[tuple[str, str]]:
        is_known = " " not in text and self.references.known.exists(str(LICENCES[text]))
        yield ("licence" if is_known else "licence_text"), text

    def _user_size(self, sheet: Sheet, text: str) -> Iterator[tuple[str, str]]:
        yield ("participants" if text.isdigit() and sheet.named("participants") else "user_size"), text

    def _image(self, name: str, text: str) -> Iterator[tuple[str, str]]:
        """Yield an image, if it did not lie on the first toolbox's own server, which is gone."""
        if not wording.OWN_IMAGE.match(text):
            yield name, text

    def _written(self, kind: str, text: str, header: str = "") -> str:
        """Return a name as it is known: with the suffix that it or its header gives, or without one."""
        suffixed = f"{text} [software]" if folded(header) == "software" else text
        return next((name for name in (suffixed, text) if self._knows(kind, name)), bare(text))

    def _knows(self, kind: str, text: str) -> bool:
        return self.references.knows(kind, text)

    def _complain(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))


def _in_language(sheet: Sheet, column: Column, language: str) -> Column:
    """Return the column for what a column says, in some language."""
    if not column.language or language in {"", column.language}:
        return column
    for other in sheet.columns:
        if (other.predicate, other.language) == (column.predicate, language):
            return other
    raise NotUnderstood(f"there is no place for texts in the language {quoted(language)}.")


def _kind(sheet: Sheet) -> str:
    return sheet.about.split("/")[1]


def _put(row: Row, name: str, text: str, header: str = "") -> None:
    column = row.sheet.named(name)
    assert column
    row.headers.setdefault(column, header)
    row.values.setdefault(column, []).append(text)
