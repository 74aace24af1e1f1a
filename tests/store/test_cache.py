"""The cache of answers: what is short and lasting is found once."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

import pytest

from tests.conftest import run
from toolbox_graph.errors import QueryTimeout
from toolbox_graph.negotiation import GRAPHS, RESULTS
from toolbox_graph.store import cache
from toolbox_graph.store.cache import Cache
from toolbox_graph.store.engine import Answer, Limits, Query


class Engine:
    """An engine that answers with the text of the query, so often; it counts what it is asked."""

    def __init__(self, times: int = 1) -> None:
        self.times = times
        self.asked: list[str] = []
        self.closed = 0
        self.state = "1"
        self.failure: Exception | None = None

    async def ask(self, query: Query) -> Answer:
        """Return the answer."""
        self.asked.append(query.text)
        await asyncio.sleep(0)
        if self.failure:
            raise self.failure
        pieces = self._pieces(query)
        await anext(pieces)
        return Answer(RESULTS[0], is_graph=False, state=self.state, pieces=pieces)

    async def _pieces(self, query: Query) -> AsyncGenerator[bytes, None]:
        try:
            yield b""
            for _ in range(self.times):
                await asyncio.sleep(0)
                yield query.text.encode()
        finally:
            self.closed += 1


def query(text: str, *, answer_bytes: int = 10**9) -> Query:
    """Return a query."""
    return Query(text, RESULTS[0], GRAPHS[0], Limits(1.0, answer_bytes))


async def answer(made: Cache, text: str, **limits: int) -> bytes:
    """Return the whole answer to a query."""
    begun = await made.ask(query(text, **limits))
    return b"".join([piece async for piece in begun.pieces])


def begun(engine: Engine, size: int = 1000) -> Cache:
    """Return a cache of an engine."""
    return Cache(engine, lambda: engine.state, size)


def answers(engine: Engine, *texts: str, size: int = 1000) -> list[bytes]:
    """Return the answers to some queries, asked one after the other."""

    async def work() -> list[bytes]:
        made = begun(engine, size)
        return [await answer(made, text) for text in texts]

    return run(work())


def test_what_is_asked_twice_is_found_once() -> None:
    engine = Engine()
    assert answers(engine, "a", "a") == [b"a", b"a"]
    assert engine.asked == ["a"]


def test_another_query_is_found_anew() -> None:
    engine = Engine()
    assert answers(engine, "a", "b") == [b"a", b"b"]


def test_another_state_is_asked_anew() -> None:
    engine = Engine()

    async def work() -> None:
        made = begun(engine)
        await answer(made, "a")
        engine.state = "2"
        await answer(made, "a")

    run(work())
    assert engine.asked == ["a", "a"]


def test_what_is_remembered_of_a_state_is_forgotten_with_it() -> None:
    engine = Engine()

    async def work() -> None:
        made = begun(engine)
        for engine.state in ("1", "2", "1"):
            await answer(made, "a")

    run(work())
    assert engine.asked == ["a", "a", "a"]


def test_what_depends_on_chance_is_found_anew() -> None:
    engine = Engine()
    answers(engine, "SELECT (RAND() AS ?x) {}", "SELECT (RAND() AS ?x) {}")
    assert len(engine.asked) == 2


def test_a_long_answer_is_whole_and_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SHORT", 5)
    engine = Engine(times=10)
    assert answers(engine, "a", "a") == [b"a" * 10, b"a" * 10]
    assert engine.asked == ["a", "a"]


def test_what_was_asked_longest_ago_goes_first() -> None:
    engine = Engine(times=4)
    answers(engine, "a", "b", "a", "c", "a", "b", size=10)
    assert engine.asked == ["a", "b", "c", "b"]


def test_who_asks_the_same_meanwhile_waits_for_it() -> None:
    engine = Engine(times=3)

    async def work() -> list[bytes]:
        made = begun(engine)
        return list(await asyncio.gather(*(answer(made, "a") for _ in range(5))))

    assert run(work()) == [b"aaa"] * 5
    assert engine.asked == ["a"]


def test_a_refusal_is_no_answer_and_keeps_nobody_waiting() -> None:
    engine = Engine()
    engine.failure = QueryTimeout("Too long.")

    async def work() -> list[object]:
        made = begun(engine)
        failed = await asyncio.gather(*(answer(made, "a") for _ in range(2)), return_exceptions=True)
        engine.failure = None
        return [*failed, await answer(made, "a")]

    first, second, third = run(work())
    assert (type(first), type(second), third) == (QueryTimeout, QueryTimeout, b"a")


def test_an_answer_that_is_left_is_not_kept_and_keeps_nobody_waiting() -> None:
    engine = Engine(times=3)

    async def work() -> bytes:
        made = begun(engine)
        async with aclosing((await made.ask(query("a"))).pieces) as pieces:
            await anext(pieces)
        return await answer(made, "a")

    assert run(work()) == b"aaa"
    assert engine.closed == 2


def test_who_may_have_less_is_not_given_what_is_kept() -> None:
    engine = Engine(times=3)

    async def work() -> None:
        made = begun(engine)
        await answer(made, "a")
        await answer(made, "a", answer_bytes=2)

    run(work())
    assert engine.asked == ["a", "a"]
