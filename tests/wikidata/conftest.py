"""What the tests of Wikidata share: the stand-in, and a client of it that sleeps in no time."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from tests.wikidata.standin import Standin, standing_in
from toolbox_graph.wikidata.asking import Wikidata
from toolbox_graph.wikidata.kept import Kept
from toolbox_graph.wikidata.live import Live
from toolbox_graph.wikidata.manners import Manners

CONTACT = "curator@example.org"


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[Standin, str]]:
    """The stand-in and its address."""
    with standing_in() as running:
        yield running


@pytest.fixture
def standin(server: tuple[Standin, str]) -> Standin:
    """The stand-in, to which nothing has come yet and which has no fault."""
    server[0].seen.clear()
    server[0].faults.clear()
    server[0].most = 0
    return server[0]


@pytest.fixture
def slept() -> list[float]:
    """How long the client has waited, each time."""
    return []


@pytest.fixture
def manners(slept: list[float]) -> Manners:
    """Good manners, without the waiting."""
    return Manners(CONTACT, session=requests.Session(), clock=lambda: 1000.0, sleep=slept.append, chance=lambda: 0.5)


@pytest.fixture
def wikidata(server: tuple[Standin, str], standin: Standin, manners: Manners) -> Wikidata:
    """A client of the stand-in."""
    return Wikidata(server[1], f"{server[1]}sparql", manners)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Callable[..., Kept]]:
    """What opens the file of kept answers, at a time of the test's choice."""
    opened: list[Kept] = []

    def open_kept(now: float = 1000.0, days: float = 30) -> Kept:
        opened.append(Kept(tmp_path / "answers.sqlite", clock=lambda: now, days=days))
        return opened[-1]

    yield open_kept
    for one in opened:
        one.close()


@pytest.fixture
def live(wikidata: Wikidata, kept: Callable[..., Kept]) -> Live:
    """The stand-in as a source of candidates."""
    return Live(wikidata, kept())
