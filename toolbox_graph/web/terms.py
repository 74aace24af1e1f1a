"""How are the ontology and the shapes laid out for a reader?"""

from collections.abc import Iterable, Sequence
from typing import Any

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import OWL, RDF, RDFS, SH, SHAPES, SKOS, TBG, short
from toolbox_graph.web.diagrams import draw, ties
from toolbox_graph.web.pages import TermsPage, TermView
from toolbox_graph.web.views import anchor

SHOWN = (RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, SKOS.broader)
"""What is said of a term beside what it is called and means."""


class Glossary:
    """The terms of one graph, for a reader of one language."""

    def __init__(self, graph: Graph, model: Model, language: str) -> None:
        self.graph = graph
        self.model = model
        self.language = language

    def text(self, term: Node, predicate: URIRef) -> str:
        """Return what a term says in the reader's language."""
        found = (text for text in self.graph.objects(term, predicate) if isinstance(text, Literal))
        return in_language({text.language or "": str(text) for text in found}, self.language)

    def section(self, title: str, terms: Iterable[Node]) -> tuple[str, Sequence[TermView]]:
        """Return some terms under a title."""
        return title, [self._term(term) for term in terms]

    def _term(self, term: Node) -> TermView:
        facts = [
            (in_language(self.model.labels(str(predicate)), self.language), short(str(value)))
            for predicate in SHOWN
            for value in sorted(self.graph.objects(term, predicate), key=str)
        ]
        return TermView(
            anchor=anchor(str(term)),
            short=short(str(term)),
            label=self.text(term, RDFS.label),
            definition=self.text(term, SKOS.definition),
            facts=facts,
            example=str(self.graph.value(term, SKOS.example) or ""),
            **(self._of_class(str(term)) if (term, RDF.type, OWL.Class) in self.graph else {}),
        )

    def _of_class(self, iri: str) -> dict[str, Any]:
        """Return to which others a class is tied, and what else may be said of its things."""
        own = self.model.rules([iri]) - self.model.rules(self.model.ancestors(iri) - {iri})
        told = {rule.path for rule in own} & self.model.properties.keys() - {tie.predicate for tie in ties(self.model)}
        named = {in_language(self.model.labels(path), self.language): anchor(path) for path in told}
        return {"diagram": draw(self.model, iri, self.language), "properties": sorted(named.items())}


def of_ontology(model: Model, language: str) -> TermsPage:
    """Return the page of the ontology: kinds, other classes, properties, short lists of values, and what is left."""
    graph = model.ontology
    glossary = Glossary(graph, model, language)
    kinds = [URIRef(kind.iri) for kind in model.kinds.values()]
    classes = model.in_order(set(graph.subjects(RDF.type, OWL.Class)) - set(kinds))
    lists = [one for one in classes if (one, RDFS.subClassOf, SKOS.Concept) in graph]
    ontology = URIRef(str(TBG))
    return TermsPage(
        title=glossary.text(ontology, RDFS.label),
        description=glossary.text(ontology, DCTERMS.description),
        sections=[
            glossary.section(glossary.text(TBG.kind, RDFS.label), kinds),
            glossary.section(glossary.text(OWL.Class, RDFS.label), classes),
            *(
                glossary.section(glossary.text(URIRef(group), RDFS.label), map(URIRef, names))
                for group, names in _by_group(model).items()
            ),
            *(
                glossary.section(glossary.text(one, RDFS.label), model.in_order(graph.subjects(RDF.type, one)))
                for one in [*lists, SKOS.ConceptScheme, RDFS.Datatype, OWL.AnnotationProperty]
            ),
        ],
    )


def _by_group(model: Model) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for entry in model.properties.values():
        groups.setdefault(entry.group, []).append(entry.iri)
    return groups


def of_shapes(model: Model, language: str) -> TermsPage:
    """Return the page of the shapes: for each the rules, and what they tell a contributor."""
    glossary = Glossary(model.shapes, model, language)
    collection = URIRef(str(SHAPES))
    shapes = sorted(model.shapes.subjects(RDF.type, SH.NodeShape), key=str)
    rules = {shape: sorted(model.shapes.objects(shape, SH.property), key=str) for shape in shapes}
    # A rule that several shapes share has its anchor where it stands first.
    first = {rule: shape for shape in reversed(shapes) for rule in rules[shape]}
    return TermsPage(
        title=glossary.text(collection, RDFS.label),
        description=glossary.text(collection, DCTERMS.description),
        sections=[
            (short(str(shape)), [_rule(rule, glossary, is_first=first[rule] == shape) for rule in rules[shape]])
            for shape in shapes
        ],
    )


def _rule(rule: Node, glossary: Glossary, *, is_first: bool) -> TermView:
    name = short(str(rule))
    path = str(glossary.graph.value(rule, SH.path))
    severity = glossary.graph.value(rule, SH.severity) or SH.Violation
    return TermView(
        anchor=name.removeprefix("shapes:") if is_first else "",
        short=name,
        label=in_language(glossary.model.labels(path), glossary.language),
        definition=glossary.text(rule, SH.message),
        facts=[("sh:path", short(path)), ("sh:severity", short(str(severity)))],
    )
