"""Which phrases of a list stand in a text, the longest first?"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

Words = tuple[str, ...]


class Phrases:
    """A list of phrases and what each means.

    It is known how long those are that begin with a word, so that most words cost little.
    """

    def __init__(self, meanings: Mapping[Words, str]) -> None:
        self._meanings = meanings
        self._longest: dict[str, int] = {}
        for phrase in meanings:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    def at(self, words: Words, place: int) -> tuple[str, int]:
        """Return what the longest phrase at a place means and how many words it has; nothing and 0 if there is none."""
        for length in range(min(self._longest.get(words[place], 0), len(words) - place), 0, -1):
            if found := self._meanings.get(words[place : place + length]):
                return found, length
        return "", 0


class Taken(NamedTuple):
    """What phrases of a text mean, and the words that are in none."""

    meant: list[str]
    left: Words


def take(words: Sequence[str], phrases: Phrases) -> Taken:
    """Return what the phrases in a text mean, a longer one before those within it.

    >>> take(["city", "council", "of", "rome"], Phrases({("city",): "town", ("city", "council"): "council"}))
    Taken(meant=['council'], left=('of', 'rome'))
    """
    meant, left, place, words = [], [], 0, tuple(words)
    while place < len(words):
        found, length = phrases.at(words, place)
        if length:
            meant.append(found)
        else:
            left.append(words[place])
        place += length or 1
    return Taken(meant, tuple(left))
