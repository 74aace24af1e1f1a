"""Sheets: what a row says is taken with its source; what is wrong is told at its row and column."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from tests.conftest import BASE
from toolbox_graph import files
from toolbox_graph.errors import NotFound, Unreadable
from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCTERMS, FOAF, LICENCES, OWL, RDF, RDFS, SCHEMA, TBG, XSD
from toolbox_graph.sheets.cells import FORMULA
from toolbox_graph.sheets.metadata import read_metadata
from toolbox_graph.sheets.statements import Reading, Statement

METADATA = read_metadata(files.METADATA)
MODEL = Model(BASE)
HEADER = "Key,Name,Source\n"
DOOR = URIRef(BASE.thing("tool", "door"))
KNOWN = {
    BASE.thing(kind, key)
    for kind, key in [("source", "alpha"), ("source", "beta"), ("organization", "etalab"), ("tool", "wall")]
} | {str(LICENCES["AGPL-3.0-or-later"])}


class Elsewhere:
    """What is known from elsewhere: some things, one of which has a name."""

    def exists(self, iri: str) -> bool:
        """Return whether something is known."""
        return iri in KNOWN

    def named(self, kind: str, name: str) -> set[str]:
        """Return the keys of what has a name."""
        return {"wall"} if (kind, name) == ("tool", "The Wall") else set()

    def values(self, iri: str, predicate: str) -> list[str]:
        """Return nothing, for nothing more is known."""
        return []


def sheet(folder: Path, text: str | bytes, name: str = "Software") -> Path:
    """Write a sheet."""
    path = folder / f"{name}.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def read(*paths: Path) -> list[Statement]:
    """Return what some sheets say, where some things are known from elsewhere."""
    return Reading(METADATA, MODEL, Elsewhere()).read(paths)


def said(folder: Path, columns: str, cells: str, name: str = "Software") -> set[tuple[URIRef, object]]:
    """Return what one row says, beside its key, name and source."""
    path = sheet(folder, f"Key,Name,Source,{columns}\ndoor,Door,alpha,{cells}\n", name)
    usual = {RDF.type, RDFS.label}
    return {(each.predicate, each.value) for each in read(path) if each.predicate not in usual}


def test_a_row_says_what_its_thing_is_and_is_called(tmp_path: Path) -> None:
    found = {(each.subject, each.predicate, each.value) for each in read(sheet(tmp_path, HEADER + "door,Door,alpha\n"))}
    assert found == {
        (DOOR, RDF.type, TBG.Tool),
        (DOOR, RDF.type, TBG.Software),
        (DOOR, RDFS.label, Literal("Door", "en")),
    }


def test_a_row_of_two_sources_is_said_by_both(tmp_path: Path) -> None:
    statements = read(sheet(tmp_path, HEADER + "door,Door,alpha; beta\n"))
    assert {each.source for each in statements if each.predicate == RDFS.label} == {"alpha", "beta"}


def test_a_statement_knows_where_it_stands(tmp_path: Path) -> None:
    statements = read(sheet(tmp_path, HEADER + "wall,Wall,alpha\ndoor,Door,alpha\n"))
    assert "Software.csv, row 3, column Name" in {each.place for each in statements}


@pytest.mark.parametrize(
    ("columns", "cells", "expected"),
    [
        ("Website", "https://door.example.org/", {(FOAF.homepage, URIRef("https://door.example.org/"))}),
        ("URL", "https://door.example.org/", {(FOAF.homepage, URIRef("https://door.example.org/"))}),
        (" official WEBSITE", "http://d.org", {(FOAF.homepage, URIRef("http://d.org"))}),
        ("Uses", "wall", {(TBG.builtOn, URIRef(BASE.thing("tool", "wall")))}),
        ("wikidata", "Q42", {(OWL.sameAs, URIRef("http://www.wikidata.org/entity/Q42"))}),
        ("license", "AGPL-3.0-or-later", {(DCTERMS.license, URIRef("https://spdx.org/licenses/AGPL-3.0-or-later"))}),
        ("Start", "2016", {(SCHEMA.dateCreated, Literal("2016", datatype=XSD.gYear))}),
        ("Start", "2016-12", {(SCHEMA.dateCreated, Literal("2016-12", datatype=XSD.gYearMonth))}),
        ("Start", "2016-12-07", {(SCHEMA.dateCreated, Literal("2016-12-07", datatype=XSD.date))}),
        ("Developer", "etalab", {(TBG.developer, URIRef(BASE.thing("organization", "etalab")))}),
        ("Tag", "voting; debate", {(SCHEMA.keywords, Literal("voting", "en")), (SCHEMA.keywords, Literal("debate", "en"))}),
        ("Tag,Tag", "voting,debate", {(SCHEMA.keywords, Literal("voting", "en")), (SCHEMA.keywords, Literal("debate", "en"))}),
        ("Description-FR", "Une porte.", {(DCTERMS.description, Literal("Une porte.", "fr"))}),
        ("Description-FR", '"«Une», ""deux""\nlignes"', {(DCTERMS.description, Literal('«Une», "deux"\nlignes', "fr"))}),
        ("Website", "", set()),
        ("Fact", "F001", set()),
    ],
)  # fmt: skip
def test_a_cell_says(tmp_path: Path, columns: str, cells: str, expected: set[object]) -> None:
    assert said(tmp_path, columns, cells) == expected


def test_a_cell_may_name_a_thing_by_what_it_is_called(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Key,Name,Uses,Source\ndoor,Door,the old wall,alpha\nwall,The Old Wall,,alpha\n")
    uses = [each.value for each in read(path) if each.predicate == TBG.builtOn]
    assert uses == [URIRef(BASE.thing("tool", "wall"))]


def test_a_cell_may_name_what_the_catalogue_has_by_what_it_is_called(tmp_path: Path) -> None:
    assert said(tmp_path, "Uses", "The Wall") == {(TBG.builtOn, URIRef(BASE.thing("tool", "wall")))}


def test_a_key_goes_before_a_name(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Key,Name,Uses,Source\ndoor,Door,gate,alpha\ngate,Gate,,alpha\nother,gate,,alpha\n")
    assert [each.value for each in read(path) if each.predicate == TBG.builtOn] == [URIRef(BASE.thing("tool", "gate"))]


def test_sheets_may_point_to_each_other(tmp_path: Path) -> None:
    software = sheet(tmp_path, "Key,Name,Developer,Source\ndoor,Door,smiths,alpha\n")
    organizations = sheet(tmp_path, HEADER + "smiths,Smiths,alpha\n", "Organization")
    assert URIRef(BASE.thing("organization", "smiths")) in {each.value for each in read(software, organizations)}


@pytest.mark.parametrize("text", ["\ufeff" + HEADER + "door,Door,alpha\n", HEADER + "\ndoor,Door,alpha\n,,\n",
                                  HEADER.replace("\n", "\r\n") + "door,Door,alpha\r\n", "Key,Name,Source,\ndoor,Door,alpha,\n"])  # fmt: skip
def test_what_spreadsheet_programs_leave_behind_is_passed_over(tmp_path: Path, text: str) -> None:
    assert {each.subject for each in read(sheet(tmp_path, text))} == {DOOR}


MISTAKES = [
    ("an unknown column", "Key,Name,Colour,Source\ndoor,Door,red,alpha\n", "row 1: there is no column 'Colour' in Software; there are Key, Name"),
    ("a missing column", "Key,Name\ndoor,Door\n", "row 1: the column Source is missing"),
    ("an empty sheet", "", "row 1: the column Key is missing"),
    ("a row without a key", HEADER + ",Door,alpha\n", "row 2, column Key: this must not be empty"),
    ("a row without a source", HEADER + "door,Door,\n", "row 2, column Source: this must not be empty"),
    ("a row that is too short", HEADER + "wall,Wall,alpha\ndoor,Door\n", "row 3: there are 2 cells, and 3 columns; are the quotes right?"),
    ("a row that is too long", HEADER + "door,Door, or gate,alpha\n", "row 2: there are 4 cells, and 3 columns"),
    ("an open quote", HEADER + 'wall,Wall,alpha\ndoor,"Door,alpha\n', "after row 2: this is not CSV"),
    ("text after a quote", HEADER + 'door,"Door"s,alpha\n', "this is not CSV"),
    ("another encoding", HEADER.encode() + "wall,Wall,alpha\ntür,Tür,alpha\n".encode("latin-1"), "line 3: this is not UTF-8; save the sheet as “CSV UTF-8”. It was read as Windows-1252"),
    ("a spreadsheet program's own file", b"PK\x03\x04...", "this is a spreadsheet program's own file; save it as CSV"),
    ("UTF-16", (HEADER + "door,Door,alpha\n").encode("utf-16"), "line 1: this is not UTF-8"),
    ("a key that is none", HEADER + "The Door,Door,alpha\n", "row 2, column Key: 'The Door' is no key; use small letters, digits and hyphens"),
    ("two rows of one thing and source", HEADER + "door,Door,alpha\ndoor,Gate,alpha\n", "row 3: door from alpha stands already in Software.csv, row 2"),
    ("a reference to nothing", "Key,Name,Developer,Source\ndoor,Door,nobody,alpha\n", "row 2, column Developer: there is no organization 'nobody'; is its row missing?"),
    ("a reference that is nearly right", "Key,Name,Uses,Source\ndoor,Door,gaet,alpha\ngate,Gate,,alpha\n", "row 2, column Uses: there is no tool 'gaet'; did you mean gate?"),
    ("a name that two things have", "Key,Name,Uses,Source\ndoor,Door,The Gate,alpha\na,The Gate,,alpha\nb,the gate,,alpha\n", "several are called 'The Gate'; write the key: a, b."),
    ("a control character", "Key,Name,Source\ndoor,D\x01oor,alpha\n", "row 2, column Name: 'D\\x01oor' holds a control character; take it out."),
    ("no date", "Key,Name,Start,Source\ndoor,Door,7 Dec 2016,alpha\n", "column Start: '7 Dec 2016' is no date; write 2016, 2016-12 or 2016-12-07"),
    ("a day that there was not", "Key,Name,Start,Source\ndoor,Door,2016-02-30,alpha\n", "'2016-02-30' is no date"),
    ("a source that nobody knows", HEADER + "door,Door,hearsay\n", "row 2, column Source: there is no source 'hearsay'; is its row missing?"),
    ("an address without a scheme", "Key,Name,Website,Source\ndoor,Door,www.door.org,alpha\n", "column Website: 'www.door.org' is no web address; write it whole, with https://"),
    ("an address with a space", "Key,Name,Website,Source\ndoor,Door,https://door.org/a b,alpha\n", "column Website: 'https://door.org/a b' cannot be part of an address"),
    ("a licence that is no name", "Key,Name,license,Source\ndoor,Door,no such licence,alpha\n", "column license: 'no such licence' is no identifier of the SPDX list; write one such as AGPL-3.0-or-later"),
    ("an address of another scheme", "Key,Name,Website,Source\ndoor,Door,javascript:alert(1),alpha\n", "is no web address"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "told"), [pytest.param(text, told, id=name) for name, text, told in MISTAKES])
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, text: str | bytes, told: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(sheet(tmp_path, text))
    assert any(told in problem and problem.startswith("Software.csv, ") for problem in refusal.value.problems), (
        refusal.value.problems
    )


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="there are 2 mistakes") as refusal:
        read(sheet(tmp_path, HEADER + "Door,Door,alpha\nwall,Wall,\n"))
    assert len(refusal.value.problems) == 2


def test_sources_that_share_a_row_may_have_rows_of_their_own_too(tmp_path: Path) -> None:
    path = sheet(tmp_path, "Key,Name,Uses,Source\ndoor,Door,,alpha; beta\ndoor,Door,wall,alpha\n")
    assert {each.source for each in read(path) if each.predicate == TBG.builtOn} == {"alpha"}


def test_a_number_is_digits_alone(tmp_path: Path) -> None:
    text = "Key,Name,Place in order,Source\nfirst,First,１,alpha\n"
    with pytest.raises(Unreadable) as refusal:
        read(sheet(tmp_path, text, "Criterion"))
    assert "is no number; write digits only" in refusal.value.problems[0]


def test_a_file_that_has_no_sheets_name_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"Tools\.csv is not the name of a sheet; name it one of Software\.csv"):
        read(sheet(tmp_path, HEADER, "Tools"))


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff", include_characters="\t\n\r\x85"),
    max_size=12,
)


@settings(deadline=None)
@given(name=CELLS.filter(lambda text: bool(text.strip()) and not FORMULA.fullmatch(text.strip())))
def test_a_name_arrives_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text).writerows([["Key", "Name", "Source"], ["door", name, "alpha"]])
    path = sheet(tmp_path_factory.mktemp("sheets"), text.getvalue())
    assert Literal(name.strip(), "en") in {each.value for each in read(path)}


@settings(deadline=None)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = sheet(tmp_path_factory.mktemp("sheets"), HEADER.encode() + body)
    try:
        statements = read(path)
    except Unreadable as refusal:
        assert refusal.problems  # noqa: PT017
    else:
        assert all(each.source for each in statements)
