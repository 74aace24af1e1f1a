"""Which answers need not be found again?

An answer depends on the query, on its formats and on the state of the store. What is short is kept under these, and
who asks the same while it is being found waits for it. An answer that depends on time, on chance or on another
service is never kept.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from toolbox_graph.store.engine import Answer, Engine, Query, at_once
from toolbox_graph.store.lexer import apart, tokens, unescaped

SHORT = 1_000_000
"""Bytes of an answer that is kept."""

CHANGING = frozenset({"now", "rand", "uuid", "struuid", "bnode", "service"})
"""The words of SPARQL 1.1 for what may be something else each time."""

CACHED = "cache"
"""What the time is spent on of an answer that is remembered."""

Key = tuple[str, str, object, object, object]


def is_lasting(text: str) -> bool:
    """Return whether a query has the same answer as long as the data is the same.

    >>> is_lasting("SELECT (RAND() AS ?x) {}"), is_lasting("SELECT ?now { ?now ?p 'RAND()' }")
    (False, True)
    """
    plain = unescaped(text)
    folded = plain.casefold()
    return not any(name in folded for name in CHANGING) or all(token.word not in CHANGING for token in tokens(plain))


class Cache:
    """An engine that remembers short answers of another one, up to so many bytes."""

    def __init__(self, engine: Engine, state: Callable[[], str], size: int) -> None:
        self._engine = engine
        self._state = state
        self._size = size
        self._of = ""
        self._kept: OrderedDict[Key, tuple[Answer, bytes]] = OrderedDict()
        self._bytes = 0
        self._on_the_way: dict[Key, asyncio.Future[None]] = {}

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise the refusal where there is none."""
        if not await apart(is_lasting, query.text):
            return await self._engine.ask(query)
        state = self._state()
        if state != self._of:
            self._forget(state)
        key = _key(query, state)
        if other := self._on_the_way.get(key):
            await asyncio.wait([other])
        if kept := self._find(key, query):
            return kept
        return await self._fetch(key, query)

    def _forget(self, state: str) -> None:
        """Go over to another state of the store: nobody asks again what was true of the one that has passed."""
        self._of = state
        self._kept.clear()
        self._bytes = 0

    def _find(self, key: Key, query: Query) -> Answer | None:
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        answer, body = self._kept[key]
        if len(body) > query.limits.answer_bytes:
            return None
        return answer._replace(pieces=at_once(body), whole=body, timing={CACHED: 0.0})

    async def _fetch(self, key: Key, query: Query) -> Answer:
        """Ask the engine, and keep what it answers if that is short; whoever waits goes on when that is known."""
        known = asyncio.get_running_loop().create_future()
        self._on_the_way.setdefault(key, known)
        try:
            answer = (await self._engine.ask(query))._replace(is_lasting=True)
        except BaseException:  # Also where the client has left.
            self._let_go(key, known)
            raise
        if answer.whole is not None:
            self._keep(_key(query, answer.state), answer, answer.whole)
            self._let_go(key, known)
            return answer
        pieces = self._kept_on_the_way(key, known, query, answer)
        # A generator that has not begun does not tidy up when it is closed: those who wait would do so for ever.
        await anext(pieces)
        return answer._replace(pieces=pieces)

    async def _kept_on_the_way(
        self, key: Key, known: asyncio.Future[None], query: Query, answer: Answer
    ) -> AsyncGenerator[bytes, None]:
        body = bytearray()
        try:
            yield b""
            async with aclosing(answer.pieces) as pieces:
                async for piece in pieces:
                    if len(body) <= SHORT:
                        body += piece
                    if len(body) > SHORT:
                        self._let_go(key, known)
                    yield piece
            if len(body) <= SHORT:
                self._keep(_key(query, answer.state), answer, bytes(body))
        finally:
            self._let_go(key, known)

    def _let_go(self, key: Key, known: asyncio.Future[None]) -> None:
        if self._on_the_way.get(key) is known:
            del self._on_the_way[key]
        if not known.done():
            known.set_result(None)

    def _keep(self, key: Key, answer: Answer, body: bytes) -> None:
        if key not in self._kept:
            self._kept[key] = (answer, body)
            self._bytes += len(body)
        while self._bytes > self._size:
            _, (_, oldest) = self._kept.popitem(last=False)
            self._bytes -= len(oldest)


def _key(query: Query, state: str) -> Key:
    return state, query.text, query.dataset, query.results, query.graph
