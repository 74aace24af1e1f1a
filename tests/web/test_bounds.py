"""Bounds of queries: clients know them, lower them, and with a token raise them; short queries have a lane."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests
from rdflib import Graph, URIRef

from tests.conftest import BASE, Served, serving, wait_until
from toolbox_graph.accounts import Accounts
from toolbox_graph.namespaces import SCHEMA

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUICK = "SELECT (RAND() AS ?x) {}"
ALL = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def bounded(catalogue: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A catalogue with three workers and tokens, whose queries have little time and short answers."""
    folder = tmp_path_factory.mktemp("bounded") / "data"
    shutil.copytree(catalogue, folder, symlinks=True)
    limits = {"TOOLBOX_QUERY_SECONDS": "2", "TOOLBOX_ANSWER_MEGABYTES": "1", "TOOLBOX_TOKEN_SECONDS": "3"}
    with serving(folder, TOOLBOX_WORKERS="3", **limits) as served:
        yield served


def ask(service: Served, query: str, client: str = "ada", *, token: str = "", **parameters: str) -> requests.Response:
    """Ask as some client, perhaps with a token."""
    headers = {"User-Agent": client} | ({"Authorization": f"Bearer {token}"} if token else {})
    return service.get(f"/sparql?{urlencode({'query': query, **parameters})}", headers=headers)


@pytest.fixture(scope="module")
def tokens(bounded: Served) -> dict[str, str]:
    """Tokens of the served catalogue, by their scopes."""
    accounts = Accounts(bounded.data, BASE)
    return {scope: accounts.create(scope, [scope], now="2026-11-28T10:00:00Z") for scope in ("query", "write")}


def cut_off(service: Served, token: str = "") -> bool:
    """Return whether the whole catalogue is longer than an answer may be."""
    try:
        ask(service, ALL, token=token, format="nt").raise_for_status()
    except requests.exceptions.ChunkedEncodingError:
        return True
    return False


def test_an_answer_is_as_long_as_it_may_be_at_most(bounded: Served) -> None:
    assert cut_off(bounded)


def test_a_token_for_queries_allows_a_longer_answer(bounded: Served, tokens: dict[str, str]) -> None:
    assert not cut_off(bounded, tokens["query"])


def test_a_token_for_something_else_allows_no_longer_answer(bounded: Served, tokens: dict[str, str]) -> None:
    assert cut_off(bounded, tokens["write"])


def test_a_token_for_queries_allows_more_time(bounded: Served, tokens: dict[str, str]) -> None:
    assert ask(bounded, ENDLESS, token=tokens["query"]).json()["limit"] == 3


def test_with_a_token_too_a_query_may_have_less_time(bounded: Served, tokens: dict[str, str]) -> None:
    assert ask(bounded, ENDLESS, token=tokens["query"], timeout="0.2").json()["limit"] == 0.2


def test_what_a_token_allows_costs_no_budget(bounded: Served, tokens: dict[str, str]) -> None:
    limits = {"TOOLBOX_CLIENT_SECONDS": "0.1", "TOOLBOX_WAITING_SECONDS": "10"}
    with serving(bounded.data, TOOLBOX_WORKERS="2", **limits) as poor:
        statuses = [ask(poor, ENDLESS, token=tokens["query"], timeout="0.3").status_code for _ in range(2)]
    assert statuses == [504, 504]


def test_a_token_that_nobody_knows_is_refused(bounded: Served) -> None:
    assert ask(bounded, QUICK, token="tbg_" + "x" * 43).status_code == 401


@pytest.mark.parametrize("parameter", ["token", "access_token"])
def test_a_token_in_an_address_is_refused(bounded: Served, parameter: str) -> None:
    address = f"/sparql?{urlencode({'query': QUICK, parameter: 'tbg_' + 'x' * 43})}"
    assert bounded.get(address).status_code == 400


@pytest.mark.parametrize("query", ["SELECT * { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_a_client_may_ask_for_less_rows(bounded: Served, query: str) -> None:
    lines = ask(bounded, query, format="tsv" if "SELECT" in query else "nt", **{"max-rows": "3"}).text.splitlines()
    assert len(lines) - query.startswith("SELECT") == 3


def test_a_prepared_question_has_no_more_rows_than_wanted(bounded: Served) -> None:
    answer = bounded.get("/queries/countries-with-use-cases?format=csv&max-rows=2")
    assert (answer.status_code, len(answer.text.splitlines())) == (200, 3)


def test_an_answer_says_where_its_time_went(bounded: Served) -> None:
    names = [part.partition(";dur=")[0].strip() for part in ask(bounded, QUICK).headers["Server-Timing"].split(",")]
    assert names == ["wait", "work"]


def test_an_answer_that_was_remembered_says_so(bounded: Served) -> None:
    asking: list[dict[str, str]] = [{}, {"timeout": "1"}, {}]
    answers = [ask(bounded, "ASK { <id/tool/openfisca> a ?class }", **parameters) for parameters in asking]
    assert [answer.headers["Server-Timing"].partition(";")[0] for answer in answers] == ["wait", "cache", "ready"]


@pytest.mark.parametrize("query", [QUICK, "SELECT"])
def test_an_answer_and_a_refusal_lead_to_the_documentation(bounded: Served, query: str) -> None:
    links = requests.utils.parse_header_links(ask(bounded, query).headers["Link"])
    told = {(link["rel"], link["url"], link["type"]) for link in links}
    assert told == {
        ("service-doc", "./sparql", "text/html"),
        ("service-doc", "./llms.txt", "text/markdown"),
        ("service-desc", "./sparql", "text/turtle"),
    }


def test_the_description_tells_the_limits(bounded: Served) -> None:
    described = Graph().parse(data=bounded.get("/sparql", headers={"Accept": "text/turtle"}).text)
    entries = described.objects(URIRef(f"{BASE.iri}sparql"), SCHEMA.additionalProperty)
    told = {
        str(described.value(entry, SCHEMA.name)): (
            str(described.value(entry, SCHEMA.maxValue)),
            str(described.value(entry, SCHEMA.unitCode)),
        )
        for entry in entries
    }
    assert told["time of a query"] == ("2.0", "SEC")
    assert told["length of an answer"] == ("1000000.0", "AD")


def test_a_page_tells_the_limits(bounded: Served) -> None:
    assert "A query may run for 2 s" in bounded.get("/sparql?lang=en", headers={"Accept": "text/html"}).text


@contextmanager
def endless(service: Served, client: str) -> Iterator[None]:
    """Let a client run a query that ends only with its time."""
    thread = threading.Thread(target=ask, args=(service, f"{ENDLESS} # {client}", client))
    thread.start()
    wait_until(lambda: _is_running(service, client))
    yield
    thread.join(timeout=30)


def _is_running(service: Served, client: str) -> bool:
    return bool(service.get("/sparql/queries", headers={"User-Agent": client}).json()["queries"])


def test_short_queries_are_answered_while_long_ones_take_all_other_workers(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="3", TOOLBOX_QUERY_SECONDS="2.5") as service, ExitStack() as stack:
        for client in ("eve", "mallory"):
            stack.enter_context(endless(service, client))
        assert [ask(service, QUICK, "bob").status_code for _ in range(5)] == [200] * 5


def test_a_query_that_turns_out_long_goes_from_the_lane_to_the_others(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="2", TOOLBOX_QUERY_SECONDS="2") as service:
        with endless(service, "eve"):
            answer = ask(service, f"{ENDLESS} # bob", "bob", timeout="1")
        # It was tried in the lane, and waited for the other worker until its own time was over.
        assert (answer.status_code, answer.json()["type"]) == (503, "urn:toolbox-graph:problem:busy")


UNKNOWN = [
    ("PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#> SELECT * { ?s a tbg:Toool }", "tbg:Toool", "tbg:Tool"),
    ("PREFIX r: <http://www.w3.org/2000/01/rdf-schema#> SELECT * { ?s r:lable ?o }", "rdfs:lable", "rdfs:label"),
    ("SELECT * { ?s <http://purl.org/dc/terms/licence> ?o }", "dct:licence", "dct:license"),
    ("PREFIX dct: <http://purl.org/dc/terms/> SELECT * { ?s dct:prefLabel ?o }", "dct:prefLabel", "skos:prefLabel"),
    ("SELECT * { ?s <https://schema.org/keywords> ?o }", "https://schema.org/keywords", "schema:keywords"),
    # An address that ends with an empty fragment, as some of the names of vocabularies do.
    ("PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT * { ?s rdfs:lable ?o }", "rdfs:lable", "rdfs:label"),
]


@pytest.mark.parametrize(("query", "term", "nearest"), UNKNOWN)
@pytest.mark.parametrize("file_format", ["json", "xml", "csv", "tsv"])
def test_where_nothing_is_found_a_program_is_told_which_term_is_unknown(
    bounded: Served, query: str, term: str, nearest: str, file_format: str
) -> None:
    links = requests.utils.parse_header_links(ask(bounded, query, format=file_format).headers["Link"])
    title = next(link["title"] for link in links if link["rel"] == "related")
    assert title == f"{term} is not in this catalogue. Did you mean {nearest}?"


@pytest.mark.parametrize("file_format", ["ttl", "nt", "rdf", "jsonld", "nq", "trig"])
def test_where_no_statement_is_found_likewise(bounded: Served, file_format: str) -> None:
    query = "CONSTRUCT WHERE { ?s <http://schema.org/nmae> ?o }"
    assert "schema:nmae" in ask(bounded, query, format=file_format).headers["Link"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s <http://schema.org/name> 'nobody' }",
        "SELECT * { ?s <http://example.org/x> ?o }",
        "SELECT * { OPTIONAL { ?s <http://schema.org/nmae> ?o } }",
        "SELECT * { ?s ?p <http://www.w3.org/2001/XMLSchema#nothing> }",
        "PREFIX schema: <http://schema.org/> SELECT * { ?s ?p 'schema:nmae' }",
    ],
)
def test_nothing_is_said_of_terms_that_are_known_or_of_elsewhere(bounded: Served, query: str) -> None:
    assert "related" not in ask(bounded, query).headers["Link"]


def test_what_a_hint_quotes_cannot_leave_its_header(bounded: Served) -> None:
    query = 'PREFIX schema: <http://schema.org/> SELECT * { ?s schema:é\\", ?o }'
    assert ask(bounded, query).status_code in {200, 400}
    spanish = "PREFIX schema: <http://schema.org/> SELECT * { ?s schema:año ?o }"
    assert "schema:a%C3%B1o" in ask(bounded, spanish).headers["Link"]


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "Did you mean tbg:Tool?"), ("fr", "Vouliez-vous dire tbg:Tool"), ("es", "¿Quería decir tbg:Tool?")],
)
def test_a_page_says_which_term_is_unknown(bounded: Served, language: str, text: str) -> None:
    assert text in ask(bounded, UNKNOWN[0][0], format="html", lang=language).text
