"""How much does each thing add to the numbers that describe the catalogue?

The numbers are sums over things, so a change moves them by what the things that it touches added before and add now.
What is counted are the statements of the default graph that somebody states. What is made (ontology, history, what
follows, these descriptions) is shown there too but not counted: numbers that counted themselves would never be right.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from toolbox_graph.namespaces import DCTERMS, OWL, SKOS, XSD
from toolbox_graph.self_description import made
from toolbox_graph.store.claims import TYPE, Facts, Said
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import iri, node

LINKING = frozenset(
    map(node, (OWL.sameAs, SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, DCTERMS.license))
)
"""The properties that lead from our things to those of others."""

STRING, TAGGED = node(XSD.string), "<http://www.w3.org/1999/02/22-rdf-syntax-ns#langString>"


class Step(NamedTuple):
    """One step from the whole to a part of it: things of a class, statements with a property, values of a datatype."""

    kind: str
    term: str


Part = tuple[Step, ...]
"""A part of the catalogue that is counted, as the steps that lead to it."""

THINGS, NAMED, STATEMENTS = Step("things", ""), Step("named", ""), Step("statements", "")
"""The whole: all things of which something is stated, those of them that have an address here, all statements."""

Sums = Counter[Part]
"""How much there is of each part."""

Classes = Callable[[str], frozenset[str]]
"""What tells the classes of a thing."""


class Counted(NamedTuple):
    """What is counted of one thing: its facts that are stated and shown, its classes, and what each graph states."""

    facts: Facts
    classes: frozenset[str]
    stated: Mapping[str, int]


NOTHING = Counted(set(), frozenset(), {})


class Counting:
    """Counts in a dataset; what it has to know of its graphs it looks up once."""

    def __init__(self, dataset: Dataset) -> None:
        self._dataset = dataset
        self._base = dataset.rules.base.iri
        self._made = frozenset(map(node, made(dataset.rules.base)))

    def counted(self, said: Said) -> Counted:
        """Return what is counted of what is said of a thing."""
        stated = {
            (name, value, graph)
            for name, statements in said.stated.items()
            for value, graph in statements
            if graph not in self._made
        }
        if not stated:
            return NOTHING
        facts = {(name, value) for name, value, _ in stated} & said.shown
        return Counted(facts, classes_in(facts), Counter(graph for _, _, graph in stated))

    def of(self, thing: str) -> Counted:
        """Return what is counted of a thing as the dataset has it."""
        return self.counted(self._dataset.said(thing))

    def classes(self, thing: str) -> frozenset[str]:
        """Return the classes of a thing that count."""
        return self.counted(self._dataset.said(thing, TYPE)).classes

    def total(self, said: Mapping[str, Said]) -> Sums:
        """Return the sums, given what is said of all things."""
        own = {thing: self.counted(entry).classes for thing, entry in said.items()}
        sums: Sums = Counter()
        for thing, entry in said.items():
            now = self.counted(entry)
            sums.update(self._whole(thing, now))
            sums.update(self.facts(now.facts, now.classes, lambda other: own.get(other, frozenset())))
        return sums

    def difference(self, before: Mapping[str, Counted], after: Mapping[str, Counted]) -> Sums:
        """Return by how much the sums changed where the things of `before` became as in `after`, which is so now."""
        classes = cache(self.classes)
        earlier = _known(before, classes)
        sums: Sums = Counter()
        turned = {thing for thing, was in before.items() if was.classes != after[thing].classes}
        for thing, was in before.items():
            now = after[thing]
            stay = set() if thing in turned else {fact for fact in was.facts & now.facts if fact[1] not in turned}
            sums.subtract(self._whole(thing, was))
            sums.update(self._whole(thing, now))
            sums.subtract(self.facts(was.facts - stay, was.classes, earlier))
            sums.update(self.facts(now.facts - stay, now.classes, classes))
        for thing in turned:
            self._turn(sums, thing, before, classes)
        return sums

    def _turn(self, sums: Sums, thing: str, before: Mapping[str, Counted], classes: Classes) -> None:
        """Move what points to a thing, and was not touched itself, from the classes that the thing had to those of now.

        It is the same statement as before, so only what depends on the class of its object moves.
        """
        for (other, name), graphs in self._dataset.pointers(thing).items():
            if other not in before and "" in graphs and graphs - self._made - {""}:
                own = classes(other)
                sums.subtract(_to_things([(name, thing)], own, lambda each: before[each].classes))
                sums.update(_to_things([(name, thing)], own, classes))

    def _whole(self, thing: str, counted: Counted) -> Iterator[Part]:
        """Yield the parts to which a thing as a whole belongs."""
        if counted.facts:
            yield (THINGS,)
            if thing.startswith(f"<{self._base}id/") and "#" not in thing:
                yield (NAMED,)
        for graph, statements in counted.stated.items():
            yield from [(Step("graph", graph),)] * statements

    def facts(self, facts: Facts, own: frozenset[str], classes: Classes) -> Iterator[Part]:
        """Yield the parts to which facts of a thing belong that has some classes of its own."""
        for name, value in facts:
            yield (STATEMENTS,)
            yield (Step("property", name),)
            if name == TYPE:
                yield (Step("class", value),)
            for each in own:
                yield (Step("class", each), Step("property", name))
            if not value.startswith("<"):
                kind = Step("datatype", _datatype(value))
                yield from ((Step("class", each), Step("property", name), kind) for each in own)
            elif name in LINKING and not value.startswith(f"<{self._base}"):
                yield (Step("links", name), Step("target", _namespace(value)))
        yield from _to_things(facts, own, classes)


def _to_things(facts: Collection[tuple[str, str]], own: Iterable[str], classes: Classes) -> Iterator[Part]:
    """Yield the parts to which those facts belong that point to things which have classes."""
    for name, value in facts:
        if value.startswith("<") and name != TYPE:
            for other in classes(value):
                yield from ((Step("class", each), Step("property", name), Step("object", other)) for each in own)


def _known(before: Mapping[str, Counted], classes: Classes) -> Classes:
    return lambda thing: before[thing].classes if thing in before else classes(thing)


def classes_in(facts: Facts) -> frozenset[str]:
    """Return the classes that a thing has by its facts."""
    return frozenset(value for name, value in facts if name == TYPE)


def _datatype(literal: str) -> str:
    """Return the datatype of a literal.

    >>> _datatype('"a"'), _datatype('"a"@en') == TAGGED, _datatype('"1"^^<urn:number>')
    ('<http://www.w3.org/2001/XMLSchema#string>', True, '<urn:number>')
    """
    _, _, end = literal.rpartition('"')
    return end[2:] if end.startswith("^^") else TAGGED if end else STRING


def _namespace(thing: str) -> str:
    """Return the namespace in which a thing of others stands.

    >>> _namespace("<http://www.wikidata.org/entity/Q42>")
    '<http://www.wikidata.org/entity/>'
    """
    name = iri(thing)
    return node(name[: max(name.rfind("/"), name.rfind("#")) + 1] or name)
