"""Clients that are slow on purpose: they hold nothing for long, and others are answered meanwhile."""

import shutil
import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from tests.conftest import BASE, Served, serving
from toolbox_graph.accounts import Accounts

AT_ONCE = 200
"""Connections at the same time."""

PATIENCE = 12.0
"""Seconds after which nobody may hold anything any more who has sent nothing whole."""

ASKED = 60
"""Times that another client asks meanwhile; 19 of 20 have to be answered."""

DRIP_SECONDS = 0.2
"""Between two bytes of a client that says what it wants byte by byte."""

QUICK = "SELECT (RAND() AS ?x) {}"
"""It is never remembered, so it needs a worker."""

LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""Its answer is longer than all that lies between a client and the service."""

START = b"POST %b HTTP/1.1\r\nHost: x\r\nContent-Type: %b\r\nContent-Length: 900000\r\n"
BODY = b"#" * 10_000


@pytest.fixture(scope="module")
def service(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A small catalogue with four workers."""
    folder = tmp_path_factory.mktemp("slow") / "data"
    shutil.copytree(house_template, folder, symlinks=True)
    with serving(folder, TOOLBOX_WORKERS="4", TOOLBOX_QUERY_SECONDS="5", TOOLBOX_WAITING_SECONDS="0.5") as served:
        yield served


@pytest.fixture(scope="module")
def openings(service: Served) -> dict[str, bytes]:
    """What slow clients of each kind say at first; the rest comes byte by byte, or never."""
    token = Accounts(service.data, BASE).create("ada", ["write"], now="2026-11-28T10:00:00Z")
    query = START % (b"/sparql", b"application/sparql-query") + b"\r\n"
    statements = START % (b"/graph-store/community/ada", b"text/turtle")
    return {
        "says nothing": b"",
        "never ends its headers": query[:-2],
        "never ends its query": query + BODY,
        "never ends its statements": statements + f"Authorization: Bearer {token}\r\n\r\n".encode() + BODY,
    }


@contextmanager
def connections(service: Served, sent: Iterable[bytes]) -> Iterator[list[socket.socket]]:
    """Hold a connection for each of some beginnings of requests, and take nothing from it."""
    where = urlsplit(service.address)
    with ExitStack() as held:
        found = []
        for opening in sent:
            connection = held.enter_context(socket.socket())
            # With a small window little fits in between.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(5)
            connection.connect((str(where.hostname), where.port or 0))
            connection.sendall(opening)
            found.append(connection)
        yield found


@contextmanager
def dripping(held: list[socket.socket]) -> Iterator[None]:
    """Send on each connection a byte now and then."""
    done = threading.Event()

    def drip() -> None:
        while not done.wait(DRIP_SECONDS):
            for connection in held:
                try:
                    connection.send(b"x")
                except OSError:  # The service has closed it.
                    continue

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def is_closed(connection: socket.socket) -> bool:
    """Return whether the service has ended a connection; take what it said before."""
    connection.setblocking(False)
    try:
        while connection.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def one_is_answered(held: list[socket.socket]) -> bool:
    """Return whether at least one of the connections is being answered; the others may be told to wait."""
    return any(connection.recv(12) == b"HTTP/1.1 200" for connection in held)


def statuses(service: Served, number: int = ASKED) -> list[int]:
    """Return what another client is answered that asks for little."""
    ahead = {"User-Agent": "neighbour"}
    return [service.get(f"/sparql?query={quote(QUICK)}", headers=ahead).status_code for _ in range(number)]


def request(client: str) -> bytes:
    """Return a request for a long answer."""
    return f"GET /sparql?query={quote(LONG)}&format=tsv HTTP/1.1\r\nHost: x\r\nUser-Agent: {client}\r\n\r\n".encode()


KINDS = ["says nothing", "never ends its headers", "never ends its query", "never ends its statements"]
BYTE_BY_BYTE = ", byte by byte"


def test_others_are_answered_while_many_never_say_what_they_want(service: Served, openings: dict[str, bytes]) -> None:
    with connections(service, [openings[kind] for kind in KINDS] * (AT_ONCE // len(KINDS))):
        assert statuses(service).count(200) >= 0.95 * ASKED


@pytest.fixture(scope="module")
def left(service: Served, openings: dict[str, bytes]) -> dict[str, bool]:
    """Of each kind, and of those that go on byte by byte: whether the service leaves them in the end."""
    with ExitStack() as stack:
        held = {kind: stack.enter_context(connections(service, [openings[kind]] * 5)) for kind in KINDS}
        slow = {kind: stack.enter_context(connections(service, [openings[kind]] * 5)) for kind in KINDS[1:]}
        stack.enter_context(dripping([connection for kind in slow.values() for connection in kind]))
        held |= {f"{kind}{BYTE_BY_BYTE}": found for kind, found in slow.items()}
        until = time.monotonic() + PATIENCE
        closed: dict[str, bool] = {}
        while not all(closed.values() or [False]) and time.monotonic() < until:
            time.sleep(0.1)
            closed = {kind: closed.get(kind) or all(map(is_closed, found)) for kind, found in held.items()}
    return closed


@pytest.mark.parametrize("kind", [*KINDS, *(f"{kind}{BYTE_BY_BYTE}" for kind in KINDS[1:])])
def test_who_does_not_say_in_time_what_it_wants_is_left(left: dict[str, bool], kind: str) -> None:
    assert left[kind]


def test_who_may_not_write_is_told_so_before_the_statements(service: Served) -> None:
    start = START % (b"/graph-store/community/ada", b"text/turtle") + b"\r\n"
    with connections(service, [start]) as [connection]:
        assert connection.recv(12) == b"HTTP/1.1 401"


def test_others_are_answered_while_a_client_reads_none_of_its_answers(service: Served) -> None:
    with connections(service, [request("slow")] * AT_ONCE) as held:
        assert one_is_answered(held)
        assert statuses(service).count(200) >= 0.95 * ASKED


def test_others_are_answered_while_many_clients_of_one_machine_read_none_of_their_answers(service: Served) -> None:
    with connections(service, [request(f"slow {number}") for number in range(AT_ONCE)]) as held:
        assert one_is_answered(held)
        assert statuses(service).count(200) >= 0.95 * ASKED


def test_others_are_answered_after_they_have_gone(service: Served) -> None:
    with connections(service, [request(f"gone {number}") for number in range(AT_ONCE)]):
        pass
    until = time.monotonic() + PATIENCE
    while (last := statuses(service, 1)) != [200] and time.monotonic() < until:
        time.sleep(0.1)
    assert last == [200]
