"""The parts of a query: which there are, and that each query without one of them is a query."""

import pyoxigraph as ox
import pytest

from toolbox_graph.store.patterns import DEEPEST, MOST, parts

PARTS = {
    "SELECT * { ?a <p> ?b . ?b <q> ?c }": ["?a <p> ?b", "?b <q> ?c"],
    "ASK { ?a a <x> ; <p> 1.5, 'two  words'@en ; . }": ["?a a <x>", "?a <p> 1.5", "?a <p> 'two words'@en"],
    "PREFIX x: <http://x/> SELECT * { ?a x:p x:o.s. x:s x:q 2. }": ["?a x:p x:o.s", "x:s x:q 2"],
    "SELECT * { ?a ^<p>/(<q>|!<r>)*/<s>? ?b , ?c }": ["?a ^<p>/(<q>|!<r>)*/<s>? ?b", "?a ^<p>/(<q>|!<r>)*/<s>? ?c"],
    "SELECT * { ?a <p> ?b # not } this\n ; <q> ?c }": ["?a <p> ?b", "?a <q> ?c"],
    "SELECT * { [ <p> ?b ] . ?a <q> ( 1 2 ) }": ["[ <p> ?b ]", "?a <q> ( 1 2 )"],
    "SELECT * { ?a <p> ?b FILTER(?b > 1) FILTER NOT EXISTS { ?b <q> ?a } FILTER regex(?b, '[}') }": [
        "?a <p> ?b", "FILTER(?b > 1)", "FILTER NOT EXISTS { ?b <q> ?a }", "FILTER regex(?b, '[}')",
    ],
    "SELECT * { VALUES (?a ?b) { (1 2) } BIND(2 AS ?c) MINUS { ?a <p> ?b } ?a <q> ?c }": [
        "VALUES (?a ?b) { (1 2) }", "BIND(2 AS ?c)", "MINUS { ?a <p> ?b }", "?a <q> ?c",
    ],
    "SELECT * { { ?a <p> 1 } UNION { ?a <p> 2 } OPTIONAL { ?a <q> ?b } }": ["?a <p> 1", "?a <p> 2"],
    "SELECT * { GRAPH <g> { ?a <p> ?b } }": ["GRAPH <g>", "?a <p> ?b"],
    "SELECT * { { SELECT ?a (COUNT(*) AS ?n) { ?a <p> ?b } GROUP BY ?a } }": ["?a <p> ?b"],
    "CONSTRUCT { ?a <p> ?b } FROM <g> WHERE { ?a <q> ?b } LIMIT 1": ["?a <q> ?b"],
    "CONSTRUCT WHERE { ?a <q> ?b }": ["?a <q> ?b"],
    "DESCRIBE ?a { ?a <q> ?b }": ["?a <q> ?b"],
    "SELECT (EXISTS { ?a <p> 1 } AS ?is) { ?a <q> ?b } GROUP BY ?a HAVING(COUNT(?b) > 1) VALUES ?a { 1 }": ["?a <q> ?b"],
}  # fmt: skip

STRANGE = (
    "",
    "DESCRIBE <x>",
    "SELECT * {",
    "SELECT * }{",
    "ASK",
    "CONSTRUCT { ?a ?b ?c }",
    "SELECT * { ?a",
    "{{{",
    "FILTER {(}",
)


@pytest.mark.parametrize(("text", "expected"), PARTS.items(), ids=range(len(PARTS)))
def test_a_query_has_parts(text: str, expected: list[str]) -> None:
    found = parts(text)
    assert found
    assert [part.text for part in found.parts] == expected


@pytest.mark.parametrize("text", PARTS, ids=range(len(PARTS)))
def test_what_is_left_is_a_query(text: str) -> None:
    found = parts(text)
    assert found
    asked = [found.whole(), *map(found.without, found.parts), *(found.alone(one) for one in found.parts if one.pattern)]
    for one in asked:
        assert isinstance(ox.Store().query(one, base_iri="http://x/"), ox.QueryBoolean)


@pytest.mark.parametrize("text", STRANGE)
def test_what_is_no_query_has_no_parts(text: str) -> None:
    found = parts(text)
    assert found is None or not found.parts


def test_nobody_is_kept_waiting_by_a_text() -> None:
    assert parts("{" * 20_000) is None
    assert parts("ASK " + "{" * 9_000 + "}" * 9_000) is not None
    assert parts("ASK { " + "{ ?a ?b ?c " * (DEEPEST + 9) + "}" * (DEEPEST + 10)) is not None
    many = parts("ASK { ?a <p> " + "?b , " * 3_000 + "?c }")
    assert many
    assert len(many.parts) == MOST
