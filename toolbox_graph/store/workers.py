"""How are the queries of strangers answered, so that none can take the service down?

Each runs in a worker process (`worker`), which is ended and replaced when its time is over, when it takes too much
memory, when its client has left, or when it crashes. The clock runs while the worker computes, not while the client
reads.
"""

import asyncio
import logging
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from toolbox_graph.errors import Busy, QueryCancelled, ToolboxError
from toolbox_graph.namespaces import Base
from toolbox_graph.negotiation import Format
from toolbox_graph.store import refusals
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Answer, Query
from toolbox_graph.store.frames import DATA, LAST, QUESTION, REFUSAL, Frame, pack, receive
from toolbox_graph.store.running import Run, Running
from toolbox_graph.store.worker import EXIT_STALE

PAUSE_SECONDS = 1.0
"""Between two tries to start a worker."""

log = logging.getLogger(__name__)


class Ended(Exception):
    """A worker ended where an answer was due."""

    def __init__(self, code: int) -> None:
        super().__init__(f"a worker ended with {code}")
        self.code = code


class Worker:
    """A worker process, and the socket to it."""

    def __init__(self, data: Path, megabytes: int) -> None:
        self._socket, theirs = socket.socketpair()
        with theirs:
            descriptor = theirs.fileno()
            program = [
                sys.executable,
                "-P",
                "-m",
                "toolbox_graph.store.worker",
                str(descriptor),
                str(data),
                str(megabytes),
            ]
            quiet = subprocess.DEVNULL
            self._process = subprocess.Popen(program, pass_fds=[descriptor], stdin=quiet, stdout=quiet)

    async def connect(self) -> None:
        """Be ready to talk; what is sent waits for the worker if that is still starting."""
        self._reader, self._writer = await asyncio.open_unix_connection(sock=self._socket)

    @property
    def is_alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process, and leave the rest to whoever waits for it."""
        self._process.kill()

    def send(self, kind: bytes, payload: Mapping[str, object]) -> None:
        """Send a frame."""
        self._writer.write(pack(kind, payload))

    async def receive(self) -> Frame:
        """Return the next frame; raise Ended where there is none."""
        try:
            return await receive(self._reader)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise Ended(await asyncio.to_thread(self._process.wait)) from None

    async def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._writer.close()
        with suppress(ConnectionError):
            await self._writer.wait_closed()
        await asyncio.to_thread(self._process.wait)


class Conversation:
    """A query and the worker that answers it; its clock runs only while somebody waits for the worker."""

    def __init__(self, worker: Worker, run: Run, budgets: Budgets) -> None:
        self.worker = worker
        self.run = run
        self.query = run.query
        run.end = worker.kill
        self._budgets = budgets
        self._left = self.query.limits.seconds

    async def begin(self, base: Base) -> tuple[Frame, Frame]:
        """Ask, and return the head of the answer and its first data; of a refusal, that twice."""
        self.worker.send(QUESTION, _question(self.query, base))
        head = await self.receive()
        return head, head if head.kind == REFUSAL else await self.receive()

    async def receive(self) -> Frame:
        """Return the next frame; raise QueryTimeout when the time of the query is over."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                return await self.worker.receive()
        except TimeoutError:
            raise refusals.timeout(self.query) from None
        finally:
            spent = time.monotonic() - begun
            self._left -= spent
            self._budgets.charge(self.query.client, seconds=spent)


class Pool:
    """The embedded engine: some workers, each of which answers one query at a time."""

    def __init__(
        self, data: Path, base: Base, *, size: int, megabytes: int, waiting_seconds: float, budgets: Budgets
    ) -> None:
        self._data = data
        self._base = base
        self._size = size
        self._megabytes = megabytes
        self._waiting_seconds = waiting_seconds
        self.budgets = budgets
        # So that nobody keeps all workers busy.
        self.running = Running(max(1, size // 2))
        self._workers: set[Worker] = set()
        # The last one that was busy has the data in its caches.
        self._free: asyncio.Queue[Worker] = asyncio.LifoQueue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def start(self) -> None:
        """Start the workers."""
        for _ in range(self._size):
            await self._add()

    async def stop(self) -> None:
        """End all workers, also those that are answering."""
        self._is_stopping = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise the refusal where there is none."""
        self.budgets.require(query.client)
        try:
            return await self._ask(query)
        except (Busy, asyncio.CancelledError):
            raise
        except BaseException:  # Whatever it was, the client has had an answer of it.
            self.budgets.charge(query.client, errors=1)
            raise

    async def _ask(self, query: Query) -> Answer:
        refusals.refuse_calls(query)
        conversation = await self._enter(query)
        try:
            head, first = await conversation.begin(self._base)
        except Ended as end:
            self._leave(conversation, is_fit=False)
            if end.code == EXIT_STALE:
                return await self._ask(query)
            raise _refusal(conversation, end) from end
        except BaseException:  # Whatever it was, the worker may still be busy with it.
            self._leave(conversation, is_fit=False)
            raise
        if first.kind != DATA:
            self._leave(conversation, is_fit=True)
        if head.kind == REFUSAL:
            raise refusals.from_payload(head.json(), query)
        pieces = self._pieces(conversation, first)
        # A generator that has not begun does not tidy up when it is closed: it would keep its worker for ever.
        await anext(pieces)
        return _answer(query, head, pieces)

    async def _pieces(self, conversation: Conversation, frame: Frame) -> AsyncGenerator[bytes, None]:
        """Yield nothing, then the data of an answer; one that is left before its end costs its worker."""
        if frame.kind == LAST:
            yield b""
            yield frame.payload
            return
        try:
            yield b""
            while frame.kind == DATA:
                yield frame.payload
                frame = await conversation.receive()
        except Ended as end:
            raise _refusal(conversation, end) from end
        finally:
            self._leave(conversation, is_fit=frame.kind != DATA)
        if frame.kind == REFUSAL:
            raise refusals.from_payload(frame.json(), conversation.query)
        yield frame.payload

    async def _enter(self, query: Query) -> Conversation:
        """Wait until a client's turn has come and a worker is free; raise Busy where that takes too long."""
        run = None
        try:
            async with asyncio.timeout(self._waiting_seconds):
                run = await self.running.enter(query)
                while not (worker := await self._free.get()).is_alive:
                    self._replace(worker)
        except BaseException as problem:  # Also where the client has left.
            if run:
                self.running.leave(run)
            if isinstance(problem, TimeoutError):
                whose = "All workers are taken by other queries" if run else "You run as many queries as one client may"
                raise Busy(f"{whose}; try again in a moment.", retry_after=1) from None
            raise
        return Conversation(worker, run, self.budgets)

    def _leave(self, conversation: Conversation, *, is_fit: bool) -> None:
        """Give a worker back, or another one in its place."""
        self.running.leave(conversation.run)
        if is_fit:
            self._free.put_nowait(conversation.worker)
        else:
            self._replace(conversation.worker)

    def _replace(self, worker: Worker) -> None:
        """End a worker and start another, without keeping anybody waiting for it."""
        self._workers.discard(worker)
        self._spawn(worker.end())
        self._spawn(self._add())

    async def _add(self) -> None:
        worker = await self._started()
        await worker.connect()
        self._workers.add(worker)
        self._free.put_nowait(worker)

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _started(self) -> Worker:
        """Return a new worker; where the system has no room for one now, wait."""
        while True:
            try:
                return Worker(self._data, self._megabytes)
            except OSError as problem:
                if self._is_stopping:
                    raise
                log.error("a worker could not be started: %s", problem)
                await asyncio.sleep(PAUSE_SECONDS)


def _refusal(conversation: Conversation, end: Ended) -> ToolboxError:
    """Return why a query has no answer whose worker ended."""
    if conversation.run.is_cancelled:
        return QueryCancelled("The query was cancelled by whoever asked it.")
    return refusals.from_exit_code(end.code, conversation.query)


def _question(query: Query, base: Base) -> dict[str, object]:
    return {
        "text": query.text,
        "base": base.iri,
        "dataset": query.dataset and asdict(query.dataset),
        "merge": base.merge,
        "results": query.results and query.results.media_type,
        "graph": query.graph and query.graph.media_type,
        "seconds": query.limits.seconds,
        "bytes": query.limits.answer_bytes,
    }


def _answer(query: Query, head: Frame, pieces: AsyncGenerator[bytes, None]) -> Answer:
    told = head.json()
    is_graph = told["form"] == "graph"
    chosen = query.graph if is_graph else query.results
    assert isinstance(chosen, Format)
    return Answer(chosen, is_graph, told["state"], pieces)
