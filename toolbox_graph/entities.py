"""What do we know of one thing, and where from?

A description is one tree, in the order of the ontology; the page and every RDF document are written from it, so they
cannot disagree. It is read from the store by its own keys, at a cost that does not grow with the catalogue.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import islice

import pyoxigraph as ox

from toolbox_graph.model import Labels, Model, Property, in_language, local_name
from toolbox_graph.namespaces import LICENCES, PROV, RDF, RDFS, SCHEMA, SKOS, TBG
from toolbox_graph.store.claims import RANKS
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.lookup import Term, graphs, has_any, pointing, references, statements, subjects, values
from toolbox_graph.store.merge import Rank
from toolbox_graph.store.quads import iri

LINKS = 50
"""Things that are named of those that point to one with the same property."""

READ = 500
"""Statements read to find them, and the parts of the thing; what goes beyond is counted by the engine."""

LABEL, CONFIRMED, CHANGED, MADE_AT = map(str, (RDFS.label, TBG.confirmed, TBG.changed, PROV.generatedAtTime))
EXACT_MATCH = str(SKOS.exactMatch)


@dataclass(frozen=True)
class Source:
    """Who says something, and the day on which that was last seen."""

    iri: str
    labels: Labels
    date: str


@dataclass(frozen=True)
class Value:
    """One value of a property: what it is called if it is a thing, its rank, and who states it in which graph.

    `entry` is the thing of ours that describes what others have named, such as a licence; empty where there is none.
    """

    term: Term
    labels: Labels
    rank: Rank
    is_shown: bool
    is_derived: bool
    stated: Mapping[str, Source]
    entry: str


@dataclass(frozen=True)
class Fact:
    """A property with its values; what the merge shows comes first."""

    predicate: Property
    values: tuple[Value, ...]

    @property
    def shown(self) -> tuple[Value, ...]:
        """The values that the merge shows."""
        return tuple(value for value in self.values if value.is_shown)

    @property
    def also_stated(self) -> tuple[Value, ...]:
        """The values that somebody states and the merge does not show."""
        return tuple(value for value in self.values if not value.is_shown)


@dataclass(frozen=True)
class Part:
    """Something that has a fragment of a thing's address: a membership, an observation, a milestone, a claim."""

    iri: str
    predicate: Property
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Link:
    """A thing that points to the one described, by itself or through a part of it, as somebody states or as follows."""

    iri: str
    labels: Labels
    part: Part | None
    is_derived: bool


@dataclass(frozen=True)
class Links:
    """The things that point to the one described with one property: how many, and the first of them."""

    predicate: Property
    total: int
    first: tuple[Link, ...]


@dataclass(frozen=True)
class Description:
    """What is known of one thing in one generation."""

    iri: str
    kind: str
    key: str
    labels: Labels
    facts: tuple[Fact, ...]
    parts: tuple[Part, ...]
    links: tuple[Links, ...]

    def values(self, predicate: str) -> tuple[Value, ...]:
        """Return the shown values of a property."""
        return next((fact.shown for fact in self.facts if fact.predicate.iri == predicate), ())


class Describer:
    """Describes the things of one generation."""

    def __init__(self, generation: Generation, model: Model) -> None:
        self.model = model
        self._store = generation.store
        # What is cached must not hold the describer: it would keep the generation open until Python looks for circles.
        self.labels = lru_cache(maxsize=10_000)(partial(_read_labels, generation.store))
        self.entry = lru_cache(maxsize=1_000)(partial(_read_entry, generation.store))
        self.source = lru_cache(maxsize=1_000)(partial(_read_source, generation.store, model, self.labels))

    def find(self, kind: str, key: str) -> Description | None:
        """Return what is known of a thing, None where nothing is."""
        thing = self.model.base.thing(kind, key)
        others = self._pointing_to(thing)
        parts = tuple(self._parts(thing, others))
        facts = self._facts(thing, _ranks(parts))
        if not facts:
            return None
        return Description(thing, kind, key, self.labels(thing), facts, parts, tuple(self._links(thing, others)))

    def _pointing_to(self, thing: str) -> Mapping[str, list[str]]:
        """Return the things that point to one, by property, in the order of display; of many with one property some."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for predicate, subject in islice(references(self._store, thing), READ):
            found[predicate].append(subject)
        if sum(map(len, found.values())) == READ:
            # There may be more, of other properties too.
            return {
                name: list(islice(subjects(self._store, name, thing), READ)) for name in self.model.inverse_properties
            }
        return {name: found[name] for name in self.model.inverse_properties if name in found}

    def _parts(self, thing: str, others: Mapping[str, list[str]]) -> Iterator[Part]:
        for name, found in others.items():
            parts = (self._part(subject, name) for subject in found if subject.startswith(f"{thing}#"))
            yield from sorted(parts, key=_by_position)

    def _part(self, subject: str, predicate: str) -> Part:
        facts = self._facts(subject, {})
        return Part(subject, self.model.property(predicate), tuple(f for f in facts if f.predicate.iri != predicate))

    def _links(self, thing: str, others: Mapping[str, list[str]]) -> Iterator[Links]:
        for name, found in others.items():
            whole = [subject for subject in found if not subject.startswith(f"{thing}#")]
            if whole:
                total = len(whole) if len(found) < READ else pointing(self._store, name, thing)
                derived = self._derived(name, thing, whole[:LINKS])
                links = sorted((self._link(other, name, derived) for other in whole[:LINKS]), key=_by_name)
                yield Links(self.model.property(name), total, tuple(links))

    def _derived(self, predicate: str, thing: str, subjects: Iterable[str]) -> set[str]:
        """Return which of some things point to one in the graph of what follows alone."""
        if not has_any(self._store, predicate, thing, self.model.base.graph("derived")):
            return set()
        return {subject for subject in subjects if self._is_derived(graphs(self._store, subject, predicate, thing))}

    def _link(self, subject: str, predicate: str, derived: Container[str]) -> Link:
        whole = subject.partition("#")[0]
        part = None if whole == subject else self._part(subject, predicate)
        return Link(whole, self.labels(whole), part, subject in derived)

    def _is_derived(self, graphs: set[str]) -> bool:
        """Return whether what stands in some graphs is stated by nobody."""
        return graphs <= {"", self.model.base.graph("derived")}

    def _facts(self, subject: str, ranks: Mapping[tuple[str, str], Rank]) -> tuple[Fact, ...]:
        """Return what is said of a thing, by property, in the order of the ontology."""
        found: defaultdict[str, defaultdict[Term, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, term, graph in statements(self._store, subject):
            if name not in self.model.repeating:
                found[name][term].add(graph)
        facts = [
            Fact(
                self.model.property(name),
                tuple(sorted((self._value(name, term, graphs, ranks) for term, graphs in terms.items()), key=_by_rank)),
            )
            for name, terms in found.items()
        ]
        return tuple(sorted(facts, key=lambda fact: (fact.predicate.place, fact.predicate.iri)))

    def _value(self, predicate: str, term: Term, graphs: set[str], ranks: Mapping[tuple[str, str], Rank]) -> Value:
        entry = self.entry(term.value) if term.value.startswith(str(LICENCES)) else ""
        return Value(
            term=term,
            labels=self.labels(entry or term.value) if isinstance(term, ox.NamedNode) else {},
            rank=ranks.get((predicate, str(term)), Rank.NORMAL),
            is_shown="" in graphs,
            is_derived=self._is_derived(graphs),
            stated={graph: self.source(graph) for graph in sorted(graphs) if graph},
            entry=entry,
        )


def _by_position(part: Part) -> tuple[int, str]:
    """Return where a part stands among those that belong to a thing in the same way; without a position, at the end."""
    found = (value for fact in part.facts if fact.predicate.iri == str(SCHEMA.position) for value in fact.shown)
    return next((int(value.term.value) for value in found if value.term.value.isdecimal()), sys.maxsize), part.iri


def _read_labels(store: ox.Store, thing: str) -> Labels:
    """Return what a thing or term is called; what has no name goes by the end of its IRI."""
    found = sorted(values(store, thing, LABEL), key=str)
    return {getattr(label, "language", "") or "": label.value for label in found} or {"": local_name(thing)}


def _read_entry(store: ox.Store, address: str) -> str:
    return next(subjects(store, EXACT_MATCH, address), "")


def _read_source(store: ox.Store, model: Model, labels: Callable[[str], Labels], graph: str) -> Source:
    source = model.source(graph)
    return Source(source, labels(source), _confirmed(store, source) or _last_change(store, graph))


def _confirmed(store: ox.Store, source: str) -> str:
    return next((day.value for day in values(store, source, CONFIRMED)), "")


def _last_change(store: ox.Store, graph: str) -> str:
    changesets = subjects(store, CHANGED, graph)
    times = (time.value for changeset in changesets for time in values(store, changeset, MADE_AT))
    return max(times, default="")[:10]


def _ranks(parts: Iterable[Part]) -> dict[tuple[str, str], Rank]:
    """Return the ranks that the claims among some parts give, by property and value."""
    ranks = {}
    for part in parts:
        said = {fact.predicate.iri: str(value.term) for fact in part.facts for value in fact.shown}
        if rank := RANKS.get(said.get(str(TBG.rank), "")):
            ranks[iri(said[str(RDF.predicate)]), said[str(RDF.object)]] = rank
    return ranks


def _by_name(link: Link) -> tuple[str, str]:
    return in_language(link.labels, "en").casefold(), link.iri


def _by_rank(value: Value) -> tuple[bool, Rank, str, str]:
    return not value.is_shown, value.rank, in_language(value.labels, "en").casefold(), str(value.term)
