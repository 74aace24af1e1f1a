"""What does the query editor know of the catalogue?"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response
from rdflib.term import Node

from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import OWL, PREFIXES, RDF, RDFS, TBG, short
from toolbox_graph.negotiation import JSON
from toolbox_graph.saved_queries import SavedQuery
from toolbox_graph.web import requests, static_files
from toolbox_graph.web.sparql_pages import EditorView

Topic = tuple[str, Sequence[tuple[str, str]]]
"""What some questions are about, and the title and text of each."""

editor = Blueprint("editor", __name__)

CLASSES = (OWL.Class, RDFS.Class)
PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property)

NUMERIC_CODE = ox.NamedNode(str(TBG.numericCode))
"""By what maps know a country."""


@editor.get("/sparql/terms.json")
def terms() -> Response:
    """Return what a query may be written with, and by which codes maps know countries."""
    model, language = requests.service().model, requests.language()
    told = {**_terms(model, language), "countries": dict(_countries(model))}
    return requests.document(json.dumps(told, ensure_ascii=False).encode(), JSON)


@lru_cache(maxsize=8)
def _terms(model: Model, language: str) -> dict[str, Any]:
    """Return prefixes, classes and properties; the ontology stays as it is as long as the service runs."""
    graph = model.ontology
    properties = [*model.properties, *(str(term) for kind in PROPERTIES for term in graph.subjects(RDF.type, kind))]
    classes = model.in_order(set(_named(term for kind in CLASSES for term in graph.subjects(RDF.type, kind))))
    return {
        "prefixes": PREFIXES,
        "classes": [_term(str(term), model, language) for term in classes],
        "properties": [_term(iri, model, language) for iri in dict.fromkeys(properties)],
    }


def _named(terms: Iterable[Node]) -> Iterator[Node]:
    """Yield the terms that have a name to write."""
    return (term for term in terms if ":" in str(term))


def _term(iri: str, model: Model, language: str) -> dict[str, str]:
    return {"iri": iri, "short": short(iri), "label": in_language(model.labels(iri), language)}


def _countries(model: Model) -> Iterator[tuple[str, str]]:
    """Yield the key of each country with its number in ISO 3166-1."""
    store = requests.reader().generation.store
    for quad in store.quads_for_pattern(None, NUMERIC_CODE, None, ox.DefaultGraph()):
        named = model.base.split(quad.subject.value) if isinstance(quad.subject, ox.NamedNode) else None
        if named and isinstance(quad.object, ox.Literal):
            yield named[1], quad.object.value


def view(model: Model) -> EditorView | None:
    """Return what a page with the editor is made with, None where its parts are not here."""
    return EditorView(static_files.version(), model.base.iri) if static_files.has_editor() else None


def examples(questions: Mapping[str, SavedQuery], model: Model, language: str) -> Sequence[Topic]:
    """Return titles and texts of questions, by what they are about: kinds in their order, then the words of others."""
    topics: dict[str, list[tuple[str, str]]] = {kind: [] for kind in model.kinds}
    for question in questions.values():
        listed = topics.setdefault("".join(question.tags[:1]), [])
        listed.append((in_language(question.titles, language), question.text))
    labels = {kind: in_language(entry.plural_labels, language) for kind, entry in model.kinds.items()}
    return [(labels.get(topic, topic), listed) for topic, listed in topics.items() if listed]
