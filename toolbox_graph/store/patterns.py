"""Which parts of a query could be left out, one at a time?

A query is not parsed here: a part is found by the marks around it, and a query without it is one more text for an
engine that parses it. What cannot be taken apart like that has no parts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from toolbox_graph.store.lexer import TOKEN, Token
from toolbox_graph.store.prologue import FORMS

Span = tuple[int, int]

MARK = re.compile(rf"(?P<number>\d*\.\d+(?:[eE][+-]?\d+)?)|{TOKEN.pattern}|(?P<other>[^\s\w])", re.DOTALL | re.VERBOSE)
"""A token, or any other mark, for these too tell where a part ends; a dot within a number does not."""

PAIRS = {"{": "}", "(": ")", "[": "]"}

BLOCKS = frozenset({"filter", "bind", "values", "minus", "service"})
"""What a part begins with that is no triple pattern."""

BEGINNINGS = BLOCKS | {"optional", "graph", "union"}
"""Words before which a triple pattern has ended."""

DEEPEST = 30
"""Groups within groups that are looked into."""

MOST = 100
"""Parts that are looked at."""


class Part(NamedTuple):
    """A part of a query: from where to where it stands, and how it is said.

    `instead` stands in its place where it is left out; `pattern` asks for a triple pattern alone, others have none.
    """

    start: int
    end: int
    text: str
    instead: str
    pattern: str


class Parts(NamedTuple):
    """The parts of a query, and what is around its patterns in a query that asks whether these find anything."""

    text: str
    before: str
    start: int
    end: int
    after: str
    parts: Sequence[Part]

    def whole(self) -> str:
        """Return a query that asks whether the patterns find anything."""
        return f"{self.before}{self.text[self.start : self.end]}\n{self.after}"

    def without(self, part: Part) -> str:
        """Return a query that asks whether they would without one part."""
        left = f"{self.text[self.start : part.start]}{part.instead}{self.text[part.end : self.end]}"
        return f"{self.before}{left}\n{self.after}"

    def alone(self, part: Part) -> str:
        """Return a query that asks whether a triple pattern alone finds anything."""
        return f"{self.before}{{ {part.pattern}\n}}"


class NotTakenApart(Exception):
    """The marks of a text do not stand as they do in a query."""


def parts(text: str) -> Parts | None:
    """Return a query taken apart, None where it has no patterns or cannot be; of its escapes it has to be free.

    >>> [part.text for part in parts("SELECT ?a { ?a a <x> ; <p> 1.5, ?b . FILTER(?b > 2) }").parts]
    ['?a a <x>', '?a <p> 1.5', '?a <p> ?b', 'FILTER(?b > 2)']
    """
    try:
        return _Reader(text).read()
    except NotTakenApart:
        return None


class _Reader:
    """Reads the marks of a query; places are numbers of marks, and an end is the place behind the last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = list(_marks(text))
        self.closing = _closings(self.found)

    def read(self) -> Parts:
        form = self._first(0, *FORMS)
        opening = self._first(form, "{")
        if self._word(opening - 1) == "construct":
            # These braces hold the template; the patterns follow.
            opening = self._first(self._after(opening), "{")
        dataset = self._first(form, "from", until=opening)
        declared = self.text[: self._mark(form).start]
        graphs = self._raw(dataset, opening - (self._word(opening - 1) == "where"))
        values = self._first(self._after(opening), "values")
        after = self._raw(values, len(self.found))
        end = self._mark(self._after(opening) - 1).end
        found = tuple(islice(self._group(opening, "", 0), MOST))
        return Parts(self.text, f"{declared}ASK {graphs} ", self._mark(opening).start, end, after, found)

    def _group(self, opening: int, graph: str, depth: int) -> Iterator[Part]:
        """Yield the parts of a group, which begins with a brace."""
        at, close = opening + 1, self._after(opening) - 1
        if depth > DEEPEST:
            return
        if self._word(at) == "select":
            yield from self._group(self._first(at, "{", until=close), graph, depth + 1)
            return
        while at < close:
            end = self._statement_end(at, close)
            yield from self._statement(at, end, graph, depth)
            at = end

    def _statement_end(self, at: int, close: int) -> int:
        """Return where a statement of a group has ended."""
        word = self._word(at)
        if word in BEGINNINGS and word != "union":
            # FILTER has the brackets of an expression or the braces of EXISTS; VALUES has brackets before its braces.
            return self._after(self._next(at, "({" if word in {"filter", "bind"} else "{"))
        end = self._after(at)
        while at < end < close and not self._is_end(end) and not self._is_end(at):
            end = self._after(end)
        return end

    def _is_end(self, at: int) -> bool:
        """Return whether no triple pattern goes on here."""
        return self._mark(at).text in {"{", "."} or self._word(at) in BEGINNINGS

    def _statement(self, at: int, end: int, graph: str, depth: int) -> Iterator[Part]:
        word, mark = self._word(at), self._mark(at)
        if word == "graph":
            opening = self._next(at, "{")
            yield Part(mark.start, self._mark(opening).start, self._said(at, opening), "", "")
            yield from self._group(opening, self._raw(at, opening), depth + 1)
        elif mark.text == "{":
            yield from self._group(at, graph, depth + 1)
        elif word in BLOCKS:
            yield self._part(at, end, self._said(at, end), "{}")
        elif not self._is_end(at):
            yield from self._triples(at, end, graph)

    def _triples(self, at: int, end: int, graph: str) -> Iterator[Part]:
        """Yield the triple patterns of one subject (SPARQL 1.1 Query, section 4.2)."""
        verb = self._after(at)
        pairs = [pair for pair in self._split(verb, end, ";") if pair[0] < pair[1]]
        if not pairs:
            # All is said within brackets.
            yield self._pattern((at, end), "{}", graph, (at, end))
        for number, (start, stop) in enumerate(pairs):
            place = (start, pairs[1][0]) if number == 0 and len(pairs) > 1 else (pairs[number - 1][1], stop)
            span, instead = (place, "") if len(pairs) > 1 else ((at, end), "{}")
            yield from self._objects((at, verb), (start, stop), span, instead, graph)

    def _objects(self, subject: Span, pair: Span, span: Span, instead: str, graph: str) -> Iterator[Part]:
        """Yield the triple patterns of one subject and predicate; `span` is what goes where it has one object."""
        start, stop = pair
        first = self._verb_end(start)
        objects = self._split(first, stop, ",")
        if len(objects) == 1:
            yield self._pattern(span, instead, graph, subject, pair)
            return
        for number, (left, right) in enumerate(objects):
            # With the comma behind the first, or before another.
            gone = (left, right + 1) if number == 0 else (left - 1, right)
            yield self._pattern(gone, "", graph, subject, (start, first), (left, right))

    def _verb_end(self, at: int) -> int:
        """Return where a predicate has ended: a name, or a path with marks before, behind and between its steps."""
        while True:
            while self._mark(at).text in {"^", "!"}:
                at += 1
            at = self._after(at)
            while self._mark(at).text in {"*", "+", "?"}:
                at += 1
            if self._mark(at).text not in {"/", "|"}:
                return at
            at += 1

    def _split(self, start: int, end: int, mark: str) -> list[Span]:
        """Return what stands between marks outside of brackets."""
        pieces, at, since = [], start, start
        while at < end:
            if self._mark(at).text == mark:
                pieces.append((since, at))
                since = at + 1
            at = self._after(at)
        return [*pieces, (since, end)]

    def _pattern(self, span: Span, instead: str, graph: str, *pieces: Span) -> Part:
        said, raw = (" ".join(write(*piece) for piece in pieces) for write in (self._said, self._raw))
        return self._part(*span, said, instead, f"{graph} {{ {raw}\n}}" if graph else raw)

    def _part(self, at: int, end: int, said: str, instead: str, pattern: str = "") -> Part:
        return Part(self._mark(at).start, self._mark(end - 1).end, said, instead, pattern)

    def _raw(self, at: int, end: int) -> str:
        return self.text[self.found[at].start : self.found[end - 1].end] if at < end else ""

    def _said(self, at: int, end: int) -> str:
        return " ".join(self._raw(at, end).split())

    def _mark(self, at: int) -> Token:
        if not 0 <= at < len(self.found):
            raise NotTakenApart
        return self.found[at]

    def _word(self, at: int) -> str:
        return self._mark(at).word

    def _first(self, start: int, *texts: str, until: int | None = None) -> int:
        """Return where one of some marks stands first outside of brackets; the end where it does not."""
        at, end = start, len(self.found) if until is None else until
        while at < end and self.found[at].text.casefold() not in texts:
            at = self._after(at)
        return min(at, end)

    def _next(self, at: int, brackets: str) -> int:
        """Return where one of some brackets opens first."""
        while self._mark(at).text not in set(brackets):
            at += 1
        return at

    def _after(self, at: int) -> int:
        """Return what follows a mark, or what follows the brackets that it opens."""
        if self._mark(at).text not in PAIRS:
            return at + 1
        if at not in self.closing:
            raise NotTakenApart
        return self.closing[at] + 1


def _marks(text: str) -> Iterator[Token]:
    """Yield the marks of a text without its comments; the dots behind a name are none of it."""
    for found in MARK.finditer(text):
        kind, start, end = str(found.lastgroup), *found.span()
        name = found[0].rstrip(".") if kind == "name" else found[0]
        if kind != "comment":
            yield Token(kind, name, start, start + len(name))
            yield from (Token("sign", ".", at, at + 1) for at in range(start + len(name), end))


def _closings(found: Sequence[Token]) -> Mapping[int, int]:
    """Return where each bracket is closed."""
    closing: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(found):
        if token.text in PAIRS:
            opened.append(at)
        elif opened and token.text == PAIRS[found[opened[-1]].text]:
            closing[opened.pop()] = at
    return closing
