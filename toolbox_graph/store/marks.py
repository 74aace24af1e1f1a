"""Where do the statements of a query stand, by the marks around them?

A query is not parsed here: a statement is found by the marks around it, as they stand in a query that is one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from toolbox_graph.store.lexer import TOKEN, Token

Span = tuple[int, int]

MARK = re.compile(rf"(?P<number>\d*\.\d+(?:[eE][+-]?\d+)?)|{TOKEN.pattern}|(?P<other>[^\s\w])", re.DOTALL | re.VERBOSE)
"""A token, or any other mark, for these too tell where a part ends; a dot within a number does not."""

PAIRS = {"{": "}", "(": ")", "[": "]"}

BLOCKS = frozenset({"filter", "bind", "values", "minus", "service"})
"""What a part begins with that is no triple pattern."""

BEGINNINGS = BLOCKS | {"optional", "graph", "union"}
"""Words before which a triple pattern has ended."""


class NotTakenApart(Exception):
    """The marks of a text do not stand as they do in a query."""


class Marks:
    """The marks of a query; places are numbers of marks, and an end is the place behind the last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found = list(_marks(text))
        self.closing = _closings(self.found)

    def statement_end(self, at: int, close: int) -> int:
        """Return where a statement of a group has ended."""
        word = self.word(at)
        if word in BEGINNINGS and word != "union":
            # FILTER has the brackets of an expression or the braces of EXISTS; VALUES has brackets before its braces.
            return self.after(self.next(at, "({" if word in {"filter", "bind"} else "{"))
        end = self.after(at)
        while at < end < close and not self.is_end(end) and not self.is_end(at):
            end = self.after(end)
        return end

    def is_end(self, at: int) -> bool:
        """Return whether no triple pattern goes on here."""
        return self.mark(at).text in {"{", "."} or self.word(at) in BEGINNINGS

    def verb_end(self, at: int) -> int:
        """Return where a predicate has ended: a name, or a path with marks before, behind and between its steps."""
        while True:
            while self.mark(at).text in {"^", "!"}:
                at += 1
            at = self.after(at)
            while self.mark(at).text in {"*", "+", "?"}:
                at += 1
            if self.mark(at).text not in {"/", "|"}:
                return at
            at += 1

    def split(self, start: int, end: int, mark: str) -> list[Span]:
        """Return what stands between marks outside of brackets."""
        pieces, at, since = [], start, start
        while at < end:
            if self.mark(at).text == mark:
                pieces.append((since, at))
                since = at + 1
            at = self.after(at)
        return [*pieces, (since, end)]

    def raw(self, at: int, end: int) -> str:
        """Return the text of some marks, as it stands."""
        return self.text[self.found[at].start : self.found[end - 1].end] if at < end else ""

    def mark(self, at: int) -> Token:
        """Return the mark at a place; raise NotTakenApart where there is none."""
        if not 0 <= at < len(self.found):
            raise NotTakenApart
        return self.found[at]

    def word(self, at: int) -> str:
        """Return the word at a place in small letters, empty where there is none."""
        return self.mark(at).word

    def first(self, start: int, *texts: str, until: int | None = None) -> int:
        """Return where one of some marks stands first outside of brackets; the end where it does not."""
        at, end = start, len(self.found) if until is None else until
        while at < end and self.found[at].text.casefold() not in texts:
            at = self.after(at)
        return min(at, end)

    def next(self, at: int, brackets: str) -> int:
        """Return where one of some brackets opens first."""
        while self.mark(at).text not in set(brackets):
            at += 1
        return at

    def after(self, at: int) -> int:
        """Return what follows a mark, or what follows the brackets that it opens."""
        if self.mark(at).text not in PAIRS:
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
