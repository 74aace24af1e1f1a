"""Telling: whatever an answer holds, what is told of it is short, and can be read again."""

import json
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BASE, DECLARATIONS
from toolbox_graph.agents import telling

IRIS = st.sampled_from(
    [BASE.iri, BASE.thing("tool", "ckan"), "http://schema.org/name", "http://schema.org/a.b", "http://schema.org/a-",
     "http://schema.org/1", "urn:x", "https://example.org/a#b", "http://www.wikidata.org/entity/Q1"]
)  # fmt: skip
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=3_000)


@given(IRIS)
def test_a_name_means_the_iri_that_it_is_told_for(iri: str) -> None:
    text = f"{DECLARATIONS}<urn:s> <urn:p> {telling.name(iri, BASE)} ."
    [statement] = ox.parse(text, ox.RdfFormat.TURTLE, base_iri=BASE.iri)
    assert statement.object == ox.NamedNode(iri)


@given(st.lists(st.tuples(IRIS, TEXTS), max_size=40), st.integers(1, 50))
def test_a_table_has_the_first_rows_and_says_whether_there_are_more(rows: list[tuple[str, str]], most: int) -> None:
    lines = [f"<{iri}>\t{ox.Literal(text, language='en')}" for iri, text in rows]
    told = telling.table("\n".join(["?thing\t?text", *lines]) + "\n", BASE, rows=most, is_cut=False).split("\n")
    shown = len(told) - 2
    assert shown <= most
    assert ("there are more" in told[-1]) == (shown < len(rows))
    assert [line.split("\t")[0] for line in told[1:-1]] == [telling.name(iri, BASE) for iri, _ in rows[:shown]]
    assert len("\n".join(told)) <= telling.LONGEST + 200


def document(values: int, links: int, text: str) -> dict[str, Any]:
    """Return a thing with many values and links."""
    facts = [
        {"property": f"urn:p{number}", "label": "p", "values": [
            {"value": text, "lang": "en", "rank": "normal", "shown": True, "sources": [{"iri": "urn:s", "date": "2016-12-07"}]}
        ] * values}
        for number in range(5)
    ]  # fmt: skip
    pointing = [{"iri": "urn:o", "labels": {"en": text}}] * links
    inverse = [{"property": "urn:q", "label": "q", "total": links, "values": pointing}]
    return {"iri": "urn:t", "kind": "tool", "labels": {"en": "T"}, "facts": facts, "parts": [], "inverse": inverse,
            "names": {"urn:s": {"en": "S"}}}  # fmt: skip


@given(st.integers(1, 300), st.integers(0, 300), TEXTS)
def test_a_thing_of_which_much_is_known_is_told_in_part_and_says_how_much_is_left(
    values: int, links: int, text: str
) -> None:
    told = telling.thing(document(values, links, text), BASE, "en")
    assert len(told) <= telling.LONGEST
    for fact in json.loads(told)["facts"]:
        assert len(fact["values"]) + fact.get("more_values", 0) == values


def test_each_source_is_named_once() -> None:
    told = json.loads(telling.thing(document(3, 0, "text"), BASE, "en"))
    assert told["sources"] == {"1": "S <urn:s>, 2016-12-07"}


def test_a_source_that_says_it_in_two_graphs_counts_once() -> None:
    said = [{"iri": "urn:s", "date": "2016-12-07"}] * 2
    teller = telling.Teller({}, BASE, "en", 10)
    told = teller.fact({"property": "urn:p", "label": "p", "values": [value(value="x", sources=said)]})
    assert told["values"] == [{"value": "x", "sources": [1]}]


def value(**members: Any) -> dict[str, Any]:
    """Return a value of a fact, of a source."""
    return {"rank": "normal", "shown": True, "sources": [], **members}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([value(value="a", lang="en"), value(value="b", lang="fr")], [{"value": "b", "sources": []}]),
        ([value(value="a", lang="en"), value(value="c", lang="es")], [{"value": "a", "sources": [], "lang": "en"}]),
        ([value(value="c", lang="es")], [{"value": "c", "sources": [], "lang": "es"}]),
        ([value(value="x", rank="deprecated", shown=False)],
         [{"value": "x", "sources": [], "rank": "deprecated", "shown": False}]),
        ([value(iri="urn:x")], [{"value": "<urn:x>", "sources": []}]),
    ],
    ids=["in the language", "else in English", "else as it is", "not shown", "a name without a label"],
)  # fmt: skip
def test_values_are_told_to_a_reader_of_french(values: list[dict[str, Any]], expected: list[dict[str, Any]]) -> None:
    teller = telling.Teller({}, BASE, "fr", 10)
    assert teller.fact({"property": "urn:p", "label": "p", "values": values})["values"] == expected


@given(st.lists(st.tuples(IRIS, IRIS, TEXTS), max_size=20))
def test_a_graph_is_told_in_turtle_that_says_the_same(said: list[tuple[str, str, str]]) -> None:
    triples = {ox.Triple(ox.NamedNode(s), ox.NamedNode(p), ox.Literal(f"<{p}> {text[:200]}")) for s, p, text in said}
    text = (
        ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"schema": "http://schema.org/"}) or b""
    ).decode()
    told = telling.graph(text, BASE, is_cut=False)
    assert {quad.triple for quad in ox.parse(told, ox.RdfFormat.TURTLE)} == triples


@given(st.integers(1, 50), TEXTS)
def test_what_a_search_finds_is_told_with_all_names_and_so_much_of_the_texts_as_there_is_room_for(
    number: int, text: str
) -> None:
    item = {"iri": BASE.thing("tool", "ckan"), "kind": "tool", "label": "CKAN", "description": text}
    told = telling.found({"total": 99, "items": [item] * number, "facets": {}, "next": "?"}, BASE, offset=3)
    assert len(told) <= telling.LONGEST
    assert json.loads(told)["more"] == f"go on with offset={number + 3}"
