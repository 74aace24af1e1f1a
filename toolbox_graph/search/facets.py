"""By which properties can a search be narrowed, and what are their values called?

The ontology says which (`tbg:facet`), and which count for an order (`tbg:ordering`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from babel import Locale, UnknownLocaleError
from rdflib import URIRef
from rdflib.term import Node

from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.namespaces import RDFS, SCHEMA, TBG
from toolbox_graph.store.quads import iri, node, value_of

KIND = "kind"
"""The facet that every thing has, by its name."""

IN_LANGUAGE = str(SCHEMA.inLanguage)


class Facet(NamedTuple):
    """What a search can be narrowed by: the properties whose values count, and the kind of things that these are.

    The kind is empty where the values are no things of one kind.
    """

    name: str
    properties: tuple[str, ...]
    kind: str
    labels: Labels

    def value(self, term: str, model: Model) -> str:
        """Return how a value is written: a thing by its key, a term of ours by the end of its name, a text as it is."""
        if not term.startswith("<"):
            return value_of(term)
        named = model.base.split(iri(term))
        if named:
            return named[1] if named[0] == self.kind else "/".join(named)
        return iri(term).removeprefix(str(TBG))

    def iri(self, value: str, model: Model) -> str:
        """Return the name of what a value stands for, empty where it is a text."""
        kind, _, key = value.rpartition("/")
        if (kind or self.kind) in model.kinds:
            return model.base.thing(kind or self.kind, key)
        is_term = (TBG[value], RDFS.label, None) in model.ontology
        return str(TBG[value]) if is_term else value if value.startswith(("https:", "http:")) else ""

    def meant(self, text: str, model: Model) -> str:
        """Return the value that somebody means who writes it as we do, as kind and key, or as a whole name."""
        text = text.strip()
        if text.startswith(("https:", "http:")):
            return self.value(node(text), model)
        return text.removeprefix(f"{self.kind}/") if self.kind else text

    def label(self, value: str, model: Model, language: str, labels: Callable[[str], Labels]) -> str:
        """Return what a value is called in a language; `labels` tells what things and terms are called."""
        if self.name == KIND:
            return in_language(model.kinds[value].labels, language) if value in model.kinds else value
        if IN_LANGUAGE in self.properties:
            return _language_name(value, language)
        named = self.iri(value, model)
        return in_language(labels(named), language) if named else value


def facets(model: Model) -> Mapping[str, Facet]:
    """Return the facets by name, in the order in which they are shown: that of their properties."""
    grouped: dict[str, list[Node]] = {}
    for term, name in model.ontology.subject_objects(TBG.facet):
        grouped.setdefault(str(name), []).append(term)
    found = [_facet(name, terms, model) for name, terms in grouped.items()]
    found.sort(key=lambda facet: model.property(facet.properties[0]).place)
    by_kind = Facet(KIND, (), "", model.labels(str(TBG.kind)))
    return {facet.name: facet for facet in (by_kind, *found)}


def _facet(name: str, terms: Iterable[Node], model: Model) -> Facet:
    properties = sorted(map(str, terms), key=lambda term: model.property(term).place)
    kind = _kind(properties, model)
    labels = model.kinds[kind].labels if kind else model.property(properties[0]).labels
    return Facet(name, tuple(properties), kind, labels)


def _kind(properties: Iterable[str], model: Model) -> str:
    """Return the kind of the things to which some properties lead, by their ranges."""
    ranges = {str(found) for name in properties for found in model.ontology.objects(URIRef(name), RDFS.range)}
    return next((kind.name for kind in model.kinds.values() if ranges == {kind.iri}), "")


def counting_for(order: str, model: Model) -> Sequence[str]:
    """Return the properties that count for an order."""
    found = (str(term) for term, name in model.ontology.subject_objects(TBG.ordering) if str(name) == order)
    return sorted(found)


def _language_name(code: str, language: str) -> str:
    """Return what a language is called, its code where it is unknown.

    >>> _language_name("fr", "es"), _language_name("en-gb", "en"), _language_name("zz", "en")
    ('francés', 'English (United Kingdom)', 'zz')
    """
    try:
        return Locale.parse(code, sep="-").get_display_name(language) or code
    except (ValueError, UnknownLocaleError):
        return code
