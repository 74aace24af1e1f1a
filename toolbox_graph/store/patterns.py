"""Which parts of a query could be left out, one at a time?

A query is not parsed here: a part is found by the marks around it, and a query without it is one more text for an
engine that parses it. What cannot be taken apart like that has no parts.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from toolbox_graph.store.marks import BLOCKS, Marks, NotTakenApart, Span
from toolbox_graph.store.prologue import FORMS

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


def parts(text: str) -> Parts | None:
    """Return a query taken apart, None where it has no patterns or cannot be; of its escapes it has to be free.

    >>> [part.text for part in parts("SELECT ?a { ?a a <x> ; <p> 1.5, ?b . FILTER(?b > 2) }").parts]
    ['?a a <x>', '?a <p> 1.5', '?a <p> ?b', 'FILTER(?b > 2)']
    """
    try:
        return _Reader(text).read()
    except NotTakenApart:
        return None


class _Reader(Marks):
    """Reads the marks of a query."""

    def read(self) -> Parts:
        form = self.first(0, *FORMS)
        opening = self.first(form, "{")
        if self.word(opening - 1) == "construct":
            # These braces hold the template; the patterns follow.
            opening = self.first(self.after(opening), "{")
        dataset = self.first(form, "from", until=opening)
        declared = self.text[: self.mark(form).start]
        graphs = self.raw(dataset, opening - (self.word(opening - 1) == "where"))
        values = self.first(self.after(opening), "values")
        after = self.raw(values, len(self.found))
        end = self.mark(self.after(opening) - 1).end
        found = tuple(islice(self._group(opening, "", 0), MOST))
        return Parts(self.text, f"{declared}ASK {graphs} ", self.mark(opening).start, end, after, found)

    def _group(self, opening: int, graph: str, depth: int) -> Iterator[Part]:
        """Yield the parts of a group, which begins with a brace."""
        at, close = opening + 1, self.after(opening) - 1
        if depth > DEEPEST:
            return
        if self.word(at) == "select":
            yield from self._group(self.first(at, "{", until=close), graph, depth + 1)
            return
        while at < close:
            end = self.statement_end(at, close)
            yield from self._statement(at, end, graph, depth)
            at = end

    def _statement(self, at: int, end: int, graph: str, depth: int) -> Iterator[Part]:
        word, mark = self.word(at), self.mark(at)
        if word == "graph":
            opening = self.next(at, "{")
            yield Part(mark.start, self.mark(opening).start, self._said(at, opening), "", "")
            yield from self._group(opening, self.raw(at, opening), depth + 1)
        elif mark.text == "{":
            yield from self._group(at, graph, depth + 1)
        elif word in BLOCKS:
            yield self._part(at, end, self._said(at, end), "{}")
        elif not self.is_end(at):
            yield from self._triples(at, end, graph)

    def _triples(self, at: int, end: int, graph: str) -> Iterator[Part]:
        """Yield the triple patterns of one subject (SPARQL 1.1 Query, section 4.2)."""
        verb = self.after(at)
        pairs = [pair for pair in self.split(verb, end, ";") if pair[0] < pair[1]]
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
        first = self.verb_end(start)
        objects = self.split(first, stop, ",")
        if len(objects) == 1:
            yield self._pattern(span, instead, graph, subject, pair)
            return
        for number, (left, right) in enumerate(objects):
            # With the comma behind the first, or before another.
            gone = (left, right + 1) if number == 0 else (left - 1, right)
            yield self._pattern(gone, "", graph, subject, (start, first), (left, right))

    def _pattern(self, span: Span, instead: str, graph: str, *pieces: Span) -> Part:
        said, raw = (" ".join(write(*piece) for piece in pieces) for write in (self._said, self.raw))
        return self._part(*span, said, instead, f"{graph} {{ {raw}\n}}" if graph else raw)

    def _part(self, at: int, end: int, said: str, instead: str, pattern: str = "") -> Part:
        return Part(self.mark(at).start, self.mark(end - 1).end, said, instead, pattern)

    def _said(self, at: int, end: int) -> str:
        return " ".join(self.raw(at, end).split())
