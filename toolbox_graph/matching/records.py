"""What is asked, what it is compared with, and what is answered?

These are the words that the matcher, the sources of candidates, the service and the scripts share. A source of
candidates (`Source`) is anything that can name what a question may mean: a local index, a service on the web.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

Texts = Mapping[str, Sequence[str]]
"""Texts by language, as labels, aliases or descriptions are given."""


LONGEST = 500
"""Characters of a name that are looked at."""

NOTHING: Mapping[str, Any] = {}


class Evidence(StrEnum):
    """The class of evidence that a candidate has, the strongest first; only these decide, never a likeness of names."""

    GIVEN = "given"
    """Its id was the question."""
    IDENTIFIER = "identifier"
    """An identifier of a registry, or the repository, is the same."""
    ADDRESS = "address"
    """The website is the same and the name is close."""
    NAME = "name"
    """A name is the same, and the kind or the country too."""
    MEANING = "meaning"
    """The name says the same in other words, and the kind or the country is the same."""
    NONE = "none"
    """Nothing that would do alone."""


class Asked(NamedTuple):
    """What somebody wants to know the identity of; what is empty is not known, which speaks for and against nothing."""

    name: str
    aliases: Sequence[str] = ()
    language: str = ""
    types: Sequence[str] = ()
    """The ids of classes in the source of candidates, such as `Q43229`; one of them should hold."""
    websites: Sequence[str] = ()
    repositories: Sequence[str] = ()
    country: str = ""
    """ISO 3166-1, two letters."""
    ids: Mapping[str, str] = NOTHING
    """Identifiers by their scheme, such as `{"P6782": "00cvxb145"}`."""
    limit: int = 5

    @property
    def names(self) -> list[str]:
        """All names, each once, the main one first; what is too long for a name is cut."""
        names = (name[:LONGEST].strip() for name in (self.name, *self.aliases))
        return list(dict.fromkeys(name for name in names if name))


class Candidate(NamedTuple):
    """A thing that may be meant, as its source describes it."""

    id: str
    labels: Texts = NOTHING
    aliases: Texts = NOTHING
    descriptions: Texts = NOTHING
    types: Sequence[str] = ()
    countries: Sequence[str] = ()
    websites: Sequence[str] = ()
    repositories: Sequence[str] = ()
    ids: Mapping[str, Sequence[str]] = NOTHING
    popularity: int = 0
    """How well known it is; orders what is otherwise alike."""
    same_as: Sequence[str] = ()
    """Ids that lead to it, or that are marked as duplicates of it."""

    def label(self, language: str = "en") -> str:
        """Return what it is called in a language, or in any; its id if it has no name."""
        texts = (
            self.labels.get(language) or next(iter(self.labels.values()), ()) or self.labels.get("mul") or (self.id,)
        )
        return texts[0]

    @property
    def names(self) -> list[str]:
        """All labels and aliases, each once."""
        texts = (*self.labels.values(), *self.aliases.values())
        return list(dict.fromkeys(text for some in texts for text in some))


class Match(NamedTuple):
    """A candidate with what speaks for it."""

    candidate: Candidate
    score: float
    """From 0 to 100; the class of evidence gives the band, so that order, `match` and any threshold agree."""
    match: bool
    """Whether it is the one that is meant; this is said of one at most, which then is the first."""
    evidence: Evidence
    features: Mapping[str, float]
    """What was compared: `name` is 0 to 100; others 1 the same, -1 contradicting; what is not known is left out."""


class Source(Protocol):
    """A source of candidates."""

    def near(self, asked: Asked) -> Sequence[Candidate]:
        """Return the candidates that a question may mean, in any order; the matcher compares them."""
        ...

    def by_id(self, ids: Sequence[str]) -> Mapping[str, Candidate]:
        """Return the things with some ids, by the id that was asked; one that leads elsewhere gives the thing there."""
        ...

    def suggest(self, prefix: str, *, types: Sequence[str] = (), limit: int = 10) -> Sequence[Candidate]:
        """Return things of which a name or the id begins so, the best known first."""
        ...

    def classes_above(self, types: Sequence[str]) -> frozenset[str]:
        """Return these classes and all that are above them."""
        ...
