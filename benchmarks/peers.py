"""Which other servers are asked the same?

They are no dependencies of ours: `pip install oxigraph rdflib-endpoint` puts their programs beside Python, and where
one is missing it is left out.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from benchmarks.connection import Connection
from benchmarks.workshop import Workshop, free_port, serving
from toolbox_graph import exports
from toolbox_graph.negotiation import NTRIPLES
from toolbox_graph.store.generations import Generation

ASK = "?query=ASK%20%7B%7D"
"""What each can answer once it is there."""


class Peer(NamedTuple):
    """Another server: its name, the path of its endpoint, and how it is run for a while."""

    name: str
    path: str
    serve: Callable[[], AbstractContextManager[Connection]]


def present(workshop: Workshop, generation: Generation) -> Iterator[Peer]:
    """Yield the servers that are installed, with the same triples as a generation shows."""
    dump = workshop.folder / "peers.nt"
    with dump.open("wb") as output:
        exports.dump(generation, NTRIPLES, output)
    for name, make in (("oxigraph", _oxigraph), ("rdflib-endpoint", _rdflib_endpoint)):
        program = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
        if program:
            yield make(program, dump)
        else:
            workshop.tell(f"{name} is not installed; it is left out (pip install {name})")


def _oxigraph(program: str, dump: Path) -> Peer:
    store, port = dump.with_suffix(".oxigraph"), free_port()
    shutil.rmtree(store, ignore_errors=True)
    subprocess.run([program, "load", "--location", store, "--file", dump], check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    return Peer("Oxigraph server", "/query", lambda: serving(command, port=port, path=f"/query{ASK}"))


def _rdflib_endpoint(program: str, dump: Path) -> Peer:
    port = free_port()
    command = [program, "serve", "--host", "127.0.0.1", "--port", str(port), str(dump)]
    return Peer("rdflib-endpoint", "/", lambda: serving(command, port=port, path=f"/{ASK}"))
