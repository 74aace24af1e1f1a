"""How is a query made to have no more solutions than wanted, or a part of them?"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph.store.lexer import Token, tokens, unescaped
from toolbox_graph.store.prologue import FORMS

ANY = "SELECT (1 AS ?any)"
"""What is asked of solutions of which only the number matters."""


class Clauses(NamedTuple):
    """Where the clauses LIMIT and OFFSET of a query begin and end, or would, and which numbers they have."""

    start: int
    end: int
    most: int | None
    skipped: int


def limited(text: str, most: int) -> str:
    """Return a query with a LIMIT, or with a smaller one than it has.

    >>> limited("SELECT * { ?a ?b ?c } ORDER BY ?a LIMIT 50 OFFSET 9", 10)
    'SELECT * { ?a ?b ?c } ORDER BY ?a LIMIT 10 OFFSET 9'
    >>> limited("SELECT * { ?a ?b ?c } VALUES ?a { 1 2 }", 10)
    'SELECT * { ?a ?b ?c } LIMIT 10 VALUES ?a { 1 2 }'
    """
    return part(unescaped(text), most)


def part(text: str, most: int | None, *, skipped: int = 0, order: Sequence[str] = ()) -> str:
    """Return a query that has a part of the solutions; those that its own order leaves equal stand by some variables.

    >>> part("SELECT ?a ?b { ?a ?p ?b } ORDER BY ?b LIMIT 50", 20, skipped=40, order=["?a", "?b"])
    'SELECT ?a ?b { ?a ?p ?b } ORDER BY ?b ?a ?b LIMIT 10 OFFSET 40'
    """
    outer = _outer(text)
    own = _clauses(outer, len(text))
    if own.most is not None:
        left = max(own.most - skipped, 0)
        most = left if most is None else min(most, left)
    written = " ".join(_written([token.word for token in outer], most, own.skipped + skipped, order))
    if not written:
        return text
    # What ends in a comment is not to swallow it.
    before = text[: own.start] + ("\n" if own.start == len(text) else "")
    return f"{before}{written}{' ' if own.start == own.end < len(text) else ''}{text[own.end :]}"


def _written(words: Sequence[str], most: int | None, skipped: int, order: Sequence[str]) -> Iterator[str]:
    if order and "order" not in words:
        yield "ORDER BY"
    yield from order
    if most is not None:
        yield f"LIMIT {most}"
    if skipped:
        yield f"OFFSET {skipped}"


def _clauses(outer: Sequence[Token], length: int) -> Clauses:
    """Return where LIMIT and OFFSET stand; VALUES may stand behind them (SPARQL 1.1 Query, production Query)."""
    numbers = {token.word: (token, number) for token, number in pairwise(outer) if token.word in {"limit", "offset"}}
    most, skipped = (_number(numbers[word][1]) if word in numbers else None for word in ("limit", "offset"))
    values = next((token.start for token in outer if token.word == "values"), length)
    start = min([token.start for token, _ in numbers.values()], default=values)
    end = max([number.end for _, number in numbers.values()], default=values)
    return Clauses(start, end, most, skipped or 0)


def _number(token: Token) -> int | None:
    return int(token.text) if token.text.isdecimal() else None


def form(text: str) -> str:
    """Return the form of a query: `select`, `ask`, `construct` or `describe`; empty where it has none.

    >>> form("PREFIX ask: <urn:ask> CONSTRUCT WHERE { ?s ask:select ?o }")
    'construct'
    """
    return next((token.word for token in _outer(text) if token.word in FORMS), "")


def solutions(text: str, wanted: str = ANY) -> str:
    """Return a query for the solutions of which a CONSTRUCT makes its triples; a SELECT as it is.

    >>> solutions("CONSTRUCT { ?a ?p ?b } WHERE { ?a ?p ?b } LIMIT 2")
    'SELECT (1 AS ?any) WHERE { ?a ?p ?b } LIMIT 2'
    >>> solutions("CONSTRUCT WHERE { ?a ?p ?b }", "SELECT *")
    'SELECT * WHERE { ?a ?p ?b }'
    """
    outer = _outer(text)
    words = [token.word for token in outer]
    if "construct" not in words:
        return text
    at = words.index("construct")
    # Of what stands in braces only the closing one is an outer token: that is all there is of a template.
    end = outer[at + 1] if outer[at + 1].text == "}" else outer[at]
    return f"{text[: outer[at].start]}{wanted}{text[end.end :]}"


def columns(text: str, base: str) -> tuple[str, ...]:
    """Return the variables that the answers of a query have, or the solutions from which it makes triples.

    The text is one of ours: it is parsed here, and asked of nothing.
    """
    is_grouped = any(token.word == "group" for token in _outer(text))
    match form(text):
        case "select":
            return _variables(text, base)
        case "construct" if not is_grouped:
            return _variables(solutions(text, "SELECT *"), base)
    return ()


def _variables(text: str, base: str) -> tuple[str, ...]:
    found = ox.Store().query(_without_calls(text), base_iri=base)
    assert isinstance(found, ox.QuerySolutions)
    return tuple(variable.value for variable in found.variables)


def _without_calls(text: str) -> str:
    """Return a query that finds the variables of SERVICE clauses in a graph, so that nobody is called."""
    for token in reversed([*tokens(text)]):
        if token.word == "service":
            text = f"{text[: token.start]}GRAPH{text[token.end :]}"
        elif token.word == "silent":
            text = f"{text[: token.start]}{text[token.end :]}"
    return text


def _outer(text: str) -> list[Token]:
    """Return the tokens of a query that stand in no braces."""
    depth, found = 0, []
    for token in tokens(text):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            found.append(token)
    return found
