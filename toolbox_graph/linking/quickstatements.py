"""How is a fact written for QuickStatements, with which one adds to Wikidata?

One line for each statement, its parts divided by tabs (wikidata.org/wiki/Help:QuickStatements, version 1 of the
commands, which version 2 of the tool reads). The tool takes a text from its first to its last quotation mark as it
stands, so marks within are not escaped, and a tab or an end of line cannot be said. Where but one line is sent, two
bars end a line too.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

WEBSITE, REPOSITORY, COUNTRY = "P856", "P1324", "P17"
REFERENCE, RETRIEVED = "S854", "S813"
"""The address that says so, and the day on which it was seen to."""

DAY = 11
"""The precision of a date that is a day."""

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Reference(NamedTuple):
    """Where a fact is said, and the day on which that was seen."""

    address: str
    day: date | None


class Fact(NamedTuple):
    """What an item should say: a value of a property; `is_item` where that is an item."""

    item: str
    property: str
    value: str
    references: Sequence[Reference] = ()
    is_item: bool = False


def line(fact: Fact) -> str:
    r"""Return the line that adds a fact.

    >>> said = Reference("https://example.org/about", date(2026, 11, 28))
    >>> line(Fact("Q64777688", "P856", "https://example.org/", [said]))
    'Q64777688\tP856\t"https://example.org/"\tS854\t"https://example.org/about"\tS813\t+2026-11-28T00:00:00Z/11'
    >>> line(Fact("Q64777688", "P17", "Q142", is_item=True))
    'Q64777688\tP17\tQ142'
    """
    parts = [fact.item, fact.property, fact.value if fact.is_item else text(fact.value)]
    for number, reference in enumerate(fact.references):
        # A mark before the first part of a reference begins another one.
        parts += [f"{'!' if number else ''}{REFERENCE}", text(reference.address)]
        if reference.day:
            parts += [RETRIEVED, f"+{reference.day.isoformat()}T00:00:00Z/{DAY}"]
    return "\t".join(parts)


def label(item: str, language: str, value: str) -> str:
    r"""Return the line that says what an item is called in a language.

    >>> label("Q64777688", "fr", 'La "Porte"')
    'Q64777688\tLfr\t"La "Porte""'
    """
    return "\t".join((item, f"L{language}", text(value)))


def text(value: str) -> str:
    r"""Return a text in quotation marks, without what the tool cannot read; in addresses bars are written in numbers.

    >>> text("two\tlines\nand || bars"), text("https://example.org/?a||b")
    ('"two lines and | | bars"', '"https://example.org/?a%7C%7Cb"')
    """
    plain = CONTROL.sub(" ", value).strip()
    is_address = plain.startswith(("http://", "https://"))
    return f'"{plain.replace("|", "%7C") if is_address else re.sub(r"[|](?=[|])", "| ", plain)}"'
