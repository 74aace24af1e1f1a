"""How is the description of a thing written for programs?

The RDF documents hold what the merge shows of the thing and its parts, what points to it, what all that is called,
and what the document itself is. TriG adds who says what: each source's statements stand in its own graph.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from toolbox_graph.entities import Description, Fact, Part, Value
from toolbox_graph.model import Labels, Model, in_language, local_name
from toolbox_graph.namespaces import DCTERMS, FOAF, LICENCES, OWL, PREFIXES, RDF, RDFS, SCHEMA, TBG, XSD
from toolbox_graph.negotiation import JSON, JSONLD, TRIG, Format
from toolbox_graph.store.lookup import Term

SCHEMA_NAMES = {
    str(RDFS.label): "name",
    str(DCTERMS.description): "description",
    str(FOAF.homepage): "url",
    str(OWL.sameAs): "sameAs",
    str(DCTERMS.license): "license",
}
"""What schema.org calls properties that we take from others."""


def write(description: Description, file_format: Format, *, model: Model, position: int) -> bytes:
    """Return the document of a thing in a format other than HTML."""
    if file_format.name == JSON.name:
        return _json(as_json(description, "en"))
    quads = list(_quads(description, model, position, with_sources=file_format.name == TRIG.name))
    quads.sort(key=lambda quad: str(quad.graph_name))
    if file_format.name == JSONLD.name:
        return _json(as_jsonld(quads))
    rdf_format = ox.RdfFormat.from_media_type(file_format.media_type)
    assert rdf_format
    return ox.serialize(quads, format=rdf_format, prefixes=_prefixes(quads)) or b""


def as_json(description: Description, language: str) -> dict[str, Any]:
    """Return a description as plain JSON (docs/interface.md), labels of properties in a language."""
    return {
        "iri": description.iri,
        "kind": description.kind,
        "labels": dict(description.labels),
        "facts": [_fact(fact, language) for fact in description.facts],
        "parts": [
            {"iri": part.iri, "property": part.predicate.iri, "facts": [_fact(fact, language) for fact in part.facts]}
            for part in description.parts
        ],
        "inverse": [
            {
                "property": links.predicate.iri,
                "label": in_language(links.predicate.inverse_labels, language),
                "total": links.total,
                "values": [{"iri": link.iri, "labels": dict(link.labels)} for link in links.first],
            }
            for links in description.links
        ],
        "names": _names(description),
    }


def _names(description: Description) -> dict[str, Labels]:
    """Return what the things, terms and sources are called that the facts name; links bear their names themselves."""
    values = [value for facts in _all_facts(description) for fact in facts for value in fact.values]
    # What has no label of its own goes by the end of its name, in no language.
    named = {value.term.value: value.labels for value in values if any(value.labels)}
    named |= {source.iri: source.labels for value in values for source in value.stated.values()}
    return {iri: dict(labels) for iri, labels in sorted(named.items())}


def _all_facts(description: Description) -> Iterator[Sequence[Fact]]:
    """Yield the facts of the thing, and those of each of its parts."""
    yield description.facts
    yield from (part.facts for part in description.parts)


def _fact(fact: Fact, language: str) -> dict[str, Any]:
    return {
        "property": fact.predicate.iri,
        "label": in_language(fact.predicate.labels, language),
        "values": [
            {
                **_term(value.term),
                "rank": value.rank.name.lower(),
                "shown": value.is_shown,
                "sources": [{"iri": source.iri, "date": source.date} for source in value.stated.values()],
            }
            for value in fact.values
        ],
    }


def _term(term: ox.NamedNode | ox.Literal) -> dict[str, str]:
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value}
    return {"value": term.value} | ({"lang": term.language} if term.language else {})


def as_jsonld(quads: Iterable[ox.Quad]) -> Any:
    """Return statements as JSON-LD with short names and their context inside."""
    quads = list(quads)
    lines = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    graph = Graph(bind_namespaces="none").parse(data=lines, format="nt")
    return json.loads(graph.serialize(format="json-ld", context=_prefixes(quads), auto_compact=True))


def as_schema_org(description: Description, model: Model, language: str) -> dict[str, Any]:
    """Return what search engines read of a thing: terms of schema.org only, texts in one language."""
    classes = [value.term.value for value in description.values(str(RDF.type))]
    types = {name for one in classes for name in model.ancestors(one) if name.startswith(str(SCHEMA))}
    entry: dict[str, Any] = {
        "@context": "https://schema.org",
        "@id": description.iri,
        "@type": sorted(map(local_name, types)) or "Thing",
    }
    for fact in description.facts:
        name = SCHEMA_NAMES.get(fact.predicate.iri) or _schema_name(fact.predicate.iri)
        if name and fact.shown:
            entry[name] = [_schema_value(value, name) for value in in_reader_language(fact.shown, language)]
    return {name: value[0] if isinstance(value, list) and len(value) == 1 else value for name, value in entry.items()}


def _schema_value(value: Value, name: str) -> Any:
    is_thing = isinstance(value.term, ox.NamedNode) and name not in {"url", "sameAs", "license", "codeRepository"}
    return {"@id": value.term.value} if is_thing else value.term.value


def in_reader_language(values: Sequence[Value], language: str) -> list[Value]:
    """Return those of some values that a reader wants: of texts the ones in the reader's language, else in English."""
    tags = {tag_of(value.term) for value in values}
    wanted = next((tag for tag in (language, "en") if tag in tags), None)
    return [value for value in values if wanted is None or tag_of(value.term) in {"", wanted}]


def tag_of(term: Term) -> str:
    """Return the language tag of a term, empty where it has none."""
    return (isinstance(term, ox.Literal) and term.language) or ""


def _schema_name(iri: str) -> str:
    return iri.removeprefix(str(SCHEMA)) if iri.startswith(str(SCHEMA)) else ""


def _quads(description: Description, model: Model, position: int, *, with_sources: bool) -> Iterator[ox.Quad]:
    thing = ox.NamedNode(description.iri)
    yield from _about_document(description, model, position)
    yield from _facts(thing, description.facts, with_sources=with_sources)
    for part in description.parts:
        yield from _part(part, thing, with_sources=with_sources)
    for links in description.links:
        for link in links.first:
            if link.part:
                yield from _part(link.part, thing, with_sources=with_sources)
            else:
                yield ox.Quad(ox.NamedNode(link.iri), ox.NamedNode(links.predicate.iri), thing)
    yield from _labels(description)


def _about_document(description: Description, model: Model, position: int) -> Iterator[ox.Quad]:
    document = ox.NamedNode(f"{model.base.iri}{description.kind}/{description.key}")
    number = ox.Literal(str(position), datatype=ox.NamedNode(str(XSD.integer)))
    for predicate, value in (
        (RDF.type, ox.NamedNode(str(FOAF.Document))),
        (FOAF.primaryTopic, ox.NamedNode(description.iri)),
        (DCTERMS.license, ox.NamedNode(str(LICENCES["CC0-1.0"]))),
        (TBG.position, number),
    ):
        yield ox.Quad(document, ox.NamedNode(str(predicate)), value)


def _part(part: Part, thing: ox.NamedNode, *, with_sources: bool) -> Iterator[ox.Quad]:
    node = ox.NamedNode(part.iri)
    yield from _facts(node, part.facts, with_sources=with_sources)
    yield ox.Quad(node, ox.NamedNode(part.predicate.iri), thing)


def _facts(subject: ox.NamedNode, facts: Iterable[Fact], *, with_sources: bool) -> Iterator[ox.Quad]:
    for fact in facts:
        predicate = ox.NamedNode(fact.predicate.iri)
        for value in fact.shown:
            yield ox.Quad(subject, predicate, value.term)
        if with_sources:
            for value in fact.values:
                for graph in value.stated:
                    yield ox.Quad(subject, predicate, value.term, ox.NamedNode(graph))


def _labels(description: Description) -> Iterator[ox.Quad]:
    """Yield what the things and terms are called that the description names."""
    named: dict[str, Labels] = {}
    for facts in _all_facts(description):
        for fact in facts:
            named |= {value.term.value: value.labels for value in fact.shown if value.labels}
    for links in description.links:
        named |= {link.iri: link.labels for link in links.first}
    for iri, labels in named.items():
        for language, text in labels.items():
            if language:
                yield ox.Quad(ox.NamedNode(iri), ox.NamedNode(str(RDFS.label)), ox.Literal(text, language=language))


def _prefixes(quads: Iterable[ox.Quad]) -> dict[str, str]:
    """Return the prefixes that some statements use."""
    terms = {str(term) for quad in quads for term in (quad.subject, quad.predicate, quad.object)}
    return {
        prefix: namespace
        for prefix, namespace in PREFIXES.items()
        if any(term.startswith(f"<{namespace}") or term.endswith(f"^^<{namespace}") for term in terms)
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()
