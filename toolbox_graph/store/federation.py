"""How does a query call other services?

What a SERVICE clause finds does not depend on the rest of the query (SPARQL 1.1 Federated Query, section 4), so it is
asked for before, here, and put in the place of the clause. The worker that then answers the query can call nobody.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox

from toolbox_graph.errors import InvalidRequest, ServiceFailed
from toolbox_graph.store import outbound, refusals
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Answer, Engine, Query
from toolbox_graph.store.lexer import apart, unescaped
from toolbox_graph.store.outbound import Services
from toolbox_graph.store.running import Running
from toolbox_graph.store.service_clauses import Clause, calls, clauses

CALLS = 4
"""Services that are called at the same time; of one client half of that."""

LARGEST = 8_000_000
"""Bytes of an answer that are read."""

CALLING = "service"
"""What the time of a query is spent on that calls others."""

NAME = re.compile(r"\w+")


class Federation:
    """An engine whose queries may call the services that an operator allows."""

    def __init__(self, engine: Engine, services: Services, budgets: Budgets, *, base: str, agent: str) -> None:
        self._engine = engine
        self._services = services
        self._budgets = budgets
        self._base = base
        self._agent = agent
        self._turns = Running(CALLS // 2)
        self._threads = ThreadPoolExecutor(CALLS, "federation")

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise the refusal where there is none."""
        text = unescaped(query.text)
        if not await apart(calls, text):
            return await self._engine.ask(query)
        self._budgets.require(query.payer)
        found = await apart(clauses, text, self._base)
        for target in (target for clause in found for target in clause.targets):
            self._require(target)
        seconds, answers = await self._called(query, found)
        spent = {**query.spent, CALLING: seconds}
        return await self._engine.ask(query._replace(text=_with(text, found, answers), spent=spent))

    def _require(self, target: str) -> None:
        if target.startswith(("?", "$")) and self._services.endpoints:
            raise InvalidRequest(f"Name the service in place of {target}: what a variable finds is not called.")
        self._services.require(target)

    async def _called(self, query: Query, found: Sequence[Clause]) -> tuple[float, list[str]]:
        """Return what the services found, and how long that took, which is charged to the client."""
        run = await self._turns.enter(query)
        begun = time.monotonic()
        try:
            async with asyncio.timeout(query.limits.seconds):
                answers = [await self._call(query, clause, begun) for clause in found]
            return time.monotonic() - begun, answers
        except TimeoutError:
            raise refusals.timeout(query) from None
        finally:
            self._turns.leave(run)
            self._budgets.charge(query.payer, seconds=time.monotonic() - begun)

    async def _call(self, query: Query, clause: Clause, begun: float) -> str:
        """Return what a service finds, as a group of the query."""
        left = query.limits.seconds - (time.monotonic() - begun)
        try:
            body = await asyncio.get_running_loop().run_in_executor(self._threads, self._asking(clause, left))
            return values(body)
        except ServiceFailed:
            if clause.is_silent:
                return _nothing(clause)
            raise

    def _asking(self, clause: Clause, seconds: float) -> Callable[[], bytes]:
        return lambda: outbound.ask(
            clause.targets[0], clause.text, self._services, agent=self._agent, seconds=seconds, limit=LARGEST
        )


def _nothing(clause: Clause) -> str:
    """Return what a clause finds that may fail and does: one solution that says nothing (section 4)."""
    names = " ".join(f"?{name}" for name in clause.variables)
    return f"{{ VALUES ({names}) {{ ({' '.join('UNDEF' for _ in clause.variables)}) }} }}"


def _with(text: str, found: Sequence[Clause], answers: Sequence[str]) -> str:
    """Return a query with answers in the place of its clauses."""
    pieces, at = [], 0
    for clause, answer in zip(found, answers, strict=True):
        pieces += [text[at : clause.start], answer]
        at = clause.end
    return "".join([*pieces, text[at:]])


def values(body: bytes) -> str:
    """Return SPARQL results in JSON as a group of a query; raise ServiceFailed for what is none.

    >>> values(b'{"head": {"vars": ["a", "b"]}, "results": {"bindings": [{"a": {"type": "literal", "value": "x"}}]}}')
    '{ VALUES (?a ?b) { ("x" UNDEF) } }'
    """
    try:
        told = json.loads(body)
        names = told["head"]["vars"]
        if not all(NAME.fullmatch(name) for name in names):
            raise ValueError("not the name of a variable")
        rows = " ".join(f"({' '.join(_row(names, row))})" for row in told["results"]["bindings"])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        raise ServiceFailed("A service answered something that is no table of results.") from problem
    return f"{{ VALUES ({' '.join(f'?{name}' for name in names)}) {{ {rows} }} }}"


def _row(names: Sequence[str], row: Mapping[str, Any]) -> Iterator[str]:
    return (_term(row[name]) if name in row else "UNDEF" for name in names)


def _term(told: Mapping[str, str]) -> str:
    """Return a term as a query has it; a blank node, which a query cannot name, gets a name."""
    value = told["value"]
    match told["type"]:
        case "uri":
            return str(ox.NamedNode(value))
        case "bnode":
            return str(ox.NamedNode(f"urn:bnode:{quote(value)}"))
        case "literal" | "typed-literal":
            language, datatype = told.get("xml:lang"), told.get("datatype")
            return str(
                ox.Literal(
                    value, language=language, datatype=None if language or not datatype else ox.NamedNode(datatype)
                )
            )
    raise ValueError("not a term")
