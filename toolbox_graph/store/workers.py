"""How are the queries of strangers answered, so that none can take the service down?

Each runs in a worker process (`worker`), which is ended and replaced when its time is over, when it takes too much
memory, when its client has left, or when it crashes. The clock runs while the worker computes, not while the client
reads, and while it waits for a worker.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import aclosing
from pathlib import Path

from toolbox_graph.errors import Busy, QueryCancelled, ToolboxError
from toolbox_graph.namespaces import Base
from toolbox_graph.negotiation import Format
from toolbox_graph.store import refusals
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.conversation import WAITING, Conversation, TooLong, Turn
from toolbox_graph.store.engine import Answer, Query, at_once
from toolbox_graph.store.frames import DATA, LAST, REFUSAL, Frame, Head
from toolbox_graph.store.lanes import Lane, Lanes, shares
from toolbox_graph.store.lexer import apart
from toolbox_graph.store.processes import Ended, Worker
from toolbox_graph.store.running import Run, Running
from toolbox_graph.store.spool import Room, Spool
from toolbox_graph.store.worker import EXIT_GROWN, EXIT_STALE

PAUSE_SECONDS = 1.0
"""Between two tries to start a worker."""

START_SECONDS = 10.0
"""How long the service waits for its first workers; each takes a tenth of a second."""

SPOOLED = 1_000_000_000
"""Bytes of answers that may wait in files for their clients."""

log = logging.getLogger(__name__)


class Pool:
    """The embedded engine: some workers, each of which answers one query at a time."""

    def __init__(
        self,
        data: Path,
        base: Base,
        *,
        size: int,
        megabytes: int,
        waiting_seconds: float,
        budgets: Budgets,
        running: Running | None = None,
    ) -> None:
        self._data = data
        self._base = base
        self._size = size
        self._megabytes = megabytes
        self._waiting_seconds = waiting_seconds
        self.budgets = budgets
        # So that nobody keeps all workers busy.
        self.running = running or Running(max(1, size // 2))
        self._lanes = Lanes(size)
        self._workers: set[Worker] = set()
        # The last one that was busy has the data in its caches.
        self._free: Mapping[Lane, asyncio.Queue[Worker]] = {lane: asyncio.LifoQueue() for lane in Lane}
        self._room = Room(SPOOLED)
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def start(self) -> None:
        """Start the workers, and wait for them; if the system has no room for one now, not for ever."""
        for lane, workers in shares(self._size).items():
            for _ in range(workers):
                self._spawn(self._add(lane))
        await asyncio.wait(self._tasks, timeout=START_SECONDS)

    async def stop(self) -> None:
        """End all workers, also those that are answering."""
        self._is_stopping = True
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(worker.end() for worker in self._workers))

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise the refusal where there is none."""
        self.budgets.require(query.payer)
        try:
            await apart(refusals.refuse_calls, query.text)
            return await self._ask(Turn(query, self.budgets))
        except (Busy, asyncio.CancelledError):
            raise
        except BaseException:  # Whatever it was, the client has had an answer of it.
            self.budgets.charge(query.payer, errors=1)
            raise

    async def _ask(self, turn: Turn) -> Answer:
        conversation = await self._enter(turn)
        try:
            head, first = await conversation.begin(self._base)
        except Ended as end:
            self._leave(conversation, is_fit=False)
            if end.code in {EXIT_STALE, EXIT_GROWN}:
                return await self._ask(turn)
            raise _refusal(conversation, end) from end
        except TooLong:
            self._leave(conversation, is_fit=False)
            self._lanes.remember(turn.query.text)
            return await self._ask(turn)
        except BaseException:  # Whatever it was, the worker may still be busy with it.
            self._leave(conversation, is_fit=False)
            raise
        if first.kind != DATA:
            self._leave(conversation, is_fit=True)
        if head.kind == REFUSAL:
            raise refusals.from_payload(head.json(), turn.query)
        if first.kind == LAST:
            return _answer(turn, head, at_once(first.payload), first.payload)
        pieces = self._pieces(conversation, first)
        # A generator that has not begun does not tidy up when it is closed: it would keep its worker for ever.
        await anext(pieces)
        return _answer(turn, head, pieces)

    async def _pieces(self, conversation: Conversation, frame: Frame) -> AsyncGenerator[bytes, None]:
        """Yield nothing, then the data of an answer; one that is left before its end costs its worker."""
        spool = Spool(self._data, self._room)
        reading = asyncio.create_task(self._read(conversation, frame, spool))
        try:
            yield b""
            async with aclosing(spool.pieces()) as pieces:
                async for piece in pieces:
                    yield piece
        finally:
            reading.cancel()
            spool.close()

    async def _read(self, conversation: Conversation, frame: Frame, spool: Spool) -> None:
        """Take an answer from its worker as it comes, whether its client takes it or not."""
        try:
            while frame.kind == DATA:
                await spool.put(frame.payload)
                frame = await conversation.receive()
        except Ended as end:
            spool.end(_refusal(conversation, end))
        except ToolboxError as refusal:
            spool.end(refusal)
        finally:
            self._leave(conversation, is_fit=frame.kind != DATA)
        if frame.kind == LAST:
            await spool.put(frame.payload)
            spool.end()
        elif frame.kind == REFUSAL:
            spool.end(refusals.from_payload(frame.json(), conversation.turn.query))

    async def _enter(self, turn: Turn) -> Conversation:
        """Wait until a client's turn has come and a worker is free; raise Busy where that takes too long."""
        run = lane = None
        begun = time.monotonic()
        try:
            async with asyncio.timeout(min(self._waiting_seconds, turn.left)):
                run = await self.running.enter(turn.query)
                lane = await self._lanes.enter(turn.query.text, is_alone=self.running.is_alone(run))
                while not (worker := await self._free[lane].get()).is_alive:
                    self._replace(worker)
        except BaseException as problem:  # Also where the client has left.
            self._give_back(run, lane)
            if isinstance(problem, TimeoutError):
                whose = "All workers are taken by other queries" if run else "You run as many queries as one client may"
                raise Busy(f"{whose}; try again in a moment.", retry_after=1) from None
            raise
        finally:
            turn.spend(WAITING, begun)
        return Conversation(turn, run, lane, worker)

    def _give_back(self, run: Run | None, lane: Lane | None) -> None:
        if lane:
            self._lanes.leave(lane)
        if run:
            self.running.leave(run)

    def _leave(self, conversation: Conversation, *, is_fit: bool) -> None:
        """Give a worker back, or another one in its place."""
        if is_fit:
            self._free[conversation.lane].put_nowait(conversation.worker)
        else:
            self._replace(conversation.worker)
        self._give_back(conversation.run, conversation.lane)

    def _replace(self, worker: Worker) -> None:
        """End a worker and start another, without keeping anybody waiting for it."""
        self._workers.discard(worker)
        self._spawn(worker.end())
        self._spawn(self._add(worker.lane))

    async def _add(self, lane: Lane) -> None:
        """Add a worker that is ready; where the system has no room for one now, try again until it has."""
        while not self._is_stopping:
            try:
                worker = Worker(self._data, self._megabytes, lane)
                self._workers.add(worker)
                await worker.connect()
                await worker.receive()
            except (OSError, Ended) as problem:
                log.error("a worker could not be started: %s", problem)
                await asyncio.sleep(PAUSE_SECONDS)
            else:
                self._free[lane].put_nowait(worker)
                return

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _refusal(conversation: Conversation, end: Ended) -> ToolboxError:
    """Return why a query has no answer whose worker ended."""
    if conversation.run.is_cancelled:
        return QueryCancelled("The query was cancelled by whoever asked it.")
    return refusals.from_exit_code(end.code, conversation.turn.query)


def _answer(turn: Turn, head: Frame, pieces: AsyncGenerator[bytes, None], whole: bytes | None = None) -> Answer:
    told = Head.read(head.payload)
    is_graph = told.form == "graph"
    chosen = turn.query.graph if is_graph else turn.query.results
    assert isinstance(chosen, Format)
    return Answer(chosen, is_graph, told.state, pieces, whole, told.is_empty, timing=turn.spent)
