"""How can JSON speak of the catalogue in short names?

A JSON-LD context with a name for each class and property of the ontology. `make context` writes it to
`ontology/context.jsonld`.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from rdflib import URIRef

from toolbox_graph.model import Model, local_name
from toolbox_graph.namespaces import OWL, PREFIXES, RDF, RDFS, SH, TBG, XSD, Base, short
from toolbox_graph.settings import DEFAULT_BASE

COERCED = {XSD.boolean, XSD.integer}
"""The datatypes that a bare value of JSON stands for; a date may be of several, so it tells its own."""

TEXTS = {"@container": "@language"}
"""Texts stand by language: `{"en": "…", "fr": "…"}`."""


def context(model: Model) -> dict[str, Any]:
    """Return the context."""
    properties = [URIRef(iri) for iri in model.properties if iri != str(RDF.type)]
    classes = [one for one in model.ontology.subjects(RDF.type, OWL.Class) if isinstance(one, URIRef)]
    names = _names([*properties, *classes])
    terms: dict[str, Any] = {names[one]: short(str(one)) for one in classes}
    terms |= {names[one]: _property(model, one) for one in properties}
    keywords = {"@version": 1.1, "id": "@id", "type": "@type"}
    return {"@context": keywords | PREFIXES | dict(sorted(terms.items()))}


def _names(terms: Iterable[URIRef]) -> Mapping[URIRef, str]:
    """Return a short name for each term; of several with the same end ours has it, and others keep their prefix."""
    taken = Counter(local_name(str(term)) for term in terms)
    reserved = {"id", "type", *PREFIXES}

    def name(term: URIRef) -> str:
        end = local_name(str(term))
        is_free = end not in reserved and (taken[end] == 1 or term in TBG)
        return end if is_free else short(str(term))

    return {term: name(term) for term in terms}


def _property(model: Model, term: URIRef) -> str | dict[str, str]:
    """Return what a name stands for, and how its values are written."""
    entry = {"@id": short(str(term))}
    ranges = set(model.ontology.objects(term, RDFS.range))
    if (term, RDF.type, OWL.ObjectProperty) in model.ontology:
        return entry | {"@type": "@id"}
    if RDF.langString in ranges or _is_of_languages(model, term):
        return entry | TEXTS
    coerced = [{"@type": short(str(datatype))} for datatype in COERCED & ranges]
    return entry | coerced[0] if coerced else entry["@id"]


def _is_of_languages(model: Model, term: URIRef) -> bool:
    """Return whether a shape wants texts in languages, where the range says nothing."""
    return any((rule, SH.datatype, RDF.langString) in model.shapes for rule in model.shapes.subjects(SH.path, term))


def write(model: Model) -> str:
    """Return the context as the text of a file."""
    return json.dumps(context(model), ensure_ascii=False, indent=2) + "\n"


if __name__ == "__main__":
    sys.stdout.write(write(Model(Base(DEFAULT_BASE))))
