"""A statement is the same whether we write it or the engine gives it back."""

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Literal, URIRef

from toolbox_graph.store.quads import Quad, canonical, language, parse_line, text_of, value_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


@given(TEXTS)
def test_a_text_survives_being_written_down(text: str) -> None:
    assert value_of(text_of(Literal(text))) == text


@given(TEXTS, st.sampled_from(["en", "fr", "zh-hant"]))
def test_a_statement_survives_a_line(text: str, tag: str) -> None:
    quad = Quad("<urn:s>", "<urn:p>", text_of(Literal(text, tag)), "<urn:g>")
    assert parse_line(str(quad)) == quad


@given(TEXTS)
def test_what_is_canonical_stays_as_it_is(text: str) -> None:
    quad = Quad("<urn:s>", "<urn:p>", text_of(Literal(text)), "<urn:g>")
    assert list(canonical([str(quad)])) == [quad]


@pytest.mark.parametrize(
    ("written", "kept"),
    [("01", "1"), ("+5", "5")],
)
def test_numbers_are_kept_by_value(written: str, kept: str) -> None:
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    [quad] = canonical([f'<urn:s> <urn:p> "{written}"^^<{integer}> <urn:g> .'])
    assert value_of(quad.object) == kept


@pytest.mark.parametrize("term", [BNode("nameless"), URIRef("no scheme"), URIRef("http://example.org/a b")])
def test_what_has_no_name_is_refused(term: BNode | URIRef) -> None:
    with pytest.raises(ValueError, match=r".+"):
        text_of(term)


@given(TEXTS)
def test_the_language_of_a_text_is_not_found_within_it(text: str) -> None:
    assert language(str(ox.Literal(text))) == ""
