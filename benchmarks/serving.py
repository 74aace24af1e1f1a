"""How many requests a second does the service answer, beside other servers?

All run on this machine with the same triples and are asked the same by `wrk`, in turns of some seconds, so that other
work on the machine troubles them alike. wrk takes a part of the two cores too. Requests come as from eight clients:
one alone gets half of our workers at most.
"""

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from itertools import count
from typing import NamedTuple

from benchmarks import peers, questions, recovering, streaming, wrk
from benchmarks.figures import RATE, TIMES, Figure, Floor
from benchmarks.peers import SERVICE, Peer
from benchmarks.questions import Kind
from benchmarks.workshop import LARGE, SMALL, Workshop, title
from benchmarks.wrk import Load, Target

PART = "serving"

SECONDS, QUICK_SECONDS = 5, 1
"""How long one server is asked one thing."""

WARMING = 1
"""Seconds before the first of these, at eight connections."""

REST_SECONDS = 0.5
"""After each turn: wrk leaves without waiting for its last answers, for which we replace workers."""

COMPARED = 8
"""Connections at which we compare."""

BESIDE = {
    ("rdflib-endpoint", "short"): Floor(3.0, is_least=True),
    ("rdflib-endpoint", "short, asked before"): Floor(3.0, is_least=True),
    ("rdflib-endpoint", "page"): Floor(3.0, is_least=True),
    ("rdflib-endpoint", "count"): Floor(3.0, is_least=True),
    ("Oxigraph server", "short"): Floor(0.4, is_least=True),
    ("Oxigraph server", "short, asked before"): Floor(2.0, is_least=True),
}
"""How many times as many requests as another server we have to answer."""

APART = 1_000_000
"""Requests that nobody reaches in a turn: so many numbers each turn has for its texts."""


class Turn(NamedTuple):
    """What is asked in a turn, and whom."""

    kind: str
    connections: int
    who: str


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Ask all servers, then look at single answers of theirs and ours."""
    if wrk.is_installed():
        for name in workshop.names(SMALL, LARGE):
            yield from _serving(workshop, name)
    else:
        workshop.tell("wrk is not installed; nobody is asked many things at once (apt-get install wrk)")
    yield from streaming.measure(workshop, PART)
    yield from recovering.measure(workshop, PART)


def _serving(workshop: Workshop, name: str) -> Iterator[Figure]:
    """Ask all servers for all kinds of answers."""
    folder, triples = workshop.catalogue(name)
    servers = [peers.ours(folder), peers.hop(folder), *peers.present(workshop, name)]
    kinds = questions.kinds(folder)
    numbers = count(APART, APART)
    runs = [Round(workshop, kinds, numbers).run(servers) for _ in range(workshop.runs)]
    for kind in kinds:
        for connections in kind.connections:
            what = f"{title(name, triples)}, {kind.name}, {_connections(connections)}"
            for server in servers:
                loads = [run[Turn(kind.name, connections, server.name)] for run in runs]
                yield from _figures(what, str(server), loads)
        what = f"{title(name, triples)}, {kind.name}, {_connections(COMPARED)}"
        yield from _ratios(what, kind, servers, runs)


def _connections(number: int) -> str:
    return f"{number} connection{'s' if number > 1 else ''}"


def _figures(what: str, who: str, loads: list[Load]) -> Iterator[Figure]:
    rates, halves, most, faults = zip(*loads, strict=True)
    fault = next(filter(None, faults), "")
    yield Figure(PART, what, RATE, rates, who=who, fault=fault)
    yield Figure(PART, what, "ms at p50", halves, who=who, fault=fault)
    yield Figure(PART, what, "ms at p99", most, who=who, fault=fault)


def _ratios(what: str, kind: Kind, servers: list[Peer], runs: list[dict[Turn, Load]]) -> Iterator[Figure]:
    """Yield how many times as much as each other server we answer.

    The best runs are compared. The best ratio of all runs would be one in which the other was troubled.
    """
    best = {server.name: _best(runs, Turn(kind.name, COMPARED, server.name)) for server in servers}
    for server in servers[1:]:
        (own, own_fault), (other, other_fault) = best[SERVICE], best[server.name]
        floor = BESIDE.get((server.name, kind.name))
        fault = own_fault or other_fault
        yield Figure(PART, f"{what}, beside {server}", TIMES, (own / other if other else 0.0,), floor, fault=fault)


def _best(runs: list[dict[Turn, Load]], turn: Turn) -> tuple[float, str]:
    loads = [run[turn] for run in runs]
    return max(load.rate for load in loads), next((load.fault for load in loads if load.fault), "")


class Round:
    """All servers are asked all kinds of queries once, each by any number of connections."""

    def __init__(self, workshop: Workshop, kinds: list[Kind], numbers: Iterator[int]) -> None:
        self._workshop = workshop
        self._kinds = kinds
        self._numbers = numbers
        self._seconds = QUICK_SECONDS if workshop.is_quick else SECONDS
        self._file = workshop.folder / "questions.txt"

    def run(self, servers: list[Peer]) -> dict[Turn, Load]:
        """Start the servers, ask them, and return what they answered."""
        loads = {}
        with ExitStack() as stack:
            running = {server: stack.enter_context(server.run()) for server in servers}
            targets = {server.name: Target(it.port, server.path) for server, it in running.items()}
            for kind in self._kinds:
                loads.update(self._ask(kind, targets))
        return loads

    def _ask(self, kind: Kind, targets: Mapping[str, Target]) -> dict[Turn, Load]:
        questions.write(kind, self._file)
        wrong = questions.disagreements(kind, targets)
        for who, what in wrong.items():
            self._workshop.tell(f"{who}, {kind.name}: {what}")
        self._take_turns(kind, COMPARED, targets, WARMING)
        loads = {}
        for connections in kind.connections:
            self._workshop.tell(f"asking: {kind.name}, {_connections(connections)}")
            answered = self._take_turns(kind, connections, targets, self._seconds)
            for who, load in answered.items():
                fault = wrong.get(who, load.fault)
                loads[Turn(kind.name, connections, who)] = load._replace(fault=fault)
        return loads

    def _take_turns(self, kind: Kind, connections: int, targets: Mapping[str, Target], seconds: int) -> dict[str, Load]:
        """Ask each server, all the very same texts."""
        first = next(self._numbers) if kind.is_new else 0
        loads = {}
        for who, target in targets.items():
            loads[who] = wrk.ask(target, self._file, kind.accept, connections=connections, seconds=seconds, first=first)
            time.sleep(REST_SECONDS)
        return loads
