"""How are candidates found among things that lie here?

An SQLite file holds each thing and the keys under which it is found: its names in several forms, the words of them, its
hosts, repositories and identifiers. Building it takes seconds, opening it nothing.
"""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from heapq import nlargest
from pathlib import Path

from rapidfuzz import fuzz, process

from toolbox_graph.matching import keys
from toolbox_graph.matching.folding import plain
from toolbox_graph.matching.records import LONGEST, Asked, Candidate

SCHEMA = """
CREATE TABLE things (n INTEGER PRIMARY KEY, id TEXT UNIQUE, popularity INTEGER, record TEXT);
CREATE TABLE keys (key TEXT, n INTEGER, PRIMARY KEY (key, n)) WITHOUT ROWID;
CREATE TABLE words (word TEXT PRIMARY KEY, things INTEGER) WITHOUT ROWID;
CREATE TABLE leads (id TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID;
CREATE TABLE classes (id TEXT PRIMARY KEY, above TEXT) WITHOUT ROWID;
"""

FEW, OF_A_KIND = 5, 25
"""With fewer things of the name, things of the same kind are looked at as well, and how many."""

SAME, COMMON, RAREST, ALIKE = 60, 1500, 3, 12
"""Things with one key that are looked at; a word that more have says little; words that are looked up; things found by
words that are looked at."""

BEGINNING = """
SELECT n, popularity, id FROM things WHERE n IN (SELECT n FROM keys WHERE key >= ? AND key < ? LIMIT 500)
"""

LAST = "\U0010ffff"


def build(path: Path, things: Iterable[Candidate], below: Mapping[str, Sequence[str]]) -> None:
    """Write the index of some things, and of the classes that are below others."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;" + SCHEMA)
        # What is sorted outside memory first is then written in its order.
        database.execute("CREATE TEMP TABLE pairs (key TEXT, n INTEGER)")
        counted: Counter[str] = Counter()
        for number, thing in enumerate(things):
            found = keys.of_thing(thing)
            counted.update(key[1:] for key in found if key[0] == keys.WORD)
            _note(database, number, thing, found)
        database.execute("INSERT OR IGNORE INTO keys SELECT key, n FROM pairs ORDER BY key, n")
        database.executemany("INSERT INTO words VALUES (?, ?)", sorted(counted.items()))
        classes = ((one, " ".join(above)) for one, above in below.items())
        database.executemany("INSERT INTO classes VALUES (?, ?)", classes)


def _note(database: sqlite3.Connection, number: int, thing: Candidate, found: Iterable[str]) -> None:
    record = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    row = (number, thing.id, thing.popularity, record)
    database.execute("INSERT OR IGNORE INTO things VALUES (?, ?, ?, ?)", row)
    database.executemany("INSERT OR IGNORE INTO leads VALUES (?, ?)", ((one, number) for one in thing.same_as))
    database.executemany("INSERT INTO pairs VALUES (?, ?)", ((key, number) for key in found))


class Local:
    """A source of candidates in a file; one connection, for one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        self._below = {one: above.split() for one, above in self._database.execute("SELECT id, above FROM classes")}
        self._above: dict[str, frozenset[str]] = {}

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def near(self, asked: Asked) -> list[Candidate]:
        """Return the things that have a key of the question, and those that have some of its rarest words."""
        wanted = dict.fromkeys(number for key in keys.of_question(asked) for number in self._with(key, SAME))
        if len(wanted) < FEW:
            wanted |= dict.fromkeys(number for key in keys.of_kind(asked) for number in self._with(key, OF_A_KIND))
        wanted |= dict.fromkeys(self._alike(asked))
        return self._read(list(wanted))

    def by_id(self, ids: Sequence[str]) -> dict[str, Candidate]:
        """Return the things with some ids, or that these lead to."""
        numbers = {one: number for one in ids if (number := self._number(one)) is not None}
        things = dict(zip(numbers, self._read(list(numbers.values())), strict=True))
        return {one: things[one] for one in ids if one in things}

    def suggest(self, prefix: str, *, types: Sequence[str] = (), limit: int = 10) -> list[Candidate]:
        """Return the things with that id, then those of which a name begins so, the best known first."""
        begin, own = _storable(keys.NAME + plain(prefix[:LONGEST])), prefix.strip()
        rows = self._database.execute(BEGINNING, (begin, begin + LAST)).fetchall()
        rows.sort(key=lambda row: (-row[1], row[2]))
        first = self._number(own)
        numbers = list(dict.fromkeys([*([] if first is None else [first]), *(number for number, _, _ in rows)]))
        if not types:
            return self._read(numbers[:limit])
        return [thing for thing in self._read(numbers) if set(types) & self.classes_above(thing.types)][:limit]

    def classes_above(self, types: Sequence[str]) -> frozenset[str]:
        """Return these classes and all that are above them."""
        return frozenset[str]().union(*map(self._classes_above, types))

    def _classes_above(self, one: str) -> frozenset[str]:
        if one not in self._above:
            found, waiting = set(), [one]
            while waiting:
                here = waiting.pop()
                if here not in found:
                    found.add(here)
                    waiting += self._below.get(here, ())
            self._above[one] = frozenset(found)
        return self._above[one]

    def _number(self, one: str) -> int | None:
        given = (_storable(one),)
        row = self._database.execute("SELECT n FROM things WHERE id = ?", given).fetchone()
        row = row or self._database.execute("SELECT n FROM leads WHERE id = ?", given).fetchone()
        return row[0] if row else None

    def _with(self, key: str, limit: int) -> list[int]:
        rows = self._database.execute("SELECT n FROM keys WHERE key = ? LIMIT ?", (_storable(key), limit))
        return [number for (number,) in rows]

    def _alike(self, asked: Asked) -> list[int]:
        """Return the things that share the rarest words with one of the names, the most telling first."""
        found: dict[int, float] = defaultdict(float)
        for name in asked.names[:4]:
            known = sorted((count, word) for word in keys.words(name)[:12] for count, word in self._known(word))
            for count, word in known[:RAREST]:
                if count <= COMMON:
                    weight = 1 / (1 + count) ** 0.5
                    for number in self._with(keys.WORD + word, COMMON):
                        found[number] += weight
        return nlargest(ALIKE, found, key=lambda number: (found[number], -number))

    def _known(self, word: str) -> list[tuple[int, str]]:
        """Return a word with how many things have it; for one that none has, the one most like it."""
        row = self._database.execute("SELECT things FROM words WHERE word = ?", (word,)).fetchone()
        if row:
            return [(row[0], word)]
        if len(word) < 5:
            return []
        near = self._database.execute(
            "SELECT word, things FROM words WHERE word >= ? AND word < ? LIMIT 3000", (word[:3], word[:3] + LAST)
        ).fetchall()
        best = process.extractOne(word, [one for one, _ in near], scorer=fuzz.ratio, score_cutoff=80)
        return [(dict(near)[best[0]], best[0])] if best else []

    def _read(self, numbers: Sequence[int]) -> list[Candidate]:
        rows: dict[int, str] = {}
        for begin in range(0, len(numbers), 500):
            part = numbers[begin : begin + 500]
            marks = ",".join("?" * len(part))
            rows |= dict(self._database.execute(f"SELECT n, record FROM things WHERE n IN ({marks})", part))  # noqa: S608
        return [Candidate(*json.loads(rows[number])) for number in numbers]


def _storable(text: str) -> str:
    """Return a text without what no text in the file can have: halves of characters (surrogates)."""
    return text.encode("utf-8", "ignore").decode()
