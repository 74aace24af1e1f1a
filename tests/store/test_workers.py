"""Workers: whatever a query does, the next one is answered."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import BASE, examples, origin, run
from toolbox_graph.changes import Repository
from toolbox_graph.errors import (
    AnswerTooLarge,
    Busy,
    FederationRefused,
    MalformedQuery,
    NotAcceptable,
    QueryMemoryExceeded,
    QueryTimeout,
    QueryTooDeep,
    ToolboxError,
)
from toolbox_graph.negotiation import GRAPHS, RESULTS
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Limits, Query
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.lanes import Lane
from toolbox_graph.store.quads import canonical
from toolbox_graph.store.workers import Pool

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS_STREAM = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HUNGRY = "SELECT * { { SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f } }"


@asynccontextmanager
async def pool(data: Path, *, size: int = 1, megabytes: int = 1000, waiting: float = 5.0) -> AsyncIterator[Pool]:
    """Workers on a data folder."""
    budgets = Budgets(120.0, 30)
    made = Pool(data, BASE, size=size, megabytes=megabytes, waiting_seconds=waiting, budgets=budgets)
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


def query(text: str, *, seconds: float = 10.0, answer_bytes: int = 10**8) -> Query:
    """Return a query as a client would ask it that takes any format."""
    return Query(text, RESULTS[0], GRAPHS[0], Limits(seconds, answer_bytes))


async def answer(made: Pool, text: str, **limits: float) -> bytes:
    """Return the whole answer to a query."""
    begun = await made.ask(query(text, **limits))  # type: ignore[arg-type]
    return b"".join([piece async for piece in begun.pieces])


def asked(data: Path, text: str, **limits: float) -> bytes:
    """Return the answer to a query, asked of a new worker."""

    async def ask() -> bytes:
        async with pool(data) as made:
            return await answer(made, text, **limits)

    return run(ask())


def refused(data: Path, text: str, **options: object) -> tuple[ToolboxError, bytes]:
    """Return the refusal of a query, and the answer to the next one asked of the same pool."""

    async def ask() -> tuple[ToolboxError, bytes]:
        limits = {name: options.pop(name) for name in ("seconds", "answer_bytes") if name in options}
        async with pool(data, **options) as made:  # type: ignore[arg-type]
            with pytest.raises(ToolboxError) as refusal:
                await answer(made, text, **limits)  # type: ignore[arg-type]
            return refusal.value, await answer(made, "ASK {}")

    return run(ask())


REFUSALS = [
    ("one that never ends", ENDLESS, QueryTimeout, {"seconds": 0.5}),
    ("one that streams without end", ENDLESS_STREAM, QueryTimeout, {"seconds": 0.5}),
    ("one that needs too much memory", HUNGRY, QueryMemoryExceeded, {"megabytes": 200}),
    ("one whose answer is too long", ENDLESS_STREAM, AnswerTooLarge, {"answer_bytes": 100_000}),
    ("groups nested 3,000 deep", f"ASK {'{' * 3000}{'}' * 3000}", QueryTooDeep, {}),
    ("options nested 3,000 deep", f"ASK {{ {'OPTIONAL { ' * 3000} {'} ' * 3000} }}", QueryTooDeep, {}),
    ("one that is no SPARQL", "SELECT * {", MalformedQuery, {}),
    ("one with an unknown prefix", "ASK { ?s nope:p ?o }", MalformedQuery, {}),
    ("an update", "INSERT DATA { <a> <b> <c> }", MalformedQuery, {}),
    ("one that calls a service", "ASK { SERVICE <http://127.0.0.1:9999/> { ?s ?p ?o } }", FederationRefused, {}),
    ("one that hides the call in escapes", r"ASK { \u0053ERVICE <http://example.org/> { ?s ?p ?o } }", FederationRefused, {}),
    ("one that calls what it finds", "ASK { ?s ?p ?o SERVICE ?s { ?a ?b ?c } }", FederationRefused, {}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "refusal", "options"), [case[1:] for case in REFUSALS], ids=[case[0] for case in REFUSALS]
)
def test_a_refused_query_leaves_the_next_one_alone(
    house_template: Path, text: str, refusal: type[ToolboxError], options: dict[str, object]
) -> None:
    found, next_answer = refused(house_template, text, **options)
    assert type(found) is refusal
    assert b"true" in next_answer


def test_a_malformed_query_is_told_where(house_template: Path) -> None:
    refusal, _ = refused(house_template, "SELECT *\nWHERE { ?s ?p }")
    assert (refusal.members["line"], refusal.members["column"]) == (2, 16)


def test_the_time_limit_holds(house_template: Path) -> None:
    async def ask() -> float:
        async with pool(house_template) as made:
            await answer(made, "ASK {}")
            begun = asyncio.get_running_loop().time()
            with pytest.raises(QueryTimeout):
                await answer(made, ENDLESS, seconds=0.5)
            return asyncio.get_running_loop().time() - begun

    assert 0.5 <= run(ask()) < 1.5


def test_no_query_reaches_another_host(house_template: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        listener.settimeout(0.5)
        for service in (f"<http://127.0.0.1:{port}/>", f"SILENT <http://127.0.0.1:{port}/>"):
            with suppress(FederationRefused):
                asked(house_template, f"SELECT * {{ SERVICE {service} {{ ?s ?p ?o }} }}")
        with pytest.raises(TimeoutError):
            listener.accept()


@pytest.mark.parametrize("form", ["FROM <file:///etc/passwd>", "FROM <http://127.0.0.1:9/>"])
def test_a_dataset_clause_loads_nothing(house_template: Path, form: str) -> None:
    assert b'"bindings":[]' in asked(house_template, f"SELECT * {form} {{ ?s ?p ?o }}")


def test_each_form_gets_its_own_format(house_template: Path) -> None:
    assert asked(house_template, "ASK {}") == b'{"head":{},"boolean":true}'
    assert asked(house_template, "CONSTRUCT { <urn:s> <urn:p> 1 } {}").startswith(b"<urn:s> <urn:p> 1")


def test_a_relative_name_is_one_of_ours(house_template: Path) -> None:
    assert b"true" in asked(house_template, "ASK { <id/tool/door> ?p ?o }")


def test_a_client_that_takes_no_format_is_told_which_there_are(house_template: Path) -> None:
    async def ask() -> str:
        async with pool(house_template) as made:
            with pytest.raises(NotAcceptable) as refusal:
                await made.ask(Query("ASK {}", None, GRAPHS[0], Limits(10, 10**6)))
            return refusal.value.detail

    assert "application/sparql-results+json" in run(ask())


def test_when_all_workers_are_taken_one_is_told_to_come_back(house_template: Path) -> None:
    async def ask() -> Busy:
        async with pool(house_template, waiting=0.2) as made:
            long = asyncio.create_task(answer(made, ENDLESS, seconds=1.0))
            await asyncio.sleep(0.1)
            with pytest.raises(Busy) as refusal:
                await answer(made, "ASK {}")
            with pytest.raises(QueryTimeout):
                await long
            return refusal.value

    assert run(ask()).members["retry_after"] == 1


def test_who_leaves_gives_the_worker_back(house_template: Path) -> None:
    async def ask() -> bytes:
        async with pool(house_template) as made:
            leaving = asyncio.create_task(answer(made, ENDLESS))
            await asyncio.sleep(0.3)
            leaving.cancel()
            return await answer(made, "ASK {}")

    assert b"true" in run(ask())


def test_who_stops_reading_gives_the_worker_back(house_template: Path) -> None:
    async def ask() -> bytes:
        async with pool(house_template) as made:
            begun = await made.ask(query(ENDLESS_STREAM))
            assert await anext(begun.pieces)
            await begun.pieces.aclose()
            return await answer(made, "ASK {}")

    assert b"true" in run(ask())


def test_the_clock_stands_still_while_the_client_reads(house_template: Path) -> None:
    async def ask() -> int:
        async with pool(house_template) as made:
            begun = await made.ask(query("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000", seconds=1.0))
            size = 0
            async for piece in begun.pieces:
                size += len(piece)
                await asyncio.sleep(0.05)
            return size

    assert run(ask()) > 1_000_000


def test_a_worker_that_died_idle_is_replaced(house_template: Path) -> None:
    async def ask() -> bytes:
        async with pool(house_template) as made:
            await answer(made, "ASK {}")
            worker = made._free[Lane.OPEN]._queue[0]  # type: ignore[attr-defined]
            os.kill(worker._process.pid, signal.SIGKILL)
            worker._process.wait()
            return await answer(made, "ASK {}")

    assert b"true" in run(ask())


def test_a_change_is_seen_by_the_next_query(house: Repository) -> None:
    async def ask() -> tuple[bytes, bytes]:
        async with pool(house.folder) as made:
            ask_it = "ASK { <id/tool/door> <urn:new> 1 }"
            before = await answer(made, ask_it)
            graph = f"<{BASE.graph('house', 'alpha')}>"
            one = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
            added = list(canonical([f"<{BASE.thing('tool', 'door')}> <urn:new> {one} {graph} ."]))
            await asyncio.to_thread(house.commit, Draft(origin(), [], added), since=1)
            return before, await answer(made, ask_it)

    before, after = run(ask())
    assert (b"true" in before, b"true" in after) == (False, True)


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.one_of(st.text(max_size=200), st.from_regex(r"(SELECT|ASK|CONSTRUCT) .{0,60}")), min_size=1, max_size=8
    )
)
def test_any_text_gets_an_answer_or_a_refusal(house_template: Path, texts: list[str]) -> None:
    async def ask() -> list[int]:
        async with pool(house_template) as made:
            return [await status(made, text) for text in texts]

    async def status(made: Pool, text: str) -> int:
        try:
            await answer(made, text)
        except ToolboxError as refusal:
            return refusal.status
        return 200

    assert all(code == 200 or 400 <= code < 500 for code in run(ask()))
