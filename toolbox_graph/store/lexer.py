"""What are the tokens of a SPARQL text?

No more of a text is read here, in the process that serves others: to parse what a stranger sent may end the process.
"""

import asyncio
import re
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<string>\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<iri><[^<>"{}|^`\\\s]*>)
    |(?P<variable>[?$@][\w-]+)
    |(?P<name>[\w.-]{0,100}:(?:[\w.:%-]|\\.)*)
    |(?P<word>\w+)
    |(?P<sign>[{};.])""",
    re.DOTALL | re.VERBOSE,
)

LONG = 20_000
"""Characters of a text that is taken apart at once; to do that with a longer one would keep others waiting."""

ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})|\\\\")
"""A character by its number; or a backslash that stands for itself, behind which there is none."""

HALVES = range(0xD800, 0xE000)
"""Numbers of halves of characters, which are none (surrogates)."""

MARKS = frozenset("\"'\\<>{}#\n\r")
"""Characters that are never meant as marks where they are written by their number."""


Result = TypeVar("Result")


class Token(NamedTuple):
    """A token: its kind (the groups of `TOKEN`), its text, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def word(self) -> str:
        """The word that it is, in small letters; empty where it is none."""
        return self.text.casefold() if self.kind == "word" else ""


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of a text that may matter to what it does, without comments.

    >>> [token.text for token in tokens("CLEAR GRAPH <urn:g> # all of it")]
    ['CLEAR', 'GRAPH', '<urn:g>']
    """
    for found in TOKEN.finditer(text):
        if found.lastgroup != "comment":
            yield Token(str(found.lastgroup), found[0], *found.span())


def unescaped(text: str) -> str:
    r"""Return a text with the characters for which escapes stand (SPARQL 1.1 Query, section 19.2).

    >>> unescaped(r"\u0053ERVICE")
    'SERVICE'
    >>> unescaped(r'"\u0022" "\\u0022"')
    '"\\u0022" "\\\\u0022"'
    """
    return ESCAPE.sub(_character, text) if "\\" in text else text


def _character(escape: re.Match[str]) -> str:
    number = int(escape[1] or escape[2] or "5C", 16)
    # The engine takes a quote by its number for a part of the text; read as a mark it would hide what follows from us.
    is_one = number <= sys.maxunicode and number not in HALVES and chr(number) not in MARKS
    return chr(number) if is_one else escape[0]


async def apart(work: Callable[..., Result], text: str, *arguments: object) -> Result:
    """Return what some work finds in a text; others go on meanwhile where the text is long."""
    return await asyncio.to_thread(work, text, *arguments) if len(text) > LONG else work(text, *arguments)
