"""Search in SPARQL: the same things as in the pages, in the same order, of the state that is served."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
import requests
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from tests.conftest import BASE, Served, run, serving
from toolbox_graph import catalogue
from toolbox_graph.assembly import Service
from toolbox_graph.errors import Busy, MalformedQuery, QueryTimeout
from toolbox_graph.namespaces import RDF, TBG
from toolbox_graph.negotiation import GRAPHS, RESULTS
from toolbox_graph.search.answering import TRIES, Opened, Searching
from toolbox_graph.service_description import SD
from toolbox_graph.settings import Settings
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Answer, Limits, Query, at_once
from toolbox_graph.store.search_clauses import PREDICATES

PREFIXES = (
    f"PREFIX tbg: <{TBG}> PREFIX text: <http://jena.apache.org/text#> "
    "PREFIX ql: <http://qlever.cs.uni-freiburg.de/builtin-functions/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
)

ASKED = ("openfisca", "opnfisca", "consultations citoyennes", "presupuesto participativo", "etat", "ÉTAT", "open data",
         "the parliament", "xqzjwv", "Alemania", "open-source licence", "d'alerte", "ckan udata", "\"", "a")  # fmt: skip
"""Words of all kinds: whole, mistyped, in three languages, with accents and without, some that nothing has."""

Rows = list[dict[str, str]]


def asked(served: Served, text: str) -> requests.Response:
    """Ask a query."""
    return served.get("/sparql", params={"query": PREFIXES + text, "format": "json"})


def rows(served: Served, text: str) -> Rows:
    """Return what a query finds, by variable."""
    answer = asked(served, text)
    assert answer.status_code == 200, answer.text
    found = answer.json()["results"]["bindings"]
    return [{name: str(term["value"]) for name, term in row.items()} for row in found]


def in_pages(served: Served, words: str) -> list[str]:
    """Return what the search of the pages finds, in its order."""
    address, found = f"/search?{urlencode({'q': words, 'limit': 500, 'format': 'json'})}", []
    while address:
        part = served.get(address).json()
        found += [item["iri"] for item in part["items"]]
        address = part["next"] and f"/search{part['next']}"
    return found


@pytest.mark.parametrize("words", ASKED)
def test_the_same_things_are_found_as_in_the_pages_in_the_same_order(served: Served, words: str) -> None:
    found = rows(served, f"SELECT ?x ?score {{ (?x ?score) tbg:matches {ox.Literal(words)} }}")
    scores = {row["x"]: float(row["score"]) for row in found}
    expected = in_pages(served, words)
    assert sorted(scores) == sorted(expected)
    assert [scores[thing] for thing in expected] == sorted(scores.values(), reverse=True)


def test_of_a_limit_the_best_are_left(served: Served) -> None:
    found = rows(served, 'SELECT ?x { (?x ?score) tbg:matches ("open data" 7) } ORDER BY DESC(?score)')
    assert [row["x"] for row in found] == in_pages(served, "open data")[:7]


@pytest.mark.parametrize(
    "pattern",
    [
        '?x text:query "open data"',
        '?t ql:contains-entity ?x . ?t ql:contains-word "open data"',
        '?x tbg:matches "open data"@fr',
        'VALUES ?w { "open data" } ?x tbg:matches ?w',
    ],
)
def test_each_spelling_finds_the_same(served: Served, pattern: str) -> None:
    found = {row["x"] for row in rows(served, f"SELECT ?x {{ {pattern} }}")}
    assert found == set(in_pages(served, "open data"))


def test_a_search_in_names_finds_what_is_called_so_and_nothing_else(served: Served) -> None:
    found = rows(served, 'SELECT ?x ?l { ?x text:query (rdfs:label "whistleblowing" 50) ; rdfs:label ?l }')
    assert f"{BASE.iri}id/tool/milan-whistleblowing" in {row["x"] for row in found}
    assert f"{BASE.iri}id/tool/globaleaks" not in {row["x"] for row in found}
    assert f"{BASE.iri}id/tool/globaleaks" in in_pages(served, "whistleblowing")


def test_several_words_of_a_list_tell_which_found_what(served: Served) -> None:
    found = rows(served, 'SELECT ?w ?x { VALUES ?w { "ckan"@en "opnfisca" } ?x tbg:matches (?w 1) } ORDER BY ?w')
    assert [(row["w"], row["x"].rpartition("/")[2]) for row in found] == [("ckan", "ckan"), ("opnfisca", "openfisca")]


TOOLS = "SELECT (COUNT(DISTINCT ?x) AS ?n) {{ ?x a tbg:Tool {} }}"


@pytest.mark.parametrize(
    ("pattern", "is_within"),
    [
        ('. ?x tbg:matches "open"', True),
        ('; tbg:matches "open"', True),
        ('FILTER EXISTS { ?x tbg:matches "open" }', True),
        ('FILTER NOT EXISTS { ?x tbg:matches "open" }', False),
        ('MINUS { ?x tbg:matches "open" }', False),
        ('OPTIONAL { (?x ?s) tbg:matches "open" } FILTER(BOUND(?s))', True),
        ('OPTIONAL { (?x ?s) tbg:matches "open" } FILTER(!BOUND(?s))', False),
        ('{ SELECT ?x { ?x tbg:matches "open" } }', True),
        ('{ ?x tbg:matches "xqzjwv" } UNION { ?x tbg:matches "open" }', True),
        ('GRAPH ?g { ?x tbg:matches "open" ; rdfs:label ?l }', True),
    ],
)
def test_a_search_stands_wherever_a_pattern_stands(served: Served, pattern: str, is_within: bool) -> None:
    tools = {row["x"] for row in rows(served, "SELECT ?x { ?x a tbg:Tool }")}
    matching = tools & set(in_pages(served, "open"))
    [counted] = rows(served, TOOLS.format(pattern))
    assert int(counted["n"]) == len(matching if is_within else tools - matching)


def test_a_mistake_is_told_where_it_stands_in_the_query_that_was_sent(served: Served) -> None:
    text = 'SELECT * {\n ?x tbg:matches "open" . ?x ?y ?z FILTER(?z >) }'
    problem = asked(served, text).json()
    alone = served.get("/sparql", params={"query": PREFIXES + text.replace("tbg:matches", "rdfs:seeAlso")}).json()
    assert (problem["type"], problem["line"]) == ("urn:toolbox-graph:problem:malformed-query", 2)
    assert problem["column"] + len("rdfs:seeAlso") - len("tbg:matches") == alone["column"]
    assert "VALUES" not in problem["detail"]


@pytest.mark.parametrize("words", ["", "  ", "x" * 201])
def test_words_that_are_none_or_too_many_are_refused(served: Served, words: str) -> None:
    answer = asked(served, f'SELECT * {{ ?x tbg:matches "{words}" }}')
    assert (answer.status_code, "200 characters" in answer.json()["detail"]) == (400, True)


def test_a_query_that_cannot_be_mapped_is_told_how_to_ask(served: Served) -> None:
    answer = asked(served, 'SELECT * { ?x text:query "open*" }')
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:toolbox-graph:problem:invalid-request")
    assert '?thing tbg:matches "words"' in answer.json()["detail"]


def test_an_answer_is_kept_and_tells_what_the_search_took(served: Served) -> None:
    text = 'SELECT ?x { ?x tbg:matches "kept answer" }'
    first = asked(served, text)
    assert "search;dur=" in first.headers["Server-Timing"]
    assert first.headers["ETag"] == asked(served, text).headers["ETag"]


def test_the_description_names_what_a_query_may_search_by(served: Served) -> None:
    described = Graph().parse(data=served.get("/sparql", headers={"Accept": "text/turtle"}).text)
    features = set(described.objects(URIRef(f"{BASE.iri}sparql"), SD.propertyFeature))
    assert features == {URIRef(name) for name in PREDICATES}
    assert all((feature, RDF.type, SD.Feature) in described for feature in features)


def test_the_editor_knows_the_predicate(served: Served) -> None:
    properties = served.get("/sparql/terms.json").json()["properties"]
    assert "tbg:matches" in {term["short"] for term in properties}


def test_why_nothing_is_found_is_told_of_a_search_too(served: Served) -> None:
    text = f'{PREFIXES}SELECT * {{ ?x tbg:matches "xqzjwv" . ?x rdfs:label ?l }}'
    told = served.get("/sparql/why-empty", params={"query": text, "format": "json"}).json()
    assert told["verdict"] == "part"
    assert [part["text"] for part in told["parts"] if part["finds_without"]] == ['?x tbg:matches "xqzjwv"']
    assert told["unknown"] == []


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_get_an_answer(served: Served, data: bytes) -> None:
    text = f'{PREFIXES}SELECT * {{ (?x ?s) tbg:matches ("'.encode() + data + b'" 5) }'
    answer = served.post("/sparql", data=text, headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code in {200, 400}


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_words_get_an_answer(served: Served, words: str) -> None:
    assert asked(served, f"SELECT * {{ ?x tbg:matches {ox.Literal(words)} }}").status_code in {200, 400}


def test_the_bundled_catalogue_is_searched_without_a_server(served: Served) -> None:
    text = PREFIXES + 'SELECT ?x { (?x ?score) tbg:matches ("opnfisca" 5) } ORDER BY DESC(?score)'
    found = catalogue.query(text)
    assert isinstance(found, ox.QuerySolutions)
    assert [row["x"].value for row in found] == in_pages(served, "opnfisca")[:5]


def test_what_is_no_query_is_none_without_a_server_either() -> None:
    with pytest.raises(SyntaxError):
        catalogue.query(PREFIXES + 'SELECT ?x { ?x tbg:matches "open"')


@pytest.fixture(scope="module")
def play() -> Iterator[Served]:
    """A playground."""
    with serving(Path(), "--playground") as served:
        yield served


def test_a_playground_says_that_it_has_no_index(play: Served) -> None:
    answer = asked(play, 'SELECT * { ?x tbg:matches "open" }')
    assert (answer.status_code, "no index" in answer.json()["detail"]) == (400, True)


class Elsewhere(NamedTuple):
    """An engine whose store is of some states, one after the other, and that refuses a text that has a mistake."""

    states: list[str]
    texts: list[str]

    async def ask(self, query: Query) -> Answer:
        """Note a query, and answer nothing."""
        self.texts.append(query.text)
        if "MISTAKE" in query.text:
            raise MalformedQuery(query.text)
        return Answer(RESULTS[0], False, self.states.pop(0), at_once(b""))


def searched(
    catalogue: Path, states: list[str], text: str = 'SELECT * { ?x tbg:matches "ckan" }', seconds: float = 5.0
) -> tuple[str, int]:
    """Return of which state the answer to a query is, where the index is of state `2`; and how often it was asked."""
    reader = Service(Settings(data=catalogue)).reader()
    engine = Elsewhere(states, [])
    searching = Searching(engine, lambda: Opened(reader.search, "2"), Budgets(120.0, 30), BASE)
    answer = run(searching.ask(Query(PREFIXES + text, RESULTS[0], GRAPHS[0], Limits(seconds, 10**6))))
    return answer.state, len(engine.texts)


def test_index_and_store_are_asked_again_until_they_are_of_one_state(catalogue: Path) -> None:
    assert searched(catalogue, ["1", "2"]) == ("2", 2)


def test_where_the_state_changes_all_the_time_the_client_is_to_come_back(catalogue: Path) -> None:
    with pytest.raises(Busy):
        searched(catalogue, ["1"] * TRIES)


def test_a_search_ends_with_the_time_of_its_query(catalogue: Path) -> None:
    with pytest.raises(QueryTimeout):
        searched(catalogue, ["2"], seconds=0.0)


def test_of_a_query_with_a_mistake_the_one_that_was_sent_is_told(catalogue: Path) -> None:
    text = 'SELECT * { ?x tbg:matches "ckan" . MISTAKE }'
    with pytest.raises(MalformedQuery) as refusal:
        searched(catalogue, [], text)
    assert refusal.value.detail == PREFIXES + text
