"""What does the query editor know of the catalogue?"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import pyoxigraph as ox
from flask import Blueprint, Response

from toolbox_graph.describing import reading
from toolbox_graph.describing.reading import Number
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
    model, language, void = requests.service().model, requests.language(), requests.reader().void
    told = {
        "base": model.base.iri,
        "prefixes": PREFIXES,
        "classes": _told(reading.classes(void, model.base), _classes(model), model, language),
        "properties": _told(reading.properties(void, model.base), _properties(model), model, language),
        "countries": dict(_countries(model)),
    }
    return requests.document(json.dumps(told, ensure_ascii=False).encode(), JSON)


@lru_cache(maxsize=8)
def _classes(model: Model) -> Sequence[str]:
    """Return the classes of the ontology that have a name to write."""
    graph = model.ontology
    found = {term for kind in CLASSES for term in graph.subjects(RDF.type, kind) if ":" in str(term)}
    return [str(term) for term in model.in_order(found)]


@lru_cache(maxsize=8)
def _properties(model: Model) -> Sequence[str]:
    """Return the properties of the ontology, those first that pages show."""
    graph = model.ontology
    return [*model.properties, *(str(term) for kind in PROPERTIES for term in graph.subjects(RDF.type, kind))]


def _told(used: Iterable[Number], known: Iterable[str], model: Model, language: str) -> list[dict[str, object]]:
    """Return terms: those that are used, the most first, then those that the ontology has besides."""
    numbers = {entry.iri: entry.number for entry in used}
    return [
        {
            "iri": iri,
            "short": short(iri),
            "label": in_language(model.labels(iri), language),
            "number": numbers.get(iri, 0),
        }
        for iri in dict.fromkeys([*numbers, *known])
    ]


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
