"""What does a name say when the words of its language are left aside?

"Ayuntamiento de Valladolid" and "Valladolid City Council" both say «municipality» and "valladolid". Such a meaning is
weaker than a name that is the same: it counts with the country only.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from toolbox_graph.matching import countries
from toolbox_graph.matching.folding import fold
from toolbox_graph.matching.phrases import take
from toolbox_graph.matching.wording import wording

TELLING = 3
"""Letters of a word that tells something alone."""

LEFT_OUT = ("place", "generic")
"""The roles of concepts that some leave out of a name."""

YEARS = re.compile(r"\b\d{4}\s*(?:[-–—]|to|until|and)\s*\d{4}\b")


class Meaning(NamedTuple):
    """What a name says."""

    rest: tuple[str, ...]
    """What is particular about it: words of no concept, in alphabetical order."""
    concepts: frozenset[str]
    countries: frozenset[str]
    """The countries that are named within it."""
    levels: frozenset[str]
    """The concepts of the level of a place, which some leave out: the police of a province."""
    bodies: frozenset[str]
    """The concepts that tell: without levels and words for any body, if there are others."""

    @property
    def key(self) -> str:
        """The form under which it is looked up."""
        return " ".join((*sorted(f"<{concept}>" for concept in self.bodies), *self.rest))


@lru_cache(maxsize=1 << 16)
def meaning(name: str) -> Meaning:
    """Return what a name says.

    >>> meaning("Ayuntamiento de Valladolid").key, meaning("Valladolid City Council").key
    ('<council> valladolid', '<council> valladolid')
    >>> meaning("Ministerio de Salud (Costa Rica)").key, sorted(meaning("Ministry of Health of Costa Rica").countries)
    ('<health> <ministry>', ['CR'])
    """
    words = tuple(countries.joined(fold(name)).split())
    named, words = take(words, countries.phrases())
    said, words = take(words, wording().phrases)
    rest = [word for word in words if word not in wording().particles]
    while len(rest) > 1 and rest[-1] in wording().legal_forms:
        rest.pop()
    roles, concepts = wording().roles, frozenset(said)
    return Meaning(
        rest=tuple(sorted(rest)),
        concepts=concepts,
        countries=frozenset(named),
        levels=frozenset(one for one in concepts if roles[one] == "place"),
        bodies=frozenset(one for one in concepts if roles[one] not in LEFT_OUT) or concepts,
    )


def without_edition(name: str) -> str:
    """Return the name of a tool without the words that name an edition of it, or nothing if there are none.

    >>> without_edition("GitLab CE"), without_edition("Community Server"), without_edition("CKAN")
    ('gitlab', '', '')
    """
    words = fold(name).split()
    kept = [word for word in words if word not in wording().editions]
    return " ".join(kept) if any(len(word) >= TELLING for word in kept) and len(kept) < len(words) else ""


@lru_cache(maxsize=1 << 16)
def said_of(description: str) -> frozenset[str]:
    """Return the concepts that a description names.

    >>> sorted(said_of("public library in Ljubljana"))
    ['library']
    """
    return frozenset(take(fold(description).split(), wording().phrases).meant)


@lru_cache(maxsize=1 << 16)
def is_of_a_body(description: str) -> bool:
    """Tell whether a description begins with a kind of organization.

    >>> is_of_a_body("public university in Ohio"), is_of_a_body("employee of a university")
    (True, False)
    """
    return any(wording().roles[one] in ("body", "generic") for one in said_of(_head(description)))


@lru_cache(maxsize=1 << 16)
def is_of_other_kind(description: str) -> bool:
    """Tell whether a description is of a work, a being or a name, which no kind that we ask for is.

    >>> is_of_other_kind("2004 American film"), is_of_other_kind("film archive in France")
    (True, False)
    """
    head = _head(description)
    words = head.split()
    return any(tuple(words[place:]) in wording().other for place in range(len(words)))


def _head(description: str) -> str:
    """Return what a description says it is, without where, of what and by whom."""
    head = f" {fold(description.partition(',')[0])}"
    for stop in (" in ", " by ", " of ", " for ", " from ", " that ", " which ", " directed ", " at ", " serving "):
        head = head.partition(stop)[0]
    return head.strip()


@lru_cache(maxsize=1 << 16)
def is_former(description: str) -> bool:
    """Tell whether a description is of what is not any more.

    >>> is_former("former university in France (1896–1969)"), is_former("1926-1973 kingdom"), is_former("university")
    (True, True, False)
    """
    return bool(YEARS.search(description)) or not wording().former.isdisjoint(fold(description).split())


def initials(name: str) -> set[str]:
    """Return a long name with its first one or two words and the initials of the others, as short names are made.

    >>> sorted(initials("Ohio Bureau of Motor Vehicles"))
    ['bmv ohio']
    """
    words = [word for word in fold(name).split() if word not in wording().particles]
    return {
        " ".join(sorted(("".join(word[0] for word in words[kept:]), *words[:kept])))
        for kept in (1, 2)
        if len(words) - kept >= 3
    }
