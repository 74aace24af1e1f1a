"""What tests share.

Take `house` for a small repository of your own to write to, `catalogue` to read the bundled data, `client` to ask for
pages, `served` for the real thing over real HTTP. Make your own only for what none of them has.
"""

import asyncio
import fcntl
import os
import pickle
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pyoxigraph as ox
import pytest
import requests
from flask.testing import FlaskClient
from hypothesis import strategies as st

from toolbox_graph import importing, imports
from toolbox_graph.assembly import Service, open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import PREFIXES, Base
from toolbox_graph.settings import DEFAULT_BASE, Settings
from toolbox_graph.store.journal import Draft, Origin
from toolbox_graph.store.quads import Quad, canonical, node
from toolbox_graph.web.app import create_app

BASE = Base(DEFAULT_BASE)
GRAPHS = Path(__file__).parent / "graphs"
QUESTIONS = Path(__file__).parent / "queries"
READY_SECONDS = 30.0
PATIENT = {"TOOLBOX_CLIENT_SECONDS": "100000", "TOOLBOX_CLIENT_ERRORS": "100000"}
"""What is allowed to the one client that the tests are."""
TODAY = date(2026, 11, 28)
THOROUGH = bool(os.environ.get("REQUIRE_ALL"))
"""Whether it is decided here what lands; elsewhere nobody should wait long, and laws are tried on fewer examples."""

DECLARATIONS = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())

Result = TypeVar("Result")


def origin(activity: str = "test", importer: str = "") -> Origin:
    """Return where a change of a test comes from, always at the same time."""
    return Origin(activity, "2016-12-07T10:00:00Z", "tester", f"a {activity}", importer)


def quads(text: str, graph: str = node(BASE.graph("house", "alpha"))) -> set[Quad]:  # it is a text
    """Return what a text in Turtle states."""
    parsed = ox.parse(DECLARATIONS + text, ox.RdfFormat.TURTLE, base_iri=BASE.iri)
    return {Quad(str(quad.subject), str(quad.predicate), str(quad.object), graph) for quad in parsed}


def examples(number: int) -> int:
    """Return on how many examples a law is tried that takes its time."""
    return number if THOROUGH else max(number // 4, 2)


def flips(possible: Iterable[Quad]) -> st.SearchStrategy[list[set[Quad]]]:
    """Return changes, each of which removes what stands of its statements and adds the others."""
    return st.lists(st.sets(st.sampled_from(list(possible)), min_size=1, max_size=8), min_size=1, max_size=6)


def steps(changes: Iterable[set[Quad]]) -> Iterator[tuple[set[Quad], set[Quad]]]:
    """Yield what each of some changes removes and adds."""
    stated: set[Quad] = set()
    for flipped in changes:
        yield flipped & stated, flipped - stated
        stated ^= flipped


def run(work: Coroutine[object, object, Result]) -> Result:
    """Do some asynchronous work."""
    return asyncio.run(work)


def require(*, program: str) -> str:
    """Return the path of a program; without it skip the test, or fail it where REQUIRE_ALL says that all is there."""
    path = shutil.which(program)
    if path is None:
        reason = f"needs {program}, a package of the system"
        if THOROUGH:
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def mirror(*path: str) -> Path:
    """Return a file of the mirror of public data; without a mirror skip the test."""
    folder = os.environ.get("TOOLBOX_MIRROR")
    if not folder or not Path(folder).is_dir():
        pytest.skip("needs TOOLBOX_MIRROR, a folder with copies of public data")
    return Path(folder, *path)


def begun(folder: Path, base: Base = BASE) -> Repository:
    """Return a new repository in which nothing stands yet."""
    Repository.create(folder, base, origin("init"))
    repository = open_repository(Settings(data=folder))
    repository.bring_up_to_date()
    return repository


@pytest.fixture(scope="session")
def house_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the three tools of the house graph (`graphs/house.nq`)."""
    folder = tmp_path_factory.mktemp("house") / "data"
    repository = begun(folder)
    added = sorted(canonical((GRAPHS / "house.nq").read_text().splitlines()))
    repository.commit(Draft(origin("import", "house"), [], added), since=0)
    repository.close()
    return folder


@pytest.fixture
def house(house_template: Path, tmp_path: Path) -> Iterator[Repository]:
    """A repository with the three tools of the house graph, for this test alone."""
    folder = tmp_path / "data"
    shutil.copytree(house_template, folder, symlinks=True)
    repository = open_repository(Settings(data=folder))
    yield repository
    repository.close()


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], Result]) -> Result:
    """Return what is made but once, in a folder of its own, also where several processes share the tests."""
    own = factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / name
    folder.mkdir(exist_ok=True)
    with (folder / "made").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if kept := file.read():
            found: Result = pickle.loads(kept)  # noqa: S301  # our own
            return found
        made = make(folder)
        file.write(pickle.dumps(made))
        return made


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the bundled catalogue; nobody writes to it."""
    return once(tmp_path_factory, "catalogue", bundled)


def bundled(parent: Path) -> Path:
    """Return a new data folder with the bundled catalogue."""
    folder = parent / "data"
    fill(begun(folder))
    return folder


def fill(repository: Repository) -> None:
    """Import the bundled catalogue into a new repository, and close it."""
    for name in importing.importers():
        imports.import_into(repository, importing.find(name), origin("import", name), today=TODAY)
    repository.close()


@pytest.fixture(scope="session")
def client(catalogue: Path) -> FlaskClient:
    """A client of the pages, without a server between."""
    return create_app(Service(Settings(data=catalogue))).test_client()


class Served:
    """A real server: its address, the folder that it serves, and its process."""

    def __init__(self, address: str, data: Path, process: subprocess.Popen[bytes]) -> None:
        self.address = address
        self.data = data
        self.process = process

    def get(self, path: str, **options: object) -> requests.Response:
        """Ask it for a path, without following where that leads."""
        return requests.get(self.address + path, timeout=30, allow_redirects=False, **options)  # type: ignore[arg-type]

    def post(self, path: str, **options: object) -> requests.Response:
        """Send something to a path."""
        return requests.post(self.address + path, timeout=30, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def served(catalogue: Path) -> Iterator[Served]:
    """The bundled catalogue behind a real server on a free port, with a time limit of two seconds and more questions."""
    with serving(catalogue, TOOLBOX_QUERY_SECONDS="2", TOOLBOX_WORKERS="3", TOOLBOX_QUERIES=str(QUESTIONS)) as service:
        yield service


class serving:  # noqa: N801  # it is used as a function
    """Serve a folder for a while, with some options and settings."""

    def __init__(self, data: Path, *options: str, **settings: str) -> None:
        self.data = data
        self.options = options
        self.port = free_port()
        self.environment = {**os.environ, **PATIENT, "TOOLBOX_DATA": str(data), **settings}

    def __enter__(self) -> Served:
        program = [sys.executable, "-m", "toolbox_graph.cli", "serve", "--port", str(self.port), *self.options]
        self.process = subprocess.Popen(program, env=self.environment, stdout=subprocess.DEVNULL)
        served = Served(f"http://127.0.0.1:{self.port}", self.data, self.process)
        wait_until(lambda: served.get("/health").ok)
        return served

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=READY_SECONDS)


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(done: Callable[[], bool]) -> None:
    """Wait until something is so."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        try:
            if done():
                return
        except requests.ConnectionError:
            pass
        time.sleep(0.05)
    pytest.fail("it did not come about in time")


def pytest_xdist_auto_num_workers() -> int:
    """Return how many processes share the tests: some wait, so that there is work for one more than there are cores.

    Where time is judged, it is not made scarcer.
    """
    return (os.cpu_count() or 1) + (not THOROUGH)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what to do next, before the last line."""
    terminalreporter.write_line("\nTo see the catalogue: make serve, then open http://127.0.0.1:8000/")
