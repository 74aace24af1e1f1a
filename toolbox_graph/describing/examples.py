"""How do editors find our questions? (SHACL's SPARQLExecutable, as the examples of SIB have it)

Each question is told with its text as it stands, with the default values and with the base, so that whoever copies it
can run it anywhere.
"""

from collections.abc import Iterable, Iterator

from rdflib import Literal, Namespace, URIRef

from toolbox_graph.describing.void import Triple
from toolbox_graph.namespaces import PREFIXES, RDF, RDFS, SH, XSD, Base
from toolbox_graph.saved_queries import SavedQuery

SECURE_SCHEMA = Namespace("https://schema.org/")
"""Schema.org as editors ask for it; the catalogue has it with `http:`, as most data do."""

FORMS = {
    "select": (SH.SPARQLSelectExecutable, SH.select),
    "ask": (SH.SPARQLAskExecutable, SH.ask),
    "construct": (SH.SPARQLConstructExecutable, SH.construct),
}


def examples(base: Base, queries: Iterable[SavedQuery]) -> Iterator[Triple]:
    """Yield what there is to say of some questions, and of the prefixes."""
    for query in queries:
        yield from _example(base, query)
    for prefix, namespace in PREFIXES.items():
        entry = URIRef(f"{_prefixes(base)}-{prefix}")
        yield _prefixes(base), SH.declare, entry
        yield entry, SH.prefix, Literal(prefix)
        yield entry, SH.namespace, Literal(namespace, datatype=XSD.anyURI)


def _example(base: Base, query: SavedQuery) -> Iterator[Triple]:
    this = URIRef(f"{base.iri}queries/{query.name}")
    kind, told = FORMS[query.form]
    yield this, RDF.type, SH.SPARQLExecutable
    yield this, RDF.type, kind
    for language, title in query.titles.items():
        yield this, RDFS.label, Literal(title, language)
        yield this, RDFS.comment, Literal(f"{title} {query.descriptions.get(language, '')}".strip(), language)
    yield this, SH.prefixes, _prefixes(base)
    yield this, told, Literal(f"BASE <{base.iri}>\n{query.text}")
    yield this, SECURE_SCHEMA.target, URIRef(f"{base.iri}sparql")


def _prefixes(base: Base) -> URIRef:
    return URIRef(f"{base.iri}queries#prefixes")
