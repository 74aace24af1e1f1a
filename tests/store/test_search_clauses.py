"""Searches in a query: in which spellings they are found, what stays of the text, and what is refused."""

import re
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import BASE
from toolbox_graph.errors import InvalidRequest
from toolbox_graph.store.lexer import unescaped
from toolbox_graph.store.marks import NotTakenApart
from toolbox_graph.store.search_arguments import MOST
from toolbox_graph.store.search_clauses import PREDICATES, SEARCHES, read
from toolbox_graph.store.searches import Clauses
from toolbox_graph.updates import Using, prepared

PREFIXES = (
    "PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#> PREFIX text: <http://jena.apache.org/text#> "
    "PREFIX ql: <http://qlever.cs.uni-freiburg.de/builtin-functions/> "
    "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)

MANY = " ".join(f'"{number}"' for number in range(SEARCHES + 1))
"""More words than are searched for."""

Told = tuple[str, str, list[str], bool, int]
"""Variables of thing and score, words, whether names alone are meant, and how many things."""

PLAIN: Told = ("?x", "", ["open data"], False, MOST)
SCORED: Told = ("?x", "?s", ["open data"], False, MOST)

SPELLINGS: dict[str, Told] = {
    '?x tbg:matches "open data"': PLAIN,
    '?x tbg:matches "open data" .': PLAIN,
    "$x tbg:matches 'open data'": ("$x", "", ["open data"], False, MOST),
    '?x tbg:matches """open data"""': PLAIN,
    '?x <https://w3id.org/toolbox-graph/ontology#matches> "open data"': PLAIN,
    '?x tbg:matches "open data"@en': PLAIN,
    '?x tbg:matches "open data"^^xsd:string': PLAIN,
    '?x tbg:matches ("open data")': PLAIN,
    '?x tbg:matches ("open data" 7)': ("?x", "", ["open data"], False, 7),
    '?x tbg:matches (rdfs:label "open data" 7)': ("?x", "", ["open data"], True, 7),
    '(?x) tbg:matches "open data"': PLAIN,
    '(?x ?s) tbg:matches "open data"': SCORED,
    '(?x ?s) tbg:matches ("open data" 7) .': ("?x", "?s", ["open data"], False, 7),
    '?x text:query "open data"': PLAIN,
    '?x text:query (rdfs:label "open data" 10)': ("?x", "", ["open data"], True, 10),
    '(?x ?s) text:query (rdfs:label "open data")': ("?x", "?s", ["open data"], True, MOST),
    '?x a tbg:Tool ; text:query "open data" ; rdfs:label ?l': PLAIN,
    '?x text:query "open data" ; a tbg:Tool': PLAIN,
    '?x a [ rdfs:label ?l ; rdfs:comment "tbg:matches" ] ; tbg:matches "open data" ; .': PLAIN,
    '?t ql:contains-entity ?x . ?t ql:contains-word "open data"': PLAIN,
    '?t ql:contains-word "open data" . ?x a tbg:Tool . ?t ql:contains-entity ?x .': PLAIN,
    '?t ql:contains-word "open data" ; ql:contains-entity ?x': PLAIN,
    '?t ql:contains-entity ?x . ?t ql:contains-word "open" . ?t ql:contains-word "data"': PLAIN,
    'VALUES ?w { "open" "data"@en } (?x ?s) tbg:matches ?w': ("?x", "?s", ["open", "data"], False, MOST),
    '?x tbg:matches ?w VALUES ?w { "open data" }': PLAIN,
    r'?x tbg:matches "open\tdata"': ("?x", "", ["open\tdata"], False, MOST),
    r'?x tbg:matches "\"open\\data\""': ("?x", "", ['"open\\data"'], False, MOST),
    r'?x tbg:matches "\u0022open\U00000022"': ("?x", "", ['"open"'], False, MOST),
    r'?x tbg:matches "\u00E9tat"': ("?x", "", ["état"], False, MOST),
    r'?x tbg:\u006Datches "open data"': PLAIN,
    r'?t ql:contains\-word "open data" . ?t ql:contains\-entity ?x': PLAIN,
}

AROUND = (
    "SELECT * {{ {} }}",
    "ASK WHERE {{ ?x a ?c OPTIONAL {{ {} }} }}",
    "SELECT ?x {{ {{ ?x a ?c }} UNION {{ {} }} }}",
    "SELECT ?x {{ {{ SELECT ?x WHERE {{ {} }} LIMIT 3 }} ?x a ?c }}",
    "SELECT ?x {{ ?x a ?c FILTER EXISTS {{ {} }} FILTER NOT EXISTS {{ ?x ?y ?z }} }}",
    "SELECT ?x {{ ?x a ?c MINUS {{ {} }} }}",
    "SELECT ?x FROM <g> {{ GRAPH ?g {{ {} }} }}",
    "CONSTRUCT {{ ?x a ?c . ?x tbg:matches 'template' }} WHERE {{ {} }}",
    "DESCRIBE ?x {{ {} }}",
    "SELECT (EXISTS {{ {} }} AS ?is) {{ }}",
)  # fmt: skip


def told(text: str) -> Clauses:
    """Return the searches of a query, of which there have to be some."""
    found = read(unescaped(text), BASE.iri)
    assert found
    return found


def empty(found: Clauses) -> Sequence[str]:
    """Return answers that find nothing."""
    return [f"VALUES ({' '.join(filter(None, (each.thing, each.score)))}) {{ }}" for each in found.clauses]


@pytest.mark.parametrize(("spelling", "expected"), SPELLINGS.items(), ids=SPELLINGS)
def test_a_search_is_found_in_each_spelling(spelling: str, expected: Told) -> None:
    [clause] = told(f"{PREFIXES}SELECT * {{ {spelling} }}").clauses
    words = [each.value for each in clause.words]
    assert (clause.thing, clause.score, words, clause.in_names, clause.limit) == expected


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("around", AROUND)
def test_a_query_whose_searches_are_answered_is_a_query_without_them(around: str, spelling: str) -> None:
    found = told(PREFIXES + around.format(spelling))
    answered = found.answered(empty(found))
    ox.Store().query(answered, base_iri=BASE.iri)
    assert len(found.clauses) == 1
    assert read(answered, BASE.iri) is None


def test_what_is_said_beside_a_search_stays() -> None:
    text = PREFIXES + 'SELECT * { ?x a <c> ; tbg:matches "a", "b" ; rdfs:label ?l # here\n FILTER(?l > 1) }'
    assert told(text).answered(["ONE", "TWO"]) == (
        PREFIXES + "SELECT * { ONE TWO ?x a <c> ;  ; rdfs:label ?l # here\n FILTER(?l > 1) }"
    )


def test_each_line_stays_where_it_is() -> None:
    text = PREFIXES + 'SELECT * {\n ?x\n tbg:matches # words\n """a\nb"""\n.\n ?x ?y ?z }'
    answered = told(text).answered(["ONE"])
    assert [line.strip() for line in answered.split("\n")][-6:] == ["ONE", "", "", "", ".", "?x ?y ?z }"]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?x ?p 'tbg:matches' }",
        'SELECT * { ?x ?p "?x text:query \'open\'" } # ?x tbg:matches "open"',
        "SELECT * { tbg:matches rdfs:label ?l }",
        "SELECT * { ?x ?p tbg:matches }",
        "SELECT * { ?x ?p ?o FILTER(?p = tbg:matches) }",
        "SELECT * { VALUES ?p { tbg:matches text:query } ?x ?p ?o }",
        "SELECT * { VALUES (?p ?q) { (tbg:matches ql:contains-word) } ?x ?p ?o }",
        'SELECT * { ?x <tbg:matches> "open" }',
        'SELECT * { ?x rdfs:matches "open" }',
        'CONSTRUCT { ?x tbg:matches "open" } WHERE { ?x ?y ?z }',
        'SELECT * { SERVICE <http://other/> { ?x text:query (rdfs:label "open*" 10) } }',
        "DESCRIBE tbg:matches",
    ],
)
def test_what_only_looks_like_a_search_is_none(text: str) -> None:
    assert read(PREFIXES + text, BASE.iri) is None


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        ("?x tbg:matches ?words", "VALUES ?words"),
        ('VALUES ?w { "a" } VALUES ?w { "b" } ?x tbg:matches ?w', "VALUES ?w"),
        ("VALUES ?w { <a> } ?x tbg:matches ?w", "Ask so"),
        ('<id/tool/ckan> tbg:matches "open"', "FILTER"),
        ('[] tbg:matches "open"', "FILTER"),
        ('[ tbg:matches "open" ] a ?c', "square brackets"),
        ('?x a [ a ?c ; tbg:matches "open" ]', "square brackets"),
        ('?x tbg:matches+ "open"', "path"),
        ('?x a/tbg:matches "open"', "path"),
        ('?x ^tbg:matches "open"', "path"),
        ('?x (tbg:matches|a) "open"', "path"),
        ('(?x ?s) tbg:matches "open" ; a ?c', "dot"),
        ('(?x ?s ?literal) text:query "open"', "rdfs:label"),
        ('(?x ?x) tbg:matches "open"', "same variable"),
        ("?x tbg:matches 5", "words"),
        ('?x tbg:matches "open" 5', "brackets"),
        ('?x tbg:matches rdfs:label "open"', "brackets"),
        ("?x tbg:matches true", "understand"),
        ('?x tbg:matches ("open" 0)', "10,000"),
        ('?x tbg:matches ("open" 10001)', "10,000"),
        ('?x tbg:matches ("open" -1)', "understand"),
        ('?x tbg:matches "open"^^xsd:integer', "without a type"),
        ('?x tbg:matches ("open" "lang:en")', "all languages"),
        ('?x text:query ("open" 10 "highlight:")', "not marked"),
        ('?x text:query (rdfs:comment "open")', "no index of <http://www.w3.org/2000/01/rdf-schema#comment>"),
        ('?x text:query "open*"', "'*'"),
        ('?x text:query "open AND data"', "'AND'"),
        ('?x text:query "label:open"', "':'"),
        (r'?x text:query "\"open data\""', "'\"'"),
        ('?x text:query "open -data"', "'-'"),
        ('?t ql:contains-entity ?x . ?t ql:contains-word "open* data"', "'*'"),
        ("?t ql:contains-entity ?x", "entity"),
        ('?t ql:contains-word "open"', "entity"),
        ('?t ql:contains-entity ?x . ?t ql:contains-entity ?y . ?t ql:contains-word "open"', "entity"),
        ('?t ql:contains-entity <a> . ?t ql:contains-word "open"', "understand"),
        ('?t ql:contains-entity ?x . ?t ql:contains-word "open" . ?t ?p ?o', "Texts"),
        ('?t ql:contains-entity ?x ; ql:contains-word "open" ; a ?c', "nothing else"),
        ('?t ql:contains-entity ?x ; ql:contains-word "open" . BIND(?ql_score_word_t_open AS ?s)', "scores"),
        ('?t ql:contains-entity ?x OPTIONAL { ?t ql:contains-word "open" }', "Texts"),
        (r'?x tbg:matches "\q"', "no text"),
        (r'?x tbg:matches "\uD800"', "no text"),
        (r'?x tbg:matches "\UFFFFFFFF"', "no text"),
        (" . ".join(['?x tbg:matches "open"'] * (SEARCHES + 1)), str(SEARCHES)),
        ("?x a ?c " + '; tbg:matches "open"' * (SEARCHES + 1), str(SEARCHES)),
        (f"VALUES ?w {{ {MANY} }} ?x tbg:matches ?w", str(SEARCHES)),
    ],
)
def test_what_cannot_be_mapped_is_refused_with_what_to_do(pattern: str, hint: str) -> None:
    with pytest.raises(InvalidRequest, match=re.escape(hint)):
        read(unescaped(f"{PREFIXES}SELECT * {{ {pattern} }}"), BASE.iri)


def test_a_template_that_is_the_pattern_too_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="template"):
        read(PREFIXES + 'CONSTRUCT WHERE { ?x tbg:matches "open" }', BASE.iri)


@pytest.mark.parametrize("text", ['SELECT * { ?x tbg:matches "open"', 'SELECT * { ?x tbg:matches "open" { }'])
def test_what_is_no_query_is_left_to_the_engine(text: str) -> None:
    with pytest.raises(NotTakenApart):
        read(PREFIXES + text, BASE.iri)


@pytest.mark.parametrize("predicate", PREDICATES)
def test_an_update_that_searches_is_refused(predicate: str) -> None:
    with pytest.raises(InvalidRequest, match="query first"):
        prepared(f'INSERT {{ ?x a <c> }} WHERE {{ ?x <{predicate}> "open" }}', BASE.iri, Using())


WORDS = st.sampled_from([
    "?x", "(", ")", "{", "}", "[", "]", ";", ",", ".", "tbg:matches", "text:query", "ql:contains-word", "a", "FILTER",
    "ql:contains-entity", "VALUES", "SERVICE", "SELECT", "CONSTRUCT", "WHERE", "<a>", '"open"', "5", "?s", "^", "OPTIONAL",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=25))
def test_any_marks_are_read_or_refused(words: list[str]) -> None:
    try:
        found = read(f"{PREFIXES}SELECT * {{ {' '.join(words)} }}", BASE.iri)
    except (InvalidRequest, NotTakenApart):
        return
    assert found is None or found.clauses


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_searched_for_as_it_is(words: str) -> None:
    [clause] = told(f"{PREFIXES}SELECT * {{ ?x tbg:matches {ox.Literal(words)} }}").clauses
    assert [each.value for each in clause.words] == [words]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_a_text_without_a_search_has_none(text: str) -> None:
    assert read(f"{PREFIXES}SELECT * {{ ?x ?y {ox.Literal(text)} }} # {text!r} tbg:matches", BASE.iri) is None
