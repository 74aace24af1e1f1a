"""Saved queries: each gives the answer that was written by hand from the facts before it ran."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BASE
from toolbox_graph import catalogue, files, saved_queries
from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.saved_queries import SavedQuery, bind

QUERIES = saved_queries.saved_queries()
WHO = QUERIES["who-used-a-tool-where"]


def rows(text: str) -> list[tuple[str, ...]]:
    """Return an answer as a person would write it down: things by kind and key, other values as text."""
    found = catalogue.query(text)
    assert isinstance(found, ox.QuerySolutions)
    return [tuple(_cell(value) for value in solution) for solution in found]


def _cell(term: object) -> str:
    if isinstance(term, ox.NamedNode):
        return "/".join(BASE.split(term.value) or (term.value,))
    return term.value if isinstance(term, ox.Literal) else ""


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_answer_is_the_one_that_was_expected(query: SavedQuery) -> None:
    assert sorted(rows(query.text)) == sorted(query.expected)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_answer_is_in_its_order(query: SavedQuery) -> None:
    assert rows(query.text) == list(query.expected)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_title_and_description_are_there_in_each_language(query: SavedQuery) -> None:
    assert all({"en", "fr", "es"} == set(labels) for labels in (query.titles, query.descriptions))


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_answer_rests_on_facts_or_sheets(query: SavedQuery) -> None:
    assert query.facts or query.sheets
    assert all(re.fullmatch(r"F\d{3}", fact) for fact in query.facts)
    assert all((files.CATALOGUE / f"{sheet}.csv").is_file() for sheet in query.sheets)


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_the_answer_is_not_empty(query: SavedQuery) -> None:
    assert query.expected


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES)
def test_with_its_defaults_bound_it_answers_the_same(query: SavedQuery) -> None:
    arguments = {parameter.name: parameter.default for parameter in query.parameters}
    assert rows(bind(query, arguments, BASE)) == rows(query.text)


@pytest.mark.parametrize("value", ["lutece", "tool/lutece", BASE.thing("tool", "lutece")])
def test_a_thing_may_be_named_by_key_by_kind_and_key_or_by_its_address(value: str) -> None:
    assert rows(bind(WHO, {"tool": value}, BASE)) == [
        ("use-case/participatory-budget-of-paris", "Participatory budget of Paris", "country/fr", "France")
    ]


@pytest.mark.parametrize(
    "value", ["organization/etalab", "tool/", "a b", "> } DROP ALL", "https://example.org/id/tool/lutece"]
)
def test_what_is_no_thing_of_the_kind_is_refused_with_the_parameters_name(value: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        bind(WHO, {"tool": value}, BASE)
    assert refusal.value.members["parameter"] == "tool"


def test_an_unknown_parameter_is_refused_with_those_there_are() -> None:
    with pytest.raises(InvalidRequest, match="it has tool"):
        bind(WHO, {"colour": "red"}, BASE)


def test_an_unknown_question_is_refused_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="who-used-a-tool-where"):
        saved_queries.get("who")


SPEAKING = QUERIES["tools-in-a-language"]


@given(st.text(max_size=120))
def test_any_word_is_put_in_as_a_literal_or_refused(value: str) -> None:
    try:
        text = bind(SPEAKING, {"language": value}, BASE)
    except InvalidRequest:
        assert len(value) > 100 or not value.isprintable()
        return
    assert f"VALUES ?language {{ {ox.Literal(value)} }}" in text
    assert isinstance(ox.Store().query(text, base_iri=BASE.iri), ox.QuerySolutions)


def test_a_word_that_looks_like_a_place_for_another_is_left_alone() -> None:
    word = 'VALUES ?other { "x" }'
    question = SPEAKING._replace(
        parameters=(*SPEAKING.parameters, SPEAKING.parameters[0]._replace(name="other")),
        text='SELECT * { VALUES ?language { "it" } VALUES ?other { "a" } }',
    )
    bound = bind(question, {"language": word, "other": "b"}, BASE)
    assert bound == f'SELECT * {{ VALUES ?language {{ {ox.Literal(word)} }} VALUES ?other {{ "b" }} }}'


@given(st.text(max_size=40))
def test_any_argument_is_put_in_as_a_term_or_refused(value: str) -> None:
    try:
        text = bind(WHO, {"tool": value}, BASE)
    except InvalidRequest:
        return
    assert text.count("{") == WHO.text.count("{")
    assert re.search(rf"VALUES \?tool {{ <{re.escape(BASE.iri)}id/tool/[a-z0-9-]+> }}", text)


def test_a_query_runs_as_it_stands_in_any_editor() -> None:
    for path in (Path(__file__).parents[1] / "queries").glob("*.rq"):
        assert isinstance(ox.Store().query(path.read_text(), base_iri=BASE.iri), ox.QuerySolutions)
