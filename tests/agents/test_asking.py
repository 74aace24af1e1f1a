"""Asking in this process: an answer comes piece by piece, and ends when nobody wants more of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest

from tests.conftest import run
from toolbox_graph.agents import asking
from toolbox_graph.errors import MalformedQuery, ToolboxError, Unusable

Application = Callable[[Any, Any, Any], Awaitable[None]]


def start(status: int = 200, content_type: str = "text/plain") -> dict[str, Any]:
    """Return the beginning of an answer."""
    return {"type": "http.response.start", "status": status, "headers": [(b"content-type", content_type.encode())]}


def piece(body: bytes, *, more: bool = True) -> dict[str, Any]:
    """Return a piece of an answer."""
    return {"type": "http.response.body", "body": body, "more_body": more}


def answering(*messages: dict[str, Any]) -> Application:
    """Return an application that answers whatever it is asked."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        for message in messages:
            await send(message)

    return answer


async def ask(application: Application, most: int = 100) -> asking.Answer:
    """Return what an application answers, in this process."""
    async with httpx2.AsyncClient(base_url=asking.HERE, transport=asking.InProcess(application)) as client:
        return await asking.Doors(client).ask("thing", "text/plain", most=most)


def test_an_answer_is_put_together_of_its_pieces() -> None:
    assert run(ask(answering(start(), piece(b"a"), piece(b"b", more=False)))) == ("ab", "text/plain", False, [])


def test_no_more_is_taken_than_is_wanted_and_then_the_application_is_ended() -> None:
    sent: list[bytes] = []
    ended = asyncio.Event()

    async def endless(scope: Any, receive: Any, send: Any) -> None:
        try:
            await send(start())
            while True:
                sent.append(b"0123456789")
                await send(piece(sent[-1]))
        finally:
            ended.set()

    answer = run(ask(endless, most=25))
    assert (answer.text, answer.is_cut) == ("0123456789012345678901234", True)
    assert ended.is_set()
    assert len(sent) <= 6


def test_who_leaves_before_the_answer_begins_ends_the_application() -> None:
    ended = asyncio.Event()

    async def silent(scope: Any, receive: Any, send: Any) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async def leave() -> None:
        asked = asyncio.ensure_future(ask(silent))
        await asyncio.sleep(0.01)
        asked.cancel()
        await asyncio.wait([asked])

    run(leave())
    assert ended.is_set()


@pytest.mark.parametrize(
    "messages",
    [[], [start()], [start(), piece(b"a")]],
    ids=["before it begins", "after its head", "within its body"],
)
def test_an_answer_that_breaks_off_is_not_taken_for_whole(messages: list[dict[str, Any]]) -> None:
    with pytest.raises(Unusable, match="broke off"):
        run(ask(answering(*messages)))


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (
            b'{"type": "urn:toolbox-graph:problem:busy", "title": "Busy", "detail": "Wait."}',
            ToolboxError,
            "Busy: Wait.",
        ),
        (
            b'{"type": "urn:toolbox-graph:problem:malformed-query", "title": "Malformed query", "detail": "No."}',
            MalformedQuery,
            "Malformed query: No.",
        ),
        (b"<h1>Bad gateway</h1>", ToolboxError, "The service answers with 502 Bad Gateway."),
        (b"[]", ToolboxError, "The service answers with 502 Bad Gateway."),
    ],
)
def test_a_refusal_is_told_as_the_service_tells_it(body: bytes, kind: type[ToolboxError], said: str) -> None:
    with pytest.raises(ToolboxError) as refused:
        run(ask(answering(start(502, "application/problem+json"), piece(body, more=False)), most=1_000))
    assert (type(refused.value), refused.value.detail) == (kind, said)


def test_a_refusal_is_read_whole_whatever_is_wanted_of_an_answer() -> None:
    pieces = [piece(b'{"type": "", "title": "Busy",'), piece(b'"detail": "Wait."}', more=False)]
    with pytest.raises(ToolboxError, match=r"Busy: Wait\."):
        run(ask(answering(start(503), *pieces), most=10))


def test_what_an_application_meets_at_its_start_is_told() -> None:
    async def broken(scope: Any, receive: Any, send: Any) -> None:
        raise Unusable("The folder is not fit.")

    async def begin() -> None:
        async with asking.alive(broken):
            pass

    with pytest.raises(Unusable, match="not fit"):
        run(begin())
