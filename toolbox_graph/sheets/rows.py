"""What stands in the cells of a sheet?"""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from toolbox_graph.sheets.metadata import Column, Sheet

LARGEST = 200_000_000
"""Bytes of a file that is read."""

DELIMITERS = (",", ";", "\t")
"""What stands between cells, according to the program that wrote them and to the language it speaks."""

ARCHIVE = b"PK\x03\x04"
"""How a file begins that spreadsheet programs write for themselves."""


class Problem(NamedTuple):
    """Something wrong in a sheet: where, and what its author can do about it; `stops` if nothing can be read at all."""

    place: str
    message: str
    stops: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Row(NamedTuple):
    """The values of one row, by column; a column that the sheet repeats has the values of all its cells."""

    sheet: Sheet
    place: str
    headers: dict[Column, str]
    values: dict[Column, list[str]]

    def text(self, name: str) -> str:
        """Return what a column says, as one text, empty where it says nothing."""
        return next(("; ".join(values) for column, values in self.values.items() if column.name == name), "")

    def place_of(self, column: Column) -> str:
        """Return where a value of a column stands, for a person."""
        header = self.headers.get(column)
        return f"{self.place}, column {header}" if header else self.place


class Record(NamedTuple):
    """One line of a table: its number as a person counts, and its cells."""

    number: int
    cells: Sequence[str]


def read_rows(path: Path, sheet: Sheet, problems: list[Problem]) -> Iterator[Row]:
    """Yield the rows of a sheet; what is wrong with it is added to the problems, and its row passed over."""
    earlier = len(problems)
    records = read_records(path, sheet, problems)
    titles = next(records, Record(1, ())).cells
    if any(problem.stops for problem in problems[earlier:]):
        return
    columns = _columns(titles, sheet, f"{path.name}, row 1", problems)
    headers = {column: title.strip() for column, title in zip(columns, titles, strict=True) if column}
    for number, cells in records:
        yield from _fill(Row(sheet, f"{path.name}, row {number}", headers, {}), cells, columns, problems)


def read_records(path: Path, sheet: Sheet, problems: list[Problem]) -> Iterator[Record]:
    """Yield the lines of a table that have text, the titles first."""
    text = _decode(path, problems)
    if text is None:
        return
    csv.field_size_limit(LARGEST)
    number = 0
    try:
        for number, cells in enumerate(_reader(text, _delimiter(text, sheet)), 1):
            if number == 1 or any(map(str.strip, cells)):
                yield Record(number, cells)
    except csv.Error as problem:
        problems.append(Problem(f"{path.name}, after row {number}", f"this is not CSV: {problem}.", stops=True))


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _delimiter(text: str, sheet: Sheet) -> str:
    """Return what stands between cells: that with which most titles are known."""

    def known(delimiter: str) -> int:
        titles = text.partition("\n")[0].split(delimiter)
        return sum(sheet.find_column(title.strip(' \r"')) is not None for title in titles)

    return max(DELIMITERS, key=known)


def _decode(path: Path, problems: list[Problem]) -> str | None:
    """Return the text of a file; one that is not UTF-8 is read as what it most likely is, and that is a doubt."""
    if (size := path.stat().st_size) > LARGEST:
        limit = f"{LARGEST // 1_000_000} MB"
        problems.append(Problem(path.name, f"this file has {size // 1_000_000} MB, and may have {limit}.", stops=True))
        return None
    data = path.read_bytes()
    if data.startswith(ARCHIVE):
        problems.append(
            Problem(f"{path.name}, line 1", "this is a spreadsheet program's own file; save it as CSV.", stops=True)
        )
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        place = f"{path.name}, line {line}"
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "cp1252"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        problems.append(Problem(place, "this is not UTF-8; save the sheet as “CSV UTF-8”.", stops=True))
        return None
    name = {"utf-16": "UTF-16", "cp1252": "Windows-1252"}[encoding]
    problems.append(Problem(place, f"this is not UTF-8; save the sheet as “CSV UTF-8”. It was read as {name}."))
    return text


def _columns(titles: Sequence[str], sheet: Sheet, place: str, problems: list[Problem]) -> list[Column | None]:
    """Return what each column of a file means; one without a title is passed over if its cells are empty."""
    columns = [sheet.find_column(title) if title.strip() else None for title in titles]
    known = ", ".join(column.titles[0] for column in sheet.columns if column.titles)
    for title, column in zip(titles, columns, strict=True):
        if title.strip() and column is None:
            problems.append(Problem(place, f"there is no column {title!r} in {sheet.name}; there are {known}."))
    for column in sheet.columns:
        if column.required and column not in columns:
            problems.append(Problem(place, f"the column {column.titles[0]} is missing.", stops=True))
    return columns


def _fill(row: Row, cells: Sequence[str], columns: Sequence[Column | None], problems: list[Problem]) -> Iterator[Row]:
    """Yield a row with the values of its cells, or nothing where they do not fit the columns."""
    if len(cells) != len(columns):
        problems.append(
            Problem(row.place, f"there are {len(cells)} cells, and {len(columns)} columns; are the quotes right?")
        )
        return
    for cell, column in zip(cells, columns, strict=True):
        if column is not None and (values := _values(cell, column)):
            row.values.setdefault(column, []).extend(values)
    missing = [column for column in columns if column and column.required and column not in row.values]
    problems.extend(Problem(row.place_of(column), "this must not be empty.") for column in missing)
    if not missing:
        yield row


def _values(cell: str, column: Column) -> list[str]:
    parts = cell.split(column.separator) if column.separator else [cell]
    return [part.strip() for part in parts if part.strip()]
