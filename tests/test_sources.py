"""Each row of the catalogue is read beside the entry of its source: what the row says stands there."""

import csv
import gzip
import io
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import zstandard

from tests.conftest import mirror
from tests.test_catalogue import SHEETS, rows
from toolbox_graph import files
from toolbox_graph.sheets.metadata import Column, Sheet, read_metadata

METADATA = read_metadata(files.METADATA)
FILES = {row["Key"]: row["File"] for row in rows(files.CATALOGUE / "Source.csv") if row["File"]}
"""Where in the mirror the copy of a source lies."""

ABOUT_THE_ROW = {"key", "of", "fact", "record", "source", "file"}

IMPLIED = {"measure", "country", "sort", "position", "text", "text_fr", "step_fr", "qualifier", "note"}
"""Columns that say in our words or codes what the source says in its own."""

OF_THE_WHOLE = {"decidim-installations": "decidim"}
"""What a source says of all its entries."""

MONTHS = ["janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre", "decembre"]  # fmt: skip
"""The names of months, as plain texts have them; the entries that name months are French."""


class Saying(NamedTuple):
    """A row of a sheet, as far as one source is concerned."""

    place: str
    sheet: Sheet
    row: Mapping[str, str]

    @property
    def cells(self) -> Iterator[tuple[Column, str]]:
        """The values of the row that speak of the thing."""
        for title, cell in self.row.items():
            column = self.sheet.find_column(title)
            assert column
            if column.name not in ABOUT_THE_ROW | IMPLIED:
                for value in re.split(r"\s*;\s*", cell):
                    if value:
                        yield column, value


def sayings(source: str) -> Iterator[Saying]:
    """Yield what the sheets say after an entry of a source."""
    for path in SHEETS:
        for number, row in enumerate(rows(path), 2):
            if source in re.split(r"\s*;\s*", row["Source"]) and row.get("Record"):
                yield Saying(f"{path.name}, row {number}", METADATA[path.stem], row)


def plain(text: str) -> str:
    """Return a text without case, accents, kinds of apostrophes and breaks of lines."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "'").replace("''", "'").casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def strings(value: Any) -> Iterator[str]:
    """Yield all texts in an entry."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    else:
        yield str(value)


def content(path: Path) -> str:
    """Return the text of a file of the mirror."""
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes()).decode()
    if path.suffix == ".zst":
        with path.open("rb") as packed:
            return zstandard.ZstdDecompressor().stream_reader(packed).read().decode()
    return path.read_text(encoding="utf-8")


def read(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the entries of a file: what it calls them, and all that they say."""
    kind = path.name.removesuffix(".gz").removesuffix(".zst").rpartition(".")[2]
    if kind == "csv":
        for row in csv.DictReader(io.StringIO(content(path))):
            yield next(iter(row.values())), plain("\n".join(row.values()))
    elif kind in {"json", "jsonl"}:
        found = json.loads(content(path)) if kind == "json" else map(json.loads, content(path).splitlines())
        for entry in found["apps"] if isinstance(found, Mapping) else found:
            text = plain("\n".join(strings(entry)))
            yield from (
                (str(entry[name]), text)
                for name in ("id", "uid", "qid", "name")
                if isinstance(entry.get(name), str | int)
            )
    else:
        yield path.name, plain(content(path))


@cache
def entries(source: str) -> dict[str, str]:
    """Return the entries of a source."""
    place = mirror(FILES[source])
    if place.is_file():
        return dict(read(place))
    found: dict[str, str] = {}
    for path in sorted({*place.rglob("*.jsonl*"), *place.rglob("*.md"), *place.rglob("*.yml")}):
        for name, text in read(path):
            found[name] = found[str(path.parent.relative_to(place) / name)] = text
    return found


@cache
def names() -> dict[str, set[str]]:
    """Return what things are called in the sheets, in any language, by key."""
    found: dict[str, set[str]] = {}
    for path in SHEETS:
        for row in rows(path):
            for title in ("Name", "Name-FR", "Name-ES", "Also called", "Also called-FR"):
                found.setdefault(row["Key"], set()).update(filter(None, re.split(r"\s*;\s*", row.get(title) or "")))
    return found


@cache
def told() -> set[tuple[str, str]]:
    """Return which things have a row after which entry."""
    return {
        (row["Key"], record)
        for path in SHEETS
        for row in rows(path)
        for record in re.split(r"\s*;\s*", row.get("Record") or "")
    }


def holds(text: str, value: str, letters: str = r"[^\W_]") -> bool:
    """Return whether a text has a value that is not a piece of a longer word, number or identifier."""
    return bool(re.search(rf"(?<!{letters})(?<!\d[.,]){re.escape(value)}(?!{letters})(?![.,]\d)", text))


def dated(text: str, value: str) -> bool:
    """Return whether a text has a date, to the day or the month if it is known to it, in figures or in French."""
    if "-" not in value:
        return holds(text, value)
    year, month, *day = value.split("-")
    name = MONTHS[int(month) - 1]
    if not day:
        return holds(text, value) or bool(re.search(rf"\b{name}\b[^\d.]* {year}\b", text))
    return any(holds(text, form) for form in (value, f"{day[0]}/{month}/{year}", f"{int(day[0])} {name} {year}"))


def stands(column: Column, value: str, text: str, records: list[str]) -> bool:
    """Return whether an entry says what a cell says; a thing is named there, or has a row of its own after it."""
    if column.template.startswith("id/"):
        key = value.rpartition("/")[2]
        return any(holds(text, plain(name)) for name in names()[key]) or any((key, r) in told() for r in records)
    if column.datatype == "tbg:partialDate":
        return dated(text, value)
    if column.datatype == "integer":
        return holds(re.sub(r"(?<=\d)[ .](?=\d{3}\b)", "", text), value)
    return holds(text, plain(value), r"[\w-]" if column.name.endswith("licence") else r"[^\W_]")


@pytest.mark.parametrize("source", FILES)
def test_what_a_row_says_stands_in_the_entry_of_its_source(source: str) -> None:
    known = entries(source)
    wrong = []
    for saying in sayings(source):
        records = re.split(r"\s*;\s*", saying.row["Record"])
        text = "\n".join([OF_THE_WHOLE.get(source, ""), *(known[record] for record in records)])
        wrong += [
            f"{saying.place}: {c.name} {v!r} ({records[0]})" for c, v in saying.cells if not stands(c, v, text, records)
        ]
    assert wrong == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_row_names_a_fact_or_an_entry_of_its_source_unless_it_is_our_own(path: Path) -> None:
    unfounded = [row["Key"] for row in rows(path) if row["Source"] != "toolbox-graph" and not founded(row)]
    assert unfounded == []


def founded(row: Mapping[str, str]) -> bool:
    """Return whether a row says on what it rests."""
    return bool(row.get("Fact") or row.get("Record"))


def test_a_sheet_draws_on_sources_of_which_a_copy_is_kept() -> None:
    assert len(FILES) >= 13
    assert all(any(True for _ in sayings(source)) for source in FILES)
