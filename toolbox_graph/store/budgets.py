"""How much of the workers' time may one client have?

Each has a bucket of seconds and one of errors, which fill again as time goes by. What a query takes is known when it
has taken it, so a bucket may be overdrawn, and then has to fill before its client asks again.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from toolbox_graph.errors import BudgetSpent

CLIENTS = 10_000
"""Clients that are remembered; of more, those that asked longest ago are forgotten."""

ERRORS_WINDOW = 60.0
"""Seconds in which an empty bucket of errors is full again."""


@dataclass
class Bucket:
    """What is left of an allowance, as it was at some time; it fills by so much each second."""

    capacity: float
    rate: float
    level: float
    at: float

    def fill(self, now: float) -> float:
        """Add what has come since, and return what is left."""
        self.level = min(self.capacity, self.level + (now - self.at) * self.rate)
        self.at = now
        return self.level

    def wait(self, wanted: float) -> int:
        """Return after how many seconds so much is in it again."""
        return max(1, math.ceil((wanted - self.level) / self.rate))


class Budgets:
    """The budgets of all clients; one without a name, which is ourselves, has no limit."""

    def __init__(self, seconds: float, errors: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self.errors = errors
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[Bucket, Bucket]] = OrderedDict()

    def require(self, client: str) -> None:
        """Raise BudgetSpent where a client has nothing left."""
        if not client:
            return
        seconds, errors = self._of(client)
        if seconds.fill(self._clock()) <= 0:
            raise _spent(f"{self.seconds:g} s of query time", seconds.wait(0))
        if errors.fill(self._clock()) < 1:
            raise _spent(f"{self.errors} queries that may fail in a minute", errors.wait(1))

    def charge(self, client: str, *, seconds: float = 0.0, errors: int = 0) -> None:
        """Take from the budget of a client what it used."""
        if client:
            for bucket, amount in zip(self._of(client), (seconds, errors), strict=True):
                bucket.fill(self._clock())
                bucket.level -= amount

    def left(self, client: str) -> float:
        """Return the seconds that a client has left."""
        return self._left(client, 0) if client else self.seconds

    def errors_left(self, client: str) -> float:
        """Return how many of a client's queries may still fail."""
        return self._left(client, 1) if client else self.errors

    def _left(self, client: str, which: int) -> float:
        return max(0.0, self._of(client)[which].fill(self._clock()))

    def _of(self, client: str) -> tuple[Bucket, Bucket]:
        if client not in self._buckets:
            now = self._clock()
            self._buckets[client] = (
                Bucket(self.seconds, 1.0, self.seconds, now),
                Bucket(self.errors, self.errors / ERRORS_WINDOW, self.errors, now),
            )
            while len(self._buckets) > CLIENTS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(client)
        return self._buckets[client]


def _spent(what: str, wait: int) -> BudgetSpent:
    return BudgetSpent(
        f"You have used up your {what}; go on in {wait} s. Who needs all takes it in one piece: /graph-store?default.",
        retry_after=wait,
    )
