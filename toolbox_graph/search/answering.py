"""How are the searches of a SPARQL query answered?

The index of the generation that is served is asked beforehand, and what it finds stands in the query as VALUES, so that
a worker needs no index. Index and store have to be of the same generation: where another one has come between the two,
both are asked again.
"""

import asyncio
import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from toolbox_graph.errors import Busy, InvalidRequest, MalformedQuery
from toolbox_graph.namespaces import Base
from toolbox_graph.search.finding import Search
from toolbox_graph.search.matching import LONGEST
from toolbox_graph.store import refusals
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Answer, Engine, Query, require_malformed
from toolbox_graph.store.lexer import apart, unescaped
from toolbox_graph.store.marks import NotTakenApart
from toolbox_graph.store.running import Running
from toolbox_graph.store.search_arguments import HOW
from toolbox_graph.store.search_clauses import may_search, read
from toolbox_graph.store.searches import Clause, Clauses

SEARCHING = "search"
"""What the time of a query is spent on that searches."""

AT_ONCE = 2
"""Queries for which is searched at the same time; of one client half of that."""

TRIES = 3
"""How often index and store are asked until they are of the same generation."""


class Opened(NamedTuple):
    """An index, and the state of the store to which it belongs."""

    search: Search
    state: str


class Searching:
    """An engine whose queries may search by words; `opened` gives the index of the newest generation."""

    def __init__(self, engine: Engine, opened: Callable[[], Opened], budgets: Budgets, base: Base) -> None:
        self._engine = engine
        self._opened = opened
        self._budgets = budgets
        self._base = base
        self._turns = Running(AT_ONCE // 2)
        self._threads = ThreadPoolExecutor(AT_ONCE, SEARCHING)

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise the refusal where there is none."""
        text = unescaped(query.text)
        if not may_search(text):
            return await self._engine.ask(query)
        try:
            clauses = await apart(read, text, self._base.iri)
        except NotTakenApart:
            await require_malformed(query, self._engine)
            raise InvalidRequest(f"No search was found in this query; put blanks around < and >. {HOW}") from None
        return await (self._ask(query, clauses) if clauses else self._engine.ask(query))

    async def _ask(self, query: Query, clauses: Clauses) -> Answer:
        self._budgets.require(query.payer)
        for _ in range(TRIES):
            (text, state), seconds = await self._searched(query, clauses)
            try:
                spent = {**query.spent, SEARCHING: seconds}
                answer = await self._engine.ask(query._replace(text=text, spent=spent))
            except MalformedQuery:
                await require_malformed(query, self._engine)
                raise
            if answer.state == state:
                return answer
            await answer.pieces.aclose()
        raise Busy("The catalogue is just changing; try again in a moment.", retry_after=1)

    async def _searched(self, query: Query, clauses: Clauses) -> tuple[tuple[str, str], float]:
        """Return the query with what its searches find, of which state that is true, and how long it took."""
        run = await self._turns.enter(query)
        begun = time.monotonic()
        until = begun + query.limits.seconds
        try:
            found = asyncio.get_running_loop().run_in_executor(self._threads, self._answered, clauses, until)
            async with asyncio.timeout(query.limits.seconds):
                return await found, time.monotonic() - begun
        except TimeoutError:
            raise refusals.timeout(query) from None
        finally:
            self._turns.leave(run)
            self._budgets.charge(query.payer, seconds=time.monotonic() - begun)

    def _answered(self, clauses: Clauses, until: float) -> tuple[str, str]:
        search, state = self._opened()
        return answered(clauses, search, self._base, until), state


def answered(clauses: Clauses, search: Search, base: Base, until: float = math.inf) -> str:
    """Return a query with what its searches find in their places.

    Raise InvalidRequest for words that are none, TimeoutError where a search would begin after some monotonic time.
    """
    answers = []
    for clause in clauses.clauses:
        if time.monotonic() > until:
            raise TimeoutError
        answers.append(_values(clause, search, base))
    return clauses.answered(answers)


def _values(clause: Clause, search: Search, base: Base) -> str:
    """Return what a search finds, the best first, on one line."""
    names = [name for name in (clause.thing, clause.score, clause.given) if name]
    rows = []
    for words in clause.words:
        given = [str(words)] if clause.given else []
        for (kind, key), score in search.ranked(_text(words.value), limit=clause.limit, in_names=clause.in_names):
            scores = [f"{score:.6f}"] if clause.score else []
            rows.append(f"({' '.join([f'<{base.thing(kind, key)}>', *scores, *given])})")
    return f"VALUES ({' '.join(names)}) {{ {' '.join(rows)} }}"


def _text(words: str) -> str:
    """Return what is looked for; raise InvalidRequest where that is nothing, or too long."""
    text = words.strip()
    if not text or len(text) > LONGEST:
        raise InvalidRequest(f"The words of a search have 1 to {LONGEST} characters; these have {len(text)}.")
    return text
