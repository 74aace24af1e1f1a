"""Which things of a kind are there, in which order?

Lists, counts and former addresses come from an index beside the store, not from SPARQL: to sort by name the engine
reads its dictionary at each comparison, 1.7 s for 33,000 names; a page of this index takes less than a millisecond.
"""

import re
import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.namespaces import DCTERMS, RDFS, TBG
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.store.claims import Facts, Said
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import iri, language, node, value_of
from toolbox_graph.store.tables import next_table, open_table

FILE = "things.sqlite"

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (kind, key, withdrawn, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS name (
    kind, key, language, label, description, place, PRIMARY KEY (kind, language, place, key)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS name_of_thing ON name (kind, key);
CREATE TABLE IF NOT EXISTS former (list, number, kind, key, PRIMARY KEY (list, number, kind, key)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS former_of_thing ON former (kind, key);
"""

LABEL, DESCRIPTION, FORMER = map(node, (RDFS.label, DCTERMS.description, TBG.formerAddress))
REPLACED_BY = node(DCTERMS.isReplacedBy)

FORMER_ADDRESS = re.compile(r"https://ogptoolbox\.org/[a-z]{2}/([a-z-]+)/(\d+)")
"""An address in the first OGP Toolbox: language, list and number."""


PART_OF_LIST = """
SELECT kind, key, label, description FROM name
WHERE kind = ? AND language = ? ORDER BY place, key LIMIT ? OFFSET ?
"""

ONE_OF_LIST = "SELECT kind, key, label, description FROM name WHERE kind = ? AND key = ? AND language = ?"


class Item(NamedTuple):
    """One thing in a list, called as its reader calls it."""

    kind: str
    key: str
    label: str
    description: str


class ListIndex:
    """The writer of the index."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def is_usable(self, folder: Path) -> bool:
        """Return whether a generation has the index."""
        return (folder / FILE).exists()

    def update(self, folder: Path, previous: Path | None, things: Mapping[str, Said], dataset: Dataset) -> None:
        """Bring the index up to date with what is said of some things; no other thing matters to it."""
        earlier = previous / FILE if previous else None
        with next_table(folder / FILE, previous=earlier, schema=SCHEMA) as table:
            for subject, said in things.items():
                named = self.model.base.split(iri(subject))
                if named and "#" not in subject:
                    _replace(table, named, said.shown)


class Listing:
    """The index of one generation."""

    def __init__(self, folder: Path) -> None:
        self._table = open_table(folder / FILE)

    def close(self) -> None:
        """Close the file."""
        self._table.close()

    def counts(self) -> dict[str, int]:
        """Return how many things of each kind there are."""
        return dict(
            self._table.execute("SELECT kind, count(*) FROM thing WHERE NOT withdrawn GROUP BY kind").fetchall()
        )

    def items(self, kind: str, language: str, *, limit: int, offset: int) -> list[Item]:
        """Return a part of the list of all things of a kind, by name."""
        rows = self._table.execute(PART_OF_LIST, (kind, language, limit, offset))
        return [Item(*row) for row in rows]

    def item(self, kind: str, key: str, language: str) -> Item:
        """Return a thing that is listed, as a list shows it."""
        row = self._table.execute(ONE_OF_LIST, (kind, key, language)).fetchone()
        return Item(*row)

    def is_withdrawn(self, kind: str, key: str) -> bool | None:
        """Say whether a thing was withdrawn; None where there never was one."""
        row = self._table.execute("SELECT withdrawn FROM thing WHERE kind = ? AND key = ?", (kind, key)).fetchone()
        return row and bool(row[0])

    def find_former(self, list_name: str, number: str) -> tuple[str, str] | None:
        """Return kind and key of the thing that stood in a list of the first OGP Toolbox under a number."""
        row = self._table.execute(
            "SELECT kind, key FROM former WHERE list = ? AND number = ? ORDER BY kind, key", (list_name, number)
        ).fetchone()
        return row and (row[0], row[1])


def _replace(table: sqlite3.Connection, thing: tuple[str, str], facts: Facts) -> None:
    table.execute("DELETE FROM name WHERE kind = ? AND key = ?", thing)
    table.execute("DELETE FROM former WHERE kind = ? AND key = ?", thing)
    table.execute("INSERT OR REPLACE INTO thing VALUES (?, ?, ?)", (*thing, not is_here(facts)))
    if is_here(facts):
        labels, descriptions = _texts(facts, LABEL), _texts(facts, DESCRIPTION)
        for name in LANGUAGES:
            label = in_language(labels, name) or thing[1]
            row = (*thing, name, label, in_language(descriptions, name), place_of(label))
            table.execute("INSERT INTO name VALUES (?, ?, ?, ?, ?, ?)", row)
        for address in _former_addresses(facts):
            table.execute("INSERT OR REPLACE INTO former VALUES (?, ?, ?, ?)", (*address, *thing))


def is_here(facts: Facts) -> bool:
    """Return whether a thing of which this is shown is in lists: neither withdrawn nor merged into another."""
    return bool(facts) and all(name != REPLACED_BY for name, _ in facts)


def _texts(facts: Facts, predicate: str) -> Labels:
    return {language(value): value_of(value) for name, value in sorted(facts) if name == predicate}


def _former_addresses(facts: Facts) -> Iterator[tuple[str, str]]:
    for name, value in facts:
        if name == FORMER and (address := FORMER_ADDRESS.fullmatch(iri(value))):
            yield address[1], address[2]


def place_of(label: str) -> str:
    """Return by what a name is sorted: its letters and digits, without accents, marks and case.

    >>> sorted(["Zurich", "#MaVoix", "Élysée", "estonia"], key=place_of)
    ['Élysée', 'estonia', '#MaVoix', 'Zurich']
    """
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", label) if character.isalnum() or character == " "
    )
    return plain.strip().casefold()
