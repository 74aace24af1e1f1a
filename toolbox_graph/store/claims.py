"""What do the graphs say of a thing, and which of it is shown?"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple, Protocol

import pyoxigraph as ox

from toolbox_graph.namespaces import RDF, TBG, Base
from toolbox_graph.store.merge import Allowed, Claim, Rank, shown
from toolbox_graph.store.quads import MERGE, iri, node, term, value_of

TYPE, SUBJECT, PREDICATE, OBJECT = map(node, (RDF.type, RDF.subject, RDF.predicate, RDF.object))
RANK, CONFIRMED = map(node, (TBG.rank, TBG.confirmed))
RANKS = {node(TBG[f"rank-{rank.name.lower()}"]): rank for rank in Rank}


class Rules(Protocol):
    """What the merge has to know of the ontology and the shapes."""

    base: Base

    def allowed(self, classes: Iterable[str], predicate: str) -> Allowed:
        """Return how many values of a property a thing of some classes may have."""

    def source(self, graph: str) -> str:
        """Return the source whose statements a graph holds."""

    def place(self, graph: str, predicate: str) -> tuple[int, int]:
        """Return the place of a graph in the order of sources for a property."""


Facts = set[tuple[str, str]]
"""What is said of a thing, as pairs of property and value."""

Field = tuple[str, str]
"""A property of a certain thing, whatever its values."""

Ranks = Mapping[tuple[str, str], Rank]
"""The ranks given to facts."""


class Said(NamedTuple):
    """What is said of one thing: what the merge shows; of each property the values, and the graphs that state them."""

    shown: Facts
    stated: defaultdict[str, list[tuple[str, str]]]

    def graphs(self) -> set[str]:
        """Return the graphs that say something of it."""
        return {graph for statements in self.stated.values() for _, graph in statements}

    def classes(self) -> set[str]:
        """Return the IRIs of the classes that some graph states it to have."""
        return {iri(value) for value, _ in self.stated.get(TYPE, ())}

    def renewed(self, predicate: str, now: "Said") -> "Said":
        """Return this with what is said now of one property."""
        others = {fact for fact in self.shown if fact[0] != predicate}
        stated = defaultdict(list, {name: values for name, values in self.stated.items() if name != predicate})
        return Said(others | now.shown, stated | now.stated)


class Weighing:
    """One weighing of claims: what it has to know of ranks and of sources, it looks up once."""

    def __init__(self, store: ox.Store, rules: Rules) -> None:
        self._store = store
        self._rules = rules
        self._is_anything_ranked = any(True for _ in store.quads_for_pattern(None, term(RANK), None, None))
        self._confirmed = cache(self._day_of_confirmation)

    def merged(self, subject: str, said: Said, classes: Collection[str]) -> Facts:
        """Return what is shown of what the graphs say of a thing of some classes."""
        ranks = self._ranks(subject) if self._is_anything_ranked else {}
        merged: Facts = set()
        for predicate, statements in said.stated.items():
            allowed = self._rules.allowed(classes, iri(predicate))
            if ranks or (allowed and len(statements) > 1):
                claims = [self._claim(predicate, value, graph, ranks) for value, graph in statements]
                merged.update((predicate, value) for value in shown(claims, allowed))
            else:
                merged.update((predicate, value) for value, _ in statements)
        return merged

    def is_bounded(self, subject: str, predicate: str, classes: Collection[str]) -> bool:
        """Return whether what is shown of a property depends on more than one statement."""
        is_ranked = self._is_anything_ranked and any(True for _ in self._claims_about(subject))
        return is_ranked or bool(self._rules.allowed(classes, iri(predicate)))

    def _claim(self, predicate: str, value: str, graph: str, ranks: Ranks) -> Claim:
        trust, order = self._rules.place(iri(graph), iri(predicate))
        return Claim(ranks.get((predicate, value), Rank.NORMAL), (trust, order, -self._confirmed(graph)), value)

    def _day_of_confirmation(self, graph: str) -> int:
        """Return the day on which a graph's source was last seen to say what it says, as a number."""
        source = ox.NamedNode(self._rules.source(iri(graph)))
        stated = self._store.quads_for_pattern(source, term(CONFIRMED), None, None)
        return max((_day(value_of(str(quad.object))) for quad in stated if quad.graph_name != MERGE), default=0)

    def _ranks(self, subject: str) -> Ranks:
        """Return the ranks given to statements about a subject; where two givers differ, the more trusted decides.

        A claim that lacks something ranks nothing; to complain about it is left to the shapes.
        """
        given = sorted(self._ranks_given(subject), reverse=True)
        return {statement: rank for _, statement, rank in given}

    def _ranks_given(self, subject: str) -> Iterator[tuple[tuple[int, int], tuple[str, str], Rank]]:
        for about in self._claims_about(subject):
            described = self._store.quads_for_pattern(about.subject, None, None, about.graph_name)
            claim = {str(quad.predicate): str(quad.object) for quad in described}
            place = self._rules.place(iri(str(about.graph_name)), iri(RANK))
            rank = RANKS.get(claim.get(RANK, ""))
            if rank is not None and PREDICATE in claim and OBJECT in claim:
                yield place, (claim[PREDICATE], claim[OBJECT]), rank

    def _claims_about(self, subject: str) -> Iterator[ox.Quad]:
        about = self._store.quads_for_pattern(None, term(SUBJECT), term(subject), None)
        return (quad for quad in about if quad.graph_name != MERGE)


def _day(text: str) -> int:
    """Return a day as a number, 0 for what is no day; to complain about that is left to the shapes."""
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return 0
