"""What does a query cost beside the engine's own time?

A point query, all that is said of one thing, is asked over HTTP on one open connection, and the same of pyoxigraph
directly in this process, in turns, on the same generation. What the service takes more is what everything costs that
is not the engine: HTTP, the way to the worker and back, reading the request. Other servers are asked in the same turns
where they are installed.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import cast
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks import peers
from benchmarks.connection import Connection
from benchmarks.figures import Figure, Floor, Spread, spread
from benchmarks.workshop import LARGE, SMALL, Workshop, some_things, title
from toolbox_graph.assembly import open_repository
from toolbox_graph.settings import Settings

PART = "sparql"

QUERIES, TURN, FIRST = 1200, 120, 20
"""Queries in all, in one turn, and in a turn before those that are measured.

A turn of one query each would measure how the others' work drives ours out of the processor's caches.
"""

MEDIA_TYPE = "application/sparql-results+json"

BESIDE_ENGINE = Floor(0.5, may_be_reached=True)

DIRECT = "pyoxigraph"

Ask = Callable[[str], bytes]


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Ask point queries of two sizes of catalogue; others are asked for the smaller."""
    for name in workshop.names(SMALL, LARGE):
        folder, triples = workshop.catalogue(name)
        workshop.tell(f"asking queries of {name}")
        runs = [_run(workshop, folder, beside_peers=name == SMALL) for _ in range(workshop.runs)]
        what = f"{title(name, triples)}, point query"
        for who in runs[0]:
            yield from spread(PART, f"{what}, {who}", [run[who] for run in runs])
        beside = tuple(run[peers.SERVICE].p50 - run[DIRECT].p50 for run in runs)
        yield Figure(PART, f"{what}, all but the engine, p50", "ms", beside, BESIDE_ENGINE)


def _run(workshop: Workshop, folder: Path, *, beside_peers: bool) -> dict[str, Spread]:
    """Return how long everybody took."""
    repository = open_repository(Settings(data=folder))
    with ExitStack() as stack, repository.open() as generation:
        asking = {DIRECT: _directly(generation.store)}
        for peer in (peers.ours(folder), *(peers.present(workshop, SMALL) if beside_peers else ())):
            asking[peer.name] = _over(stack.enter_context(peer.run()).connection, peer.path)
        base = repository.model.base
        things = some_things(generation, base, QUERIES)
        queries = [f"SELECT ?p ?o WHERE {{ <{base.thing(*thing)}> ?p ?o }}" for thing in things]
        return _in_turns(asking, queries)


def _directly(store: ox.Store) -> Ask:
    def ask(query: str) -> bytes:
        solutions = cast(ox.QuerySolutions, store.query(query))
        return solutions.serialize(format=ox.QueryResultsFormat.JSON) or b""

    return ask


def _over(connection: Connection, path: str) -> Ask:
    def ask(query: str) -> bytes:
        answer = connection.get(f"{path}{quote(query)}", accept=MEDIA_TYPE)
        assert answer.status == 200, answer
        return answer.body

    return ask


def _in_turns(asking: Mapping[str, Ask], queries: list[str]) -> dict[str, Spread]:
    times: dict[str, list[float]] = {who: [] for who in asking}
    for start in range(0, len(queries), TURN):
        for who, ask in asking.items():
            times[who].extend(_times(ask, queries[start : start + TURN]))
    return {who: Spread.of(seconds) for who, seconds in times.items()}


def _times(ask: Ask, queries: list[str]) -> list[float]:
    """Return how long each of some queries took, but for the first, at which everything is still cold."""
    times = []
    for query in queries:
        begun = time.perf_counter()
        ask(query)
        times.append(time.perf_counter() - begun)
    return times[FIRST:]
