"""The descriptions as others find them: over HTTP, in the default graph, by the shapes that are published for them."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from pyshacl import validate
from rdflib import RDF, Graph, URIRef

from tests.conftest import BASE, Served
from toolbox_graph import saved_queries
from toolbox_graph.assembly import Service
from toolbox_graph.describing import reading
from toolbox_graph.describing.void import whole
from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCAT, DCTERMS, FOAF, PREFIXES, SH, VOID
from toolbox_graph.negotiation import RDFLIB_NAMES, VOCABULARIES, Format
from toolbox_graph.search.answering import answered
from toolbox_graph.search.finding import Search
from toolbox_graph.search.index import FOLDER
from toolbox_graph.settings import Settings
from toolbox_graph.store.generations import Generations
from toolbox_graph.store.search_clauses import read
from toolbox_graph.web.app import create_app

ADDRESSES = ("/.well-known/void", "/catalog")
PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

each_address = pytest.mark.parametrize("address", ADDRESSES)


@pytest.fixture(scope="module")
def catalog(served: Served) -> Graph:
    """The catalogue of datasets as a harvester gets it."""
    return Graph().parse(data=served.get("/catalog.ttl").content, format="turtle")


def ask(served: Served, query: str) -> list[dict[str, str]]:
    """Return the rows that the endpoint finds in the default graph."""
    answer = served.post("/sparql", data={"query": PROLOGUE + query}, headers={"Accept": "application/json"}).json()
    return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]


def path(address: object) -> str:
    """Return an address of ours as it is asked for, without what only the reader needs."""
    assert str(address).startswith(BASE.iri)
    return f"/{str(address).removeprefix(BASE.iri)}".partition("#")[0]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
@pytest.mark.parametrize("offer", VOCABULARIES, ids=lambda offer: offer.name)
@each_address
def test_a_description_says_the_same_in_every_format(served: Served, address: str, offer: Format) -> None:
    by_ending = served.get(f"{address}.{offer.name}")
    asked = served.get(address, headers={"Accept": offer.media_type})
    assert by_ending.content == asked.content
    assert asked.headers["Content-Type"].partition(";")[0] == offer.media_type
    turtle = Graph().parse(data=served.get(f"{address}.ttl").content, format="turtle")
    assert set(Graph().parse(data=asked.content, format=RDFLIB_NAMES[offer.name])) == set(turtle)


@each_address
def test_a_description_is_a_page_to_people(served: Served, address: str) -> None:
    response = served.get(address, headers={"Accept": "text/html,*/*;q=0.8"})
    assert response.headers["Content-Type"].startswith("text/html")
    assert served.get(f"{address}.png").status_code == 404


@pytest.mark.parametrize(
    "pattern",
    [
        "?s a sd:Service ; sd:endpoint ?e ; sd:defaultDataset [ sd:defaultGraph <graph/catalogue> ; sd:namedGraph ?g ]",
        "?s a void:Dataset ; void:sparqlEndpoint <sparql> ; void:triples ?n ; tbg:position ?p",
        "?s a void:Linkset ; void:linkPredicate owl:sameAs ; void:objectsTarget [ void:uriSpace ?w ] ; void:triples ?n",
        "?s a dcat:Catalog ; dcat:dataset ?d . ?d dcat:distribution [ dcat:accessURL ?a ]",
        "?s a dcat:DataService ; dcat:endpointURL <sparql> ; dcat:servesDataset ?d",
        "?s a sh:SPARQLExecutable ; sh:prefixes/sh:declare ?d",
    ],
)
def test_the_descriptions_are_found_without_naming_a_graph(served: Served, pattern: str) -> None:
    assert ask(served, f"SELECT ?s {{ {pattern} }} LIMIT 1")


def test_an_editor_finds_which_classes_have_which_properties(served: Served) -> None:
    """The editor of SIB asks for classes, their properties, and classes or datatypes of the values."""
    rows = ask(
        served,
        """
        PREFIX ext: <http://ldf.fi/void-ext#>
        SELECT DISTINCT ?class ?label ?property ?triples ?to ?datatype {
            ?part void:class ?class ; void:propertyPartition ?properties .
            ?properties void:property ?property .
            OPTIONAL { ?properties void:triples ?triples }
            OPTIONAL { ?class rdfs:label ?label }
            OPTIONAL {
                { ?properties void:classPartition/void:class ?to }
                UNION { ?properties ext:datatypePartition/ext:datatype ?datatype }
            }
        }
        """,
    )
    tool, named = PREFIXES["tbg"] + "Tool", PREFIXES["rdf"] + "langString"
    found = {(row["class"], row["property"], row.get("to", row.get("datatype", ""))) for row in rows}
    assert (tool, PREFIXES["rdfs"] + "label", named) in found
    assert (tool, PREFIXES["tbg"] + "developer", PREFIXES["org"] + "Organization") in found


def test_an_editor_finds_the_prefixes(served: Served) -> None:
    rows = ask(served, "SELECT DISTINCT ?prefix ?namespace { [] sh:namespace ?namespace ; sh:prefix ?prefix }")
    assert {row["prefix"]: row["namespace"] for row in rows} == PREFIXES


def test_an_editor_finds_the_questions(served: Served) -> None:
    rows = ask(
        served,
        "SELECT DISTINCT ?question ?text { ?question a sh:SPARQLExecutable ; rdfs:comment ?said ; sh:select|sh:ask|sh:construct ?text }",
    )
    assert {row["question"] for row in rows} == {f"{BASE.iri}queries/{name}" for name in saved_queries.saved_queries()}


def test_each_question_runs_as_it_stands_wherever_it_is_copied_to(catalogue: Path) -> None:
    told = f"SELECT ?text {{ ?question a <{SH.SPARQLExecutable}> ; <{SH.select}> ?text }}"
    with Generations(catalogue / "generations").open() as generation:
        texts = [row["text"].value for row in cast(ox.QuerySolutions, generation.store.query(told))]
        search = Search(generation.folder / FOLDER, Model(BASE))
        plain = [answered(found, search, BASE) if (found := read(text, "")) else text for text in texts]
        assert [text for text in plain if not any(cast(ox.QuerySolutions, generation.store.query(text)))] == []


def test_nothing_follows_from_the_descriptions(served: Served) -> None:
    described = "VALUES ?d { <graph/void> <graph/dcat> <graph/service> <graph/queries> }"
    assert (
        ask(served, f"SELECT ?s {{ {described} GRAPH ?d {{ ?s ?p ?o }} GRAPH <graph/derived> {{ ?s ?q ?r }} }}") == []
    )


MANDATORY = {
    DCAT.Catalog: (DCTERMS.title, DCTERMS.description, DCTERMS.publisher),
    DCAT.Dataset: (DCTERMS.title, DCTERMS.description),
    DCAT.Distribution: (DCAT.accessURL,),
    DCAT.DataService: (DCTERMS.title, DCAT.endpointURL),
    FOAF.Agent: (FOAF.name,),
}
"""What DCAT-AP 3 demands of each class that we use."""


@pytest.mark.parametrize("kind", MANDATORY, ids=str)
def test_the_catalogue_has_what_the_profile_demands(catalog: Graph, kind: URIRef) -> None:
    things = set(catalog.subjects(RDF.type, kind))
    assert things
    assert {
        (thing, name) for thing in things for name in MANDATORY[kind] if (thing, name, None) not in catalog
    } == set()


SHAPES = ("shapes.ttl", "range.ttl", "mdr-vocabularies.shape.ttl", "deprecateduris.ttl")


@pytest.mark.parametrize("name", SHAPES)
def test_the_catalogue_keeps_the_published_shapes(catalog: Graph, name: str) -> None:
    """The folder is `releases/3.0.1/html/shacl` of a checkout."""
    folder = os.environ.get("DCAT_AP_SHAPES")
    if not folder:
        pytest.skip("needs DCAT_AP_SHAPES, the folder with the shapes in a checkout of github.com/SEMICeu/DCAT-AP")
    conforms, _, report = validate(catalog, shacl_graph=Graph().parse(Path(folder, name)), allow_warnings=True)
    assert conforms, report


def test_the_questions_keep_the_shapes_of_examples(served: Served) -> None:
    """The file is `src/main/resources/spex.shacl` of a checkout."""
    file = os.environ.get("SPEX_SHAPES")
    if not file:
        pytest.skip("needs SPEX_SHAPES, the shapes in a checkout of github.com/sib-swiss/sparql-examples-utils")
    # A backslash in it is not escaped, which Turtle asks for.
    shapes = Graph().parse(data=Path(file).read_text().replace("\\s", "\\\\s"), format="turtle")
    examples = Graph().parse(data=served.get("/graph/queries").content, format="turtle")
    conforms, _, report = validate(examples, shacl_graph=shapes)
    assert conforms, report


def links(catalog: Graph) -> Iterator[tuple[str, str]]:
    """Yield the addresses of ours that the catalogue leads to, and the media type that it promises, if it does."""
    for name in (DCAT.accessURL, DCAT.endpointURL, DCAT.endpointDescription, DCAT.landingPage, FOAF.homepage):
        yield from ((path(address), "") for address in catalog.objects(None, name))
    for distribution, address in catalog.subject_objects(DCAT.downloadURL):
        media_type = catalog.value(distribution, DCAT.mediaType)
        yield path(address), str(media_type).partition("media-types/")[2]


def test_whatever_the_catalogue_leads_to_is_there_and_is_what_it_says(served: Served, catalog: Graph) -> None:
    wrong: dict[str, Any] = {}
    for address, media_type in sorted(set(links(catalog))):
        parameters = "?query=ASK{}" if address == "/sparql" else "?default" if address == "/graph-store" else ""
        response = served.get(address + parameters, stream=True)
        if response.status_code != 200 or media_type not in response.headers["Content-Type"]:
            wrong[address] = (response.status_code, response.headers["Content-Type"])
        response.close()
    assert wrong == {}


def test_each_dataset_is_a_graph_of_a_source_or_the_whole(served: Served, catalog: Graph) -> None:
    graphs = {row["g"] for row in ask(served, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")}
    made = {
        BASE.graph(name) for name in ("ontology", "shapes", "history", "derived", "void", "dcat", "service", "queries")
    }
    datasets = set(map(str, catalog.objects(None, DCAT.dataset)))
    assert datasets == (graphs - made) | {str(whole(BASE))}


def test_the_numbers_lead_to_where_all_can_be_had(served: Served) -> None:
    void = Graph().parse(data=served.get("/.well-known/void.ttl").content, format="turtle")
    for name in (VOID.sparqlEndpoint, VOID.dataDump):
        [address] = void.objects(whole(BASE), name)
        assert served.get(path(address), stream=True).status_code == 200


def test_of_a_playground_nothing_is_told() -> None:
    assert len(reading.catalogue(ox.Store(), BASE, "nobody")) == 0


def test_the_publisher_is_whom_the_operator_names(catalogue: Path) -> None:
    operated = create_app(Service(Settings(data=catalogue, publisher="Ministry of Examples"))).test_client()
    assert "Ministry of Examples" in operated.get("/catalog").text
    told = Graph().parse(data=operated.get("/catalog.ttl").data, format="turtle")
    assert [str(name) for name in told.objects(None, FOAF.name)] == ["Ministry of Examples"]


def test_the_home_page_names_its_descriptions_in_its_head(client: FlaskClient) -> None:
    told = ", ".join(client.get("/").headers.getlist("Link"))
    assert '<catalog>; rel="describedby"' in told


@each_address
def test_every_page_leads_to_the_descriptions(client: FlaskClient, address: str) -> None:
    assert f'href="../{address[1:]}"' in client.get("/tool/openfisca", headers={"Accept": "text/html"}).text
