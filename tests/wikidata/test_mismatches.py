"""What is written for the Mismatch Finder is what it takes (wmde/wikidata-mismatch-finder, config/mismatches.php)."""

import csv
import io
import re

from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.linking.mismatches import COLUMNS, Mismatch, write

STATEMENTS = st.builds(lambda item, part: f"{item}${part}", st.sampled_from(["Q42", "q42"]), st.uuids().map(str))
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=40)
MISMATCHES = st.builds(Mismatch, STATEMENTS, st.sampled_from(["P856", "P17"]), TEXTS, TEXTS, TEXTS)


def read(text: str) -> list[dict[str, str]]:
    """Return the rows of a file."""
    return list(csv.DictReader(io.StringIO(text)))


@given(st.lists(MISMATCHES, max_size=5))
def test_all_is_read_back_as_it_was_written(mismatches: list[Mismatch]) -> None:
    rows = read(write(mismatches))
    told = [(row["statement_guid"], row["wikidata_value"], row["external_value"], row["external_url"]) for row in rows]
    assert told == [(one.statement, one.theirs, one.ours, one.address) for one in mismatches]


@given(MISMATCHES)
def test_a_row_names_the_item_of_its_statement(mismatch: Mismatch) -> None:
    [row] = read(write([mismatch]))
    assert re.fullmatch(r"Q[1-9]\d*", row["item_id"])
    assert row["statement_guid"].partition("$")[0].upper() == row["item_id"]


def test_the_columns_stand_above_nothing_too() -> None:
    assert write([]) == f"{','.join(COLUMNS)}\n"


def test_what_is_too_long_for_it_is_left_out() -> None:
    short, long = (Mismatch("Q42$1", "P856", "https://a.org/", f"https://b.org/{'x' * size}", "") for size in (9, 1500))
    assert [row["external_value"] for row in read(write([long, short]))] == [short.ours]
