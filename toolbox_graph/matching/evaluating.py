"""How often is the matcher right, and how often does it say that it does not know?

Precision is the share of what it decided that is right, recall the share of all rows that it decided rightly; both with
their interval of Wilson (95 %). An answer counts as right if its id leads to the right one or is marked as its
duplicate. Where the answer is taken out of the candidates, saying nothing is right.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from math import sqrt
from operator import attrgetter
from typing import Any, NamedTuple

from toolbox_graph.matching.deciding import match
from toolbox_graph.matching.gold import Gold
from toolbox_graph.matching.records import Asked, Candidate, Match, Source

NORMAL = 1.959964
"""The quantile of the normal distribution for 95 %."""

FIRST = 5
"""Candidates among which the right one should be."""

SAME_CATALOGUE = frozenset({"sill", "sill_services", "osm_apps_catalog"})
"""Sources of gold whose catalogue a slice may have its software from: that names agree proves nothing."""

Progress = Callable[[str, int, int], None]


class Outcome(NamedTuple):
    """What came of a row."""

    kind: str
    source: str
    answered: str
    """The id that was decided for, or nothing."""
    evidence: str
    right: bool
    among_first: bool
    answerable: bool
    """Whether the source has the right answer, with anything by which it can be found."""
    withheld: bool
    """Whether nothing was decided without the right answer among the candidates."""


class Without:
    """A source of candidates from which some things are taken out."""

    def __init__(self, source: Source, hidden: Collection[str]) -> None:
        self._source, self._hidden = source, hidden

    def near(self, asked: Asked) -> list[Candidate]:
        """Return the candidates without the hidden ones."""
        return [thing for thing in self._source.near(asked) if thing.id not in self._hidden]

    def by_id(self, ids: Sequence[str]) -> dict[str, Candidate]:
        """Return the things with some ids without the hidden ones."""
        return {one: thing for one, thing in self._source.by_id(ids).items() if thing.id not in self._hidden}

    def suggest(self, prefix: str, *, types: Sequence[str] = (), limit: int = 10) -> list[Candidate]:
        """Return what begins so without the hidden ones."""
        found = self._source.suggest(prefix, types=types, limit=limit + len(self._hidden))
        return [thing for thing in found if thing.id not in self._hidden][:limit]

    def classes_above(self, types: Sequence[str]) -> frozenset[str]:
        """Return these classes and all that are above them."""
        return self._source.classes_above(types)


def evaluate(
    rows: Sequence[Gold], source: Source, *, withhold: bool = False, progress: Progress = lambda *_: None
) -> list[Outcome]:
    """Ask for each row and return what came of it; with `withhold` also without its answer."""
    outcomes = []
    for done, row in enumerate(rows, 1):
        outcomes.append(_outcome(row, source, withhold=withhold))
        progress("Matching", done, len(rows))
    return outcomes


def _outcome(row: Gold, source: Source, *, withhold: bool) -> Outcome:
    found = source.by_id([row.answer]).get(row.answer)
    asked = row.asked._replace(limit=FIRST)
    matches = match(asked, source)
    decided = next((one for one in matches if one.match), None)
    hidden = {row.answer, *_all_ids(found)}
    return Outcome(
        kind=row.kind,
        source=row.source,
        answered=decided.candidate.id if decided else "",
        evidence=decided.evidence if decided else "",
        right=decided is not None and _is(decided, row.answer, hidden),
        among_first=any(_is(one, row.answer, hidden) for one in matches),
        answerable=found is not None and bool(found.names or found.websites or found.repositories),
        withheld=withhold and not any(one.match for one in match(asked, Without(source, hidden))),
    )


def _all_ids(thing: Candidate | None) -> set[str]:
    return {thing.id, *thing.same_as} if thing else set()


def _is(one: Match, answer: str, ids: Collection[str]) -> bool:
    return one.candidate.id in ids or answer in one.candidate.same_as


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the interval in which a share lies with 95 % (Wilson, 1927).

    >>> [round(bound, 3) for bound in wilson(98, 100)], wilson(0, 0)
    ([0.93, 0.994], (0.0, 1.0))
    """
    if not of:
        return 0.0, 1.0
    share, square = hits / of, NORMAL**2
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = NORMAL * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def report(outcomes: Iterable[Outcome], *, withhold: bool = False) -> list[dict[str, Any]]:
    """Return the figures of each kind and source, as JSON has them; a share of nothing is null."""
    ordered = sorted(outcomes, key=attrgetter("kind", "source"))
    groups = groupby(ordered, key=attrgetter("kind", "source"))
    return [_figures(kind, source, list(rows), withhold=withhold) for (kind, source), rows in groups]


def _figures(kind: str, source: str, rows: Sequence[Outcome], *, withhold: bool) -> dict[str, Any]:
    decided, right = sum(bool(row.answered) for row in rows), sum(row.right for row in rows)
    answerable = sum(row.answerable for row in rows)
    figures: dict[str, Any] = {
        "kind": kind,
        "source": source,
        "rows": len(rows),
        "decided": decided,
        "right": right,
        "abstained": len(rows) - decided,
        "precision": _share(right, decided),
        "precision_interval": _interval(right, decided),
        "recall": _share(right, len(rows)),
        "recall_interval": _interval(right, len(rows)),
        "answerable": answerable,
        "top5_recall": _share(sum(row.among_first and row.answerable for row in rows), answerable),
        "evidence": _evidence(rows),
        "names_prove_nothing": source in SAME_CATALOGUE,
    }
    if withhold:
        figures["withheld_without_match"] = _share(sum(row.withheld for row in rows), len(rows))
    return figures


def _share(hits: int, of: int) -> float | None:
    return round(hits / of, 4) if of else None


def _interval(hits: int, of: int) -> list[float]:
    return [round(bound, 4) for bound in wilson(hits, of)]


def _evidence(rows: Iterable[Outcome]) -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.evidence:
            counts = found.setdefault(row.evidence, {"right": 0, "wrong": 0})
            counts["right" if row.right else "wrong"] += 1
    return dict(sorted(found.items()))
