"""Which query may have a worker now?

One worker is kept for short queries, in the lane. A query that comes while all others are taken is tried there for a
moment; one that is not answered by then goes back to wait for the others, and is known for a while as a long one.
"""

import asyncio
from collections import OrderedDict
from enum import Enum

KNOWN = 10_000
"""Long queries that are known, those that were met last."""


class Lane(Enum):
    """Where a query runs: among all others, or where only short ones do."""

    OPEN = "open"
    SHORT = "short"


def shares(size: int) -> dict[Lane, int]:
    """Return how so many workers are shared out; of one alone there is nothing to keep."""
    short = min(1, size - 1)
    return {Lane.OPEN: size - short, Lane.SHORT: short}


class Lanes:
    """The places of so many workers, given to queries in their order."""

    def __init__(self, size: int) -> None:
        self._free = shares(size)
        self._waiting: list[tuple[asyncio.Future[Lane], bool]] = []
        # A text may have a megabyte, what tells it from others has eight bytes.
        self._long: OrderedDict[int, None] = OrderedDict()

    async def enter(self, text: str, *, is_alone: bool) -> Lane:
        """Wait for a place and return it; the lane is for clients that run nothing else, or they would live in it."""
        may_be_short = is_alone and hash(text) not in self._long
        for lane in (Lane.OPEN, Lane.SHORT):
            if self._free[lane] and (may_be_short or lane is Lane.OPEN):
                self._free[lane] -= 1
                return lane
        return await self._wait(may_be_short)

    async def _wait(self, may_be_short: bool) -> Lane:
        place: asyncio.Future[Lane] = asyncio.get_running_loop().create_future()
        waiting = (place, may_be_short)
        self._waiting.append(waiting)
        try:
            return await place
        except BaseException:  # Whoever waits no longer may have been given a place just now.
            if place.cancelled():
                self._waiting.remove(waiting)
            else:
                self.leave(place.result())
            raise

    def leave(self, lane: Lane) -> None:
        """Give a place to the first that waits for it."""
        for waiting in self._waiting:
            place, may_be_short = waiting
            if not place.done() and (may_be_short or lane is Lane.OPEN):
                self._waiting.remove(waiting)
                place.set_result(lane)
                return
        self._free[lane] += 1

    def remember(self, text: str) -> None:
        """Know a query as a long one."""
        self._long[hash(text)] = None
        self._long.move_to_end(hash(text))
        if len(self._long) > KNOWN:
            self._long.popitem(last=False)
