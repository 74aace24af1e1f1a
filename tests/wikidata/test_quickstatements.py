"""Lines for QuickStatements are read by the tool as they are meant."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.linking.quickstatements import Fact, Reference, label, line

SAID = Reference("https://example.org/list", date(2026, 11, 28))


def read(text: str) -> list[str]:
    """Return the values of a line as the tool reads it: parts between tabs, texts from first to last mark."""
    return [found[1] if (found := re.fullmatch(r'"(.*)"', part)) else part for part in text.strip().split("\t")]


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1))
def test_a_text_of_letters_and_marks_is_read_as_it_was(text: str) -> None:
    assert read(label("Q900000001", "en", text.replace("|", "")))[2] == text.replace("|", "")


@given(st.text())
def test_whatever_a_text_holds_it_stays_one_line_of_three_parts(text: str) -> None:
    written = label("Q900000001", "en", text)
    assert len(written.splitlines()) == 1
    assert len(written.split("\t")) == 3
    assert "||" not in written


def test_each_reference_begins_anew() -> None:
    written = line(Fact("Q900000001", "P856", "https://example.org/", [SAID, SAID._replace(day=None)]))
    assert written.split("\t")[3:] == [
        "S854", '"https://example.org/list"', "S813", "+2026-11-28T00:00:00Z/11", "!S854", '"https://example.org/list"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("https://example.org/?a|b", '"https://example.org/?a%7Cb"'),
        ("a || b", '"a | | b"'),
        ('the "Gate"', '"the "Gate""'),
        (" two\tlines\r\nof\u2028it ", '"two lines of it"'),
    ],
)
def test_what_the_tool_cannot_read_is_written_otherwise(value: str, written: str) -> None:
    assert label("Q900000001", "fr", value) == f"Q900000001\tLfr\t{written}"
