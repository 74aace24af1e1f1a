"""What has Wikidata answered before, and when?

Answers are kept in one file, each under what was asked about one thing: a search, an item, an identifier, a class. What
is asked in batches is kept singly, so that other batches find it again; a run that ends goes on where it was.
"""

import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

SCHEMA = "CREATE TABLE IF NOT EXISTS answers (asked TEXT PRIMARY KEY, time REAL, answer BLOB) WITHOUT ROWID"

DAY = 86_400
"""Seconds."""


class Kept:
    """The answers that are kept in a file; `clock` tells the time in seconds, `days` how long an answer is good."""

    def __init__(self, path: Path, *, clock: Callable[[], float], days: float) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path)
        self._database.execute(SCHEMA)
        self._clock = clock
        self._seconds = days * DAY

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def get(self, asked: Iterable[str]) -> dict[str, Any]:
        """Return the answers that there are and that are still good, by what was asked."""
        oldest = self._clock() - self._seconds
        found = {}
        for one in asked:
            row = self._database.execute(
                "SELECT answer FROM answers WHERE asked = ? AND time >= ?", (one, oldest)
            ).fetchone()
            if row:
                found[one] = json.loads(zlib.decompress(row[0]))
        return found

    def put(self, answers: Mapping[str, Any]) -> None:
        """Keep answers, with the time."""
        rows = [(one, self._clock(), zlib.compress(json.dumps(answer).encode())) for one, answer in answers.items()]
        with self._database:
            self._database.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?)", rows)
