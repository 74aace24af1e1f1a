"""Which findings stand, of all that the shapes ever found?

Warnings do not stop a change; they are kept beside the store, and so are violations that came with new shapes. Remarks
(`remarks`) are not kept: they follow from what is shown of a thing, and there are several of each.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from toolbox_graph.store.tables import next_table, open_table
from toolbox_graph.validation import Finding

FILE = "findings.sqlite"

SCHEMA = """
CREATE TABLE IF NOT EXISTS finding (focus TEXT, path TEXT, value TEXT, severity TEXT, shape TEXT, messages TEXT);
CREATE INDEX IF NOT EXISTS finding_focus ON finding (focus);
"""


def update(folder: Path, previous: Path | None, found: Mapping[str, Iterable[Finding]]) -> None:
    """Write the findings of a new generation: those of the one before, but for some things what was found now."""
    earlier = previous / FILE if previous else None
    with next_table(folder / FILE, previous=earlier, schema=SCHEMA) as table:
        table.executemany("DELETE FROM finding WHERE focus = ?", ((thing,) for thing in found))
        rows = ((*finding[:5], json.dumps(finding.messages)) for each in found.values() for finding in each)
        table.executemany("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?)", rows)


def about(folder: Path, things: Iterable[str]) -> Iterator[Finding]:
    """Yield the findings of a generation about some things."""
    with closing(open_table(folder / FILE)) as table:
        for thing in things:
            yield from map(_finding, table.execute("SELECT * FROM finding WHERE focus = ?", (thing,)))


def every(folder: Path) -> Iterator[Finding]:
    """Yield all findings of a generation, by thing."""
    with closing(open_table(folder / FILE)) as table:
        yield from map(_finding, table.execute("SELECT * FROM finding ORDER BY focus, shape, value"))


def count(folder: Path) -> Counter[str]:
    """Return how many findings of each severity a generation has."""
    with closing(open_table(folder / FILE)) as table:
        return Counter(dict(table.execute("SELECT severity, count(*) FROM finding GROUP BY severity").fetchall()))


def _finding(row: tuple[str, str, str, str, str, str]) -> Finding:
    return Finding(*row[:5], messages=json.loads(row[5]))
