"""How soon does a long answer begin, and how much memory does it take?

The triples of a catalogue are asked for as rows. The time is that until the first piece of the rows, not of the
headers, is there. The memory is that of all processes of a server, most while it answers, less what they hold before.
"""

import time
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from benchmarks import peers, processes
from benchmarks.connection import Connection
from benchmarks.figures import Figure, Floor
from benchmarks.peers import SERVICE, Peer
from benchmarks.questions import JSON
from benchmarks.workshop import LARGE, SMALL, Server, Workshop, title

ROWS = 945_000
"""Rows that are asked for, or all if there are fewer; Virtuoso gives 1,048,576 at most."""

ALL = quote(f"SELECT * WHERE {{ ?s ?p ?o }} LIMIT {ROWS}")

BOUNDLESS = {"TOOLBOX_ANSWER_MEGABYTES": "100000", "TOOLBOX_QUERY_SECONDS": "1000"}

ROW = b'"s":'
"""What stands once in each row: in a text it would be written with backslashes."""

QUIET_SECONDS = 2
"""After which a server that has just started is idle."""

FIRST, MEMORY = Floor(50.0), Floor(100.0, may_be_reached=True)


class Stream(NamedTuple):
    """An answer: how soon it began and how long it took, how much memory, and how many rows there were."""

    first: float
    whole: float
    idle: float
    more: float
    rows: int


def measure(workshop: Workshop, part: str) -> Iterator[Figure]:
    """Ask each server for all triples, or as many as are asked for at once."""
    name = workshop.names(SMALL, LARGE)[-1]
    folder, triples = workshop.catalogue(name)
    wanted = min(triples, ROWS)
    what = f"{title(name, triples)}, {wanted:,} rows"
    for server in (peers.ours(folder, **BOUNDLESS), *peers.present(workshop, name)):
        workshop.tell(f"asking {server} for {wanted:,} rows")
        runs = [_stream(server) for _ in range(workshop.runs)]
        yield from _figures(part, what, server, runs, wanted)


def _figures(part: str, what: str, server: Peer, runs: list[Stream], wanted: int) -> Iterator[Figure]:
    """Yield what floors are for, of ours, and the rest."""
    first, whole, idle, more, rows = zip(*runs, strict=True)
    wrong = next((count for count in rows if count != wanted), None)
    fault = "" if wrong is None else f"{wrong:,} rows"
    is_ours = server.name == SERVICE
    for unit, values, floor in (
        ("ms to the first row", first, FIRST if is_ours else None),
        ("s to the last row", whole, None),
        ("MB idle", idle, None),
        ("MB more at most", more, MEMORY if is_ours else None),
    ):
        yield Figure(part, what, unit, values, floor, str(server), fault)


def _stream(server: Peer) -> Stream:
    with server.run() as running:
        time.sleep(QUIET_SECONDS)
        idle = processes.megabytes(running.process)
        with processes.Watch(running.process) as watch:
            first, whole, rows = _read(server, running)
    return Stream(first * 1000, whole, idle, watch.most - idle, rows)


def _read(server: Peer, running: Server) -> tuple[float, float, int]:
    """Return after how many seconds an answer began and ended, and its rows."""
    connection = Connection(running.port)
    begun = time.perf_counter()
    status, pieces = connection.stream(f"{server.path}{ALL}", JSON)
    assert status == 200, status
    piece = next(pieces)
    first = time.perf_counter() - begun
    rows, rest = piece.count(ROW), piece[1 - len(ROW) :]
    for piece in pieces:
        rows += (rest + piece).count(ROW)
        rest = piece[1 - len(ROW) :]
    return first, time.perf_counter() - begun, rows
