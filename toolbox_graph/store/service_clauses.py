"""Which services does a query call, and for what?"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from toolbox_graph.store.lexer import Token, tokens
from toolbox_graph.store.prologue import Names, prologue

VARIABLE = re.compile(r"[?$]\w+")


class Clause(NamedTuple):
    """A SERVICE clause: where it stands in the query, and what it asks of whom.

    `targets` are the IRIs of the services, its own first, then those that it would have that one call; a variable is
    written as it stands. `variables` are the names that it gives values to, as far as that can be seen.
    """

    start: int
    end: int
    is_silent: bool
    targets: tuple[str, ...]
    text: str
    variables: tuple[str, ...]


def calls(text: str) -> bool:
    """Return whether a query calls a service; of its escapes it has to be free."""
    return "service" in text.casefold() and any(token.word == "service" for token in tokens(text))


def clauses(text: str, base: str) -> list[Clause]:
    """Return the outer SERVICE clauses of a query; what is no clause after all is left out.

    >>> [found] = clauses("PREFIX x: <http://x/> SELECT * { SERVICE x:y { ?a ?b ?c } }", "http://here/")
    >>> found.targets, found.text
    (('http://x/y',), 'BASE <http://here/> PREFIX x: <http://x/> SELECT * WHERE { ?a ?b ?c }')
    """
    end = Token("end", "", len(text), len(text))
    found = [*tokens(text), end, end, end]
    before = prologue(found)
    declared = f"BASE <{base}> {text[: before[-1].end]} " if before else f"BASE <{base}> "
    return list(_clauses(text, found, Names(before, base), declared))


def _clauses(text: str, found: Sequence[Token], names: Names, declared: str) -> Iterator[Clause]:
    """Yield the clauses; each asks for all that its block finds, with the prefixes of the query."""
    end = 0
    for at in _services(found, 0, len(found)):
        target = _target(found, at)
        closing = _closing(found, target + 1)
        if found[at].start >= end and closing:
            block = text[found[target + 1].start : found[closing].end]
            targets = [target, *(_target(found, inner) for inner in _services(found, target, closing))]
            named = tuple(names.of(found[each]) for each in targets)
            end = found[closing].end
            asked, given = f"{declared}SELECT * WHERE {block}", _variables(found[target + 1 : closing])
            yield Clause(found[at].start, end, target > at + 1, named, asked, given)


def _variables(block: Sequence[Token]) -> tuple[str, ...]:
    """Return the names of the variables of a block; of one with a query in it, which may hide some, none."""
    if any(token.word == "select" for token in block):
        return ()
    return tuple(dict.fromkeys(token.text[1:] for token in block if VARIABLE.fullmatch(token.text)))


def _services(found: Sequence[Token], start: int, end: int) -> list[int]:
    return [at for at in range(start, end) if found[at].word == "service"]


def _target(found: Sequence[Token], service: int) -> int:
    """Return where the service is named, behind SERVICE and perhaps SILENT."""
    return service + 1 + (found[service + 1].word == "silent")


def _closing(found: Sequence[Token], opening: int) -> int | None:
    """Return where a block ends that begins at a token; None where none begins, or it has no end."""
    depth = 0
    for at in range(opening, len(found)):
        depth += {"{": 1, "}": -1}.get(found[at].text, 0)
        if depth <= 0:
            return at if at > opening else None
    return None
