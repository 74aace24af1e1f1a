"""What does the ontology say?

Classes, properties, labels, order of display and the order of sources stand in `ontology/`, what is allowed in
`shapes/`. Nothing of that is repeated in code: code asks here.
"""

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

from rdflib import Graph, Literal, URIRef
from rdflib.plugins.parsers.notation3 import BadSyntax
from rdflib.term import Node

from toolbox_graph import files
from toolbox_graph.errors import Unusable
from toolbox_graph.namespaces import OWL, PREFIXES, RDF, RDFS, SH, SKOS, TBG, Base
from toolbox_graph.store.merge import Allowed

Labels = Mapping[str, str]
"""What something is called, by language."""

LAST = 1_000_000
"""The place of what the ontology does not place."""


class Kind(NamedTuple):
    """The kind of the things that have addresses such as `/id/tool/ckan`, listed at `/tools`."""

    name: str
    plural: str
    iri: str
    labels: Labels
    plural_labels: Labels


class Property(NamedTuple):
    """How a property is called, from both ends, and under which heading and where a page shows it."""

    iri: str
    labels: Labels
    inverse_labels: Labels
    group: str
    place: tuple[int, int]


class Rule(NamedTuple):
    """One rule of the shapes, a property shape: which property it is about, and whether it demands a value.

    A remark (severity `sh:Info`) stops nothing: it asks for a value, perhaps in a language.
    """

    shape: str
    path: str
    demands: bool
    is_remark: bool
    language: str


def in_language(labels: Labels, language: str) -> str:
    """Return what something is called in a language, else in English, else in any.

    >>> in_language({"en": "tool", "fr": "outil"}, "es")
    'tool'
    """
    return labels.get(language) or labels.get("en") or next(iter(labels.values()), "")


def local_name(iri: str) -> str:
    """Return the end of an IRI, by which something goes that the ontology does not know.

    >>> local_name("http://example.org/terms#colour"), local_name("http://example.org/shape/")
    ('colour', 'shape')
    """
    return iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]


class Model:
    """What the ontology and the shapes say of a catalogue with a given base."""

    def __init__(self, base: Base) -> None:
        self.base = base
        self.ontology = _read(files.ONTOLOGY, base)
        self.shapes = _read(files.SHAPES, base)
        self.digest = files.digest(files.ONTOLOGY, files.SHAPES, files.QUERIES)

    @classmethod
    @cache
    def of(cls, base: Base) -> "Model":
        """Return the model for a base, always the same."""
        return cls(base)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of things by name, in the order in which they are listed."""
        classes = sorted(self.ontology.subjects(TBG.kind), key=self._order)
        return {kind.name: kind for kind in map(self._kind, classes)}

    def _kind(self, term: Node) -> Kind:
        return Kind(
            name=str(self.ontology.value(term, TBG.kind)),
            plural=str(self.ontology.value(term, TBG.plural)),
            iri=str(term),
            labels=self._labels(term, RDFS.label),
            plural_labels=self._labels(term, TBG.pluralLabel),
        )

    @cached_property
    def lists(self) -> Mapping[str, Kind]:
        """The kinds of things by the name of their list."""
        return {kind.plural: kind for kind in self.kinds.values()}

    def terms(self, prefix: str) -> set[str]:
        """Return the concepts whose IRIs begin alike, as those of one list do."""
        return {str(term) for term in self.ontology.subjects(RDF.type, SKOS.Concept) if str(term).startswith(prefix)}

    def labels(self, iri: str) -> Labels:
        """Return what a term is called."""
        return self._labels(URIRef(iri), RDFS.label) or {"": local_name(iri)}

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """The properties that the ontology knows, by IRI, in the order in which a page shows them."""
        found = (self._property(term) for term in self.ontology.subjects(TBG.group))
        return {entry.iri: entry for entry in sorted(found, key=lambda entry: entry.place)}

    def _property(self, term: Node) -> Property:
        group = self.ontology.value(term, TBG.group)
        return Property(
            iri=str(term),
            labels=self._labels(term, RDFS.label),
            inverse_labels=self._labels(term, TBG.inverseLabel),
            group=str(group),
            place=(self._order(group), self._order(term)),
        )

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """All terms that the ontology describes or uses."""
        described = {str(term) for term in self.ontology.subjects() if isinstance(term, URIRef)}
        return frozenset(described | {str(term) for term in self.ontology.predicates()})

    @cached_property
    def inverse_properties(self) -> tuple[str, ...]:
        """The properties that are shown on the page of the thing that they point to, in the order of display."""
        return tuple(name for name, entry in self.properties.items() if entry.inverse_labels)

    @cached_property
    def inverses(self) -> tuple[str, ...]:
        """The properties that say from the other end what another property says."""
        return tuple(sorted(self.forward))

    @cached_property
    def forward(self) -> Mapping[str, str]:
        """The properties by those that say the same from the other end."""
        return {str(inverse): str(term) for term, inverse in self.ontology.subject_objects(OWL.inverseOf)}

    @cached_property
    def repeating(self) -> frozenset[str]:
        """The properties that a page need not show, since it tells the same in another place."""
        told = (term for term in self.ontology.subjects(OWL.inverseOf) if self._labels(term, TBG.inverseLabel))
        inverses = (self.ontology.value(term, OWL.inverseOf) for term in told)
        return frozenset(map(str, (*inverses, *self.ontology.subjects(TBG.repeats))))

    @cached_property
    def acyclic(self) -> tuple[str, ...]:
        """The properties of which a chain may not lead back to where it began."""
        return tuple(sorted(map(str, self.ontology.subjects(TBG.acyclic, Literal(lexical_or_value=True)))))

    def property(self, iri: str) -> Property:
        """Return how a property is shown, also one that the ontology does not know."""
        return self.properties.get(iri) or Property(iri, {"": local_name(iri)}, {}, "", (LAST, LAST))

    def ancestors(self, class_iri: str) -> frozenset[str]:
        """Return a class and all the classes that it is a case of."""
        return frozenset(map(str, self.ontology.transitive_objects(URIRef(class_iri), RDFS.subClassOf)))

    def allowed(self, classes: Iterable[str], predicate: str) -> Allowed:
        """Return how many values of a property a thing of some classes may have: the strictest shape counts."""
        return max(self._allowed.get((name, predicate), Allowed.MANY) for name in ("", *classes))

    @cached_property
    def _allowed(self) -> Mapping[tuple[str, str], Allowed]:
        """How many values are allowed, by class and property; a shape that is for all classes has the empty name."""
        table: dict[tuple[str, str], Allowed] = {}
        for shape, rule in self.shapes.subject_objects(SH.property):
            predicate = str(self.shapes.value(rule, SH.path))
            for name in self._classes_of(shape):
                table[name, predicate] = max(table.get((name, predicate), Allowed.MANY), self._allowed_by(rule))
        return table

    def _classes_of(self, shape: Node) -> list[str]:
        target = self.shapes.value(shape, SH.targetClass)
        return list(map(str, self.ontology.transitive_subjects(RDFS.subClassOf, target))) if target else [""]

    def _allowed_by(self, rule: Node) -> Allowed:
        if self.shapes.value(rule, SH.maxCount) == Literal(1):
            return Allowed.ONE
        return Allowed.ONE_PER_LANGUAGE if self.shapes.value(rule, SH.uniqueLang) else Allowed.MANY

    def rules(self, classes: Iterable[str]) -> set[Rule]:
        """Return the rules that a thing of some classes has to keep: the property shapes of its node shapes."""
        every = {ancestor for name in classes for ancestor in self.ancestors(name)}
        return {rule for name in every for rule in self._rules_of_class.get(name, ())}

    def rules_of(self, shape: str) -> set[Rule]:
        """Return the rules of one node shape."""
        return self._rules_of_shape.get(shape, set())

    @cached_property
    def _rules_of_shape(self) -> Mapping[str, set[Rule]]:
        table: dict[str, set[Rule]] = {}
        for shape, rule in self.shapes.subject_objects(SH.property):
            table.setdefault(str(shape), set()).add(self._rule(rule))
        return table

    @cached_property
    def _rules_of_class(self) -> Mapping[str, set[Rule]]:
        table: dict[str, set[Rule]] = {}
        for shape, target in self.shapes.subject_objects(SH.targetClass):
            table.setdefault(str(target), set()).update(self.rules_of(str(shape)))
        return table

    def _rule(self, shape: Node) -> Rule:
        demanding = (SH.minCount, SH.qualifiedMinCount, SH.hasValue)
        languages = self.shapes.value(self.shapes.value(shape, SH.qualifiedValueShape), SH.languageIn)
        return Rule(
            shape=str(shape),
            path=str(self.shapes.value(shape, SH.path)),
            demands=any((shape, constraint, None) in self.shapes for constraint in demanding),
            is_remark=(shape, SH.severity, SH.Info) in self.shapes,
            language="".join(map(str, self.shapes.items(languages))) if languages else "",
        )

    @cached_property
    def about_classes(self) -> frozenset[str]:
        """The rules of which the classes of a thing alone decide whether it keeps them."""
        rules = self.shapes.subjects(SH.path, RDF.type)
        return frozenset(str(rule) for rule in rules if (rule, SH.sparql, None) not in self.shapes)

    def messages(self, shape: str) -> Labels:
        """Return what a shape tells the author of what breaks it."""
        return _texts(self.shapes, URIRef(shape), SH.message)

    def source(self, graph: str) -> str:
        """Return the source whose statements a graph holds: the graph's name ends with the source's key."""
        return self.base.thing("source", local_name(graph))

    def place(self, graph: str, predicate: str) -> tuple[int, int]:
        """Return the place of a graph in the order of sources for a property: the smaller, the more it is believed."""
        orders, source = self._orders_of_sources, self.source(graph)
        return orders.get(predicate, {}).get(source) or orders[""].get(source) or (LAST, 0)

    @cached_property
    def _orders_of_sources(self) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """The places of sources, for each property that has an order of its own and for all others (the empty name)."""
        orders: dict[str, dict[str, tuple[int, int]]] = {"": {}}
        for subject, first in self.ontology.subject_objects(TBG.sources):
            for_all = (subject, RDF.type, TBG.Trust) in self.ontology
            name, level = ("", self._order(subject)) if for_all else (str(subject), 0)
            listed = enumerate(map(str, self.ontology.items(first)))
            orders.setdefault(name, {}).update({source: (level, index) for index, source in listed})
        return orders

    def in_order(self, terms: Iterable[Node]) -> list[Node]:
        """Return terms in the order of display; those without one come last, by name."""
        return sorted(terms, key=lambda term: (self._order(term), str(term)))

    def _order(self, term: Node | None) -> int:
        order = self.ontology.value(term, TBG.displayOrder)
        return int(order) if isinstance(order, Literal) else LAST

    def _labels(self, subject: Node, predicate: URIRef) -> Labels:
        return _texts(self.ontology, subject, predicate)


@cache
def _texts(graph: Graph, subject: Node, predicate: URIRef) -> Labels:
    found = (text for text in graph.objects(subject, predicate) if isinstance(text, Literal))
    return {text.language or "": str(text) for text in found}


@cache
def _read(folder: Path, base: Base) -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        graph.bind(prefix, namespace)
    for path in files.turtle_in(folder):
        try:
            graph.parse(path, publicID=base.iri)
        except BadSyntax as problem:
            raise Unusable(f"{path.name} is no Turtle at line {problem.lines + 1}.") from problem
    return graph
