"""Lanes: one worker is kept for short queries."""

import asyncio
from collections.abc import Awaitable, Callable

from tests.conftest import run
from toolbox_graph.store.lanes import Lane, Lanes

Way = Callable[[Lanes], Awaitable[None]]


def within(size: int, way: Way) -> None:
    """Do something with the lanes of so many workers."""

    async def go() -> None:
        await way(Lanes(size))

    run(go())


async def enter(lanes: Lanes, text: str = "a", *, is_alone: bool = True) -> Lane:
    """Enter, and fail rather than wait."""
    async with asyncio.timeout(0.01):
        return await lanes.enter(text, is_alone=is_alone)


async def waits(lanes: Lanes, text: str = "a", *, is_alone: bool = True) -> bool:
    """Return whether a query finds no place."""
    try:
        await enter(lanes, text, is_alone=is_alone)
    except TimeoutError:
        return True
    return False


def test_all_workers_but_one_are_open_to_all() -> None:
    async def way(lanes: Lanes) -> None:
        assert [await enter(lanes, is_alone=False) for _ in range(3)] == [Lane.OPEN] * 3
        assert await waits(lanes, is_alone=False)

    within(4, way)


def test_the_last_one_is_for_who_runs_nothing_else() -> None:
    async def way(lanes: Lanes) -> None:
        assert [await enter(lanes) for _ in range(2)] == [Lane.OPEN, Lane.SHORT]
        assert await waits(lanes)

    within(2, way)


def test_a_query_that_is_known_as_long_waits_for_the_others() -> None:
    async def way(lanes: Lanes) -> None:
        await enter(lanes)
        lanes.remember("long")
        assert await waits(lanes, "long")
        assert await enter(lanes, "short") is Lane.SHORT

    within(2, way)


def test_one_worker_alone_is_open_to_all() -> None:
    async def way(lanes: Lanes) -> None:
        assert await enter(lanes, is_alone=False) is Lane.OPEN
        assert await waits(lanes)

    within(1, way)


def test_places_are_given_in_the_order_of_those_who_wait() -> None:
    async def way(lanes: Lanes) -> None:
        await enter(lanes)
        order: list[str] = []

        async def wait(name: str) -> None:
            lane = await lanes.enter(name, is_alone=True)
            order.append(name)
            lanes.leave(lane)

        waiting = [asyncio.create_task(wait(name)) for name in "abc"]
        await asyncio.sleep(0)
        lanes.leave(Lane.OPEN)
        await asyncio.gather(*waiting)
        assert order == ["a", "b", "c"]

    within(1, way)


def test_a_place_in_the_lane_passes_over_a_long_query_that_waits() -> None:
    async def way(lanes: Lanes) -> None:
        lanes.remember("long")
        await enter(lanes)
        await enter(lanes)
        long = asyncio.create_task(lanes.enter("long", is_alone=True))
        short = asyncio.create_task(lanes.enter("short", is_alone=True))
        await asyncio.sleep(0)
        lanes.leave(Lane.SHORT)
        assert await short is Lane.SHORT
        assert not long.done()
        long.cancel()

    within(2, way)


def test_who_leaves_while_a_place_is_given_gives_it_on() -> None:
    async def way(lanes: Lanes) -> None:
        await enter(lanes)
        leaving = asyncio.create_task(lanes.enter("leaving", is_alone=True))
        await asyncio.sleep(0)
        lanes.leave(Lane.OPEN)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        assert await enter(lanes) is Lane.OPEN

    within(1, way)
