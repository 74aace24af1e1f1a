"""Plain answers: a table is the same in JSON as in SPARQL's own, in however many pieces it comes."""

import json
import math
from collections.abc import AsyncGenerator

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import run
from toolbox_graph.geojson import point
from toolbox_graph.negotiation import JSON, RESULTS, TSV
from toolbox_graph.plain_answers import PlainAnswers
from toolbox_graph.store.engine import Answer, Limits, Query, at_once

XSD = "http://www.w3.org/2001/XMLSchema#"


class Pieces:
    """An engine whose answer is some text in pieces of a length, or whole."""

    def __init__(self, body: bytes, size: int | None) -> None:
        self.body = body
        self.size = size

    async def ask(self, query: Query) -> Answer:
        """Return the answer."""
        assert query.results is TSV
        whole = self.body if self.size is None else None
        return Answer(RESULTS[3], is_graph=False, state="", pieces=self._pieces(), whole=whole)

    async def _pieces(self) -> AsyncGenerator[bytes, None]:
        for start in range(0, len(self.body), self.size or len(self.body)):
            yield self.body[start : start + (self.size or len(self.body))]


def plain(text: str, size: int | None = None) -> object:
    """Return the answer to a query in plain JSON."""
    found = ox.Store().query(text)
    assert not isinstance(found, ox.QueryTriples)
    body = found.serialize(format=ox.QueryResultsFormat.TSV)
    assert body is not None

    async def asked() -> bytes:
        answer = await PlainAnswers(Pieces(body, size)).ask(Query("", JSON, None, Limits(1, 1)))
        assert answer.format == JSON
        pieces = answer.pieces if answer.whole is None else at_once(answer.whole)
        return b"".join([piece async for piece in pieces])

    return json.loads(run(asked()))


@pytest.mark.parametrize(
    ("term", "value"),
    [
        ("12", 12),
        ("-0.50", -0.5),
        ("2.0", 2),
        ("1e3", 1000),
        ("true", True),
        (f'"NaN"^^<{XSD}double>', "NaN"),
        (f'"007"^^<{XSD}string>', "007"),
        (f'"12"^^<{XSD}date>', "12"),
        ('"oui"@fr', "oui"),
        ("<urn:thing>", "urn:thing"),
        ("UNDEF", None),
    ],
)
def test_a_term_is_the_value_that_a_program_would_take_it_for(term: str, value: object) -> None:
    assert plain(f"SELECT ?x ?y {{ VALUES (?x ?y) {{ ({term} 1) }} }}") == [{"x": value, "y": 1}]


@given(st.lists(st.text()), st.integers(1, 20) | st.none())
def test_texts_are_the_same_in_however_many_pieces_they_come(texts: list[str], size: int | None) -> None:
    values = " ".join(f"({ox.Literal(text)} {number})" for number, text in enumerate(texts))
    found = plain(f"SELECT ?x ?n {{ VALUES (?x ?n) {{ {values} }} }} ORDER BY ?n", size)
    assert found == [{"x": text, "n": number} for number, text in enumerate(texts)]


@pytest.mark.parametrize("size", [None, 1])
def test_the_answer_to_an_ask_is_a_truth(size: int | None) -> None:
    assert plain("ASK {}", size) is True


@given(st.floats(-180, 180), st.floats(-90, 90))
def test_a_point_is_where_it_was(longitude: float, latitude: float) -> None:
    found = json.loads(point(f"POINT({longitude!r} {latitude!r})"))
    assert all(map(math.isclose, found["coordinates"], (longitude, latitude)))


@pytest.mark.parametrize(
    "text",
    ["", "POINT EMPTY", "POINT(200 10)", "POINT(1)", "POINT(a b)", "<urn:moon> POINT(1 2)", "LINESTRING(1 2, 3 4)"],
)
def test_what_is_no_point_on_earth_is_nowhere(text: str) -> None:
    assert point(text) == "null"


@given(st.text())
def test_any_text_is_a_point_or_nowhere(text: str) -> None:
    assert json.loads(point(text)) is None or "POINT" in text.upper()
