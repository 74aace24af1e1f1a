"""Hostile queries: each ends at its limit with an honest answer, and the neighbours hardly notice."""

import http.client
import json
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest

from tests.conftest import READY_SECONDS, THOROUGH, Served, once, serving
from tests.web.hostile import CUT, TABLE, TIME, WHOLE, Hostile

LIMIT, GRACE = 0.5, 0.5
"""Seconds that a query may take, and by how much it may be late."""

MOST_BYTES = 4_000_000
"""How long an answer may be."""

SETTINGS = {"TOOLBOX_QUERY_SECONDS": str(LIMIT), "TOOLBOX_ANSWER_MEGABYTES": str(MOST_BYTES // 1_000_000),
            "TOOLBOX_QUERY_MEGABYTES": "300", "TOOLBOX_WORKERS": "6"}  # fmt: skip

ATTACKERS = 3
"""Clients that send hostile queries at the same time."""

ENOUGH, SOON = 0.95, 0.25
"""The part of the neighbours' queries that is answered, and the seconds within which."""

EARLY = 6
"""Clients before the siege."""

KEPT_MEGABYTES = 60
"""What the service may remember of the siege: its memory of answers, and what its caches hold of the data."""

SMALL = (
    ('SELECT ?name { <id/tool/openfisca> <http://www.w3.org/2000/01/rdf-schema#label> ?name }', b"OpenFisca"),
    ("ASK { <id/tool/openfisca> ?p ?o }", b"true"),
    ("CONSTRUCT WHERE { <id/country/fr> ?p ?o }", b"France"),
)  # fmt: skip
"""Queries of a neighbour, and what stands in the answers."""


class Outcome(NamedTuple):
    """What became of a query: the answer as it came, whether with its end, and after how many seconds that was."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    has_end: bool
    seconds: float

    @property
    def end(self) -> str:
        """In which way the query ended: whole, cut off, or with a problem of this name."""
        if self.status == 200:
            return WHOLE if self.has_end else CUT
        return str(self.problem["type"]).rpartition(":")[2]

    @property
    def problem(self) -> dict[str, Any]:
        """The problem document."""
        assert self.headers["content-type"] == "application/problem+json"
        found = json.loads(self.body)
        assert isinstance(found, dict)
        return found


class Siege(NamedTuple):
    """What became of all queries of the table and of those of a neighbour meanwhile, and the memory around it."""

    outcomes: dict[str, Outcome]
    neighbour: list[tuple[bool, float]]
    megabytes_before: float
    megabytes_after: float


def send(served: Served, text: str, client: str, accept: str = "*/*") -> Outcome:
    """Send a query as some client, and take the answer."""
    where = urlsplit(served.address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=READY_SECONDS)
    headers = {"Content-Type": "application/sparql-query", "Accept": accept, "User-Agent": client}
    begun = time.monotonic()
    status, told, body, has_end = 0, {}, bytearray(), False
    try:
        connection.request("POST", "/sparql", text.encode(), headers)
        answer = connection.getresponse()
        status, told = answer.status, {name.lower(): value for name, value in answer.getheaders()}
        while piece := answer.read(65_536):
            body += piece
        has_end = True
    except http.client.IncompleteRead as broken:
        body += broken.partial
    except OSError:  # No answer, or no more of it.
        pass
    finally:
        connection.close()
    return Outcome(status, told, bytes(body), has_end, time.monotonic() - begun)


def attack(served: Served) -> dict[str, Outcome]:
    """Send all hostile queries, some at a time, each client the next one when it has its answer."""
    rows = iter(TABLE)
    outcomes: dict[str, Outcome] = {}

    def work(client: str) -> None:
        while row := next(rows, None):
            outcomes[row.name] = send(served, row.text, client, row.accept)

    with ThreadPoolExecutor(ATTACKERS) as attackers:
        list(attackers.map(work, (f"attacker {number}" for number in range(ATTACKERS))))
    # A machine that stood still for a moment is no fault of the service: who was late, or found no worker in the time
    # that it has, is asked again, alone.
    for row in TABLE:
        if outcomes[row.name].seconds > LIMIT + GRACE or outcomes[row.name].end == "busy":
            outcomes[row.name] = send(served, row.text, "attacker", row.accept)
    return outcomes


@contextmanager
def neighbour(served: Served) -> Iterator[list[tuple[bool, float]]]:
    """Send small queries all the time; the list has whether each was answered, and after how many seconds."""
    found: list[tuple[bool, float]] = []
    done = threading.Event()

    def live() -> None:
        for number in count():
            text, expected = SMALL[number % len(SMALL)]
            # No two are the same, so that none is answered from memory.
            outcome = send(served, f"{text} # {number}", "neighbour")
            found.append((outcome.status == 200 and outcome.has_end and expected in outcome.body, outcome.seconds))
            if done.wait(0.01):
                return

    thread = threading.Thread(target=live)
    thread.start()
    try:
        yield found
    finally:
        done.set()
        thread.join()


def family(process: int) -> set[int]:
    """Return a process and all that it started, and they."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):  # It has ended since.
            continue
    found = {process}
    while more := {child for child, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def megabytes(process: int) -> float:
    """Return the memory of a process and all that it started; what they share is counted once (Linux only)."""
    kilobytes = 0
    for number in family(process):
        try:
            lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        except (FileNotFoundError, ProcessLookupError):
            continue
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes * 1024 / 1_000_000


def settled(served: Served, megabytes_before: float) -> float:
    """Return the memory of a server once it is back to what it was, or what it still has after a while."""
    until = time.monotonic() + 5
    while (now := megabytes(served.process.pid)) > megabytes_before + KEPT_MEGABYTES and time.monotonic() < until:
        time.sleep(0.2)
    return now


def warm(served: Served) -> None:
    """Use a server by several clients, so that each worker has its caches of the data: the siege will replace most."""

    def ask(number: int) -> None:
        send(served, f"SELECT * {{ ?s ?p ?o }} LIMIT 10000 # {number}", f"early bird {number % EARLY}")

    with ThreadPoolExecutor(EARLY) as clients:
        list(clients.map(ask, range(8 * EARLY)))


def besieged(catalogue: Path) -> Siege:
    """Send the whole table to a server of its own, while a neighbour lives on."""
    with serving(catalogue, **SETTINGS) as served:
        warm(served)
        before = megabytes(served.process.pid)
        with neighbour(served) as answers:
            outcomes = attack(served)
        return Siege(outcomes, answers, before, settled(served, before))


@pytest.fixture(scope="module")
def siege(catalogue: Path, tmp_path_factory: pytest.TempPathFactory) -> Siege:
    """One siege for all tests of this file, also where several processes share them.

    It takes all of a machine for half a minute, so it is for those on which it is decided what lands.
    """
    if not THOROUGH:
        pytest.skip("besieges this machine for half a minute: set REQUIRE_ALL=1")
    return once(tmp_path_factory, "siege", lambda _: besieged(catalogue))


each = pytest.mark.parametrize("hostile", TABLE, ids=[row.name for row in TABLE])


def test_there_are_many_and_no_two_are_the_same() -> None:
    assert len({row.name for row in TABLE}) == len({(row.text, row.accept) for row in TABLE}) == len(TABLE) >= 45


@each
def test_a_hostile_query_ends_within_its_limit(siege: Siege, hostile: Hostile) -> None:
    assert siege.outcomes[hostile.name].seconds <= LIMIT + GRACE


@each
def test_a_hostile_query_ends_in_an_honest_way(siege: Siege, hostile: Hostile) -> None:
    outcome = siege.outcomes[hostile.name]
    assert outcome.end in hostile.ends
    if outcome.status == 200:
        assert outcome.headers["content-type"].partition(";")[0] == hostile.accept
        assert 0 < len(outcome.body) <= MOST_BYTES
    else:
        problem = outcome.problem
        assert outcome.has_end
        assert problem["status"] == outcome.status >= 400
        assert problem["title"]
        assert problem["detail"]
        assert b"Traceback" not in outcome.body


def test_who_ran_out_of_time_is_told_the_limit_and_what_to_do(siege: Siege) -> None:
    told = [outcome.problem for outcome in siege.outcomes.values() if outcome.end == TIME]
    assert len(told) > 20
    assert {problem["limit"] for problem in told} == {LIMIT}
    assert all(LIMIT <= problem["elapsed"] <= LIMIT + GRACE and problem["hint"] for problem in told)


def test_the_neighbour_is_answered(siege: Siege) -> None:
    answered = sum(is_answered for is_answered, _ in siege.neighbour)
    assert answered >= ENOUGH * len(siege.neighbour) > 100


def test_the_neighbour_is_answered_soon(siege: Siege) -> None:
    seconds = sorted(seconds for _, seconds in siege.neighbour)
    assert seconds[int(ENOUGH * len(seconds))] <= SOON


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, which only Linux has")
def test_memory_returns_to_what_it_was(siege: Siege) -> None:
    assert siege.megabytes_after <= siege.megabytes_before + KEPT_MEGABYTES
