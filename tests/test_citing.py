"""Citations: what BibTeX reads is what was meant, whatever is in the title."""

from itertools import accumulate

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.model import Entry
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from toolbox_graph.citing import ESCAPES, Citation, bibtex

CONTEXT = get_default_latex_context_db()
CONTEXT.add_context_category(
    "marks",
    prepend=True,
    macros=[
        MacroTextSpec("textbraceleft", "{"),
        MacroTextSpec("textbraceright", "}"),
        MacroTextSpec("textasciicircum", "^"),
    ],
)
TEX = LatexNodes2Text(latex_context=CONTEXT, strict_latex_spaces=True)

LETTERS = st.characters(codec="utf-8", exclude_categories=("C", "Z"), exclude_characters="-'`\"<>!?")
"""Without what TeX joins to other signs, such as two hyphens to a dash."""

TEXTS = st.text(st.one_of(st.sampled_from([*ESCAPES, " "]), LETTERS), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split())
)


def entry(
    title: str, publisher: str = "Toolbox Graph", address: str = "http://127.0.0.1:8000/tool/ckan?at=12"
) -> Entry:
    """Return the one entry that a program for BibTeX reads in a citation."""
    written = bibtex(Citation(title, publisher, 12, "2026-11-28T09:00:00Z", address))
    library = parse_string(written)
    assert library.failed_blocks == []
    [found] = library.entries
    return found


def read(text: str) -> str:
    """Return what TeX prints of a text in the braces that keep it as it is."""
    assert (text[0], text[-1]) == ("{", "}")
    return str(TEX.latex_to_text(text[1:-1]))


@given(TEXTS, TEXTS)
def test_title_and_publisher_are_printed_as_they_are(title: str, publisher: str) -> None:
    fields = entry(title, publisher).fields_dict
    assert (read(fields["title"].value), read(fields["author"].value)) == (title, publisher)


@given(st.text(max_size=60))
def test_no_title_breaks_out_of_its_entry(title: str) -> None:
    names = ["title", "author", "publisher", "year", "month", "version", "url", "note"]
    assert [field.key for field in entry(title).fields] == names


@given(TEXTS)
def test_braces_are_balanced_as_bibtex_counts_them(title: str) -> None:
    written = bibtex(Citation(title, title, 12, "2026-11-28T09:00:00Z", "urn:a"))
    depths = list(accumulate({"{": 1, "}": -1}.get(letter, 0) for letter in written))
    assert (min(depths), depths[-1], depths.index(0, written.index("{"))) == (0, 0, len(written) - 2)


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("R&D: 100 % {free}", r"R\&D: 100 \% \textbraceleft{}free\textbraceright{}"),
        (r"a\b_c#d~e^f$g", r"a\textbackslash{}b\_c\#d\textasciitilde{}e\textasciicircum{}f\$g"),
        ("Démocratie\n  ouverte\u0000 – ¿Qué?", "Démocratie ouverte – ¿Qué?"),
    ],
)
def test_marks_of_tex_are_escaped_and_letters_are_not(title: str, written: str) -> None:
    assert entry(title).fields_dict["title"].value == f"{{{written}}}"


def test_an_address_stands_as_it_is() -> None:
    address = "https://example.org/sparql?query=ASK+%7B%7D&a_b=~&at=12"
    assert entry("A", address=address).fields_dict["url"].value == address


def test_the_version_is_told_with_its_day() -> None:
    fields = {field.key: field.value for field in entry("A").fields}
    assert (fields["year"], fields["month"], fields["version"]) == ("2026", "nov", "12")
    assert fields["note"] == "Version 12 of 2026-11-28. Licence: CC0 1.0"


@pytest.mark.parametrize(
    ("title", "key"),
    [("CKAN", "toolbox-graph-ckan-12"), ("{}%,", "toolbox-graph-12"), ("Économie", "toolbox-graph-economie-12")],
)
def test_a_key_has_only_what_any_program_takes(title: str, key: str) -> None:
    assert entry(title).key == key
