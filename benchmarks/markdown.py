"""How do figures stand in a document?

Figures of several servers stand side by side, in one table for each catalogue; figures that have a floor, or are of
nobody in particular, stand below with what they have to reach.
"""

import os
import platform
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from benchmarks.figures import Figure, number

PROCESSOR = Path("/proc/cpuinfo")
MODEL = "model name"


def document(figures: Sequence[Figure], runs: int) -> str:
    """Return figures as Markdown, with the day and the machine."""
    blocks = [f"Measured on {_today()} {_machine()}; the best of {runs} counts."]
    compared = [figure for figure in figures if figure.who]
    for units in dict.fromkeys(_units(compared, figure.what) for figure in compared):
        blocks.append("\n".join(_comparison([f for f in compared if _units(compared, f.what) == units], units)))
    blocks.append("\n".join(_floors([figure for figure in figures if figure.floor or not figure.who])))
    return "\n\n".join(blocks)


def _today() -> str:
    today = date.today()
    return f"{today:%B} {today.day}, {today.year}"


def _machine() -> str:
    lines = PROCESSOR.read_text().splitlines() if PROCESSOR.exists() else []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith(MODEL)), platform.machine())
    return f"on {os.cpu_count()} cores of one machine ({model}), with Python {platform.python_version()}"


def _units(figures: Sequence[Figure], what: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.unit for figure in figures if figure.what == what))


def _comparison(figures: Sequence[Figure], units: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a table with a column for each server; in each cell stand all that was measured of it."""
    everybody = list(dict.fromkeys(figure.who for figure in figures))
    yield f"Each cell: {', '.join(units)}."
    yield ""
    yield _line("", *everybody)
    yield _line("---", *("---:" for _ in everybody))
    for what in dict.fromkeys(figure.what for figure in figures):
        yield _line(what, *(_cell([f for f in figures if (f.what, f.who) == (what, who)]) for who in everybody))


def _cell(figures: Sequence[Figure]) -> str:
    if fault := next((figure.fault for figure in figures if figure.fault), ""):
        return f"invalid: {fault}"
    return " · ".join(number(figure.value) for figure in figures) or "–"


def _floors(figures: Sequence[Figure]) -> Iterator[str]:
    yield _line("what", "measured", "to reach", "")
    yield _line("---", "---:", "---:", "---")
    for figure in figures:
        floor = str(figure.floor) if figure.floor else ""
        yield _line(figure.name, f"{number(figure.value)} {figure.unit}", floor, figure.verdict)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
