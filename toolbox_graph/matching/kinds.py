"""Which classes stand for a kind, and which for none?

The table is `kinds.toml`; the classes are those of Wikidata.
"""

import tomllib
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

ORGANIZATION = "Q43229"

TOOL = "tool"

FILE = Path(__file__).with_name("kinds.toml")


class Kinds(NamedTuple):
    """The table."""

    classes: dict[str, tuple[str, ...]]
    none: frozenset[str]
    places: frozenset[str]
    hidden: frozenset[str]
    """Classes that a place is below as well, which says nothing of it."""


@cache
def kinds() -> Kinds:
    """Return the table."""
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    none, places = data.pop("none"), data.pop("places")
    kinds = {name: tuple(classes) for name, classes in data.items()}
    return Kinds(kinds, frozenset(none["classes"]), frozenset(places["classes"]), frozenset(places["hides"]))


def classes_of(kind: str) -> Sequence[str]:
    """Return the classes of which a thing of a kind is; none for a kind that is not in the table.

    >>> classes_of("organisation")[0], classes_of("theme")
    ('Q43229', ())
    """
    return kinds().classes.get(kind, ())


def alike(classes: Iterable[str]) -> tuple[str, ...]:
    """Return some classes, with all that stand for a kind for which one of them stands.

    >>> alike(["Q6256"])[:2], alike(["Q79719"])
    (('Q6256', 'Q3624078'), ('Q79719',))
    """
    given = list(classes)
    listed = (one for some in kinds().classes.values() if not set(some).isdisjoint(given) for one in some)
    return tuple(dict.fromkeys([*listed, *given]))


def are_of_tools(types: Collection[str]) -> bool:
    """Tell whether a tool may be asked for by some classes, of Wikidata or of a catalogue of our own.

    >>> are_of_tools(["tool"]), are_of_tools(["Q43229"]), are_of_tools([])
    (True, False, True)
    """
    return not types or not {TOOL, *classes_of(TOOL)}.isdisjoint(types)


def fits(asked: Collection[str], above: Collection[str]) -> int:
    """Return 1 if a thing is of a class that was asked for, -1 if it is surely not, 0 if that is not known.

    `above` are the classes of the thing with all above them.

    >>> fits(["Q43229"], {"Q3918", "Q43229"}), fits(["Q43229"], {"Q11424"}), fits(["Q43229"], set())
    (1, -1, 0)
    """
    fitting = set(asked) & set(above)
    if fitting - kinds().hidden or (fitting and not is_place(above)):
        return 1
    return -1 if asked and kinds().none & set(above) else 0


def is_place(above: Collection[str]) -> bool:
    """Tell whether a thing is a place, which is an organization for some catalogues only."""
    return bool(kinds().places & set(above))
