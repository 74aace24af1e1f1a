"""What does the text of a cell say?

Each datatype has one reader. What is not certain is not guessed: a reader says what it would have understood.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import SplitResult, urlsplit

from rdflib import XSD, Literal

from toolbox_graph.store.terms import DURATION, NEVER_IN_TEXTS

LONGEST = 100_000
"""Characters that a cell may have; a longer one is a mistake of the program that wrote it."""

SHOWN = 60
"""Characters of a cell that a message repeats."""

PARTIAL_DATE = re.compile(r"(\d{4})(-\d{2})?(-\d{2})?")
"""A date of which the day, or the day and the month, may be unknown."""

FORMULA = re.compile(r"""=[A-Za-z0-9($@{"'+-].*|#(REF|N/A|NAME|VALUE|DIV/0|NULL|NUM)[!?]?""", re.DOTALL)
"""A formula, or what a spreadsheet program shows in the place of its value."""

YES = frozenset({"true", "t", "yes", "y", "1", "oui", "o", "vrai", "sí", "si", "s", "verdadero"})
NO = frozenset({"false", "f", "no", "n", "0", "non", "faux", "falso"})


class NotUnderstood(ValueError):
    """A cell does not say what its column asks for; the text says what it should say."""


def quoted(text: str) -> str:
    """Return a text as a message repeats it.

    >>> quoted("a" * 100)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'"
    """
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def check(text: str) -> None:
    """Raise NotUnderstood for what no cell can mean: a formula, a control character, a book."""
    if len(text) > LONGEST:
        raise NotUnderstood(f"this cell has {len(text):,} characters, and may have {LONGEST:,}; is it the right one?")
    if FORMULA.fullmatch(text):
        raise NotUnderstood(f"{quoted(text)} is a formula; put the value there that it shows.")
    if NEVER_IN_TEXTS.search(text):
        raise NotUnderstood(f"{quoted(text)} holds a control character; take it out.")


def web_address(text: str) -> SplitResult:
    """Return the parts of a web address; raise NotUnderstood for what is none."""
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = SplitResult("", "", "", "", "")
    if parts.scheme not in {"http", "https"}:
        raise NotUnderstood(f"{quoted(text)} is no web address; write it whole, with https://.")
    return parts


def literal(text: str, datatype: str, language: str | None) -> Literal:
    """Return the value of a cell of some datatype, or its text in a language."""
    read = READERS.get(datatype)
    return read(text) if read else Literal(text, lang=language)


def _integer(text: str) -> Literal:
    if not text.isascii() or not text.isdigit():
        raise NotUnderstood(f"{quoted(text)} is no number; write digits only, such as 1230.")
    return Literal(int(text))


def _boolean(text: str) -> Literal:
    """Return yes or no, in English, French or Spanish.

    >>> _boolean("Oui").value, _boolean("false").value
    (True, False)
    """
    said = text.casefold()
    if said not in YES | NO:
        raise NotUnderstood(f"{quoted(text)} is neither yes nor no; write true or false.")
    return Literal(said in YES)


def _partial_date(text: str) -> Literal:
    """Return a date as precise as it is known.

    >>> _partial_date("2016-12").n3()
    '"2016-12"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    parts = PARTIAL_DATE.fullmatch(text)
    try:
        date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        parts = None
    if parts is None:
        raise NotUnderstood(f"{quoted(text)} is no date; write 2016, 2016-12 or 2016-12-07.")
    return Literal(text, datatype=XSD.date if parts[3] else XSD.gYearMonth if parts[2] else XSD.gYear, normalize=False)


def _duration(text: str) -> Literal:
    if not DURATION.fullmatch(text):
        raise NotUnderstood(f"{quoted(text)} is no duration; write P3D for three days, P1Y for a year.")
    return Literal(text, datatype=XSD.duration, normalize=False)


READERS: Mapping[str, Callable[[str], Literal]] = {
    "integer": _integer,
    "boolean": _boolean,
    "tbg:partialDate": _partial_date,
    "duration": _duration,
}
