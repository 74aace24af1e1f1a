"""Parts of answers: together they are the whole, in one order, whatever the query is."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.store.modifiers import columns, form, part, solutions

BASE = "http://localhost/"
DATA = "VALUES (?a ?b) { (1 1) (1 2) (2 1) (2 2) (3 1) (3 2) (3 1) }"

QUERIES = [
    f"SELECT * {{ {DATA} }}",
    f"SELECT ?b {{ {DATA} }}",
    f"SELECT DISTINCT ?b ?a {{ {DATA} }} ORDER BY DESC(?b) # the order",
    f"SELECT ?a (COUNT(?b) AS ?n) {{ {DATA} }} GROUP BY ?a",
    f"SELECT ?a {{ {DATA} }} ORDER BY ?a LIMIT 5 OFFSET 1",
    f"SELECT ?a {{ {DATA} }} OFFSET 1 LIMIT 5",
    f"SELECT ?a {{ {DATA} }} LIMIT 0",
    "SELECT ?a ?b { } ORDER BY ?b VALUES (?a ?b) { (1 1) (1 2) (2 1) }",
    f"SELECT ?a {{ {{ SELECT ?a {{ {DATA} }} LIMIT 4 }} }}",
    f"CONSTRUCT {{ ?x ?p ?a }} {{ BIND(<urn:x> AS ?x) BIND(<urn:p> AS ?p) {DATA} }}",
]


def rows(text: str) -> list[str]:
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions | ox.QueryTriples)
    return [str(row) if isinstance(row, ox.Triple) else str([str(term) for term in row]) for row in found]


@pytest.mark.parametrize("text", QUERIES)
@given(st.integers(1, 9))
def test_the_parts_of_an_answer_together_are_the_answer(text: str, size: int) -> None:
    order = [f"?{name}" for name in columns(text, BASE)]
    parts = [rows(part(text, size, skipped=skipped, order=order)) for skipped in range(0, 10, size)]
    assert all(len(found) <= size for found in parts)
    together = [row for found in parts for row in found]
    if "CONSTRUCT" in text:
        # Of a triple that several solutions make, each part has one.
        assert set(together) == set(rows(text))
    else:
        assert together == rows(part(text, None, order=order))
        assert sorted(together) == sorted(rows(text))


@pytest.mark.parametrize("text", QUERIES)
@given(st.integers(0, 9))
def test_what_is_asked_behind_a_part_is_whether_another_solution_is_there(text: str, skipped: int) -> None:
    behind = rows(part(solutions(text), 1, skipped=skipped, order=[f"?{name}" for name in columns(text, BASE)]))
    number = len(rows(text)) if "CONSTRUCT" not in text else 7
    assert len(behind) == (number > skipped)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SELECT * { SERVICE SILENT <http://127.0.0.1:1/> { ?a ?b ?c } } ORDER BY ?a", ("a", "b", "c")),
        ("SELECT (COUNT(?a) AS ?n) { ?a ?b ?c }", ("n",)),
        ("CONSTRUCT WHERE { ?a <urn:p> ?c }", ("a", "c")),
        ("CONSTRUCT { ?a <urn:p> ?n } { SELECT ?a (COUNT(?b) AS ?n) { ?a ?p ?b } GROUP BY ?a }", ("a", "n")),
        ("CONSTRUCT { ?a a <urn:c> } { ?a ?p ?b } GROUP BY ?a", ()),
        ("ASK { ?a ?b ?c }", ()),
    ],
)
def test_the_columns_of_an_answer_are_known_before_it_is_asked(text: str, found: tuple[str, ...]) -> None:
    assert columns(text, BASE) == found


@pytest.mark.parametrize("name", ["select", "ask", "construct", "describe"])
def test_the_form_of_a_query_is_the_word_that_it_begins_with(name: str) -> None:
    assert form(f"# ask\nPREFIX select: <urn:describe> {name.upper()} {{ ?ask select:ask 'construct' }}") == name
