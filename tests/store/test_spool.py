"""Spools: an answer waits for its client, and nobody waits for a slow one."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import run
from toolbox_graph.store.spool import IN_MEMORY, Room, Spool

MANY = [bytes([number]) * 100 for number in range(3 * IN_MEMORY)]


def within(folder: Path, most: int, way: Callable[[Spool, Room], Awaitable[None]]) -> None:
    """Do something with a spool that has so much room."""

    async def go() -> None:
        room = Room(most)
        await way(Spool(folder, room), room)

    run(go())


async def filled(spool: Spool, pieces: list[bytes]) -> None:
    """Put pieces into a spool, and fail rather than wait."""
    async with asyncio.timeout(1):
        for piece in pieces:
            await spool.put(piece)


def test_an_answer_that_nobody_reads_yet_is_put_away_at_once(tmp_path: Path) -> None:
    async def way(spool: Spool, _: Room) -> None:
        await filled(spool, MANY)
        spool.end()
        assert [piece async for piece in spool.pieces()] == MANY
        spool.close()

    within(tmp_path, 10**6, way)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.booleans(), max_size=150))
def test_pieces_come_in_their_order_whoever_is_quicker(tmp_path: Path, steps: list[bool]) -> None:
    async def way(spool: Spool, _: Room) -> None:
        reading = spool.pieces()
        sent = 0
        taken: list[bytes] = []
        for is_writing in steps:
            if is_writing:
                await spool.put(str(sent).encode())
                sent += 1
            elif len(taken) < sent:
                taken.append(await anext(reading))
        spool.end()
        taken += [piece async for piece in reading]
        assert taken == [str(number).encode() for number in range(sent)]
        spool.close()

    within(tmp_path, 10**6, way)


def test_who_reads_faster_waits_for_the_next_piece(tmp_path: Path) -> None:
    async def way(spool: Spool, _: Room) -> None:
        reading = asyncio.create_task(anext(spool.pieces()))
        await asyncio.sleep(0)
        await spool.put(b"x")
        assert await reading == b"x"

    within(tmp_path, 0, way)


def test_a_problem_comes_after_the_last_piece(tmp_path: Path) -> None:
    async def way(spool: Spool, _: Room) -> None:
        await filled(spool, MANY)
        spool.end(ValueError("broken off"))
        pieces = spool.pieces()
        assert [await anext(pieces) for _ in MANY] == MANY
        with pytest.raises(ValueError, match="broken off"):
            await anext(pieces)
        spool.close()

    within(tmp_path, 10**6, way)


def test_without_room_an_answer_waits_until_another_is_done(tmp_path: Path) -> None:
    async def way(first: Spool, room: Room) -> None:
        second = Spool(tmp_path, room)
        await filled(first, MANY)
        waiting = asyncio.create_task(filled(second, MANY))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        first.close()
        await waiting
        second.close()

    within(tmp_path, 2 * IN_MEMORY * 100, way)


def test_no_file_is_left(tmp_path: Path) -> None:
    async def way(spool: Spool, _: Room) -> None:
        await filled(spool, MANY)
        assert list(tmp_path.iterdir()) == []
        spool.close()

    within(tmp_path, 10**6, way)
