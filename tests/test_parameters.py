"""Parameters of saved queries: a value is a term of its kind or is refused, and never changes what is asked."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import BASE, QUESTIONS
from toolbox_graph import saved_queries
from toolbox_graph.errors import InvalidRequest
from toolbox_graph.namespaces import XSD
from toolbox_graph.parameters import KINDS, Parameter, term
from toolbox_graph.saved_queries import bind

TYPED = saved_queries.read(QUESTIONS / "typed.rq")
GIVEN = {"word": "red", "share": "1", "weight": "1", "seen": "true", "text": "x"}

texts = st.text(max_size=60) | st.sampled_from(
    [
        r"\u0022 } #",
        '" } DROP ALL #',
        "?x } ?y {",
        "\\",
        '\\"',
        "> <",
        "VALUES ?word { 1 }",
        "?__text",
        "''' \"\"\"",
        "\x00",
    ]
)


def of(kind: str, **members: object) -> Parameter:
    """Return a parameter of a kind."""
    return Parameter("x", kind, "", {}, **members)  # type: ignore[arg-type]


def answer(text: str) -> dict[str, object]:
    """Return the values that the question with types finds, by name."""
    found = ox.Store().query(text, base_iri=BASE.iri)
    assert isinstance(found, ox.QuerySolutions)
    rows = list(found)
    assert len(rows) == 7
    return {str(row["name"].value): row["value"] for row in rows}


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("integer", "012", "12"),
        ("integer", "-3", "-3"),
        ("nonNegativeInteger", "3", "3"),
        ("decimal", "2.50", "2.5"),
        ("decimal", "1e3", "1000"),
        ("double", "1e3", "1e3"),
        ("date", "2016-02-29", "2016-02-29"),
        ("dateTime", "2016-12-07T10:00:00Z", "2016-12-07T10:00:00Z"),
        ("gYear", "2016", "2016"),
        ("boolean", "false", "false"),
        ("string", "Élan vital", "Élan vital"),
    ],
)
def test_a_value_is_a_literal_of_its_type(kind: str, value: str, written: str) -> None:
    assert term(of(kind), value, BASE) == ox.Literal(written, datatype=ox.NamedNode(str(XSD[kind])))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("integer", "1.5"),
        ("integer", "٣"),
        ("integer", "1" * 19),
        ("decimal", "many"),
        ("decimal", "1e99"),
        ("double", "NaN"),
        ("date", "2015-02-29"),
        ("date", "7.12.2016"),
        ("dateTime", "2016-12-07T25:00:00"),
        ("gYear", "16"),
        ("boolean", "yes"),
        ("text", "a\x00b"),
        ("text", "x" * 1_001),
        ("iri", "a b"),
        ("iri", "relative"),
        ("tool", "country/fr"),
    ],
)
def test_a_value_of_another_type_is_refused_with_the_parameters_name_and_an_example(kind: str, value: str) -> None:
    with pytest.raises(InvalidRequest, match="such as") as refusal:
        term(of(kind), value, BASE)
    assert refusal.value.members == {"parameter": "x"}


def test_a_text_may_be_of_a_language_or_of_a_datatype_of_others() -> None:
    assert term(of("text", language="fr"), "a", BASE) == ox.Literal("a", language="fr")
    assert term(of("text", datatype="urn:gram"), "a", BASE) == ox.Literal("a", datatype=ox.NamedNode("urn:gram"))


@pytest.mark.parametrize("value", ["tool/ckan", BASE.thing("tool", "ckan")])
def test_any_thing_can_be_named_where_an_address_is_wanted(value: str) -> None:
    assert term(of("iri"), value, BASE) == ox.NamedNode(BASE.thing("tool", "ckan"))


def test_of_an_enumeration_nothing_else_is_taken() -> None:
    assert term(of("tool", choices=("tool/ckan",)), "ckan", BASE) == ox.NamedNode(BASE.thing("tool", "ckan"))
    with pytest.raises(InvalidRequest, match="one of red, green"):
        term(of("text", choices=("red", "green")), "blue", BASE)


@given(st.sampled_from(["text", "weight"]), texts)
def test_any_text_is_found_again_as_it_was_given(name: str, value: str) -> None:
    try:
        text = bind(TYPED, GIVEN | {name: value}, BASE)
    except InvalidRequest:
        return
    found = answer(text)[name]
    assert isinstance(found, ox.Literal)
    assert found.value == value


@given(st.sampled_from([*KINDS, "tool"]), texts)
def test_any_text_is_one_term_or_refused(kind: str, value: str) -> None:
    try:
        found = term(of(kind), value, BASE)
    except InvalidRequest:
        return
    [row] = ox.Store().query(f"SELECT ?x {{ VALUES ?x {{ {found} }} }}")  # type: ignore[misc]
    assert isinstance(row[0], type(found))


@given(st.dictionaries(st.sampled_from(["word", "day", "size", "share", "weight", "seen", "text"]), texts))
def test_no_values_change_the_structure_of_a_query(values: dict[str, str]) -> None:
    try:
        text = bind(TYPED, values, BASE)
    except InvalidRequest:
        return
    assert set(answer(text)) == {"word", "day", "size", "share", "weight", "seen", "text"}
