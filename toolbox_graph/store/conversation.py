"""How does a query talk with its worker, and how long may it?

Its time begins when it arrives, and stands still while its client reads.
"""

import math
import time
from dataclasses import asdict, dataclass

from toolbox_graph.namespaces import Base
from toolbox_graph.store import refusals
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Query
from toolbox_graph.store.frames import DATA, QUESTION, REFUSAL, Frame
from toolbox_graph.store.lanes import Lane
from toolbox_graph.store.processes import Worker
from toolbox_graph.store.running import Run

WAITING, WORKING = "wait", "work"
"""What the time of a query is spent on."""

SHORT_SECONDS = 0.2
"""What a short query takes at most, to be answered as a whole and in one piece."""


class TooLong(Exception):
    """A query in the lane is no short one."""


class Turn:
    """A query on its way: how much of its time is left, and what it was spent on."""

    def __init__(self, query: Query, budgets: Budgets) -> None:
        self.query = query
        self.spent = {**query.spent, WAITING: 0.0, WORKING: 0.0}
        self._budgets = budgets

    @property
    def left(self) -> float:
        """Seconds until its time is over; they stand still while the client reads."""
        return self.query.limits.seconds - sum(self.spent.values())

    def spend(self, on: str, since: float) -> None:
        """Note what the time since a monotonic moment was spent on; the work of a worker is charged to the client."""
        seconds = time.monotonic() - since
        self.spent[on] += seconds
        if on == WORKING:
            self._budgets.charge(self.query.payer, seconds=seconds)


@dataclass
class Conversation:
    """A query and the worker that answers it."""

    turn: Turn
    run: Run
    lane: Lane
    worker: Worker

    async def begin(self, base: Base) -> tuple[Frame, Frame]:
        """Ask, and return the head of the answer and its first data, of a refusal that twice."""
        self.run.end = self.worker.kill
        self.worker.send(QUESTION, _question(self.turn.query, self.turn.left, base))
        try:
            most = SHORT_SECONDS if self.lane is Lane.SHORT else math.inf
            head = await self._receive(most)
            first = head if head.kind == REFUSAL else await self._receive(most)
        except TimeoutError:
            raise TooLong from None
        if self.lane is Lane.SHORT and first.kind == DATA:
            raise TooLong
        return head, first

    async def receive(self) -> Frame:
        """Return the next frame; raise QueryTimeout when the time of the query is over."""
        return await self._receive(math.inf)

    async def _receive(self, most: float) -> Frame:
        """Let a worker work for so many seconds at most; raise QueryTimeout when the time of the query is over."""
        begun, left = time.monotonic(), self.turn.left
        try:
            return await self.worker.receive(min(most, left))
        except TimeoutError:
            if most < left:
                raise
            raise refusals.timeout(self.turn.query, waited=self.turn.spent[WAITING]) from None
        finally:
            self.turn.spend(WORKING, begun)


def _question(query: Query, seconds: float, base: Base) -> dict[str, object]:
    return {
        "text": query.text,
        "base": base.iri,
        "dataset": query.dataset and asdict(query.dataset),
        "merge": base.merge,
        "results": query.results and query.results.media_type,
        "graph": query.graph and query.graph.media_type,
        "seconds": seconds,
        "bytes": query.limits.answer_bytes,
    }
