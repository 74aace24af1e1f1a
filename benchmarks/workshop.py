"""Where and with what is measured?"""

import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import NamedTuple, ParamSpec, TypeVar

import pyoxigraph as ox

from benchmarks import data
from benchmarks.connection import Connection
from benchmarks.figures import Tell
from toolbox_graph import importing, imports
from toolbox_graph.assembly import open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.importing import Importer
from toolbox_graph.namespaces import RDF, Base
from toolbox_graph.settings import DEFAULT_BASE, Settings
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.journal import Origin
from toolbox_graph.store.lookup import size
from toolbox_graph.store.quads import MERGE, iri

BUNDLED, SMALL, LARGE = "bundled", "1", "25"
"""The catalogues that are measured: the one that comes with the program, and two that are made."""

END_SECONDS = 30
"""How long a server may take to end."""

READY_SECONDS = 120.0
POLL_SECONDS = 0.002

STATUS = Path("/proc/self/status")
PEAK = "VmHWM:"

TYPE = ox.NamedNode(str(RDF.type))

TODAY = date(2026, 11, 22)

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def fresh(work: Callable[Arguments, Result], *arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
    """Do some work in a process of its own, so that no memory and no cache of other work is in it."""
    with ProcessPoolExecutor(max_workers=1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **options).result()


def peak_megabytes() -> float:
    """Return the most memory that this process and the largest that it started ever held."""
    largest_child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    if sys.platform == "darwin":
        return (own + largest_child) / 1e6
    # What getrusage says of a process includes its parent's memory at the time of the fork.
    [line] = [line for line in STATUS.read_text().splitlines() if line.startswith(PEAK)]
    return (int(line.removeprefix(PEAK).split()[0]) + largest_child) * 1024 / 1e6


def origin(importer: str = "") -> Origin:
    """Return where the changes come from that are made to measure."""
    return Origin("import" if importer else "edit", "2026-11-22T10:00:00Z", "bench", "a measurement", importer)


def importers(name: str) -> list[Importer]:
    """Return what makes a catalogue."""
    if name == BUNDLED:
        return [importing.find(importer) for importer in importing.importers()]
    return [Importer(data.IMPORTER, data.catalogue(int(name)))]


def begin(folder: Path, name: str) -> None:
    """Make a data folder; for a catalogue that is made to measure it has the licences, to which tools point."""
    Repository.create(folder, Base(DEFAULT_BASE), origin())
    repository = open_repository(Settings(data=folder))
    repository.bring_up_to_date()
    if name != BUNDLED:
        imports.import_into(repository, importing.find("licences"), origin("licences"), today=TODAY)
    repository.close()


def fill(folder: Path, name: str) -> tuple[float, float]:
    """Import a catalogue into an empty folder; return the seconds it took, and the most memory in megabytes."""
    begun = time.perf_counter()
    repository = open_repository(Settings(data=folder))
    repository.bring_up_to_date()
    for importer in importers(name):
        imports.import_into(repository, importer, origin(importer.name), today=TODAY)
    seconds = time.perf_counter() - begun
    repository.close()
    return seconds, peak_megabytes()


def bring_up_to_date(folder: Path) -> int:
    """Let a data folder follow the project's files as they are now; return how many triples it shows."""
    repository = open_repository(Settings(data=folder))
    repository.bring_up_to_date()
    repository.close()
    with repository.open() as generation:
        return size(generation.store, "")


def some_things(generation: Generation, base: Base, count: int) -> list[tuple[str, str]]:
    """Return kind and key of some things, always the same, or of all if there are fewer."""
    quads = generation.store.quads_for_pattern(None, TYPE, None, MERGE)
    names = sorted({iri(str(quad.subject)) for quad in quads})
    things = [named for name in names if "#" not in name and (named := base.split(name))]
    return Random(42).sample(things, min(count, len(things)))  # noqa: S311  # no secret


def title(name: str, triples: int) -> str:
    """Return what a person calls a catalogue."""
    return f"{name if name == BUNDLED else f'scale {name}'}, {triples:,} triples"


@dataclass
class Workshop:
    """A place to measure in: its folder, how often to measure each thing, and whom to tell about it.

    `is_quick`: whether the large catalogue is left out.
    """

    folder: Path
    runs: int
    is_quick: bool
    tell: Tell

    def names(self, *names: str) -> list[str]:
        """Return those of some catalogues that are to be measured."""
        return [name for name in names if not (self.is_quick and name == LARGE)]

    def catalogue(self, name: str) -> tuple[Path, int]:
        """Return the folder of a catalogue, made when it is first asked for, and how many triples it shows."""
        folder = self.folder / name
        if not folder.exists():
            self.tell(f"making the catalogue {name}")
            self.refill(name)
        return folder, fresh(bring_up_to_date, folder)

    def refill(self, name: str) -> tuple[float, float]:
        """Make a catalogue anew; return the seconds that its import took, and the most memory."""
        draft, folder = self.folder / f"{name}.draft", self.folder / name
        shutil.rmtree(draft, ignore_errors=True)
        fresh(begin, draft, name)
        measured = fresh(fill, draft, name)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
        return measured

    @contextmanager
    def copy(self, name: str) -> Iterator[Path]:
        """Lend a copy of a catalogue that may be changed."""
        original, _ = self.catalogue(name)
        with tempfile.TemporaryDirectory(dir=self.folder, prefix="copy-") as temporary:
            folder = Path(temporary) / "data"
            shutil.copytree(original, folder, symlinks=True)
            yield folder


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SERVER = {
    "PYTHONUNBUFFERED": "1",
    "PYTHONDONTWRITEBYTECODE": "",
    "TOOLBOX_CLIENT_SECONDS": "1000000",
    "TOOLBOX_CLIENT_ERRORS": "1000000",
}
"""The environment of a server: compiled, as what is installed is, and of ours a client may ask as much as it likes."""


class Server(NamedTuple):
    """A server that runs: a connection to it, its port and its process."""

    connection: Connection
    port: int
    process: int


@contextmanager
def running(program: Sequence[str], *, port: int, path: str, **environment: str) -> Iterator[Server]:
    """Run a server for a while; lend it once it answers a path."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(program, stdout=log, stderr=log, env={**os.environ, **SERVER, **environment})
        try:
            yield Server(_connect(process, port, path), port, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _connect(process: "subprocess.Popen[bytes]", port: int, path: str) -> Connection:
    until = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with suppress(OSError):
            connection = Connection(port)
            if connection.get(path).status == 200:
                return connection
        time.sleep(POLL_SECONDS)
    raise RuntimeError(f"{process.args!r} did not answer {path}")


def served(folder: Path, **environment: str) -> AbstractContextManager[Server]:
    """Serve a data folder for a while."""
    port = free_port()
    program = [sys.executable, "-m", "toolbox_graph.cli", "--data", str(folder), "serve", "--port", str(port)]
    return running(program, port=port, path="/health", **environment)


@contextmanager
def serve(folder: Path) -> Iterator[Connection]:
    """Serve a data folder for a while; lend a connection to it."""
    with served(folder) as server:
        yield server.connection
