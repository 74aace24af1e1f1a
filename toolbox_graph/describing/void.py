"""How is what the catalogue has of what told in VoID?

Each part that is counted is a resource with an address in `/.well-known/void`, so its number stands in one statement
and the statements in the store are the only table of numbers. (Describing Linked Datasets with the VoID Vocabulary;
datatypes of values as in the extension of ldf.fi, which editors read.)
"""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from rdflib import Literal, Namespace, URIRef
from rdflib.term import Node

from toolbox_graph.describing.counting import NAMED, STATEMENTS, THINGS, Part
from toolbox_graph.namespaces import DCTERMS, FOAF, LICENCES, RDF, TBG, VOID, Base, short
from toolbox_graph.service_description import FORMATS, READ
from toolbox_graph.store.quads import iri

EXTENDED = Namespace("http://ldf.fi/void-ext#")

PARTITIONS = {
    "class": (VOID.classPartition, VOID["class"], VOID.entities),
    "property": (VOID.propertyPartition, VOID.property, VOID.triples),
    "object": (VOID.classPartition, VOID["class"], VOID.triples),
    "datatype": (EXTENDED.datatypePartition, EXTENDED.datatype, VOID.triples),
}
"""For each kind of a part, how the whole leads to it, what it is the part of, and what is counted in it."""

WHOLE = {(STATEMENTS,): VOID.triples, (NAMED,): VOID.entities, (THINGS,): VOID.distinctSubjects}
"""What is counted of the whole."""

TITLES = {
    "en": ("Toolbox Graph: the tools of open government", "What is stated in the catalogue, all sources merged."),
    "fr": ("Toolbox Graph : les outils du gouvernement ouvert", "Ce qu'affirme le catalogue, toutes sources réunies."),
    "es": (
        "Toolbox Graph: las herramientas del gobierno abierto",
        "Lo que afirma el catálogo, con todas las fuentes reunidas.",
    ),
}
"""Title and description of the whole, by language."""

Triple = tuple[URIRef, URIRef, Node]


def document(base: Base) -> URIRef:
    """Return the document with the description."""
    return URIRef(f"{base.iri}.well-known/void")


def whole(base: Base) -> URIRef:
    """Return the catalogue as a dataset: what is stated in it, without what describes it."""
    return URIRef(f"{document(base)}#catalogue")


def introduction(base: Base) -> Iterator[Triple]:
    """Yield what there is to say of the whole but for its numbers."""
    about, this = document(base), whole(base)
    yield about, RDF.type, VOID.DatasetDescription
    yield about, FOAF.primaryTopic, this
    yield this, RDF.type, VOID.Dataset
    for language, (title, description) in TITLES.items():
        yield this, DCTERMS.title, Literal(title, language)
        yield this, DCTERMS.description, Literal(description, language)
    yield this, FOAF.homepage, URIRef(base.iri)
    yield this, DCTERMS.license, LICENCES["CC0-1.0"]
    yield this, VOID.sparqlEndpoint, URIRef(f"{base.iri}sparql")
    yield this, VOID.dataDump, URIRef(f"{base.iri}graph-store?default")
    yield this, VOID.uriSpace, Literal(f"{base.iri}id/")
    yield this, VOID.vocabulary, URIRef(str(TBG))
    for name in READ:
        yield this, VOID.feature, FORMATS[name]


def count(base: Base, part: Part) -> tuple[URIRef, URIRef]:
    """Return the subject and the property that tell how much there is of a part."""
    if part in WHOLE:
        return whole(base), WHOLE[part]
    kind, term = part[-1]
    if kind == "graph":
        return URIRef(iri(term)), VOID.triples
    return resource(base, part), VOID.triples if kind == "target" else PARTITIONS[kind][2]


def definition(base: Base, part: Part) -> Iterator[Triple]:
    """Yield what tells what a part is the part of; the whole and graphs are told elsewhere."""
    kind, term = part[-1]
    if part in WHOLE or kind == "graph":
        return
    this = resource(base, part)
    if kind == "target":
        yield from _linkset(base, this, URIRef(iri(part[0].term)), iri(term))
        return
    leading, naming, _ = PARTITIONS[kind]
    yield resource(base, part[:-1]) if len(part) > 1 else whole(base), leading, this
    yield this, naming, URIRef(iri(term))


@lru_cache(maxsize=10_000)
def resource(base: Base, part: Part) -> URIRef:
    """Return the name of a part.

    >>> from toolbox_graph.describing.counting import Step
    >>> str(resource(Base("https://example.org/"), (Step("class", "<http://www.w3.org/ns/org#Role>"),)))
    'https://example.org/.well-known/void#class/org:Role'
    """
    steps = (f"{kind}/{quote(short(iri(term)), safe=':')}" for kind, term in part)
    return URIRef(f"{document(base)}#{'/'.join(steps)}")


def _linkset(base: Base, this: URIRef, predicate: URIRef, namespace: str) -> Iterator[Triple]:
    """Yield what there is to say of the links to things that others name."""
    target = URIRef(f"{this}/things")
    yield whole(base), VOID.subset, this
    yield this, RDF.type, VOID.Linkset
    yield this, VOID.linkPredicate, predicate
    yield this, VOID.subjectsTarget, whole(base)
    yield this, VOID.objectsTarget, target
    yield target, RDF.type, VOID.Dataset
    yield target, VOID.uriSpace, Literal(namespace)
