"""How long do queries take that look at much, beside other servers?

The catalogue and the queries are those of a folder that the operator names, with `make_catalogue.py` and `queries.py`:
nothing of them was made for us. Each query is asked of all servers in turns, in words that nobody has seen before, and
the best turn of each counts. Ours is a playground, since the catalogue is in terms of its own.
"""

import os
import runpy
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from importlib.metadata import version
from itertools import count
from pathlib import Path
from urllib.parse import quote

import requests

from benchmarks import peers
from benchmarks.connection import Connection
from benchmarks.figures import TIMES, Figure
from benchmarks.peers import Peer
from benchmarks.workshop import LARGE, SMALL, Server, Workshop, free_port, running
from toolbox_graph.negotiation import NTRIPLES

PART = "analysis"

FOLDER = "TOOLBOX_BENCH"
"""The setting that names the folder."""

ACCEPT = "application/sparql-results+json, application/n-triples;q=0.5"

PATIENCE = {"TOOLBOX_QUERY_SECONDS": "120", "TOOLBOX_MEMORY_MEGABYTES": "4000", "TOOLBOX_ANSWER_MEGABYTES": "1000"}
"""Of ours, as much as the others allow."""

PART_BYTES = 60_000_000
"""How much a playground is sent at once; it takes 64 MB."""

GRAPH_STORE = "/graph-store?default"


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Ask everybody everything."""
    folder = os.environ.get(FOLDER)
    if not folder:
        workshop.tell(f"{FOLDER} is not set to a folder with make_catalogue.py and queries.py; nothing is analysed")
        return
    queries: Mapping[str, str] = runpy.run_path(str(Path(folder, "queries.py")))["QUERIES"]
    scale = SMALL if workshop.is_quick else LARGE
    dump = workshop.folder / f"analysis-{scale}.nt"
    if not dump.exists():
        subprocess.run([sys.executable, Path(folder, "make_catalogue.py"), scale, dump], check=True)
    with dump.open("rb") as lines:
        triples = sum(1 for _ in lines)
    servers = [_ours(dump), *peers.loaded(workshop, dump, triples)]
    yield from _figures(f"scale {scale}, {triples:,} triples", _times(workshop, servers, queries))


def _ours(dump: Path) -> Peer:
    return Peer(peers.SERVICE, version("toolbox-graph"), peers.OURS, partial(_playground, dump))


@contextmanager
def _playground(dump: Path) -> Iterator[Server]:
    """Run a playground with the triples of a file."""
    port = free_port()
    program = [sys.executable, "-m", "toolbox_graph.cli", "serve", "--playground", "--port", str(port)]
    with running(program, port=port, path="/health", **PATIENCE) as server:
        for part in _parts(dump):
            address = f"http://127.0.0.1:{port}{GRAPH_STORE}"
            requests.post(address, part, headers={"Content-Type": NTRIPLES.media_type}, timeout=300).raise_for_status()
        yield server


def _parts(dump: Path) -> Iterator[bytes]:
    with dump.open("rb") as stream:
        while lines := stream.readlines(PART_BYTES):
            yield b"".join(lines)


Times = dict[str, dict[str, list[float]]]
"""Of each query and server: the milliseconds of each turn, none where there was no answer."""


def _times(workshop: Workshop, servers: list[Peer], queries: Mapping[str, str]) -> Times:
    """Ask every server every query in turns; the first turn, which warms all alike, counts too."""
    times: Times = {name: {str(server): [] for server in servers} for name in queries}
    numbers = count()
    with ExitStack() as stack:
        asked = {server: stack.enter_context(server.run()) for server in servers}
        for _ in range(workshop.runs):
            for name, text in queries.items():
                for server, it in asked.items():
                    milliseconds, status = _ask(it.port, f"{server.path}{_new(text, next(numbers))}")
                    if status == 200:
                        times[name][str(server)].append(milliseconds)
                    else:
                        workshop.tell(f"{server}, {name}: {status}")
    return times


def _ask(port: int, path: str) -> tuple[float, int]:
    """Return how many milliseconds an answer took to the last byte, and its status."""
    connection = Connection(port)
    begun = time.perf_counter()
    try:
        status = connection.get(path, accept=ACCEPT).status
    except OSError:
        status = 0
    return (time.perf_counter() - begun) * 1000, status


def _new(text: str, number: int) -> str:
    return quote(f"{text} # {number}", safe="")


def _figures(title: str, times: Times) -> Iterator[Figure]:
    for name, of_servers in times.items():
        for who, turns in of_servers.items():
            yield Figure(
                PART, f"{title}, {name}", "ms", tuple(turns or [0.0]), who=who, fault="" if turns else "no answer"
            )
        own, *others = of_servers.items()
        for who, turns in others:
            if turns and own[1]:
                yield Figure(PART, f"{title}, {name}, of what {who} takes", TIMES, (min(own[1]) / min(turns),))
