"""What do the sheets of the first toolbox's spreadsheet say, in either generation of their headers?

Its rules: the name of a file says which sheet it is; a thing without a name is none; `delete` with anything in it drops
its row; a cell that begins with a hyphen says nothing; a column may stand several times. Where it lost what people had
written it is not followed: line breaks stay, and what cannot be placed is asked about.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from toolbox_graph.errors import NotFound
from toolbox_graph.namespaces import slug
from toolbox_graph.sheets.cards import Card, Cell
from toolbox_graph.sheets.cells import quoted
from toolbox_graph.sheets.metadata import Sheet
from toolbox_graph.sheets.rows import Problem, Record, read_records
from toolbox_graph.sheets.wording import folded

FILES = {
    "software": "Software",
    "platform": "Platform",
    "final-use": "Final Use",
    "usage": "Final Use",
    "use-case": "Final Use",
    "organization": "Organization",
}
"""How the names of files end, and which of our sheets has the same kind of things."""


def read_cards(paths: Iterable[Path], sheets: Mapping[str, Sheet], problems: list[Problem]) -> Iterator[Card]:
    """Yield the cards of some sheets; what is wrong with a row is added to the problems."""
    for path in paths:
        records = read_records(path, sheets[_sheet(path)], problems)
        titles = [title.strip() for title in next(records, Record(1, ())).cells]
        for record in records:
            yield from _card(_sheet(path), titles, record, f"{path.name}, row {record.number}", problems)


def _sheet(path: Path) -> str:
    stem = slug(path.stem)
    for ending, sheet in FILES.items():
        if stem.removesuffix("s").endswith(ending):
            return sheet
    raise NotFound(f"{path.name} is no sheet of the first toolbox; let its name end with one of {', '.join(FILES)}.")


def _card(sheet: str, titles: Sequence[str], record: Record, place: str, problems: list[Problem]) -> Iterator[Card]:
    cells = [(title, cell.strip()) for title, cell in zip(titles, record.cells, strict=False)]
    if any(slug(title) == "delete" and text for title, text in cells):
        return
    if extra := [cell for cell in record.cells[len(titles) :] if cell.strip()]:
        problems.append(Problem(place, f"there are more cells than columns: {quoted('; '.join(extra))} is left out."))
    said = [Cell(title, text) for title, text in cells if text and not text.startswith("-")]
    names = [cell.text for cell in said if folded(cell.header) == "name"]
    if not names:
        problems.append(Problem(place, "there is no name in this row, so it is left out; what is it called?"))
        return
    rest = [cell for cell in said if folded(cell.header) != "name"]
    yield Card(sheet, names[0], place, [Cell("Name", names[0]), *(Cell("Also called", n) for n in names[1:]), *rest])
