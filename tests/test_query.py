"""What a request to the SPARQL endpoint asks (SPARQL 1.1 Protocol, section 2.1)."""

from urllib.parse import quote, urlencode

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.errors import (
    InvalidRequest,
    MethodNotAllowed,
    NotAcceptable,
    TooLarge,
    ToolboxError,
    UnsupportedMediaType,
)
from toolbox_graph.query import FORM, LONGEST, Asked, Request, read
from toolbox_graph.store.engine import Limits
from toolbox_graph.store.modifiers import limited

SPARQL_QUERY = "application/sparql-query"
LIMITS = Limits(seconds=10.0, answer_bytes=64_000_000)


def asked(
    method: str = "GET", query_string: str = "", content_type: str = "", accept: str = "*/*", body: bytes = b""
) -> Asked:
    """Return what a request asks."""
    return read(Request(method, query_string, content_type, accept, body), LIMITS)


@pytest.mark.parametrize(
    "request_",
    [
        {"query_string": "query=ASK%20%7B%7D"},
        {"method": "HEAD", "query_string": "query=ASK+{}"},
        {"method": "POST", "query_string": "query=ASK+{}"},
        {"method": "POST", "content_type": FORM, "body": b"query=ASK%20%7B%7D"},
        {"method": "POST", "content_type": f"{FORM}; charset=UTF-8", "body": b"query=ASK+%7B%7D"},
        {"method": "POST", "content_type": SPARQL_QUERY, "body": b"ASK {}"},
        {"method": "POST", "content_type": "Application/SPARQL-Query;charset=utf-8", "body": b"ASK {}"},
        {"method": "QUERY", "content_type": SPARQL_QUERY, "body": b"ASK {}"},
    ],
)
def test_a_query_comes_in_many_ways(request_: dict[str, object]) -> None:
    assert asked(**request_).query.text == "ASK {}"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("refusal", "request_"),
    [
        (InvalidRequest, {"query_string": "query=ASK{}&query=ASK{}"}),
        (InvalidRequest, {"method": "POST", "query_string": "query=ASK{}", "content_type": FORM, "body": b"query=ASK{}"}),
        (InvalidRequest, {"query_string": "query=%FF"}),
        (InvalidRequest, {"method": "POST", "content_type": SPARQL_QUERY, "body": b"\xff"}),
        (InvalidRequest, {"query_string": "query=ASK{}&default-graph-uri=x"}),
        (InvalidRequest, {"query_string": "query=ASK{}&using-graph-uri=urn:x"}),
        (InvalidRequest, {"query_string": "query=ASK{}" + "&default-graph-uri=urn:x" * 1_000}),
        (UnsupportedMediaType, {"method": "POST", "content_type": f"{SPARQL_QUERY};charset=utf-16", "body": b"ASK {}"}),
        (InvalidRequest, {"method": "POST", "content_type": FORM, "body": b"update=CLEAR+ALL"}),
        (InvalidRequest, {"query_string": "query=ASK{}&timeout=soon"}),
        (InvalidRequest, {"query_string": "query=ASK{}&timeout=-1"}),
        (InvalidRequest, {"query_string": "query=ASK{}&timeout=inf"}),
        (NotAcceptable, {"query_string": "query=ASK{}&format=png"}),
        (UnsupportedMediaType, {"method": "POST", "content_type": "text/plain", "body": b"ASK {}"}),
        (InvalidRequest, {"method": "POST", "content_type": "application/sparql-update", "body": b"CLEAR ALL"}),
        (UnsupportedMediaType, {"method": "POST", "body": b"ASK {}"}),
        (MethodNotAllowed, {"method": "PUT", "query_string": "query=ASK{}"}),
        (TooLarge, {"method": "POST", "content_type": SPARQL_QUERY, "body": b" " * (LONGEST + 1)}),
    ],
)  # fmt: skip
def test_what_the_protocol_does_not_have_is_refused(refusal: type[ToolboxError], request_: dict[str, object]) -> None:
    with pytest.raises(refusal):
        asked(**request_)  # type: ignore[arg-type]


def test_a_dataset_may_have_many_graphs() -> None:
    graphs = [f"urn:{number}" for number in range(900)]
    query_string = urlencode([("query", "ASK {}"), *(("default-graph-uri", graph) for graph in graphs)])
    dataset = read(Request("GET", query_string, "", "", b""), Limits(10, 1000)).query.dataset
    assert dataset is not None
    assert list(dataset.default_graphs) == graphs


def test_a_percent_sign_in_a_query_stays_one() -> None:
    assert asked(query_string="query=" + quote('ASK { ?s ?p "100%25" }')).query.text == 'ASK { ?s ?p "100%25" }'


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_any_text_arrives_as_it_was_sent(text: str) -> None:
    assert asked(query_string=urlencode({"query": text})).query.text == text


@given(st.binary(max_size=200), st.sampled_from(["GET", "POST", "PATCH"]), st.sampled_from([FORM, SPARQL_QUERY, ""]))
def test_any_bytes_are_read_or_refused(body: bytes, method: str, content_type: str) -> None:
    try:
        asked(method, body.decode("latin-1"), content_type, body.decode("latin-1"), body)
    except ToolboxError as refusal:
        assert 400 <= refusal.status < 500  # noqa: PT017


@pytest.mark.parametrize(("timeout", "seconds"), [("2.5", 2.5), ("60", 10.0)])
def test_a_client_may_lower_the_time_limit_and_not_raise_it(timeout: str, seconds: float) -> None:
    assert asked(query_string=f"query=ASK{{}}&timeout={timeout}").query.limits.seconds == seconds


@pytest.mark.parametrize("rows", ["-1", "2.5", "many", "", "1" * 19, "²"])
def test_a_number_of_rows_is_a_whole_number(rows: str) -> None:
    with pytest.raises(InvalidRequest, match="max-rows"):
        asked(query_string=urlencode({"query": "ASK{}", "max-rows": rows}))


def test_a_number_of_rows_holds_for_a_query_that_stands_elsewhere() -> None:
    assert asked(query_string="max-rows=5").of("SELECT * {}").text == "SELECT * {}\nLIMIT 5"


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?n { VALUES ?n { 1 2 3 4 5 } }",
        "SELECT ?n { VALUES ?n { 1 2 3 4 5 } } LIMIT 5",
        "SELECT ?n { VALUES ?n { 1 2 3 4 5 } } limit 4 offset 1",
        "SELECT ?n { VALUES ?n { 1 2 3 4 5 } } OFFSET 1 #\nLIMIT#\n4",
        "SELECT ?n { VALUES ?n { 1 2 3 4 5 } } # LIMIT 1",
        "SELECT ?n {} VALUES ?n { 1 2 3 4 5 }",
        "SELECT ?n { { SELECT ?n { VALUES ?n { 1 2 3 4 5 } } LIMIT 4 } }",
        r"SELECT ?n { VALUES ?n { 1 2 3 4 5 } } \u004CIMIT 5",
        "PREFIX limit: <urn:limit:> SELECT ?n { VALUES ?n { 1 2 3 4 5 } FILTER(?n != limit:limit) } ORDER BY ?n",
        "SELECT (?m AS ?limit) { VALUES ?m { 1 2 3 4 5 } } GROUP BY ?m HAVING (?m > 0)",
        'SELECT ?n { VALUES ?n { "} LIMIT 1" "{" 3 4 5 } }',
    ],
)
def test_a_query_has_no_more_solutions_than_are_wanted(query: str) -> None:
    found = pyoxigraph.Store().query(limited(query, 3))
    assert len(list(found)) == 3  # type: ignore[arg-type]


def test_a_smaller_limit_stays() -> None:
    assert limited("SELECT * {} LIMIT 2", 3) == "SELECT * {} LIMIT 2"


@pytest.mark.parametrize(
    ("query_string", "accept", "results", "graph", "for_person"),
    [
        ("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "xml", "rdf", True),
        ("", "*/*", "json", "ttl", False),
        ("format=csv", "text/html", "csv", None, False),
        ("format=html", "*/*", None, None, True),
        ("format=xml", "*/*", "xml", "rdf", False),
        ("", "text/turtle", None, "ttl", False),
    ],
)
def test_the_format_is_that_of_the_parameter_else_of_the_header(
    query_string: str, accept: str, results: str | None, graph: str | None, for_person: bool
) -> None:
    found = asked(query_string=query_string, accept=accept)
    formats = (found.query.results and found.query.results.name, found.query.graph and found.query.graph.name)
    assert (*formats, found.for_person) == (results, graph, for_person)


def test_what_clients_add_of_their_own_is_passed_over() -> None:
    assert asked(query_string="query=ASK{}&output=json&results=json&format=json").others == {
        "output": "json",
        "results": "json",
    }
