"""How is one query answered, in a process of its own?

Only `workers` starts it, as `python -m toolbox_graph.store.worker`. It reads questions from a socket and answers them
from the newest generation; when one goes wrong it is ended and replaced. It imports little, so that a new one is
ready in 50 ms.
"""

import os
import re
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from toolbox_graph.store import sandbox
from toolbox_graph.store.frames import DATA, HEAD, LAST, READY, REFUSAL, Head, pack, read
from toolbox_graph.store.generations import Generation, Generations

PIECE = 65_536
"""Bytes of an answer that are sent together."""

GRACE_SECONDS = 1.0
"""How much later than asked the system ends this process; by then `workers` should have."""

STALL_SECONDS = 30.0
"""How long one piece may wait until somebody takes it."""

EXIT_STALE = 64
"""With this code a worker ends itself that may not open the newest generation, so that another takes its place."""

EXIT_GROWN = 66
"""With this code a worker ends itself that keeps much of the memory that a query took."""

GROWTH = 8_000_000
"""Bytes by which a worker may grow before it gives back what it no longer needs."""

KEPT = 64_000_000
"""Bytes that a worker may keep for all that: the engine's caches take some."""

SYNTAX = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
"""What the engine says of a text that is no SPARQL: line, column, and what it had expected."""


EMPTY = {
    "application/sparql-results+json": re.compile(rb'.*("bindings":\[\]\}|"boolean":false)\}'),
    "application/sparql-results+xml": re.compile(rb".*(<results></results>|<boolean>false</boolean>)</sparql>"),
    "text/csv": re.compile(rb"[^\n]*\n|false"),
    "text/tab-separated-values": re.compile(rb"[^\n]*\n|false"),
    "application/rdf+xml": re.compile(rb"(?s)((?!<rdf:Description).)*"),
    "application/ld+json": re.compile(rb"\[\]"),
}
"""How an answer looks that found nothing; in the formats that are not here it has no bytes."""

NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix: ")
"""What the engine writes in XML that is none: characters that XML has not, and properties that do not end in a name."""

LONGEST_MARK = 11
"""Bytes of the longest of these."""

XML = {"application/sparql-results+xml": "results", "application/rdf+xml": "graph"}
"""The formats in which they may be, each with the form of answers that it holds."""

SMALL = 1_000
"""Bytes of an answer that may have found nothing: there may be many variables."""


class Refused(Exception):
    """The question gets no answer; the arguments are the name of the refusal and what there is to say of it."""

    def __init__(self, name: str, **members: object) -> None:
        super().__init__(name)
        self.payload = {"name": name, **members}


class Output:
    """What an answer is written to: it is sent in pieces, the head together with the first."""

    def __init__(self, connection: socket.socket, *, seconds: float, limit: int) -> None:
        self.head: Head | None = None
        self.media_type = ""
        self._connection = connection
        self._left = seconds
        self._room = limit
        self._pending = bytearray()
        self._end = b""
        self._since = time.monotonic()
        sandbox.end_after(seconds + GRACE_SECONDS)

    def write(self, data: bytes) -> int:
        """Take a part of the answer; the engine calls this with 8 KB at most."""
        self._pending += data
        if len(self._pending) >= PIECE:
            self.send()
        return len(data)

    def flush(self) -> None:
        """Do nothing: the engine calls this when it has written all, and `send` follows."""

    def send(self, kind: bytes = DATA) -> None:
        """Send what is pending; while nobody takes it the clock of the query stands still."""
        self._room -= len(self._pending)
        if self._room < 0:
            raise Refused("answer-too-large")
        self._require_xml()
        message = self._opening(kind) + pack(kind, bytes(self._pending))
        self._pending.clear()
        self._left -= time.monotonic() - self._since
        sandbox.end_after(STALL_SECONDS)
        self._connection.sendall(message)
        self._since = time.monotonic()
        sandbox.end_after(max(self._left, 0) + GRACE_SECONDS)

    def _require_xml(self) -> None:
        """Raise Refused where an answer in XML is none; what is looked for may begin in the piece before."""
        if self.media_type in XML:
            if NOT_XML.search(self._end + self._pending):
                raise Refused("not-in-this-format", form=XML[self.media_type])
            self._end = bytes(self._pending[-LONGEST_MARK:])

    def _opening(self, kind: bytes) -> bytes:
        """Return the head of the answer before its first piece."""
        if self.head is None:
            return b""
        finds_nothing = kind == LAST and is_empty(bytes(self._pending), self.media_type)
        head, self.head = self.head._replace(is_empty=finds_nothing), None
        return pack(HEAD, head.payload())


def is_empty(body: bytes, media_type: str) -> bool:
    r"""Return whether an answer found nothing.

    >>> is_empty(b"tool,name\r\n", "text/csv"), is_empty(b"", "text/turtle")
    (True, True)
    """
    pattern = EMPTY.get(media_type)
    return len(body) <= SMALL and (pattern.fullmatch(body) is not None if pattern else not body)


def answer(question: dict[str, Any], generation: Generation, connection: socket.socket) -> None:
    """Answer one question."""
    output = Output(connection, seconds=question["seconds"], limit=question["bytes"])
    try:
        result = _ask(generation.store, question)
        form = "graph" if isinstance(result, ox.QueryTriples) else "results"
        media_type = question[form]
        if media_type is None:
            raise Refused("not-acceptable", form=form)
        output.media_type = media_type
        output.head = Head(form, str(generation.name), is_empty=False)
        sink = cast(IO[bytes], output)
        if isinstance(result, ox.QueryTriples):
            result.serialize(sink, ox.RdfFormat.from_media_type(media_type))
        else:
            result.serialize(sink, ox.QueryResultsFormat.from_media_type(media_type))
        output.send(LAST)
    except Refused as refusal:
        connection.sendall(pack(REFUSAL, refusal.payload))
    except Exception:  # noqa: BLE001  # the engine's own errors have no family; the service notes what it was
        connection.sendall(pack(REFUSAL, {"name": "failed", "trace": traceback.format_exc()}))
    finally:
        sandbox.end_after(0)


def _ask(store: ox.Store, question: dict[str, Any]) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    dataset = question["dataset"]
    try:
        if dataset is None:
            return store.query(question["text"], base_iri=question["base"])
        default: list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph] = [
            ox.DefaultGraph() if name == question["merge"] else ox.NamedNode(name) for name in dataset["default_graphs"]
        ]
        named: list[ox.NamedNode | ox.BlankNode] = [ox.NamedNode(name) for name in dataset["named_graphs"]]
        return store.query(question["text"], base_iri=question["base"], default_graph=default, named_graphs=named)
    except SyntaxError as problem:
        raise malformed(problem) from problem


def malformed(problem: SyntaxError) -> Refused:
    """Return the refusal of a text that is no SPARQL."""
    where = SYNTAX.match(str(problem))
    line, column, expected = where.groups() if where else (0, 0, str(problem))
    return Refused("malformed-query", line=int(line), column=int(column), expected=expected)


def main(descriptor: int, data: Path, megabytes: int, niceness: int) -> None:
    """Answer questions until the other side ends."""
    connection = socket.socket(fileno=descriptor)
    quiet = os.open(os.devnull, os.O_WRONLY)
    filtered = sandbox.forbid_sockets()
    memory = sandbox.confine(megabytes, niceness)
    generations = Generations(data / "generations")
    generation = generations.open()
    if not filtered:
        generation.hold()
        sandbox.forbid_descriptors()
    if sandbox.can_open_socket():
        sys.exit("This system has no way to keep a query from reaching out; it is not asked.")
    # The engine would tell at length where it was when it had no memory left.
    os.dup2(quiet, sys.stderr.fileno())
    state = str(generation.name)
    connection.sendall(pack(READY))
    idle = kept = memory()
    with connection.makefile("rb") as stream:
        while frame := read(stream):
            if generations.state() != state:
                if not filtered:
                    os._exit(EXIT_STALE)
                generation.close()
                generation = generations.open()
                state = str(generation.name)
            answer(frame.json(), generation, connection)
            if memory() > kept + GROWTH:
                sandbox.give_back()
                kept = memory()
                if kept > idle + KEPT:
                    os._exit(EXIT_GROWN)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
