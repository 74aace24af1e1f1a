"""Which part of an answer is wanted, and does another one follow?

Whether one follows is found out by asking for the one solution behind the part: alike for each format, and no answer
has a row that is not of its part.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.negotiation import RESULTS
from toolbox_graph.query import Asked, Request, fields_of, is_number_within
from toolbox_graph.saved_queries import MOST, SavedQuery
from toolbox_graph.store import modifiers
from toolbox_graph.store.engine import Engine, Query

LARGEST = 10**12
"""Solutions that may be left out."""

LIMIT, OFFSET = "limit", "offset"

PAGED = frozenset({"select", "construct"})
"""The forms of queries whose answers have parts."""


class Part(NamedTuple):
    """A part of an answer: at most so many solutions, None for all that are left, behind so many others."""

    limit: int | None
    offset: int

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self.limit is None and not self.offset


def wanted(asked: Asked, question: SavedQuery) -> Part:
    """Return the part of the answer that a request asks for; raise InvalidRequest where it cannot be one."""
    given = {name: asked.others[name] for name in (LIMIT, OFFSET) if name in asked.others}
    if given and question.form not in PAGED:
        raise InvalidRequest("The answer to this question has no parts.", parameter=min(given))
    if LIMIT in given and asked.most is not None:
        raise InvalidRequest("Give limit or max-rows, not both.", parameter="max-rows")
    limit = _number(LIMIT, given[LIMIT], 1, MOST) if LIMIT in given else None
    # Who says how many rows at most has said how many.
    page = None if asked.most is not None else question.page
    return Part(limit or page, _number(OFFSET, given.get(OFFSET, "0"), 0, LARGEST))


def _number(name: str, text: str, least: int, most: int) -> int:
    if not is_number_within(text, least, most):
        raise InvalidRequest(
            f"The parameter {name} is a whole number from {least} to {most}, not {text[:40]!r}.", parameter=name
        )
    return int(text)


def part_of(text: str, question: SavedQuery, part: Part, most: int | None = None) -> str:
    """Return the query for a part of an answer.

    Parts are cut from one order: rows that the query's own leaves equal stand by their columns, from left to right.
    """
    if part.is_all:
        return text if most is None else modifiers.part(text, most)
    order = [f"?{name}" for name in question.columns]
    return modifiers.part(text, part.limit if most is None else most, skipped=part.offset, order=order)


async def follows(query: Query, text: str, question: SavedQuery, part: Part, engine: Engine) -> tuple[bool, str]:
    """Return whether there is a solution behind a part, and of which state of the store that is true."""
    assert part.limit is not None
    behind = part_of(modifiers.solutions(text), question, Part(1, part.offset + part.limit))
    answer = await engine.ask(query._replace(text=behind, results=RESULTS[0]))
    await answer.pieces.aclose()
    return not answer.is_empty, answer.state


def addresses(request: Request, part: Part, *, has_following: bool) -> Mapping[str, str]:
    """Return the addresses of the parts before and after one, relative to its own, by their relation to it."""
    if part.limit is None or request.method not in {"GET", "HEAD"}:
        return {}
    offsets = {"prev": max(part.offset - part.limit, 0)} if part.offset else {}
    offsets |= {"next": part.offset + part.limit} if has_following else {}
    return {
        relation: address(fields_of(request), Part(part.limit, offset))
        for relation, offset in offsets.items()
        if offset <= LARGEST
    }


def address(fields: Iterable[tuple[str, str]], part: Part) -> str:
    """Return the address of a part, relative to that of another, whose parameters these are."""
    asked = [(name, value) for name, value in fields if name not in {LIMIT, OFFSET}]
    return f"?{urlencode([*asked, (OFFSET, part.offset), (LIMIT, part.limit)])}"
