"""The SPARQL endpoint over real HTTP, as clients that people use ask it."""

import csv
import http.client
import io
import json
import re
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from rdflib import Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import JSON, POST, SPARQLWrapper

from tests.conftest import BASE, Served, serving, wait_until

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SELECT = f'SELECT ?name {{ <id/tool/openfisca> <{LABEL}> ?name FILTER(LANG(?name) = "en") }}'
ASK = "ASK { <id/tool/openfisca> ?p ?o }"
CONSTRUCT = "CONSTRUCT WHERE { <id/tool/openfisca> ?p ?o }"
DESCRIBE = "DESCRIBE <id/tool/openfisca>"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ENDLESS_STREAM = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DOUBLING = f"""SELECT (STRLEN(?x30) AS ?n) {{
  BIND("eight  8" AS ?x0) {" ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(30))} }}"""
FORM = "application/x-www-form-urlencoded"


def ask(served: Served, query: str, accept: str = "*/*", **parameters: str) -> requests.Response:
    """Ask the endpoint by GET."""
    return served.get(f"/sparql?{urlencode({'query': query, **parameters})}", headers={"Accept": accept})


def names(response: requests.Response) -> list[str]:
    """Return the names in an answer in JSON."""
    return [row["name"]["value"] for row in response.json()["results"]["bindings"]]


def test_a_query_by_get_is_answered(served: Served) -> None:
    assert names(ask(served, SELECT)) == ["OpenFisca"]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [(FORM, urlencode({"query": SELECT})), ("application/sparql-query", SELECT), ("application/sparql-query; charset=utf-8", SELECT)],
)  # fmt: skip
def test_a_query_by_post_is_answered(served: Served, content_type: str, body: str) -> None:
    assert names(served.post("/sparql", data=body, headers={"Content-Type": content_type})) == ["OpenFisca"]


RESULTS: dict[str, Callable[[str], str]] = {
    "application/sparql-results+json": lambda text: str(json.loads(text)["results"]["bindings"][0]["name"]["value"]),
    "application/sparql-results+xml": lambda text: text.partition("<literal")[2].partition(">")[2].partition("<")[0],
    "text/csv": lambda text: list(csv.reader(io.StringIO(text)))[1][0],
    "text/tab-separated-values": lambda text: text.splitlines()[1].partition("@")[0].strip('"'),
}
GRAPHS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
    "application/n-quads": "nt",
    "application/trig": "turtle",
}
"""The formats of graphs, and how rdflib reads what has one graph in them."""


@pytest.mark.parametrize("media_type", RESULTS)
def test_results_come_in_the_format_that_was_asked_for(served: Served, media_type: str) -> None:
    response = ask(served, SELECT, media_type)
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    assert RESULTS[media_type](response.text) == "OpenFisca"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reading of JSON-LD
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_come_in_the_format_that_was_asked_for(served: Served, query: str, media_type: str) -> None:
    response = ask(served, query, media_type)
    assert response.headers["Content-Type"].partition(";")[0] == media_type
    found = Graph().parse(data=response.content, format=GRAPHS[media_type])
    expected = Graph().parse(data=ask(served, CONSTRUCT, "application/n-triples").content, format="nt")
    assert isomorphic(found, expected)


@pytest.mark.parametrize(("name", "media_type"), [("json", "application/sparql-results+json"), ("xml", "application/sparql-results+xml"),
                                                  ("CSV", "text/csv; charset=utf-8"), ("application/sparql-results xml", "application/sparql-results+xml"),
                                                  ("text/html", "text/html; charset=utf-8"), ("tsv", "text/tab-separated-values; charset=utf-8")])  # fmt: skip
def test_the_format_can_be_named_in_the_address(served: Served, name: str, media_type: str) -> None:
    assert ask(served, SELECT, "text/html", format=name).headers["Content-Type"] == media_type


def test_an_ask_is_answered(served: Served) -> None:
    assert ask(served, ASK).json()["boolean"] is True
    assert ask(served, "ASK { <id/tool/nothing> ?p ?o }").json()["boolean"] is False


def test_relative_names_are_those_of_the_catalogue(served: Served) -> None:
    response = ask(served, "SELECT ?s { BIND(<id/tool/openfisca> AS ?s) }")
    assert response.json()["results"]["bindings"][0]["s"]["value"] == BASE.thing("tool", "openfisca")


def test_what_sources_say_can_be_asked_by_graph(served: Served) -> None:
    query = f"SELECT ?g {{ GRAPH ?g {{ <id/tool/openfisca> <{LABEL}> ?name }} }}"
    assert all(
        row["g"]["value"].startswith(f"{BASE.iri}graph/seeds/")
        for row in ask(served, query).json()["results"]["bindings"]
    )


def test_a_triple_that_several_sources_state_is_found_once(served: Served) -> None:
    rows = ask(served, SELECT).json()["results"]["bindings"]
    assert len(rows) == 1


def test_sparqlwrapper_is_answered(served: Served) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql")
    client.setQuery(SELECT)
    client.setReturnFormat(JSON)
    for method in ("GET", POST):
        client.setMethod(method)
        found: Any = client.query().convert()
        assert found["results"]["bindings"][0]["name"]["value"] == "OpenFisca"


def test_rdflib_reads_the_catalogue_as_a_graph_of_its_own(served: Served) -> None:
    graph = Graph(SPARQLStore(f"{served.address}/sparql"))
    assert "OpenFisca" in {str(name) for name in graph.objects(URIRef(BASE.thing("tool", "openfisca")), URIRef(LABEL))}


def test_the_whole_catalogue_fits_in_one_answer(served: Served) -> None:
    response = ask(served, "CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples")
    counted = ask(served, "SELECT (COUNT(*) AS ?name) { ?s ?p ?o }")
    assert len(set(response.text.splitlines())) == int(names(counted)[0])


def test_scripts_of_other_sites_may_read(served: Served) -> None:
    assert ask(served, SELECT).headers["Access-Control-Allow-Origin"] == "*"
    assert ask(served, "SELECT").headers["Access-Control-Allow-Origin"] == "*"


def test_scripts_of_other_sites_may_post_a_query(served: Served) -> None:
    asking = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    response = requests.options(f"{served.address}/sparql", headers=asking, timeout=30)
    assert (response.status_code, response.content) == (204, b"")
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_scripts_of_other_sites_may_ask_for_pages_and_data_too(served: Served) -> None:
    response = requests.options(f"{served.address}/id/tool/openfisca", timeout=30)
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_a_query_string_with_raw_bytes_gets_an_answer(served: Served) -> None:
    where = urlsplit(served.address)
    with socket.create_connection((str(where.hostname), where.port or 0), timeout=30) as connection:
        connection.sendall(
            b"GET /tools?q=\xc3\xa9 HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
        )
        assert connection.recv(12).startswith(b"HTTP/1.1 200")


def test_a_body_that_breaks_off_is_not_run(served: Served) -> None:
    where = urlsplit(served.address)
    with socket.create_connection((str(where.hostname), where.port or 0), timeout=30) as connection:
        connection.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 100\r\n\r\nASK {}"
        )
        connection.shutdown(socket.SHUT_WR)
        assert b"200" not in connection.recv(100)


@pytest.mark.parametrize(
    ("path", "media_type"),
    [("/sparql", "application/sparql-query"), ("/sparql", FORM), ("/reconcile", FORM)],
)
@pytest.mark.parametrize("body", [b"ZZ\r\nASK{}\r\n0\r\n\r\n", b"-5\r\nASK{}\r\n", b"5\r\nASK{}0\r\n\r\n"])
def test_who_sends_broken_chunks_is_told_so(served: Served, path: str, media_type: str, body: bytes) -> None:
    where = urlsplit(served.address)
    with socket.create_connection((str(where.hostname), where.port or 0), timeout=30) as connection:
        head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {media_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
        connection.sendall(head.encode() + body)
        assert connection.recv(12) == b"HTTP/1.1 400"


def test_the_list_of_questions_is_no_endpoint(served: Served) -> None:
    assert served.get("/queries/").status_code == 404


def test_the_answer_says_what_it_depends_on(served: Served) -> None:
    assert "Accept" in ask(served, SELECT).headers["Vary"]


def test_head_is_answered_like_get_without_a_body(served: Served) -> None:
    response = requests.head(f"{served.address}/sparql?{urlencode({'query': SELECT})}", timeout=30)
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["Content-Type"] == "application/sparql-results+json"


REFUSALS = [
    ("no SPARQL", "SELECT", {}, 400, "malformed-query"),
    ("an update", "CLEAR ALL", {}, 400, "malformed-query"),
    ("a call of another service", "ASK { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", {}, 400, "federation-refused"),
    ("nesting without end", "SELECT * {" * 3000 + "?s ?p ?o" + "}" * 3000, {}, 400, "query-too-deep"),
    ("a query without end", ENDLESS, {}, 504, "query-timeout"),
    ("an unknown format", SELECT, {"format": "png"}, 406, "not-acceptable"),
    ("a graph as CSV", CONSTRUCT, {"format": "csv"}, 406, "not-acceptable"),
    ("no query", "", {}, 400, "invalid-request"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "parameters", "status", "name"), [pytest.param(*case[1:], id=case[0]) for case in REFUSALS]
)
def test_a_refusal_is_a_problem_document(
    served: Served, query: str, parameters: dict[str, str], status: int, name: str
) -> None:
    response = served.post("/sparql", data={"query": query, **parameters})
    problem = response.json()
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.status_code == problem["status"] == status
    assert problem["type"] == f"urn:toolbox-graph:problem:{name}"
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    "query",
    ["ASK { FILTER EXISTS { SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } } }", "ASK { FILTER NOT EXISTS { service ?x { ?a ?b ?c } } }",
     "ASK { SERVICE SILENT <http://127.0.0.1:9/> { ?a ?b ?c } }", "ASK { #SERVICE\n SERVICE\n<http://127.0.0.1:9/> { ?a ?b ?c } }",
     "ASK { \\u0053ERVICE SILENT <http://127.0.0.1:9/> { ?a ?b ?c } }", "ASK { \\U00000053\\u0065rvice <http://127.0.0.1:9/> { ?a ?b ?c } }"],
)  # fmt: skip
def test_no_call_of_another_service_is_made_an_answer(served: Served, query: str) -> None:
    assert ask(served, query).json().get("type") == "urn:toolbox-graph:problem:federation-refused"


@pytest.mark.parametrize(
    "query",
    ['ASK { BIND("SERVICE" AS ?service) }', "ASK { # SERVICE\n }", "ASK { FILTER(<urn:service> = 'a \\' SERVICE') }", "PREFIX service: <urn:x> ASK { ?s service:service ?service }"],
)  # fmt: skip
def test_the_word_alone_is_no_call(served: Served, query: str) -> None:
    assert "boolean" in ask(served, query).json()


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT * { ?s foaf:name ?o }", "begin with PREFIX foaf: <http://xmlns.com/foaf/0.1/>."),
        ("SELECT *\nWHERE { ?s shema:name ?o }", "did you mean PREFIX schema: <http://schema.org/>?"),
        ("SELECT * { ?s zzz:name ?o }", "The prefix zzz: is not declared."),
        ("SELECT * { ?s :name ?o }", "The prefix : is not declared."),
    ],
)
def test_a_prefix_that_is_not_declared_is_named_with_the_nearest(served: Served, query: str, hint: str) -> None:
    assert hint in ask(served, query).json()["detail"]


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", "has to stand in GROUP BY"),
        ("SELECT (CONCAT(?s, SAMPLE(?o)) AS ?n) { ?s ?p ?o }", "has to stand in GROUP BY"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "in the place of *"),
        ("SELECT ?s ?s { ?s ?p ?o }", "the same name"),
        ("SELECT (1 AS ?s) { ?s ?p ?o }", "AS needs a name"),
        ("SELECT * { <http://x/a b> ?p ?o }", "no IRI"),
        ("INSERT DATA { <urn:a> <urn:b> 1 }", "It is an update"),
    ],
)
def test_a_rule_that_is_broken_is_named(served: Served, query: str, hint: str) -> None:
    assert hint in ask(served, query).json()["detail"]


@pytest.mark.parametrize(
    ("query", "name", "others"),
    [
        ("CONSTRUCT { << <a> <b> 1 >> <c> 2 } {}", "jsonld", 5),
        ("CONSTRUCT { <a> <b> <<( <a> <b> 1 )>> } {}", "jsonld", 5),
        ('SELECT ("\\u0001" AS ?x) {}', "xml", 3),
        ('SELECT (CONCAT("\\uFFFE", STR(?n)) AS ?x) { VALUES ?n { 1 2 } }', "xml", 3),
        ("CONSTRUCT { <urn:a> <http://example.org/p/1> 1 } {}", "rdf", 5),
        ("CONSTRUCT { <urn:a> <urn:b> '\\u0008' } {}", "rdf", 5),
    ],
)
def test_what_a_format_cannot_hold_is_to_be_had_in_the_others(
    served: Served, query: str, name: str, others: int
) -> None:
    problem = ask(served, query, format=name).json()
    assert (problem["status"], problem["type"]) == (406, "urn:toolbox-graph:problem:not-acceptable")
    assert [ask(served, query, format=other).status_code for other in problem["formats"]] == [200] * others


def test_a_long_answer_that_xml_cannot_hold_has_no_end(served: Served) -> None:
    query = 'SELECT ?o { { ?s ?p ?o } UNION { BIND("\\u0001" AS ?o) } } ORDER BY DESC(STR(?o))'
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _ = ask(served, query, format="xml").content


@pytest.mark.parametrize(
    ("query", "around"),
    [
        ("SELECT * { ?s ?p } LIMIT 5", "at line 1, column 20, after “SELECT * { ?s ?p }”, before “LIMIT 5”."),
        ("SELECT * { ?s ?p ?o }\r\nLIMIT five", "at line 2, column 7, after “LIMIT”, before “five”."),
        ("ASK { ?s ?p '\u2028\x0b' . ?s zz:p ?o }", "zz:p”, before “?o }”."),
    ],
)
def test_the_text_around_a_mistake_is_shown(served: Served, query: str, around: str) -> None:
    assert around in ask(served, query).json()["detail"]


@pytest.mark.parametrize(
    "query", ["SELECT * { ?s ?p }", "SELECT ('\\u0041' AS ?x) { ?s ?p }", "SELECT * { ?s zz:p ?o } # \\u0041"]
)
def test_a_mistake_stands_where_it_was_sent_also_if_fewer_rows_are_wanted(served: Served, query: str) -> None:
    asked = ask(served, query).json(), ask(served, query, **{"max-rows": "5"}).json()
    assert asked[0]["type"] == "urn:toolbox-graph:problem:malformed-query"
    assert asked[0] == asked[1]


def test_a_function_that_is_not_there_is_named(served: Served) -> None:
    response = ask(served, "SELECT (<urn:f>(1) AS ?x) {}")
    assert response.status_code == 400
    assert "<urn:f>" in response.json()["detail"]


def test_a_query_that_needs_too_much_memory_is_told_so(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="1", TOOLBOX_QUERY_MEGABYTES="300") as small:
        problem = ask(small, DOUBLING).json()
        assert (problem["status"], problem["type"]) == (503, "urn:toolbox-graph:problem:query-memory-exceeded")
        wait_until(lambda: ask(small, SELECT).status_code == 200)


def test_a_client_that_has_used_its_time_is_told_when_to_come_back_and_others_are_not(catalogue: Path) -> None:
    settings = {"TOOLBOX_WORKERS": "2", "TOOLBOX_QUERY_SECONDS": "2", "TOOLBOX_CLIENT_SECONDS": "1"}
    with serving(catalogue, **settings) as small:
        assert ask(small, ENDLESS).status_code == 504
        refused = ask(small, SELECT)
        assert (refused.status_code, refused.json()["type"]) == (429, "urn:toolbox-graph:problem:budget-spent")
        assert 0 < int(refused.headers["Retry-After"]) <= 3
        assert refused.headers["RateLimit"].startswith('"query-seconds";r=0;')
        assert small.post("/reconcile", data={"queries": "{}"}).status_code == 429
        other = small.get(f"/sparql?{urlencode({'query': SELECT})}", headers={"User-Agent": "another"})
        assert names(other) == ["OpenFisca"]


def test_a_client_whose_queries_fail_too_often_is_told_when_to_come_back(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="1", TOOLBOX_CLIENT_ERRORS="3", TOOLBOX_PROXIES="1") as small:
        statuses = [ask(small, "SELECT").status_code for _ in range(4)]
        assert statuses == [400, 400, 400, 429]
        assert '"failed-queries";r=0;' in ask(small, "SELECT").headers["RateLimit"]
        by_proxy = {"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}
        assert small.get(f"/sparql?{urlencode({'query': ASK})}", headers=by_proxy).status_code == 200


def test_the_answer_tells_what_is_left_of_the_budget(served: Served) -> None:
    headers = ask(served, ASK).headers
    assert headers["RateLimit-Policy"] == '"query-seconds";q=100000;w=100000, "failed-queries";q=100000;w=60'
    assert re.fullmatch(r'"query-seconds";r=\d+;t=\d+, "failed-queries";r=\d+;t=\d+', headers["RateLimit"])


def test_a_time_out_tells_the_limit_and_what_to_do(served: Served) -> None:
    problem = ask(served, ENDLESS, timeout="0.2").json()
    assert (problem["limit"], problem["elapsed"]) == (0.2, 0.2)
    assert "LIMIT" in problem["hint"]


def test_the_service_ends_with_the_program_that_started_it(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="1") as small:
        process = small.process
        process.kill()
        wait_until(lambda: not answers(small))
        assert not answers(small)


def answers(served: Served) -> bool:
    """Return whether anybody answers at an address."""
    try:
        return served.get("/health").ok
    except requests.ConnectionError:
        return False


def test_the_next_query_is_answered_after_any_refusal(served: Served) -> None:
    for query in ("SELECT", ENDLESS, "SELECT * {" * 3000 + "}" * 3000):
        served.post("/sparql", data={"query": query, "timeout": "0.2"})
    assert names(ask(served, SELECT)) == ["OpenFisca"]


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, application/json;q=0"])
def test_what_cannot_be_had_is_refused_with_what_can(served: Served, accept: str) -> None:
    response = ask(served, SELECT, accept)
    assert response.status_code == 406
    assert response.json()["formats"] == ["json", "xml", "csv", "tsv"]


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [("PUT", {}, 405), ("DELETE", {}, 405), ("POST", {"Content-Type": "text/plain"}, 415)],
)
def test_what_the_protocol_does_not_have_is_refused(
    served: Served, method: str, headers: dict[str, str], status: int
) -> None:
    response = requests.request(method, f"{served.address}/sparql", data=ASK, headers=headers, timeout=30)
    assert response.status_code == status


def test_two_accept_headers_are_one(served: Served) -> None:
    where = urlsplit(served.address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)
    connection.putrequest("GET", f"/sparql?query={quote(SELECT)}")
    for media_type in ("text/csv", "image/png"):
        connection.putheader("Accept", media_type)
    connection.endheaders()
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (200, "text/csv; charset=utf-8")
    connection.close()


def test_a_query_that_is_too_long_is_refused(served: Served) -> None:
    response = served.post("/sparql", data=ASK + " " * 2_000_000, headers={"Content-Type": "application/sparql-query"})
    assert response.status_code == 413


def test_several_clients_are_answered_at_the_same_time(served: Served) -> None:
    answers: list[list[str]] = []
    threads = [threading.Thread(target=lambda: answers.append(names(ask(served, SELECT)))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [["OpenFisca"]] * 12


def pieces(served: Served, query: str) -> Iterator[bytes]:
    """Yield an answer as it comes."""
    with requests.get(
        f"{served.address}/sparql", params={"query": query, "format": "nt"}, stream=True, timeout=30
    ) as answer:
        yield from answer.iter_content(None)


def test_an_answer_that_is_broken_off_does_not_look_whole(served: Served) -> None:
    with pytest.raises(requests.exceptions.RequestException):
        for _ in pieces(served, "CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }"):
            pass


def test_who_leaves_gives_the_worker_back(served: Served) -> None:
    """As many clients as there are workers ask for what has no end, and go; the next one is answered at once."""
    where = urlsplit(served.address)
    for _ in range(3):
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=30)
        connection.request("GET", f"/sparql?query={quote(ENDLESS_STREAM)}&format=tsv")
        connection.getresponse().read(1000)
        assert connection.sock
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.sock.close()
        connection.close()
    wait_until(lambda: ask(served, SELECT).status_code == 200)


def test_when_all_workers_are_taken_the_client_is_told_when_to_come_back(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="1", TOOLBOX_WAITING_SECONDS="0.1", TOOLBOX_QUERY_SECONDS="20") as small:
        address = f"{small.address}/sparql?{urlencode({'query': ENDLESS})}"
        long = threading.Thread(target=requests.get, args=(address,), kwargs={"headers": {"Query-Id": "long"}})
        long.start()
        wait_until(lambda: bool(small.get("/sparql/queries").json()["queries"]))
        # Never remembered, so it needs a worker.
        refusal = ask(small, "SELECT (RAND() AS ?x) {}")
        requests.delete(f"{small.address}/sparql/queries/long", timeout=30)
        long.join()
    assert (refusal.status_code, refusal.json()["type"]) == (503, "urn:toolbox-graph:problem:busy")
    assert int(refusal.headers["Retry-After"]) >= 1


def test_a_browser_gets_a_page_with_a_form_and_the_answer(served: Served) -> None:
    response = ask(served, SELECT, "text/html")
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<form" in response.text
    assert "OpenFisca" in response.text


@pytest.mark.parametrize(
    ("query", "shown"),
    [("SELECT * {}", "true"), ("ASK {}", "true"), ("SELECT ?a { VALUES ?a { 1 UNDEF 2 } }", '<span class="count">3</span>')],
)  # fmt: skip
def test_a_browser_is_shown_answers_that_bind_nothing(served: Served, query: str, shown: str) -> None:
    response = ask(served, query, "text/html")
    assert response.status_code == 200
    assert shown in response.text


def test_who_only_asks_for_the_head_of_a_long_answer_gives_the_worker_back(served: Served) -> None:
    for _ in range(4):
        address = f"{served.address}/sparql?{urlencode({'query': 'SELECT * { ?a ?b ?c }', 'format': 'tsv'})}"
        assert requests.head(address, timeout=30).status_code == 200
    wait_until(lambda: ask(served, SELECT).status_code == 200)


def test_a_browser_gets_the_form_without_a_query(served: Served) -> None:
    response = served.get("/sparql", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert 'name="query"' in response.text


def test_a_browser_is_told_what_is_wrong_with_its_query_and_keeps_it(served: Served) -> None:
    response = ask(served, "SELECT <b>", "text/html")
    assert response.status_code == 400
    assert "SELECT &lt;b&gt;" in response.text
