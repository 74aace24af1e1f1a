"""The endpoint keeps the SPARQL 1.1 Protocol: a request of our own for each case of the W3C's suite."""

from typing import NamedTuple
from urllib.parse import urlencode

import pytest
import requests
from rdflib import Graph, Literal, URIRef

from tests.conftest import BASE, Served
from toolbox_graph.namespaces import RDF, VOID
from toolbox_graph.service_description import SD

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
ONTOLOGY, SHAPES, NOWHERE = BASE.graph("ontology"), BASE.graph("shapes"), BASE.graph("nowhere")
CLASS, SHAPE = "<https://w3id.org/toolbox-graph/ontology#Tool>", "<https://w3id.org/toolbox-graph/shapes#Tool>"
"""Of these the graph of the ontology describes the one, that of the shapes the other."""

BOTH = f"ASK {{ {CLASS} a ?kind . {SHAPE} a ?what }}"
IN_GRAPHS = f"ASK {{ GRAPH ?o {{ {CLASS} a ?kind }} GRAPH ?s {{ {SHAPE} a ?what }} }}"
NOT_BY_DEFAULT = f"ASK {{ FILTER NOT EXISTS {{ {CLASS} a ?kind }} GRAPH ?g {{ {CLASS} a ?what }} }}"


class Case(NamedTuple):
    """A request: its method, what stands in its address, what its body is, and which answer it gets."""

    method: str
    parameters: list[tuple[str, str]]
    content_type: str = ""
    body: str | bytes = ""
    boolean: bool = True


def form(*fields: tuple[str, str]) -> str:
    """Return the body of a form."""
    return urlencode(fields)


DEFAULT = [("default-graph-uri", ONTOLOGY), ("default-graph-uri", SHAPES)]
NAMED = [("named-graph-uri", ONTOLOGY), ("named-graph-uri", SHAPES)]
ASKED = {
    "query_get": Case("GET", [("query", "ASK {}")]),
    "query_post_form": Case("POST", [], FORM, form(("query", "ASK {}"))),
    "query_post_direct": Case("POST", [], QUERY, "ASK {}"),
    "query with a charset": Case("POST", [], f'{QUERY}; charset="UTF-8"', "ASK {}"),
    "query_dataset_default_graphs_get": Case("GET", [("query", BOTH), *DEFAULT]),
    "query_dataset_default_graphs_post": Case("POST", DEFAULT, QUERY, BOTH),
    "query_dataset_default_graphs_post, as a form": Case("POST", [], FORM, form(("query", BOTH), *DEFAULT)),
    "query_dataset_named_graphs_get": Case("GET", [("query", IN_GRAPHS), *NAMED]),
    "query_dataset_named_graphs_post": Case("POST", NAMED, QUERY, IN_GRAPHS),
    "query_dataset_full": Case("POST", [("default-graph-uri", SHAPES), ("named-graph-uri", ONTOLOGY)], QUERY, NOT_BY_DEFAULT),
    "query_multiple_dataset": Case("GET", [("query", f"ASK FROM <{NOWHERE}> {{ {CLASS} a ?kind }}"), *DEFAULT]),
    "only what is named can be asked": Case("GET", [("query", f"ASK {{ GRAPH <{SHAPES}> {{ ?s ?p ?o }} }}"), ("named-graph-uri", ONTOLOGY)], boolean=False),
    "with named graphs alone the default graph is empty": Case("GET", [("query", "ASK { ?s ?p ?o }"), *NAMED], boolean=False),
    "with default graphs alone there are no named ones": Case("GET", [("query", "ASK { GRAPH ?g { ?s ?p ?o } }"), *DEFAULT], boolean=False),
    "the merge has a name": Case("GET", [("query", "ASK { <id/tool/openfisca> ?p ?o }"), ("default-graph-uri", BASE.merge)]),
    "a graph that is not there is empty": Case("GET", [("query", "ASK { ?s ?p ?o }"), ("default-graph-uri", NOWHERE)], boolean=False),
    "QUERY": Case("QUERY", [], QUERY, "ASK {}"),
    "QUERY with a form": Case("QUERY", [], FORM, form(("query", BOTH), *DEFAULT)),
    "QUERY with a dataset": Case("QUERY", DEFAULT, QUERY, BOTH),
}  # fmt: skip


def send(served: Served, case: Case, **headers: str) -> requests.Response:
    """Send a request."""
    return requests.request(
        case.method,
        f"{served.address}/sparql?{urlencode(case.parameters)}",
        data=case.body or None,
        headers={**({"Content-Type": case.content_type} if case.content_type else {}), **headers},
        timeout=30,
    )


@pytest.mark.parametrize("case", ASKED.values(), ids=ASKED.keys())
def test_a_query_is_answered_over_the_dataset_that_was_asked_for(served: Served, case: Case) -> None:
    response = send(served, case)
    assert (response.status_code, response.json().get("boolean")) == (200, case.boolean)


@pytest.mark.parametrize(
    ("query", "accept"),
    [
        ("SELECT (1 AS ?value) {}", "application/sparql-results+xml, application/sparql-results+json"),
        ("ASK {}", "application/sparql-results+xml, application/sparql-results+json"),
        ("DESCRIBE <id/tool/openfisca>", "application/rdf+xml, text/turtle"),
        ("CONSTRUCT { <urn:s> <urn:p> 1 } WHERE {}", "application/rdf+xml, text/turtle"),
    ],
    ids=["query_content_type_select", "query_content_type_ask", "query_content_type_describe", "query_content_type_construct"],
)  # fmt: skip
def test_the_answer_comes_in_one_of_the_types_asked_for(served: Served, query: str, accept: str) -> None:
    response = send(served, Case("POST", [], QUERY, query), Accept=accept)
    assert response.status_code == 200
    assert response.headers["Content-Type"].partition(";")[0] in accept


REFUSED = {
    "bad_query_method": (Case("PUT", [("query", "ASK {}")]), 405),
    "bad_multiple_queries": (Case("GET", [("query", "ASK {}"), ("query", "SELECT * {}")]), 400),
    "bad_multiple_queries, one in the body": (Case("POST", [("query", "ASK {}")], QUERY, "ASK {}"), 400),
    "bad_query_wrong_media_type": (Case("POST", [], "text/plain", "ASK {}"), 415),
    "bad_query_missing_form_type": (Case("POST", [], "", form(("query", "ASK {}")).encode()), 415),
    "bad_query_missing_direct_type": (Case("POST", [], "", b"ASK {}"), 415),
    "bad_query_non_utf8": (Case("POST", [], f"{QUERY}; charset=UTF-16", "ASK {}".encode("utf-16")), 415),
    "bad_query_non_utf8, not told": (Case("POST", [], QUERY, "ASK {}".encode("utf-16")), 400),
    "bad_query_syntax": (Case("GET", [("query", "ASK {")]), 400),
    "bad_update_get": (Case("GET", [("update", "CLEAR ALL")]), 400),
    "an update as a query": (Case("POST", [], QUERY, "CLEAR ALL"), 400),
    "a dataset of an update": (Case("GET", [("query", "ASK {}"), ("using-graph-uri", ONTOLOGY)]), 400),
    "a graph that is no IRI": (Case("GET", [("query", "ASK {}"), ("default-graph-uri", "ontology")]), 400),
    "a graph that cannot be an IRI": (Case("GET", [("query", "ASK {}"), ("named-graph-uri", "http://a b")]), 400),
    "QUERY without a type": (Case("QUERY", [], "", b"ASK {}"), 415),
    "no query": (Case("POST", [], FORM, form(("format", "json"))), 400),
}  # fmt: skip


@pytest.mark.parametrize(("case", "status"), REFUSED.values(), ids=REFUSED.keys())
def test_what_does_not_keep_the_protocol_is_refused(served: Served, case: Case, status: int) -> None:
    response = send(served, case)
    assert (response.status_code, response.json()["status"]) == (status, status)


def test_a_refused_method_is_told_with_those_there_are(served: Served) -> None:
    response = send(served, Case("DELETE", []))
    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, POST, QUERY")


def test_the_service_tells_which_bodies_it_reads(served: Served) -> None:
    headers = requests.options(f"{served.address}/sparql", timeout=30).headers
    assert '"application/sparql-query"' in headers["Accept-Query"]
    assert "QUERY" in headers["Access-Control-Allow-Methods"]


DESCRIPTIONS = {"text/turtle": "turtle", "application/rdf+xml": "xml", "application/n-triples": "nt", "application/ld+json": "json-ld"}  # fmt: skip


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
@pytest.mark.parametrize("media_type", DESCRIPTIONS)
def test_without_a_query_the_service_describes_itself(served: Served, media_type: str) -> None:
    response = served.get("/sparql", headers={"Accept": media_type})
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    told = Graph().parse(data=response.content, format=DESCRIPTIONS[media_type])
    [service] = told.subjects(RDF.type, SD.Service)
    assert list(told.objects(service, SD.endpoint)) == [URIRef(f"{BASE.iri}sparql")]


def test_the_description_names_the_graphs_and_counts_what_they_hold(served: Served) -> None:
    told = Graph().parse(data=served.get("/sparql").content, format="turtle")
    assert URIRef(ONTOLOGY) in set(told.objects(None, SD.name))
    for graph in [ONTOLOGY, BASE.merge]:
        asked = Case("GET", [("query", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"), ("default-graph-uri", graph)])
        [row] = send(served, asked).json()["results"]["bindings"]
        assert list(told.objects(URIRef(graph), VOID.triples)) == [Literal(int(row["n"]["value"]))]


def test_the_same_description_is_the_same_bytes(served: Served) -> None:
    assert served.get("/sparql").content == served.get("/sparql").content


@pytest.mark.parametrize("accept", ["application/sparql-results+json", "text/csv"])
def test_who_takes_no_description_has_to_ask_something(served: Served, accept: str) -> None:
    assert served.get("/sparql", headers={"Accept": accept}).status_code == 400
