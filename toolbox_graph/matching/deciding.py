"""Which candidate is meant, if any?

Only classes of evidence decide (`records.Evidence`): an identifier or the repository; the website with a close name; a
name that is the same, with the kind or the country; a name that says the same in other words, with the country. What
contradicts is not decided, and neither is what another candidate has as well. A likeness of letters only orders what is
not decided. The score follows the class, so that order, `match` and any threshold agree.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

from toolbox_graph.matching.comparing import Features, Question, compare
from toolbox_graph.matching.parameters import parameters
from toolbox_graph.matching.records import Asked, Candidate, Evidence, Match, Source

Above = Callable[[Sequence[str]], Collection[str]]

ORDER = list(Evidence)
CONTRADICTING = ("identifier", "type", "country", "repository")
AGREEING = ("identifier", "repository", "website", "country", "type")


class Compared(NamedTuple):
    """A candidate with its features and how strong its evidence is."""

    thing: Candidate
    features: Features
    evidence: Evidence
    strength: tuple[float, ...]


def match(asked: Asked, source: Source) -> list[Match]:
    """Return what may be meant, the best first; `match` is set for the one that is meant, if it is certain."""
    name = asked.name.strip()
    given = source.by_id([name]).get(name) if name else None
    return choose(asked, source.near(asked), source.classes_above, given=given)[: asked.limit]


def choose(asked: Asked, things: Iterable[Candidate], above: Above, *, given: Candidate | None = None) -> list[Match]:
    """Return candidates in their order, with the one that is meant marked, if one alone has the evidence for it.

    `given` is the thing whose id was the question.
    """
    question = Question.of(asked)
    distinct = {thing.id: thing for thing in (*things, *([given] if given else []))}.values()
    compared = _yielding([_compared(question, thing, above, given) for thing in distinct])
    ranked = sorted((one.strength for one in compared), reverse=True)
    certain = bool(ranked) and ranked[0][0] > 0 and ranked[0] not in ranked[1:]
    matches = [_answer(one, won=certain and one.strength == ranked[0]) for one in compared]
    return sorted(matches, key=lambda one: (-one.score, one.candidate.id))


def _yielding(compared: Sequence[Compared]) -> Sequence[Compared]:
    """Return candidates without the evidence of a further name where a place has it as its own: Paris is no club."""
    if not any(_is_place(one.features) and _has_own_name(one.features) for one in compared):
        return compared
    return [
        one._replace(evidence=Evidence.NONE, strength=_strength(Evidence.NONE, one.features))
        if one.evidence is Evidence.NAME and "byname" in one.features
        else one
        for one in compared
    ]


def _has_own_name(features: Features) -> bool:
    return "exact" in features and "byname" not in features and not _contradicts(features)


def _is_place(features: Features) -> bool:
    """Tell whether it is a place where a place is not what is asked for."""
    return "place" in features and features.get("type") != 1


def _compared(question: Question, thing: Candidate, above: Above, given: Candidate | None) -> Compared:
    is_class = len(above([thing.id])) > 1
    features = compare(question, thing, above(thing.types), is_class=is_class)
    evidence = Evidence.GIVEN if given and thing.id == given.id else evidence_of(features)
    return Compared(thing, features, evidence, _strength(evidence, features))


def _answer(one: Compared, *, won: bool) -> Match:
    score = parameters().scores[one.evidence] if won else likeness(one.features)
    return Match(one.thing, score, won, one.evidence, one.features)


def evidence_of(features: Features) -> Evidence:
    """Return the class of evidence that some features make; contradictions make none.

    >>> evidence_of({"name": 100, "main": 1, "country": 1}), evidence_of({"name": 100, "main": 1, "country": -1})
    (<Evidence.NAME: 'name'>, <Evidence.NONE: 'none'>)
    """
    if _contradicts(features):
        return Evidence.NONE
    return next((evidence for evidence, holds in CLASSES if holds(features)), Evidence.NONE)


def _has_identifier(features: Features) -> bool:
    return features.get("identifier") == 1 or features.get("repository") == 1


def _has_address(features: Features) -> bool:
    """Tell whether the website is the same and a name close; at a page of the same host the name has to be the same."""
    close = features["name"] >= parameters().names["close"] or "acronym" in features
    same = features["name"] >= parameters().names["compact"]
    return close if features.get("website") == 1 else same and features.get("website") == 0.5


def _has_name(features: Features) -> bool:
    return features["name"] >= parameters().names["compact"] and _supported(features)


def _has_meaning(features: Features) -> bool:
    """Tell whether a name says the same; that it is called as the other's address says nothing beside that address.

    What the address of a place is called is the body that answers there.
    """
    own = "own" in features and "website" not in features and not _is_place(features)
    said = "meaning" in features or own
    return said and features.get("country") == 1 and features.get("website") != -1


CLASSES: Sequence[tuple[Evidence, Callable[[Features], bool]]] = (
    (Evidence.IDENTIFIER, _has_identifier),
    (Evidence.ADDRESS, _has_address),
    (Evidence.NAME, _has_name),
    (Evidence.MEANING, _has_meaning),
)
"""The classes of evidence, the strongest first, and what makes them."""


def _contradicts(features: Features) -> bool:
    """Tell whether anything speaks against it that is not outweighed.

    Who is at home in several countries is told of with one or another: the same page and name outweigh that. What is
    no more still has its main name and page; a class of things has at most the identifier of its own.
    """
    page, same = features.get("website") == 1, features["name"] == parameters().names["same"]
    against = {name for name in CONTRADICTING if features.get(name) == -1}
    if page and same:
        against.discard("country")
    if page:
        # Mirrors of a repository are many, and a tool has several.
        against.discard("repository")
    if "former" in features and not (page and "main" in features):
        against.add("former")
    return bool(against) or ("class" in features and not _has_identifier(features))


def _supported(features: Features) -> bool:
    """Tell whether kind or country support a name that is the same.

    Initials and further names are shared by many, so the kind alone does not do. Another website speaks against it. For
    short a body is called like its place, which it is not.
    """
    if _is_place(features) and "alias" in features:
        return False
    kind, country = features.get("type") == 1, features.get("country") == 1
    if features.get("website") == -1:
        return country and (kind or "alias" not in features)
    return country or (kind and not {"acronym", "alias"} & features.keys())


def _strength(evidence: Evidence, features: Features) -> tuple[float, ...]:
    """Return how strong the evidence is: the class, then in how much it agrees; two that are as strong are a tie."""
    rank = len(ORDER) - 1 - ORDER.index(evidence)
    agreeing = sum(max(features.get(name, 0), 0) for name in AGREEING)
    same = 2 * features.get("main", 0) + features.get("exact", 0) + features.get("alias", 0)
    return rank, agreeing - features.get("place", 0), same, features.get("meaning", 0)


def likeness(features: Features) -> float:
    """Return the score of what is not decided, which orders it."""
    weights = parameters().weights
    total = weights["name"] * features["name"] / 100
    total += sum(weight * features.get(name, 0) for name, weight in weights.items() if name != "name")
    return round(min(max(total, 0), 1) * parameters().scores["undecided"], 1)
