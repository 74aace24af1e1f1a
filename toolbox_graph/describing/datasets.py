"""How is the catalogue described for catalogues of data? (DCAT-AP 3)

The catalogue as a whole is a dataset, and so is what it has from each source, under that source's licence. What
depends on who serves it, and what others' terms are, `supplement` adds over HTTP.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple
from urllib.parse import quote

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from toolbox_graph.describing.void import TITLES, Triple, whole
from toolbox_graph.model import Labels, in_language
from toolbox_graph.namespaces import DCAT, DCTERMS, FOAF, LICENCES, PROV, RDF, RDFS, SKOS, XSD, Base
from toolbox_graph.negotiation import JSONLD, LANGUAGES, NTRIPLES, RDFXML, TURTLE, Format
from toolbox_graph.service_description import name_of

AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

SPOKEN = {"en": "ENG", "fr": "FRA", "es": "SPA"}
"""Our languages in the authority table of the EU."""

FILE_TYPES = {TURTLE: "RDF_TURTLE", NTRIPLES: "RDF_N_TRIPLES", RDFXML: "RDF_XML", JSONLD: "JSON_LD"}
"""The formats in which a dataset can be had, in the authority table of the EU."""

THEME = URIRef(f"{AUTHORITY}data-theme/GOVE")
PUBLIC = URIRef(f"{AUTHORITY}access-right/PUBLIC")
PROTOCOL = URIRef("https://www.w3.org/TR/sparql11-protocol/")
STORE_PROTOCOL = URIRef("https://www.w3.org/TR/sparql11-http-rdf-update/")

CATALOGUE = {
    "en": ("Toolbox Graph", "The catalogue of tools as a whole, and what it has from each source."),
    "fr": ("Toolbox Graph", "Le catalogue d'outils entier, et ce qu'il tient de chaque source."),
    "es": ("Toolbox Graph", "El catálogo de herramientas entero, y lo que tiene de cada fuente."),
}
"""Title and description of the catalogue of datasets, by language."""

ENDPOINTS = {
    "sparql": (PROTOCOL, {"en": "SPARQL endpoint", "fr": "Point d'accès SPARQL", "es": "Punto de acceso SPARQL"}),
    "graph-store": (STORE_PROTOCOL, {"en": "Graph store", "fr": "Entrepôt de graphes", "es": "Almacén de grafos"}),
}
"""The services by their addresses: which protocol each keeps, and what it is called."""

FROM_SOURCE = {
    "en": "What the catalogue has from this source: {}.",
    "fr": "Ce que le catalogue tient de cette source : {}.",
    "es": "Lo que el catálogo tiene de esta fuente: {}.",
}


class Dataset(NamedTuple):
    """What the catalogue has from a source: the graph in which it stands, the source, its name and its licences.

    A source of which nothing is known is empty; `modified` is the time of the last change, empty where it is not known.
    """

    graph: str
    source: str
    labels: Labels
    licences: tuple[str, ...]
    modified: str


def name(base: Base) -> URIRef:
    """Return the name of the catalogue of datasets, which is its address."""
    return URIRef(f"{base.iri}catalog")


def introduction(base: Base) -> Iterator[Triple]:
    """Yield what there is to say of the catalogue, of the whole as a dataset, and of the services."""
    this, everything = name(base), whole(base)
    yield this, RDF.type, DCAT.Catalog
    yield from _texts(this, CATALOGUE.items())
    yield from _common(this)
    yield this, DCTERMS.license, LICENCES["CC0-1.0"]
    yield this, FOAF.homepage, URIRef(base.iri)
    yield this, DCAT.themeTaxonomy, URIRef(f"{AUTHORITY}data-theme")
    yield this, DCAT.dataset, everything
    yield everything, RDF.type, DCAT.Dataset
    yield from _texts(everything, TITLES.items())
    yield from _common(everything)
    yield everything, DCTERMS.accessRights, PUBLIC
    yield everything, DCTERMS.license, LICENCES["CC0-1.0"]
    yield everything, DCTERMS.identifier, Literal("catalogue")
    yield everything, DCAT.landingPage, URIRef(base.iri)
    for each in FILE_TYPES:
        yield from _distribution(base, everything, _in_store(base, "default&"), each, (str(LICENCES["CC0-1.0"]),))
    for path in ENDPOINTS:
        yield from _service(base, path)


def _service(base: Base, path: str) -> Iterator[Triple]:
    protocol, titles = ENDPOINTS[path]
    this = URIRef(base.iri + path)
    yield name(base), DCAT.service, this
    yield this, RDF.type, DCAT.DataService
    for language, title in titles.items():
        yield this, DCTERMS.title, Literal(title, language)
    yield this, DCAT.endpointURL, this
    yield this, DCAT.endpointDescription, name_of(base)
    yield this, DCTERMS.conformsTo, protocol
    yield this, DCTERMS.accessRights, PUBLIC
    yield this, DCTERMS.license, LICENCES["CC0-1.0"]
    yield this, DCAT.theme, THEME
    yield this, DCAT.servesDataset, whole(base)


def dataset(base: Base, of: Dataset) -> Iterator[Triple]:
    """Yield what there is to say of what the catalogue has from a source."""
    this = URIRef(of.graph)
    yield name(base), DCAT.dataset, this
    for path in ENDPOINTS:
        yield URIRef(base.iri + path), DCAT.servesDataset, this
    yield this, RDF.type, DCAT.Dataset
    for language, text in FROM_SOURCE.items():
        yield this, DCTERMS.title, Literal(in_language(of.labels, language), language)
        yield this, DCTERMS.description, Literal(text.format(in_language(of.labels, language)), language)
    yield this, DCAT.theme, THEME
    yield this, DCTERMS.accessRights, PUBLIC
    yield this, DCTERMS.identifier, Literal(key(base, of.graph))
    if of.source:
        yield this, PROV.wasDerivedFrom, URIRef(of.source)
        yield this, DCAT.landingPage, URIRef(of.source.replace(f"{base.iri}id/", base.iri))
    for licence in of.licences:
        yield this, DCTERMS.license, URIRef(licence)
    if of.modified:
        yield this, DCTERMS.modified, Literal(of.modified, datatype=XSD.dateTime)
    address = (
        f"{of.graph}?" if of.graph.startswith(base.graph("")) else _in_store(base, f"graph={quote(of.graph, safe='')}&")
    )
    yield from _distribution(base, this, address, TURTLE, of.licences)


def key(base: Base, graph: str) -> str:
    """Return by what a graph goes within the catalogue.

    >>> base = Base("https://example.org/")
    >>> key(base, base.graph("seeds", "cldr"))
    'seeds/cldr'
    """
    return graph.removeprefix(f"{base.iri}graph/")


def distribution(base: Base, dataset: URIRef, file_format: Format) -> URIRef:
    """Return the name of a dataset in a format."""
    within = "catalogue" if dataset == whole(base) else quote(key(base, str(dataset)), safe="/:")
    return URIRef(f"{name(base)}#{within}/{file_format.name}")


def _distribution(
    base: Base, of: URIRef, address: str, file_format: Format, licences: tuple[str, ...]
) -> Iterator[Triple]:
    this = distribution(base, of, file_format)
    yield of, DCAT.distribution, this
    yield this, RDF.type, DCAT.Distribution
    yield this, DCTERMS.title, Literal(file_format.title)
    yield this, DCAT.accessURL, URIRef(address[:-1])
    yield this, DCAT.downloadURL, URIRef(f"{address}format={file_format.name}")
    yield this, DCAT.accessService, URIRef(f"{base.iri}graph-store")
    yield this, DCAT.mediaType, URIRef(MEDIA_TYPES + file_format.media_type)
    yield this, DCTERMS["format"], URIRef(f"{AUTHORITY}file-type/{FILE_TYPES[file_format]}")
    if len(licences) == 1:
        # A distribution has one; where the source says several, nobody said which of them is meant.
        yield this, DCTERMS.license, URIRef(licences[0])


def _in_store(base: Base, parameters: str) -> str:
    return f"{base.iri}graph-store?{parameters}"


def _texts(this: URIRef, texts: Iterable[tuple[str, tuple[str, str]]]) -> Iterator[Triple]:
    for language, (title, description) in texts:
        yield this, DCTERMS.title, Literal(title, language)
        yield this, DCTERMS.description, Literal(description, language)


def _common(this: URIRef) -> Iterator[Triple]:
    yield this, DCAT.theme, THEME
    for language in LANGUAGES:
        yield this, DCTERMS.language, URIRef(f"{AUTHORITY}language/{SPOKEN[language]}")


TYPES = {
    DCTERMS.license: DCTERMS.LicenseDocument,
    DCTERMS.language: DCTERMS.LinguisticSystem,
    DCTERMS.accessRights: DCTERMS.RightsStatement,
    DCTERMS.conformsTo: DCTERMS.Standard,
    DCTERMS["format"]: DCTERMS.MediaTypeOrExtent,
    DCAT.mediaType: DCTERMS.MediaType,
    DCAT.landingPage: FOAF.Document,
    FOAF.homepage: FOAF.Document,
    DCAT.endpointURL: RDFS.Resource,
    DCAT.endpointDescription: RDFS.Resource,
    DCAT.theme: SKOS.Concept,
    DCAT.themeTaxonomy: SKOS.ConceptScheme,
}
"""What the value of a property is, for who knows it from nowhere else."""

THEMES = {
    "en": "Government and public sector",
    "fr": "Gouvernement et secteur public",
    "es": "Gobierno y sector público",
}
TAXONOMIES = {"en": "Data theme", "fr": "Thème de données", "es": "Tema de datos"}


def supplement(described: Graph, base: Base, publisher: str) -> Iterator[Triple]:
    """Yield what a description has to say beyond what the store holds: who publishes it, and what others' terms are."""
    agent = URIRef(f"{name(base)}#publisher")
    yield agent, RDF.type, FOAF.Agent
    yield agent, FOAF.name, Literal(publisher)
    for kind in (DCAT.Catalog, DCAT.Dataset, DCAT.DataService):
        for thing in described.subjects(RDF.type, kind):
            yield _named(thing), DCTERMS.publisher, agent
    for predicate, kind in TYPES.items():
        for value in map(_named, described.objects(None, predicate)):
            yield value, RDF.type, kind
            if "/" in value.removeprefix(AUTHORITY) and value.startswith(AUTHORITY):
                # In the tables of the EU the address of a value begins with that of its scheme.
                yield value, SKOS.inScheme, URIRef(value.rpartition("/")[0])
    for language in LANGUAGES:
        yield THEME, SKOS.prefLabel, Literal(THEMES[language], language)
        yield URIRef(f"{AUTHORITY}data-theme"), DCTERMS.title, Literal(TAXONOMIES[language], language)


def _named(node: Node) -> URIRef:
    assert isinstance(node, URIRef)
    return node
