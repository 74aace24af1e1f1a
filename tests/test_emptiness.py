"""Empty answers: which part of a query is to blame, over real HTTP, and how far is that looked into."""

from urllib.parse import urlencode

import pytest

from tests.conftest import Served
from tests.web.conftest import Html

PREFIXES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>
"""
USES = "?use tbg:usesTool <id/tool/openfisca>"
NAMED = "?use rdfs:label ?name"

BLAMED = {
    f"SELECT * {{ {USES} . {NAMED} . ?use tbg:builtOn <id/tool/nothing> }}": ["?use tbg:builtOn <id/tool/nothing>"],
    f"SELECT * {{ {USES} . {NAMED} . ?use tbg:builtOn ?other }}": [USES, "?use tbg:builtOn ?other"],
    f"SELECT * {{ {USES} ; rdfs:label ?name FILTER(?name = 'Nobody') }}": ["FILTER(?name = 'Nobody')"],
    f"ASK {{ VALUES ?use {{ <id/tool/ckan> }} {USES} }}": ["VALUES ?use { <id/tool/ckan> }"],
    f"CONSTRUCT WHERE {{ {USES} . ?use rdfs:label 'Nobody', ?name }}": ["?use rdfs:label 'Nobody'"],
    f"SELECT * {{ {NAMED} GRAPH <graph/nothing> {{ {USES} }} }}": ["GRAPH <graph/nothing>"],
}
"""Queries that find nothing, and the parts without which they would find something."""

VERDICTS = {
    f"SELECT * {{ {USES} }}": "found",
    "SELECT (COUNT(*) AS ?n) { ?a ?b 'nothing at all' }": "found",
    f"SELECT ?use {{ {USES} }} GROUP BY ?use HAVING(COUNT(*) > 99)": "afterwards",
    f"SELECT * {{ {USES} }} LIMIT 0": "afterwards",
    "SELECT * { ?use tbg:usesTool <id/tool/nothing> }": "together",
    f"SELECT * {{ {USES} . ?use tbg:usesTool <id/tool/nothing>, <id/tool/nobody> }}": "together",
    "DESCRIBE <id/tool/nothing>": "unknown",
}


def why(served: Served, query: str, accept: str = "application/json") -> dict[str, object]:
    """Return what the service tells of a query that finds nothing."""
    response = served.get(f"/sparql/why-empty?{urlencode({'query': PREFIXES + query})}", headers={"Accept": accept})
    found = response.json()
    assert isinstance(found, dict)
    return {"status": response.status_code, **found}


@pytest.mark.parametrize(("query", "blamed"), BLAMED.items(), ids=range(len(BLAMED)))
def test_the_part_is_told_without_which_something_is_found(served: Served, query: str, blamed: list[str]) -> None:
    told = why(served, query)
    parts = told["parts"]
    assert isinstance(parts, list)
    assert told["verdict"] == "part"
    assert [part["text"] for part in parts if part["finds_without"]] == blamed


@pytest.mark.parametrize(("query", "verdict"), VERDICTS.items(), ids=range(len(VERDICTS)))
def test_a_verdict_is_given(served: Served, query: str, verdict: str) -> None:
    assert why(served, query)["verdict"] == verdict


def test_where_several_parts_are_to_blame_those_are_told_that_find_nothing_alone(served: Served) -> None:
    parts = why(served, f"SELECT * {{ {USES} . ?use tbg:usesTool <id/tool/nothing>, <id/tool/nobody> }}")["parts"]
    assert isinstance(parts, list)
    assert [part["finds_alone"] for part in parts] == [True, False, False]
    assert {part["line"] for part in parts} == {3}


def test_terms_are_told_that_the_catalogue_does_not_know(served: Served) -> None:
    assert why(served, "SELECT * { ?use tbg:useTool ?tool }")["unknown"] == [
        {
            "term": "https://w3id.org/toolbox-graph/ontology#useTool",
            "nearest": "https://w3id.org/toolbox-graph/ontology#usesTool",
        }
    ]


def test_what_takes_long_is_left_open(served: Served) -> None:
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(STR(?a) = CONCAT(?c, ?f, ?i, ?l, '!')) }"
    response = served.get(f"/sparql/why-empty?{urlencode({'query': endless})}", headers={"Accept": "application/json"})
    assert response.status_code == 504
    assert response.elapsed.total_seconds() < 4


@pytest.mark.parametrize(
    ("address", "status"),
    [("/sparql/why-empty", 400), ("/sparql/why-empty?query=SELEC", 400), (f"/sparql/why-empty?query={'x' * 20_001}", 413)],
)  # fmt: skip
def test_what_is_no_query_is_refused(served: Served, address: str, status: int) -> None:
    assert served.get(address).status_code == status


@pytest.mark.parametrize(("language", "said"), [("en", "Without it"), ("fr", "Sans elle"), ("es", "Sin ella")])
def test_a_page_leads_from_an_empty_answer_to_the_reason(served: Served, language: str, said: str) -> None:
    query = PREFIXES + next(iter(BLAMED))
    parameters = urlencode({"query": query, "lang": language})
    empty = Html(served.get(f"/sparql?{parameters}", headers={"Accept": "text/html"}).text)
    [link] = [each.attrib["href"] for each in empty.all(".//main//a") if "why-empty" in each.attrib["href"]]
    page = Html(served.get(link.removeprefix("."), headers={"Accept": "text/html"}).text)
    assert page.texts(".//mark") == ["?use tbg:builtOn <id/tool/nothing>"]
    assert said in page.texts(".//th")
