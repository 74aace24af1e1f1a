"""How does a store hold what the sources say, and what is shown of it?

Each named graph holds what one source says; the default graph holds the merge (`merge`). The merge is maintained, not
asked for: Oxigraph's own union returns a triple once for every graph that holds it. After a change, everything that
the change touched is merged anew from all that the graphs say of it, so the result depends on the statements and on
nothing else.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import attrgetter
from types import MappingProxyType
from typing import TypeVar

import pyoxigraph as ox

from toolbox_graph.progress import Progress, silent
from toolbox_graph.store.claims import (
    CONFIRMED,
    OBJECT,
    PREDICATE,
    RANK,
    SUBJECT,
    TYPE,
    Facts,
    Field,
    Rules,
    Said,
    Weighing,
)
from toolbox_graph.store.quads import MERGE, Quad, iri, node, term

STEP = 20_000
"""Things merged, and statements removed, at a time."""

BULK = 250_000
"""Statements added at a time: as few files as memory allows."""

LARGE = 10_000
"""From so many statements on the engine is quicker to write new files than to go through its log."""

Item = TypeVar("Item")


class Dataset:
    """A store with its named graphs and their merge."""

    def __init__(self, store: ox.Store, rules: Rules, progress: Progress = silent) -> None:
        self.store = store
        self.rules = rules
        self.progress = progress

    def apply(self, removed: Collection[Quad], added: Collection[Quad]) -> dict[str, Said]:
        """Remove and add statements, bring the merge up to date, and return what is said of all that this touched."""
        touched = self.touched(removed)
        new = self._new(added)
        self.write(removed, added)
        touched |= self.touched(added)
        return self.merge(sorted(touched), new)

    def amend(self, removed: Collection[Quad], added: Collection[Quad]) -> dict[Field, Facts]:
        """Remove and add statements of a graph that nobody ranks and few rules bound, such as what follows from others.

        Only what is shown of their properties is brought up to date; what a thing may have many of is not even read.
        Return what was shown before where these statements may have displaced what others say.
        """
        self.write(removed, added)
        weighing = Weighing(self.store, self.rules)
        fields = {(quad.subject, quad.predicate) for quad in (*removed, *added)}
        bounded = {field for field in fields if weighing.is_bounded(*field, self._classes_stated(field[0]))}
        free = [[quad for quad in quads if quad[:2] not in bounded] for quads in (removed, added)]
        hide = [quad._replace(graph="") for quad in free[0] if not self._is_stated(quad)]
        self.write(hide, [quad._replace(graph="") for quad in free[1]])
        return self._merge_fields(weighing, bounded)

    def _is_stated(self, quad: Quad) -> bool:
        """Return whether some graph makes a statement."""
        pattern = f"GRAPH ?graph {{ {quad.subject} {quad.predicate} {quad.object} }}"
        return bool(self.store.query(f"ASK {{ {pattern} }}"))

    def _merge_fields(self, weighing: Weighing, fields: Iterable[Field]) -> dict[Field, Facts]:
        """Bring the merge up to date for some properties of things, none of which says what the things are.

        Return what it showed before.
        """
        merged, before = [], {}
        for subject, predicate in sorted(fields):
            said = self.said(subject, predicate)
            merged.append((subject, said, weighing.merged(subject, said, self._classes_stated(subject))))
            before[subject, predicate] = said.shown
        self._show(merged)
        return before

    def merge(self, subjects: Collection[str], known: Mapping[str, Said] = MappingProxyType({})) -> dict[str, Said]:
        """Bring the merge up to date for some things and return what is said of them; `known` need not be read."""
        weighing = Weighing(self.store, self.rules)
        result: dict[str, Said] = {}
        for step in in_steps(subjects):
            self.progress("merging", len(result), len(subjects))
            merged = []
            for subject in step:
                said = known.get(subject) or self.said(subject)
                merged.append((subject, said, weighing.merged(subject, said, said.classes())))
            self._show(merged)
            result.update((subject, said._replace(shown=facts)) for subject, said, facts in merged)
        return result

    def _show(self, merged: Collection[tuple[str, Said, Facts]]) -> None:
        """Have the merge show some facts of things in the place of those that it shows."""
        hide = [Quad(subject, *fact) for subject, said, facts in merged for fact in said.shown - facts]
        self.write(hide, [Quad(subject, *fact) for subject, said, facts in merged for fact in facts - said.shown])

    def classes(self, subject: str) -> list[str]:
        """Return the IRIs of the classes that the merge shows a thing to have."""
        return list(map(iri, self.values(subject, TYPE)))

    def values(self, subject: str, predicate: str) -> list[str]:
        """Return the values of a property that the merge shows of a thing."""
        found = self.store.quads_for_pattern(term(subject), term(predicate), None, MERGE)
        return [str(quad.object) for quad in found]

    def pointing_to(self, thing: str, predicate: str | None = None) -> set[str]:
        """Return the things that point to this one in the merge, with a certain property or with any."""
        name = term(predicate) if predicate else None
        return {str(quad.subject) for quad in self.store.quads_for_pattern(None, name, term(thing), MERGE)}

    def pointers(self, thing: str) -> Mapping[Field, set[str]]:
        """Return with which properties other things point to this one, and in which graphs; the merge has no name."""
        found: defaultdict[Field, set[str]] = defaultdict(set)
        for quad in self.store.quads_for_pattern(None, None, term(thing), None):
            graph = "" if quad.graph_name == MERGE else str(quad.graph_name)
            found[str(quad.subject), str(quad.predicate)].add(graph)
        return found

    def has(self, subject: str, predicate: str) -> bool:
        """Return whether the merge shows a value of a property of a thing."""
        return any(True for _ in self.store.quads_for_pattern(term(subject), term(predicate), None, MERGE))

    def graph(self, name: str) -> Iterator[Quad]:
        """Yield the statements of a graph."""
        return self.matching(None, None, None, name)

    def matching(self, subject: str | None, predicate: str | None, thing: str | None, graph: str) -> Iterator[Quad]:
        """Yield the statements of a graph about a thing, with a property, that point to a thing; None is any."""
        about, name, other = (term(text) if text else None for text in (subject, predicate, thing))
        for quad in self.store.quads_for_pattern(about, name, other, term(graph)):
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
        found = (self.store.quads_for_pattern(None, None, None, term(name)) for name in graphs)
        return {str(quad.subject) for quads in found for quad in quads}

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

    def shown_subjects(self) -> set[str]:
        """Return all things of which the merge shows something."""
        return {str(quad.subject) for quad in self.store.quads_for_pattern(None, None, None, MERGE)}

    def shown(self, subject: str) -> Facts:
        """Return what the merge shows of a thing; to read what the sources state beside it takes longer."""
        found = self.store.quads_for_pattern(term(subject), None, None, MERGE)
        return {(str(quad.predicate), str(quad.object)) for quad in found}

    def said(self, subject: str, predicate: str | None = None) -> Said:
        """Return all that the store holds of a thing, or of one property of it."""
        said = Said(set(), defaultdict(list))
        for quad in self._quads(subject, predicate):
            name, value = str(quad.predicate), str(quad.object)
            if quad.graph_name == MERGE:
                said.shown.add((name, value))
            else:
                said.stated[name].append((value, str(quad.graph_name)))
        return said

    def reread(self, said: dict[str, Said], fields: Iterable[Field]) -> None:
        """Read some fields again, into what was read of their things before."""
        for subject, predicate in fields:
            if subject in said:
                said[subject] = said[subject].renewed(predicate, self.said(subject, predicate))
            else:
                said[subject] = self.said(subject)

    def _classes_stated(self, subject: str) -> set[str]:
        return self.said(subject, TYPE).classes()

    def _quads(self, subject: str | None, predicate: str | None) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(
            term(subject) if subject else None, term(predicate) if predicate else None, None, None
        )

    def write(self, removed: Collection[Quad], added: Collection[Quad]) -> None:
        """Remove and add statements, and leave the merge as it is."""
        for step in in_steps(removed):
            self.store.update(f"DELETE DATA {{ {' '.join(map(_pattern, step))} }}")
        load = self.store.bulk_load if len(added) >= LARGE else self.store.load
        for step in in_steps(added, BULK):
            load("\n".join(map(str, step)).encode(), ox.RdfFormat.N_QUADS)


def _pattern(quad: Quad) -> str:
    triple = f"{quad.subject} {quad.predicate} {quad.object} ."
    return f"GRAPH {quad.graph} {{ {triple} }}" if quad.graph else triple


def in_steps(items: Iterable[Item], size: int = STEP) -> Iterator[list[Item]]:
    """Yield the items, so many at a time."""
    remaining = iter(items)
    while step := list(islice(remaining, size)):
        yield step
