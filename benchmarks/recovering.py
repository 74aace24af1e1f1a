"""How soon is an answer there that was given before, and how soon is one there after a worker has died?

A worker is killed while there is only one and nobody asks. What counts is what a client sees: the time from there to
the answer to the next query, less what the same takes otherwise.
"""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from urllib.parse import quote

from benchmarks import peers, processes
from benchmarks.connection import Connection
from benchmarks.figures import Figure, Floor, Spread, spread
from benchmarks.questions import JSON
from benchmarks.workshop import LARGE, SMALL, Server, Workshop, served, title

PATH = peers.OURS

LONG = """\
SELECT ?class ?property (COUNT(*) AS ?statements)
WHERE { ?thing a ?class ; ?property ?value } GROUP BY ?class ?property"""
"""A query that takes the large catalogue about a second."""

REPEATED = 200

KILLED, USUAL = 10, 50
"""Workers that are killed in one run, and queries by which it is known what one takes otherwise."""

PAUSE_SECONDS = 0.2
"""In which a server comes to rest."""

AGAIN, REPLACED = Floor(5.0), Floor(100.0)

WORKER = "toolbox_graph.store.worker"


def measure(workshop: Workshop, part: str) -> Iterator[Figure]:
    """Ask a long query again and again, and kill workers."""
    name = workshop.names(SMALL, LARGE)[-1]
    folder, triples = workshop.catalogue(name)
    workshop.tell("asking a long query again and again")
    firsts, spreads = zip(*(_repeat(folder) for _ in range(workshop.runs)), strict=True)
    what = f"{title(name, triples)}, a long query"
    yield Figure(part, f"{what}, the first time", "ms", firsts)
    yield from spread(part, f"{what}, again", spreads, p50=AGAIN, p95=AGAIN)
    workshop.tell("killing workers")
    runs = tuple(_kill_some(folder) for _ in range(workshop.runs))
    yield Figure(part, f"{title(name, triples)}, until a killed worker is replaced, median", "ms", runs, REPLACED)


def _repeat(folder: Path) -> tuple[float, Spread]:
    """Return what a query took the first time, in milliseconds, and what it took after that."""
    with served(folder, TOOLBOX_QUERY_SECONDS="100") as server:
        first, *others = (_seconds(server.connection, LONG) for _ in range(1 + REPEATED))
    return first * 1000, Spread.of(others)


def _kill_some(folder: Path) -> float:
    """Return how much later, in milliseconds, an answer comes where the worker has to be replaced."""
    with served(folder, TOOLBOX_WORKERS="1") as server:
        usual = [_seconds(server.connection, _new(number)) for number in range(USUAL)]
        killed = [_kill(server, _new(number)) for number in range(USUAL, USUAL + KILLED)]
    return (median(killed) - median(usual)) * 1000


def _new(number: int) -> str:
    """Return a short query that was never asked."""
    return f"SELECT ?p ?o WHERE {{ <id/tool/tool-0> ?p ?o }} # {number}"


def _kill(server: Server, query: str) -> float:
    """Return the seconds from a worker's end to an answer of the one in its place."""
    time.sleep(PAUSE_SECONDS)
    [worker] = _workers(server)
    begun = time.perf_counter()
    os.kill(worker, signal.SIGKILL)
    while processes.is_running(worker):
        pass
    _seconds(server.connection, query)
    seconds = time.perf_counter() - begun
    assert worker not in _workers(server), "the worker was not killed"
    return seconds


def _workers(server: Server) -> list[int]:
    return [process for process in processes.family(server.process) if WORKER in processes.command(process)]


def _seconds(connection: Connection, query: str) -> float:
    begun = time.perf_counter()
    answer = connection.get(f"{PATH}{quote(query)}", JSON)
    assert answer.status == 200, answer
    return time.perf_counter() - begun
