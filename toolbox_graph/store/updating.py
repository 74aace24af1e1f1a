"""What would an update make of the store?

It is tried in a process of its own (`updater`), within the limits that a query has. What that tells is the effect: the
statements that went and those that came in the one graph that the update may write to. So what is journaled is never
a text, but what it did.
"""

import asyncio
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from toolbox_graph.store import refusals
from toolbox_graph.store.engine import Query
from toolbox_graph.store.quads import Quad, parse_line
from toolbox_graph.store.updater import EXIT_REFUSED

GRACE_SECONDS = 0.4
"""How much longer than its limit a process may take to begin, before it counts itself, and to end."""


class Effect(NamedTuple):
    """What an update did to one graph, and the position of the state that it was tried on."""

    position: int
    removed: list[Quad]
    added: list[Quad]


async def tried(query: Query, data: Path, change: Mapping[str, object]) -> Effect:
    """Return the effect of a change on the newest state; raise the refusal where there is none.

    `change` has `base` and `megabytes`; an update as `text` and as it is `prepared`; and `graph`, the one that it may
    change. Where any may be changed and that is to last, it has `publish`, and may have a graph to `clear` and
    statements to `load`.
    """
    program = [sys.executable, "-P", "-m", "toolbox_graph.store.updater"]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*program, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL)
    question = {"data": str(data), "seconds": query.limits.seconds, **change}
    try:
        async with asyncio.timeout(query.limits.seconds + GRACE_SECONDS):
            told, _ = await process.communicate(json.dumps(question).encode())
    except TimeoutError:
        raise refusals.timeout(query) from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
    return _effect(told.decode(), process.returncode or 0, query)


def _effect(told: str, code: int, query: Query) -> Effect:
    if code == EXIT_REFUSED:
        raise refusals.from_payload(json.loads(told), query)
    if code:
        raise refusals.from_exit_code(code, query)
    position, *lines = told.splitlines()
    quads = [(line[0], parse_line(line[1:])) for line in lines]
    removed, added = ([quad for sign, quad in quads if sign == wanted] for wanted in "-+")
    return Effect(int(position), sorted(removed), sorted(added))
