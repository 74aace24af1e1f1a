"""Which queries are running, whose are they, and how many may one client run?"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from toolbox_graph.store.engine import Query


def _nothing() -> None:
    """End nothing: a query that has no worker yet."""


@dataclass(eq=False)
class Run:
    """A query that is running: since when, how it is ended, and whether somebody has asked for that."""

    query: Query
    begun: float = field(default_factory=time.monotonic)
    end: Callable[[], None] = _nothing
    is_cancelled: bool = False

    def cancel(self) -> None:
        """End it, as its client wishes."""
        self.is_cancelled = True
        self.end()


class Running:
    """The queries that are running; of one client only so many at a time, the others wait."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._runs: set[Run] = set()
        self._users: Counter[str] = Counter()
        self._turns: dict[str, asyncio.Semaphore] = {}

    async def enter(self, query: Query) -> Run:
        """Wait until its client may run one more query, and note it."""
        self._users[query.client] += 1
        try:
            await self._turn(query.client).acquire()
        except BaseException:  # Also where the client has left.
            self._forget(query.client)
            raise
        run = Run(query)
        self._runs.add(run)
        return run

    def leave(self, run: Run) -> None:
        """Note that a query runs no more."""
        self._runs.discard(run)
        self._turn(run.query.client).release()
        self._forget(run.query.client)

    def is_alone(self, run: Run) -> bool:
        """Return whether its client runs nothing else and waits for nothing else."""
        return not run.query.client or self._users[run.query.client] == 1

    def of(self, client: str | None) -> list[Run]:
        """Return the queries of a client, or of all, those that run longest first."""
        found = (run for run in self._runs if client is None or run.query.client == client)
        return sorted(found, key=lambda run: run.begun)

    def _turn(self, client: str) -> asyncio.Semaphore:
        """Return what lets queries of a client go on; our own are not counted."""
        most = self._most if client else 1_000_000
        return self._turns.setdefault(client, asyncio.Semaphore(most))

    def _forget(self, client: str) -> None:
        """Forget a client that runs nothing and waits for nothing."""
        self._users[client] -= 1
        if not self._users[client]:
            del self._users[client], self._turns[client]
