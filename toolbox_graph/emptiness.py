"""Why does a query find nothing?

Each part of it is left out once, and an engine is asked whether the rest finds anything. Where no single part is to
blame, each triple pattern is asked for alone. All of that has one small budget; what it leaves open is not known.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from toolbox_graph.errors import BudgetSpent, ToolboxError
from toolbox_graph.negotiation import TSV, TURTLE
from toolbox_graph.store.engine import Engine, Query
from toolbox_graph.store.lexer import unescaped
from toolbox_graph.store.patterns import Part, Parts, parts
from toolbox_graph.store.service_clauses import calls

SECONDS = 2.0
"""How long it may take in all."""

LEAST = 0.05
"""Seconds with which it is worth the while to ask once more."""

FAILURES = 5
"""Questions that may get no answer: each counts among those of the client that failed."""


class Verdict(Enum):
    """What was learnt of a query: why it finds nothing, if that is so."""

    FOUND = "found"
    AFTERWARDS = "afterwards"
    PART = "part"
    TOGETHER = "together"
    UNKNOWN = "unknown"


class Looked(NamedTuple):
    """A part, whether the query finds anything without it, and whether it does alone; None is for not known."""

    part: Part
    finds_without: bool | None
    finds_alone: bool | None = None


class Explanation(NamedTuple):
    """What was learnt of a query, and of each of its parts."""

    verdict: Verdict
    looked: Sequence[Looked] = ()


async def explain(query: Query, engine: Engine, clock: Callable[[], float] = time.monotonic) -> Explanation:
    """Return why a query finds nothing; raise the refusal where it is no query."""
    inquiry = _Inquiry(query, engine, clock)
    if not await inquiry.is_empty():
        return Explanation(Verdict.FOUND)
    text = unescaped(query.text)
    # One that calls other services would call them again for each part.
    taken_apart = None if calls(text) else await asyncio.to_thread(parts, text)
    finds = await inquiry.finds(taken_apart.whole()) if taken_apart else None
    if taken_apart is None or finds is None:
        return Explanation(Verdict.UNKNOWN)
    if finds:
        return Explanation(Verdict.AFTERWARDS)
    return await _of_parts(taken_apart, inquiry)


class _Inquiry:
    """Questions about one query, within the time that they have together."""

    def __init__(self, query: Query, engine: Engine, clock: Callable[[], float]) -> None:
        self._query = query._replace(results=TSV, graph=TURTLE)
        self._engine = engine
        self._clock = clock
        self._until = clock() + min(SECONDS, query.limits.seconds)
        self._failures = 0

    async def is_empty(self) -> bool:
        """Return whether the query finds nothing; raise the refusal where it has no answer."""
        answer = await self._engine.ask(self._within(self._left(), self._query.text))
        async with aclosing(answer.pieces):
            return answer.is_empty

    async def finds(self, text: str) -> bool | None:
        """Return whether an ASK finds anything, None where that is not learnt."""
        # One question that takes long is to leave something for the others.
        seconds = self._left() / 2
        if seconds < LEAST or self._failures >= FAILURES:
            return None
        try:
            answer = await self._engine.ask(self._within(seconds, text))
        except BudgetSpent:
            raise
        except ToolboxError:
            self._failures += 1
            return None
        async with aclosing(answer.pieces):
            return not answer.is_empty

    def _left(self) -> float:
        return self._until - self._clock()

    def _within(self, seconds: float, text: str) -> Query:
        return self._query._replace(text=text, limits=replace(self._query.limits, seconds=seconds))


async def _of_parts(query: Parts, inquiry: _Inquiry) -> Explanation:
    """Return what is learnt by leaving out each part of a query whose patterns find nothing."""
    looked = [Looked(part, await _finds_without(part, query, inquiry)) for part in query.parts]
    if any(each.finds_without for each in looked):
        return Explanation(Verdict.PART, looked)
    looked = [
        each._replace(finds_alone=await inquiry.finds(query.alone(each.part))) if each.part.pattern else each
        for each in looked
    ]
    known = [(each.finds_without, each.finds_alone) for each in looked]
    is_known = any(alone is False for _, alone in known) or all(without is False for without, _ in known)
    return Explanation(Verdict.TOGETHER if known and is_known else Verdict.UNKNOWN, looked)


async def _finds_without(part: Part, query: Parts, inquiry: _Inquiry) -> bool | None:
    """Return whether a query finds anything without a part; where no pattern is left, nothing is learnt."""
    others = any(other.pattern for other in query.parts if other is not part)
    return await inquiry.finds(query.without(part)) if others else None
