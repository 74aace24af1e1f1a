"""Files in the style of grlc: they work as they are, and nobody else is asked for what stands in them."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import BASE, QUESTIONS
from toolbox_graph import saved_queries
from toolbox_graph.errors import InvalidRequest, Unusable
from toolbox_graph.saved_queries import SavedQuery, bind

FILES = sorted(QUESTIONS.glob("*.rq"))


def read(name: str) -> SavedQuery:
    return saved_queries.read(QUESTIONS / f"{name}.rq")


def written(folder: Path, text: str) -> SavedQuery:
    """Return the question of a file that holds a text."""
    path = folder / "question.rq"
    path.write_text(text)
    return saved_queries.read(path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_runs_as_it_stands_in_any_editor(path: Path) -> None:
    assert ox.Store().query(path.read_text(), base_iri=BASE.iri) is not None


def test_summary_description_and_tags_say_what_a_query_is() -> None:
    query = read("named-in-french")
    assert query.titles == {"en": "What has this name in French?"}
    assert query.descriptions == {"en": "Things by a name that is a text in French."}
    assert query.tags == ("names",)


def test_without_a_summary_the_name_is_the_title(tmp_path: Path) -> None:
    assert written(tmp_path, "SELECT * { ?s ?p ?o }").titles == {"en": "Question"}


def test_a_query_that_is_to_be_posted_can_be_posted_too() -> None:
    assert read("named-in-french").methods == ("GET", "HEAD", "POST")


def test_the_name_of_a_variable_says_what_a_parameter_is() -> None:
    kinds = {one.name: (one.kind, one.is_required) for one in read("typed").parameters}
    assert kinds == {
        "word": ("text", True),
        "day": ("date", False),
        "size": ("integer", False),
        "share": ("decimal", False),
        "weight": ("text", False),
        "seen": ("boolean", False),
        "text": ("text", False),
    }


def test_a_datatype_stands_behind_its_prefix() -> None:
    assert [one.datatype for one in read("typed").parameters if one.name == "weight"] == [
        "http://example.org/unit/gram"
    ]


def test_two_letters_are_a_language() -> None:
    assert 'rdfs:label "Sénégal"@fr' in bind(read("named-in-french"), {"name": "Sénégal"}, BASE)


def test_what_looks_like_a_parameter_in_a_text_or_a_comment_is_none() -> None:
    assert '# A name such as "?_name_fr".' in bind(read("named-in-french"), {"name": "x"}, BASE)


def test_defaults_and_values_are_taken_from_the_header() -> None:
    query = {one.name: one for one in read("typed").parameters}
    assert (query["day"].default, query["size"].default) == ("2016-12-07", "3")
    assert query["word"].choices == ("red", "green")


def test_a_parameter_that_may_be_left_out_stays_a_variable() -> None:
    assert "?__share_xsd_decimal" in bind(read("typed"), {"word": "red"}, BASE)


def test_a_parameter_that_has_to_be_given_is_asked_for_by_name() -> None:
    with pytest.raises(InvalidRequest, match="has to be given") as refusal:
        bind(read("typed"), {}, BASE)
    assert refusal.value.members == {"parameter": "word"}


def test_values_that_would_be_asked_of_the_endpoint_are_passed_over(tmp_path: Path) -> None:
    query = written(tmp_path, "#+ enumerate:\n#+   - kind\nSELECT * { ?s a ?_kind_iri }")
    assert query.parameters[0].choices == ()


def test_a_name_of_several_words_is_no_type(tmp_path: Path) -> None:
    query = written(tmp_path, "SELECT * { ?s ?p ?_first_name_of_all }")
    assert [(one.name, one.kind) for one in query.parameters] == [("first", "text")]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?_limit }",
        "#+ pagination: 0\nSELECT * { ?s ?p ?o }",
        "#+ pagination: many\nSELECT * { ?s ?p ?o }",
        "#+ defaults:\n#+   - day: yesterday\nSELECT * { ?s ?p ?_day_date }",
        "SELECT {",
    ],
)
def test_a_file_that_could_not_be_asked_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unusable, match="question"):
        written(tmp_path, text)
