"""How does a store hold what the sources say, and what is shown of it?

Each named graph holds what one source says; the default graph holds the merge (`merge`). The merge is maintained, not
asked for: Oxigraph's own union returns a triple once for every graph that holds it. After a change, everything that
the change touched is merged anew from all that the graphs say of it, so the result depends on the statements and on
nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby, islice
from operator import attrgetter
from types import MappingProxyType
from typing import NamedTuple, Protocol, TypeVar

import pyoxigraph as ox

from toolbox_graph.namespaces import RDF, TBG, Base
from toolbox_graph.progress import Progress, silent
from toolbox_graph.store.merge import Allowed, Claim, Rank, shown
from toolbox_graph.store.quads import MERGE, Quad, iri, node, value_of

TYPE, SUBJECT, PREDICATE, OBJECT = map(node, (RDF.type, RDF.subject, RDF.predicate, RDF.object))
RANK, CONFIRMED = map(node, (TBG.rank, TBG.confirmed))
RANKS = {node(TBG[f"rank-{rank.name.lower()}"]): rank for rank in Rank}

STEP = 20_000
"""Things merged, and statements removed, at a time."""

BULK = 250_000
"""Statements added at a time: as few files as memory allows."""

LARGE = 10_000
"""From so many statements on the engine is quicker to write new files than to go through its log."""

Item = TypeVar("Item")


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


class Said(NamedTuple):
    """What is said of one thing: what the merge shows; of each property the values, and the graphs that state them."""

    shown: Facts
    stated: defaultdict[str, list[tuple[str, str]]]

    def graphs(self) -> set[str]:
        """Return the graphs that say something of it."""
        return {graph for statements in self.stated.values() for _, graph in statements}


class Dataset:
    """A store with its named graphs and their merge."""

    def __init__(self, store: ox.Store, rules: Rules, progress: Progress = silent) -> None:
        self.store = store
        self.rules = rules
        self._progress = progress

    def apply(self, removed: Collection[Quad], added: Collection[Quad]) -> dict[str, Said]:
        """Remove and add statements, bring the merge up to date, and return what is said of all that this touched."""
        touched = self.touched(removed)
        new = self._new(added)
        self._write(removed, added)
        touched |= self.touched(added)
        return self.merge(sorted(touched), new)

    def amend(self, removed: Collection[Quad], added: Collection[Quad]) -> None:
        """Remove and add statements of a graph that nobody ranks and few rules bound, such as what follows from others.

        What a thing may have many of is shown without reading all else that is said of the thing.
        """
        bounded = {quad.subject for quad in (*removed, *added) if self._is_bounded(quad)}
        free = [[quad for quad in quads if quad.subject not in bounded] for quads in (removed, added)]
        self._write(removed, added)
        hide = [quad._replace(graph="") for quad in free[0] if not self._is_stated(quad)]
        self._write(hide, [quad._replace(graph="") for quad in free[1]])
        self.merge(sorted(bounded))

    def _is_bounded(self, quad: Quad) -> bool:
        """Return whether what is shown of a property depends on more than one statement."""
        ranked = self.store.quads_for_pattern(None, _term(SUBJECT), _term(quad.subject), None)
        return any(True for _ in ranked) or bool(self.rules.allowed(self.classes(quad.subject), iri(quad.predicate)))

    def _is_stated(self, quad: Quad) -> bool:
        """Return whether some graph makes a statement."""
        pattern = f"GRAPH ?graph {{ {quad.subject} {quad.predicate} {quad.object} }}"
        return bool(self.store.query(f"ASK {{ {pattern} }}"))

    def merge(self, subjects: Collection[str], known: Mapping[str, Said] = MappingProxyType({})) -> dict[str, Said]:
        """Bring the merge up to date for some things and return what is said of them; `known` need not be read."""
        ranked = any(True for _ in self._quads(None, RANK))
        result: dict[str, Said] = {}
        for step in _in_steps(subjects):
            self._progress("merging", len(result), len(subjects))
            hide, show = [], []
            for subject in step:
                said = known.get(subject) or self.said(subject)
                merged = self._merged(said, self._ranks(subject) if ranked else {})
                hide += [Quad(subject, *pair) for pair in said.shown - merged]
                show += [Quad(subject, *pair) for pair in merged - said.shown]
                result[subject] = said._replace(shown=merged)
            self._write(hide, show)
        return result

    def classes(self, subject: str) -> list[str]:
        """Return the IRIs of the classes that the merge shows a thing to have."""
        return list(map(iri, self.values(subject, TYPE)))

    def values(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a property that the merge shows of a thing."""
        found = self.store.quads_for_pattern(_term(subject), _term(predicate), None, MERGE)
        return [str(quad.object) for quad in found]

    def pointing_to(self, thing: str, predicate: str | None = None) -> set[str]:
        """Return the things that point to this one in the merge, with a certain property or with any."""
        term = _term(predicate) if predicate else None
        return {str(quad.subject) for quad in self.store.quads_for_pattern(None, term, _term(thing), MERGE)}

    def has(self, subject: str, predicate: str) -> bool:
        """Return whether the merge shows a value of a property of a thing."""
        return any(True for _ in self.store.quads_for_pattern(_term(subject), _term(predicate), None, MERGE))

    def graph(self, name: str) -> Iterator[Quad]:
        """Yield the statements of a graph."""
        return self.matching(None, None, None, name)

    def matching(self, subject: str | None, predicate: str | None, thing: str | None, graph: str) -> Iterator[Quad]:
        """Yield the statements of a graph about a thing, with a property, that point to a thing; None is any."""
        about, name, other = (_term(term) if term else None for term in (subject, predicate, thing))
        for quad in self.store.quads_for_pattern(about, name, other, _term(graph)):
            yield Quad(str(quad.subject), str(quad.predicate), str(quad.object), graph)

    def graphs(self) -> list[str]:
        """Return the names of the graphs, sorted."""
        return sorted(map(str, self.store.named_graphs()))

    def subjects(self) -> set[str]:
        """Return all things of which a graph says something."""
        return {str(quad.subject) for quad in self.store}

    def touched(self, quads: Iterable[Quad]) -> set[str]:
        """Return the subjects whose merge depends on some statements: their own, those of claims, those of sources."""
        touched = set()
        for quad in quads:
            touched.add(quad.subject)
            if quad.predicate == SUBJECT and quad.object.startswith("<"):
                touched.add(quad.object)
            elif quad.predicate in {RANK, PREDICATE, OBJECT}:
                touched.update(str(found.object) for found in self._quads(quad.subject, SUBJECT))
            elif quad.predicate == CONFIRMED:
                touched.update(self._subjects_from(quad.subject))
        return touched

    def _subjects_from(self, source: str) -> set[str]:
        graphs = [name for name in self.graphs() if node(self.rules.source(iri(name))) == source]
        return {quad.subject for name in graphs for quad in self.graph(name)}

    def _new(self, quads: Iterable[Quad]) -> Mapping[str, Said]:
        """Return what statements say of things that the store does not know yet; to read it back takes far longer."""
        new: dict[str, Said] = {}
        for subject, group in groupby(quads, attrgetter("subject")):
            if subject not in new and any(True for _ in self._quads(subject, None)):
                continue
            said = new.setdefault(subject, Said(set(), defaultdict(list)))
            for quad in group:
                said.stated[quad.predicate].append((quad.object, quad.graph))
        return new

    def said(self, subject: str) -> Said:
        """Return all that the store holds of a thing."""
        said = Said(set(), defaultdict(list))
        for quad in self._quads(subject, None):
            predicate, value = str(quad.predicate), str(quad.object)
            if quad.graph_name == MERGE:
                said.shown.add((predicate, value))
            else:
                said.stated[predicate].append((value, str(quad.graph_name)))
        return said

    def _merged(self, said: Said, ranks: Mapping[tuple[str, str], Rank]) -> Facts:
        classes = {iri(value) for value, _ in said.stated.get(TYPE, ())}
        merged: Facts = set()
        for predicate, statements in said.stated.items():
            allowed = self.rules.allowed(classes, iri(predicate))
            if ranks or (allowed and len(statements) > 1):
                claims = [self._claim(predicate, value, graph, ranks) for value, graph in statements]
                merged.update((predicate, value) for value in shown(claims, allowed))
            else:
                merged.update((predicate, value) for value, _ in statements)
        return merged

    def _claim(self, predicate: str, value: str, graph: str, ranks: Mapping[tuple[str, str], Rank]) -> Claim:
        trust, order = self.rules.place(iri(graph), iri(predicate))
        return Claim(ranks.get((predicate, value), Rank.NORMAL), (trust, order, -self._confirmed(graph)), value)

    def _confirmed(self, graph: str) -> int:
        """Return the day on which a graph's source was last seen to say what it says, as a number."""
        stated = self._quads(node(self.rules.source(iri(graph))), CONFIRMED)
        return max((_day(value_of(str(quad.object))) for quad in stated if quad.graph_name != MERGE), default=0)

    def _ranks(self, subject: str) -> Mapping[tuple[str, str], Rank]:
        """Return the ranks given to statements about a subject; where two givers differ, the more trusted decides.

        A claim that lacks something ranks nothing; to complain about it is left to the shapes.
        """
        given = sorted(self._ranks_given(subject), reverse=True)
        return {statement: rank for _, statement, rank in given}

    def _ranks_given(self, subject: str) -> Iterator[tuple[tuple[int, int], tuple[str, str], Rank]]:
        for about in self.store.quads_for_pattern(None, _term(SUBJECT), _term(subject), None):
            if about.graph_name != MERGE:
                described = self.store.quads_for_pattern(about.subject, None, None, about.graph_name)
                claim = {str(quad.predicate): str(quad.object) for quad in described}
                place = self.rules.place(iri(str(about.graph_name)), iri(RANK))
                rank = RANKS.get(claim.get(RANK, ""))
                if rank is not None and PREDICATE in claim and OBJECT in claim:
                    yield place, (claim[PREDICATE], claim[OBJECT]), rank

    def _quads(self, subject: str | None, predicate: str | None) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(
            _term(subject) if subject else None, _term(predicate) if predicate else None, None, None
        )

    def _write(self, removed: Collection[Quad], added: Collection[Quad]) -> None:
        for step in _in_steps(removed):
            self.store.update(f"DELETE DATA {{ {' '.join(map(_pattern, step))} }}")
        load = self.store.bulk_load if len(added) >= LARGE else self.store.load
        for step in _in_steps(added, BULK):
            load("\n".join(map(str, step)).encode(), ox.RdfFormat.N_QUADS)


def _day(text: str) -> int:
    """Return a day as a number, 0 for what is no day; to complain about that is left to the shapes."""
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        return 0


def _pattern(quad: Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object} ."
    return f"GRAPH {quad.graph} {{ {triple} }}" if quad.graph else triple


def _term(term: str) -> ox.NamedNode:
    return ox.NamedNode(iri(term))


def _in_steps(items: Iterable[Item], size: int = STEP) -> Iterator[list[Item]]:
    remaining = iter(items)
    while step := list(islice(remaining, size)):
        yield step
