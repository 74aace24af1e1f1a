"""What becomes of an update, or of a graph that is sent?

In a catalogue a change is tried apart (`updating`, `reading`), and its effect on the one graph that its account owns
becomes a changeset, checked like any other. In a playground it is made, and that is all.
"""

import asyncio
import base64
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from toolbox_graph.accounts import Account
from toolbox_graph.changes import Repository
from toolbox_graph.errors import Busy, Conflict, Forbidden, InvalidRequest, Unreadable
from toolbox_graph.graph_store import DEFAULT, Payload
from toolbox_graph.query import AskedUpdate
from toolbox_graph.store import refusals, updating
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.engine import Limits, Query
from toolbox_graph.store.journal import Draft, Origin
from toolbox_graph.store.lexer import apart
from toolbox_graph.store.quads import Quad, node
from toolbox_graph.store.reading import read_apart
from toolbox_graph.updates import prepared

AT_ONCE = 2
"""Changes that are made at the same time, from the first look at them to their end."""


class Writer(Protocol):
    """Something that changes graphs; who may is decided before."""

    async def update(self, asked: AskedUpdate, account: Account | None) -> None:
        """Make an update."""

    async def put(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Have a graph hold what is sent, and nothing else."""

    async def post(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Add what is sent to a graph."""

    async def delete(self, graph: str, account: Account | None) -> None:
        """Take a graph away."""


class CatalogueWriter:
    """Changes what an account owns; each change is journaled and has to keep the shapes."""

    def __init__(self, repository: Repository, megabytes: int, now: Callable[[], str]) -> None:
        self._repository = repository
        self._megabytes = megabytes
        self._now = now

    async def update(self, asked: AskedUpdate, account: Account | None) -> None:
        """Make an update of the account's graph."""
        assert account
        query = await _query(asked)
        base = self._repository.model.base.iri
        change = {
            "text": asked.text,
            "prepared": await asyncio.to_thread(prepared, asked.text, base, asked.using, account.graph),
            "base": base,
            "graph": account.graph,
            "megabytes": self._megabytes,
        }
        effect = await updating.tried(query, self._repository.folder.absolute(), change)
        await self._commit(account, "update", effect.removed, effect.added, since=effect.position)

    async def put(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Have the account's graph hold what is sent."""
        await self._replace(graph, payloads, account, keep=False)

    async def post(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Add what is sent to the account's graph."""
        await self._replace(graph, payloads, account, keep=True)

    async def delete(self, graph: str, account: Account | None) -> None:
        """Empty the account's graph."""
        await self._replace(graph, (), account, keep=False)

    async def _replace(self, graph: str, payloads: Sequence[Payload], account: Account | None, *, keep: bool) -> None:
        assert account
        held, since = await asyncio.to_thread(self._held, graph)
        _require_own(graph, account, removes=bool(held) and not keep)
        sent = set(await asyncio.to_thread(self._read, graph, payloads))
        removed = set() if keep else held - sent
        await self._commit(account, "graph store", removed, sent - held, since=since)

    def _read(self, graph: str, payloads: Sequence[Payload]) -> list[Quad]:
        with TemporaryDirectory() as folder:
            paths = [Path(folder, f"body-{number}.{each.format.name}") for number, each in enumerate(payloads, 1)]
            for path, payload in zip(paths, payloads, strict=True):
                path.write_bytes(payload.body)
            base = self._repository.model.base
            try:
                return [quad for path in paths for quad in read_apart(path, graph=graph, base=base)]
            except Unreadable as problem:
                # SPARQL 1.1 Graph Store HTTP Protocol, section 5: the request is at fault.
                raise InvalidRequest(problem.detail) from None

    def _held(self, graph: str) -> tuple[set[Quad], int]:
        if graph == DEFAULT:
            return set(), 0
        with self._repository.open() as generation:
            return set(Dataset(generation.store, self._repository.model).graph(node(graph))), generation.name.position

    async def _commit(
        self, account: Account, activity: str, removed: Iterable[Quad], added: Iterable[Quad], *, since: int
    ) -> None:
        origin = Origin(activity, self._now(), account.name, f"{activity} by {account.name}")
        draft = Draft(origin, sorted(removed), sorted(added))
        if draft.removed or draft.added:
            await asyncio.to_thread(self._repository.commit, draft, since=since)


class PlaygroundWriter:
    """Changes whatever is asked, and keeps no record of it."""

    def __init__(self, repository: Repository, megabytes: int, limits: Limits) -> None:
        self._folder = repository.folder.absolute()
        self._base = repository.model.base.iri
        self._megabytes = megabytes
        self._limits = limits

    async def update(self, asked: AskedUpdate, account: Account | None) -> None:
        """Make an update."""
        text = await asyncio.to_thread(prepared, asked.text, self._base, asked.using)
        await self._make(await _query(asked), {"text": asked.text, "prepared": text})

    async def put(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Have a graph hold what is sent, and nothing else."""
        await self._load(graph, payloads, {"clear": graph})

    async def post(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Add what is sent to a graph."""
        await self._load(graph, payloads, {})

    async def delete(self, graph: str, account: Account | None) -> None:
        """Take a graph away."""
        await self._load(graph, (), {"clear": graph})

    async def _load(self, graph: str, payloads: Sequence[Payload], change: Mapping[str, object]) -> None:
        load = [
            {"media_type": each.format.media_type, "body": base64.b64encode(each.body).decode()} for each in payloads
        ]
        await self._make(Query("", None, None, self._limits), {**change, "graph": graph, "load": load})

    async def _make(self, query: Query, change: Mapping[str, object]) -> None:
        whole = {**change, "base": self._base, "megabytes": self._megabytes, "publish": True}
        await updating.tried(query, self._folder, whole)


class PatientWriter:
    """Has few make changes at a time: to try one takes a process, and as much memory as a query, or more."""

    def __init__(self, writer: Writer, waiting_seconds: float) -> None:
        self._writer = writer
        self._waiting_seconds = waiting_seconds
        self._places = asyncio.Semaphore(AT_ONCE)

    async def update(self, asked: AskedUpdate, account: Account | None) -> None:
        """Make an update."""
        async with self._place():
            await self._writer.update(asked, account)

    async def put(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Have a graph hold what is sent, and nothing else."""
        async with self._place():
            await self._writer.put(graph, payloads, account)

    async def post(self, graph: str, payloads: Sequence[Payload], account: Account | None) -> None:
        """Add what is sent to a graph."""
        async with self._place():
            await self._writer.post(graph, payloads, account)

    async def delete(self, graph: str, account: Account | None) -> None:
        """Take a graph away."""
        async with self._place():
            await self._writer.delete(graph, account)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        """Wait for a place and hold it; raise Busy where none gets free in time."""
        try:
            async with asyncio.timeout(self._waiting_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise Busy("Others are writing just now; try again in a moment.", retry_after=1) from None
        try:
            yield
        finally:
            self._places.release()


async def _query(asked: AskedUpdate) -> Query:
    """Return an update as what refusals are about."""
    await apart(refusals.refuse_calls, asked.text)
    return Query(asked.text, None, None, asked.limits)


def _require_own(graph: str, account: Account, *, removes: bool) -> None:
    """Raise the refusal where an account would write to another graph than its own."""
    if graph == account.graph:
        return
    if graph == DEFAULT:
        raise Forbidden(f"The default graph is made of the others; write to your own, {account.graph}.")
    if removes:
        raise Conflict(f"This graph is what others say; yours is {account.graph}.")
    raise Forbidden(f"Your token writes to {account.graph} alone.")
