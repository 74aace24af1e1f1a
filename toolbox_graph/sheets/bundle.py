"""What does a bundle of cards say, the JSON that the first toolbox's API took at `/cards/bundle`?

All its forms are read: one value or a list of it, texts by language, references with or without the label of the other
end, types under any of their names. What a card's `schemas` and `widgets` say of form is not needed. A card with the
types of an organization and of a tool is of two things, and what could be of either is asked about.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolbox_graph.errors import Unreadable
from toolbox_graph.namespaces import slug
from toolbox_graph.sheets.cards import Card, Cell
from toolbox_graph.sheets.cells import quoted
from toolbox_graph.sheets.metadata import Sheet
from toolbox_graph.sheets.rows import LARGEST, Problem

TYPES = {
    "organization": "Organization",
    "platform": "Platform",
    "software": "Software",
    "use-case": "Final Use",
    "final-use": "Final Use",
    "usage": "Final Use",
}
"""What the types of cards were called, from 2016 to 2018, and which of our sheets has the same kind of things."""

TYPED = {"types", "type", "card-type"}
"""The attributes that told them. `Type` was also a column of organizations, with words of people's own."""

SYMBOLS = {
    "title": "Also called",
    "twitter-name": "twitter",
    "9389": "SourceCode",
    "9647": "opensource",
    "12795": "Repo",
}
"""The attributes that our sheets call otherwise; those with a number had no symbol of their own."""


def read_cards(path: Path, sheets: Mapping[str, Sheet], problems: list[Problem]) -> Iterator[Card]:
    """Yield the cards of a bundle; what is wrong with a card is added to the problems."""
    bundle = _load(path)
    key, language = str(bundle.get("key") or "Name"), str(bundle.get("language") or "en")
    for number, entry in enumerate(bundle["cards"], 1):
        place = f"{path.name}, card {number}"
        if isinstance(entry, dict):
            yield from _Entry(entry, key, language, place, sheets, problems).cards()
        else:
            problems.append(Problem(place, "this is no card; a card is an object of attributes."))


def _load(path: Path) -> dict[str, Any]:
    if path.stat().st_size > LARGEST:
        raise Unreadable(f"{path.name} is larger than {LARGEST // 1_000_000} MB; divide it.")
    try:
        bundle = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as problem:
        raise Unreadable(f"{path.name} is no JSON at line {problem.lineno}, column {problem.colno}.") from problem
    except UnicodeDecodeError as problem:
        raise Unreadable(f"{path.name} is no JSON in UTF-8; save it as such.") from problem
    except (ValueError, RecursionError) as problem:
        raise Unreadable(f"{path.name} is no JSON of ours: it is nested too deeply, or a number too long.") from problem
    if not isinstance(bundle, dict) or not isinstance(bundle.get("cards"), list):
        raise Unreadable(f"{path.name} is no bundle; that is an object with a list under “cards”.")
    return bundle


@dataclass(frozen=True)
class _Entry:
    """One entry of a bundle: its attributes, which of them names it, and the language of its plain texts."""

    attributes: Mapping[str, Any]
    key: str
    language: str
    place: str
    sheets: Mapping[str, Sheet]
    problems: list[Problem]

    def cards(self) -> Iterator[Card]:
        """Yield a card for each kind of thing that the entry is of."""
        told = {name: list(self._cells(name)) for name in self.attributes}
        names = sorted((cell for cell in told.get(self.key, ()) if cell.text), key=self._is_foreign)
        kinds = _kinds(told)
        if not names or not kinds:
            what = "name" if not names else "type"
            self._complain("", f"this card has no {what}, so it is left out; what is it?")
            return
        cells = [cell for name in told for cell in told[name] if self._is_told(name, cell)]
        for sheet in kinds:
            own = [cell for cell in cells if self._belongs(cell, sheet, kinds)]
            yield Card(sheet, names[0].text, self.place, [*_called(names), *own])

    def _is_foreign(self, cell: Cell) -> bool:
        return cell.language != self.language

    def _is_told(self, name: str, cell: Cell) -> bool:
        """Return whether a cell says more than which thing the card is of."""
        is_type = slug(name) in TYPED and slug(cell.text) in TYPES
        return bool(cell.text.strip(" -")) and name != self.key and not is_type

    def _belongs(self, cell: Cell, sheet: str, kinds: list[str]) -> bool:
        """Return whether a cell is to be told in a sheet; what could be of two things is told in none, and asked about.

        What a tool is stands in one of its sheets, when it has two.
        """
        able = [kind for kind in kinds if self.sheets[kind].find_column(cell.header)] or kinds[:1]
        things = {self.sheets[kind].about for kind in able}
        if len(things) > 1 and sheet == able[0]:
            self._complain(
                cell.header, f"this card is of {' and '.join(kinds)}; of which does {quoted(cell.text)} speak?"
            )
        return sheet == able[0] and len(things) == 1

    def _cells(self, name: str) -> Iterator[Cell]:
        value = self.attributes[name]
        for each in value if isinstance(value, list) else [value]:
            yield from self._read(SYMBOLS.get(name, name), each)

    def _read(self, header: str, value: Any) -> Iterator[Cell]:
        """Yield what a value says: a text, a text in several languages, the name of another card, or nothing."""
        if isinstance(value, str | bool | int | float):
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield Cell(header, text.strip(), self.language if isinstance(value, str) else "")
        elif isinstance(value, dict) and "targetId" in value:
            yield Cell(header, str(value["targetId"]).strip())
        elif isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            yield from (Cell(header, text.strip(), language) for language, text in value.items())
        elif value is not None:
            self._complain(header, "what is told here has a form that a card cannot have.")

    def _complain(self, header: str, message: str) -> None:
        place = f"{self.place}, {header if header.isprintable() else quoted(header)}" if header else self.place
        self.problems.append(Problem(place, message))


def _kinds(told: Mapping[str, Iterable[Cell]]) -> list[str]:
    """Return the sheets that have the kinds of things that a card is of."""
    typed = (slug(cell.text) for name in told if slug(name) in TYPED for cell in told[name])
    return list(dict.fromkeys(TYPES[text] for text in typed if text in TYPES))


def _called(names: Iterable[Cell]) -> Iterator[Cell]:
    """Yield the names of a card: the first of each language as its name, the others as what it is also called."""
    taken: set[str] = set()
    for cell in names:
        yield cell._replace(header="Also called" if cell.language in taken else "Name")
        taken.add(cell.language)
