"""What stands in the cells of a sheet?"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from toolbox_graph.sheets.metadata import Column, Sheet


class Problem(NamedTuple):
    """Something wrong in a sheet: where, and what its author can do about it."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class Row(NamedTuple):
    """The values of one row, by column; a column that the sheet repeats has the values of all its cells."""

    sheet: Sheet
    place: str
    headers: Mapping[Column, str]
    values: dict[Column, list[str]]

    def text(self, name: str) -> str:
        """Return what a column says, as one text, empty where it says nothing."""
        return next(("; ".join(values) for column, values in self.values.items() if column.name == name), "")

    def place_of(self, column: Column) -> str:
        """Return where a value of a column stands, for a person."""
        header = self.headers.get(column)
        return f"{self.place}, column {header}" if header else self.place


def read_rows(path: Path, sheet: Sheet, problems: list[Problem]) -> Iterator[Row]:
    """Yield the rows of a sheet; what is wrong with it is added to the problems, and its row passed over."""
    text = _decode(path, problems)
    if text is None:
        return
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    number = 1
    try:
        titles = next(records, [])
        columns = _columns(titles, sheet, f"{path.name}, row 1", problems)
        headers = {column: title.strip() for column, title in zip(columns, titles, strict=True) if column}
        for number, cells in enumerate(records, 2):
            if any(map(str.strip, cells)):
                row = Row(sheet, f"{path.name}, row {number}", headers, {})
                yield from _fill(row, cells, columns, problems)
    except csv.Error as problem:
        problems.append(Problem(f"{path.name}, after row {number}", f"this is not CSV: {problem}."))


def _decode(path: Path, problems: list[Problem]) -> str | None:
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data[: problem.start].count(b"\n") + 1
        problems.append(Problem(f"{path.name}, line {line}", "this is not UTF-8; save the sheet as “CSV UTF-8”."))
        return None


def _columns(titles: Sequence[str], sheet: Sheet, place: str, problems: list[Problem]) -> list[Column | None]:
    """Return what each column of a file means; one without a title is passed over if its cells are empty."""
    columns = [sheet.find_column(title) if title.strip() else None for title in titles]
    known = ", ".join(column.titles[0] for column in sheet.columns if column.titles)
    for title, column in zip(titles, columns, strict=True):
        if title.strip() and column is None:
            problems.append(Problem(place, f"there is no column {title!r} in {sheet.name}; there are {known}."))
    for column in sheet.columns:
        if column.required and column not in columns:
            problems.append(Problem(place, f"the column {column.titles[0]} is missing."))
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
