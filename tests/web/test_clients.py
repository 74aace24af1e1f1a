"""Programs that people ask with: curl, Comunica, SPARQLWrapper and rdflib find what is there."""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDFS
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.conftest import BASE, THOROUGH, Served, require, serving
from toolbox_graph.accounts import Accounts

CLIENTS = Path(__file__).parents[1] / "clients"
"""A package of npm, with the clients in JavaScript."""

LABEL, LICENCE = str(RDFS.label), "http://purl.org/dc/terms/license"
TOOL = BASE.thing("tool", "openfisca")
SELECT = f'SELECT ?name {{ <{TOOL}> <{LABEL}> ?name FILTER(LANG(?name) = "en") }}'
SEARCH = (
    "PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
    'SELECT ?x ?s { (?x ?s) tbg:matches ("opnfisca" 3) . ?x rdfs:label ?l FILTER(LANG(?l) = "en") }'
)
ASK = f"ASK {{ <{TOOL}> ?p ?o }}"
CONSTRUCT = f"CONSTRUCT {{ <{TOOL}> <{LABEL}> ?name }} WHERE {{ <{TOOL}> <{LABEL}> ?name }}"
DESCRIBE = f"DESCRIBE <{TOOL}>"
JOIN = f"""SELECT ?tool ?name ?other {{
  <{TOOL}> <{LICENCE}> ?licence . ?tool <{LICENCE}> ?licence ; <{LABEL}> ?name .
  OPTIONAL {{ ?tool <http://www.w3.org/2002/07/owl#sameAs> ?other }} }}"""
"""Tools under the same licence, with what else they are called."""

DIRECT = "Content-Type: application/sparql-query"


def curl(*arguments: str) -> str:
    """Return what curl says."""
    done = subprocess.run([require(program="curl"), "--silent", "--show-error", "--max-time", "30", *arguments],
                          capture_output=True, check=True)  # fmt: skip
    return done.stdout.decode()


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["--get", "--data-urlencode", f"query={SELECT}"], id="GET"),
        pytest.param(["--data-urlencode", f"query={SELECT}"], id="POST of a form"),
        pytest.param(["--header", DIRECT, "--data-binary", SELECT], id="POST of a query"),
        pytest.param(["--request", "QUERY", "--header", DIRECT, "--data-binary", SELECT], id="QUERY"),
        pytest.param(["--request", "QUERY", "--data-urlencode", f"query={SELECT}"], id="QUERY by a form"),
        pytest.param(["--compressed", "--get", "--data-urlencode", f"query={SELECT}"], id="packed"),
        pytest.param(["--http1.0", "--get", "--data-urlencode", f"query={SELECT}"], id="HTTP 1.0"),
        pytest.param(["--http2", "--get", "--data-urlencode", f"query={SELECT}"], id="HTTP 2, if you have it"),
        pytest.param(["--header", "Expect: 100-continue", "--data-urlencode", f"query={SELECT}"], id="only if you will read it"),
        pytest.param(["--header", "Transfer-Encoding: chunked", "--header", DIRECT, "--data-binary", SELECT], id="in chunks"),
    ],
)  # fmt: skip
def test_curl_is_answered(served: Served, arguments: list[str]) -> None:
    found = curl(*arguments, "--header", "Accept: text/csv", f"{served.address}/sparql")
    assert found == "name\r\nOpenFisca\r\n"


def test_curl_is_told_the_head_of_an_answer_alone(served: Served) -> None:
    found = curl("--head", "--get", "--data-urlencode", f"query={SELECT}", f"{served.address}/sparql")
    assert found.startswith("HTTP/1.1 200")
    assert "content-type: application/sparql-results+json" in found
    assert "OpenFisca" not in found


def test_curl_is_not_sent_again_what_it_has(served: Served, tmp_path: Path) -> None:
    asked = ["--get", "--data-urlencode", f"query={SELECT}", f"{served.address}/sparql", "--write-out", "%{http_code}"]
    tags, body = tmp_path / "tags", tmp_path / "body"
    assert curl("--etag-save", str(tags), "--output", str(body), *asked) == "200"
    assert curl("--etag-compare", str(tags), "--output", str(body), *asked) == "304"


def test_curl_fails_where_an_answer_is_broken_off(served: Served) -> None:
    flood = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    program = [require(program="curl"), "--silent", "--output", os.devnull, "--data-urlencode", f"query={flood}"]
    assert subprocess.run([*program, f"{served.address}/sparql"], check=False).returncode == 18  # a part of the answer


@pytest.fixture(scope="session")
def comunica() -> Callable[[Served, str], Any]:
    """Ask through Comunica, where it is installed."""
    node = require(program="node")
    if not (CLIENTS / "node_modules").exists():
        missing = pytest.fail if THOROUGH else pytest.skip
        missing("needs Comunica: npm ci --prefix tests/clients --ignore-scripts")

    def ask(served: Served, query: str) -> Any:
        program = [node, str(CLIENTS / "ask.mjs"), f"{served.address}/sparql", query]
        done = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)
        return json.loads(done.stdout)

    return ask


def plain(served: Served, query: str) -> list[dict[str, str]]:
    """Return the rows of an answer over plain HTTP."""
    rows = served.post("/sparql", data={"query": query, "format": "json"}).json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def in_order(rows: list[dict[str, str]]) -> list[list[tuple[str, str]]]:
    """Return rows in an order of their own."""
    return sorted(sorted(row.items()) for row in rows)


def test_comunica_joins_as_we_do(served: Served, comunica: Callable[[Served, str], Any]) -> None:
    expected = plain(served, JOIN)
    assert len(expected) > 10
    assert in_order(comunica(served, JOIN)) == in_order(expected)


@pytest.mark.parametrize(("query", "answer"), [(ASK, True), (ASK.replace("openfisca", "nothing"), False)])
def test_comunica_is_told_what_is_so(served: Served, comunica: Callable[[Served, str], Any], query: str, answer: bool) -> None:  # fmt: skip
    assert comunica(served, query) is answer


def test_comunica_reads_a_graph(served: Served, comunica: Callable[[Served, str], Any]) -> None:
    response = served.post("/sparql", data={"query": CONSTRUCT, "format": "nt"})
    expected = [[str(term) for term in triple] for triple in Graph().parse(data=response.text, format="nt")]
    assert expected
    assert sorted(comunica(served, CONSTRUCT)) == sorted(expected)


def test_comunica_leaves_a_search_to_the_endpoint(served: Served, comunica: Callable[[Served, str], Any]) -> None:
    expected = plain(served, SEARCH)
    assert len(expected) == 3
    assert in_order(comunica(served, SEARCH)) == in_order(expected)


def test_the_clients_in_javascript_are_named_without_where_they_were_had() -> None:
    lock = json.loads((CLIENTS / "package-lock.json").read_text())
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert not [package for package in packages if "resolved" in package or "integrity" not in package]


@pytest.mark.parametrize("method", ["GET", POST])
@pytest.mark.parametrize("request_method", ["urlencoded", POSTDIRECTLY])
def test_sparqlwrapper_selects(served: Served, method: str, request_method: str) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql", returnFormat=JSON)
    client.setQuery(SELECT)
    client.setMethod(method)
    client.setRequestMethod(request_method)
    found: Any = client.query().convert()
    assert [row["name"]["value"] for row in found["results"]["bindings"]] == ["OpenFisca"]


@pytest.mark.parametrize("format_name", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_gets_the_table_that_it_asks_for(served: Served, format_name: str) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql", returnFormat=format_name)
    client.setQuery(SELECT)
    found: Any = client.query().convert()
    written = found.toxml() if format_name == XML else json.dumps(found) if format_name == JSON else found.decode()
    assert "OpenFisca" in written


def test_sparqlwrapper_is_told_what_is_so(served: Served) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql", returnFormat=JSON)
    client.setQuery(ASK)
    found: Any = client.query().convert()
    assert found["boolean"] is True


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["CONSTRUCT", "DESCRIBE"])
@pytest.mark.parametrize("format_name", [TURTLE, N3, RDFXML, JSONLD])
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper's own reading of RDF
def test_sparqlwrapper_reads_a_graph(served: Served, query: str, format_name: str) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql", returnFormat=format_name)
    client.setQuery(query)
    found: Any = client.query().convert()
    # Turtle comes as it was sent, other formats as a graph.
    graph = Graph().parse(data=found, format="turtle") if isinstance(found, bytes) else found
    assert (URIRef(TOOL), RDFS.label, Literal("OpenFisca", "en")) in graph


def test_sparqlwrapper_updates_with_a_token(house_template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    shutil.copytree(house_template, folder, symlinks=True)
    token = Accounts(folder, BASE).create("ada", ["write"], now="2026-11-28T10:00:00Z")
    with serving(folder, TOOLBOX_WORKERS="1") as service:
        client = SPARQLWrapper(f"{service.address}/sparql", returnFormat=JSON)
        client.setMethod(POST)
        client.addCustomHttpHeader("Authorization", f"Bearer {token}")
        said = f'<{BASE.thing("tool", "door")}> <http://schema.org/featureList> "It opens."@en'
        client.setQuery(f"INSERT DATA {{ {said} }}")
        assert client.query().response.status == 204
        client.clearCustomHttpHeader("Authorization")
        client.setQuery(f"ASK {{ {said} }}")
        found: Any = client.query().convert()
        assert found["boolean"] is True


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_asks_by_any_method(served: Served, method: str) -> None:
    store = SPARQLStore(f"{served.address}/sparql", method=method)
    assert [str(row[0]) for row in Graph(store).query(SELECT)] == ["OpenFisca"]  # type: ignore[index]


def test_rdflib_finds_statements_by_their_parts(served: Served) -> None:
    store = SPARQLStore(f"{served.address}/sparql")
    name = Literal("OpenFisca", "en")
    patterns = [(URIRef(TOOL), None, None), (None, RDFS.label, name), (URIRef(TOOL), RDFS.label, None)]
    for pattern in patterns:
        assert (URIRef(TOOL), RDFS.label, name) in {triple for triple, _ in store.triples(pattern)}


def test_rdflib_counts_what_there_is(served: Served) -> None:
    store = SPARQLStore(f"{served.address}/sparql")
    [row] = plain(served, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert len(store) == int(row["n"])


def test_rdflib_is_told_what_is_so_and_reads_a_graph(served: Served) -> None:
    graph = Graph(SPARQLStore(f"{served.address}/sparql"))
    assert graph.query(ASK).askAnswer is True
    assert (URIRef(TOOL), RDFS.label, Literal("OpenFisca", "en")) in set(graph.query(CONSTRUCT))
