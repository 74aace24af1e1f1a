"""Which other servers are asked the same?

They are no dependencies of ours: `pip install oxigraph 'rdflib-endpoint[cli]'` and `apt-get install
virtuoso-opensource-7` put their programs on the path or beside Python, and where one is missing it is left out.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks import virtuoso
from benchmarks.workshop import Server, Workshop, free_port, fresh, running, served
from toolbox_graph import exports
from toolbox_graph.assembly import open_repository
from toolbox_graph.negotiation import NTRIPLES
from toolbox_graph.settings import Settings

SERVICE, OURS = "this service", "/sparql?query="
"""What we call ourselves, and where we are asked."""

ASK = "ASK%20%7B%7D"
"""What each can answer once it is there."""

RDFLIB_MOST = 200_000
"""Triples that rdflib-endpoint is given: it reads its file anew at each start, a million in some minutes."""

NUMBER = re.compile(r"\d+(\.\d+)+")
"""A version, in what a program says of itself."""


class Peer(NamedTuple):
    """A server: its name and version, its endpoint's path up to the query, and how it is run for a while."""

    name: str
    version: str
    path: str
    run: Callable[[], AbstractContextManager[Server]]

    def __str__(self) -> str:
        return f"{self.name} {self.version}".rstrip()


def ours(folder: Path, **environment: str) -> Peer:
    """Return our own service of a data folder."""
    return Peer(SERVICE, version("toolbox-graph"), OURS, partial(served, folder, **environment))


def hop(folder: Path) -> Peer:
    """Return the way to a worker and back alone, with the same data folder."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--http", "1", "--no-ws", "--factory"]
    command += ["--port", str(port), "--log-level", "warning", "--workers-kill-timeout", "5", "benchmarks.hop:create"]
    run = partial(running, command, port=port, path=f"/?query={ASK}", TOOLBOX_DATA=str(folder))
    return Peer("a worker and back", "", "/?query=", run)


def present(workshop: Workshop, name: str) -> Iterator[Peer]:
    """Yield the servers that are installed, with the same triples as a catalogue shows."""
    folder, _ = workshop.catalogue(name)
    dump = folder.with_suffix(".nt")
    yield from loaded(workshop, dump, fresh(_dump, folder, dump))


def loaded(workshop: Workshop, dump: Path, triples: int) -> Iterator[Peer]:
    """Yield the servers that are installed, with the triples of a file."""
    for make, program, package in (
        (_oxigraph, "oxigraph", "pip install oxigraph"),
        (_rdflib_endpoint, "rdflib-endpoint", "pip install 'rdflib-endpoint[cli]'"),
        (_virtuoso, "virtuoso-t", "apt-get install virtuoso-opensource-7"),
    ):
        found = shutil.which(program, path=str(Path(sys.executable).parent)) or shutil.which(program)
        if not found:
            workshop.tell(f"{program} is not installed; it is left out ({package})")
        elif make is _rdflib_endpoint and triples > RDFLIB_MOST:
            workshop.tell(f"rdflib-endpoint is left out: it takes minutes to read {triples:,} triples")
        else:
            workshop.tell(f"loading {triples:,} triples into {program}")
            yield make(found, dump)


def _dump(folder: Path, dump: Path) -> int:
    """Write what a catalogue shows; return how many triples that is."""
    with open_repository(Settings(data=folder)).open() as generation, dump.open("wb") as output:
        return exports.dump(generation, NTRIPLES, output)


def _oxigraph(program: str, dump: Path) -> Peer:
    store, port = dump.with_suffix(".oxigraph"), free_port()
    shutil.rmtree(store, ignore_errors=True)
    subprocess.run([program, "load", "--location", store, "--file", dump], check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    run = partial(running, command, port=port, path=f"/query?query={ASK}")
    return Peer("Oxigraph server", _said(program, "--version"), "/query?query=", run)


def _rdflib_endpoint(program: str, dump: Path) -> Peer:
    port = free_port()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(dump)]
    ask_version = "from importlib.metadata import version; print(version('rdflib-endpoint'))"
    told = _said(str(Path(program).resolve().with_name("python")), "-c", ask_version)
    return Peer("rdflib-endpoint", told, "/?query=", partial(running, command, port=port, path=f"/?query={ASK}"))


def _virtuoso(program: str, dump: Path) -> Peer:
    place = virtuoso.load(program, dump)
    run = partial(running, place.command, port=place.port, path=f"{virtuoso.PATH}{ASK}")
    return Peer("Virtuoso", _said(program, "-?"), virtuoso.PATH, run)


def _said(*command: str) -> str:
    """Return the version that a program says it has."""
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    found = NUMBER.search(told.stdout + told.stderr)
    return found[0] if found else ""
