"""What do words in names mean, and which of them mean nothing?

The lists stand in `words.toml`. Words of a concept ("Ayuntamiento", "City Council") become the concept's mark, so that
names in two languages can be compared; what is left is what is particular about a name.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from toolbox_graph.matching.folding import fold
from toolbox_graph.matching.phrases import Phrases, Words

WORDS = Path(__file__).with_name("words.toml")


class Wording(NamedTuple):
    """The lists, folded."""

    particles: frozenset[str]
    legal_forms: frozenset[str]
    editions: frozenset[str]
    phrases: Phrases
    roles: Mapping[str, str]
    other: frozenset[Words]
    former: frozenset[str]


@cache
def wording() -> Wording:
    """Return the lists of `words.toml`."""
    data = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    phrases: dict[Words, str] = {}
    for concept, entry in data["concepts"].items():
        for phrase in _phrases(entry["words"]):
            # A word that two concepts claim is the first one's.
            phrases.setdefault(phrase, concept)
    return Wording(
        _words(data["particles"]),
        _words(data["legal_forms"]),
        _words(data["editions"]),
        Phrases(phrases),
        {concept: entry["role"] for concept, entry in data["concepts"].items()},
        frozenset(_phrases(data["other"]["words"])),
        _words(data["former"]["words"].replace(",", " ")),
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(word for part in text.split() for word in fold(part).split())


def _phrases(text: str) -> list[Words]:
    parts = (tuple(fold(part).split()) for part in text.replace("\n", " ").split(","))
    return [part for part in parts if part]
