"""Importing: the difference to what was said before becomes one changeset, or none, or a refusal that says where."""

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Literal, URIRef

from tests.conftest import BASE, TODAY, origin
from toolbox_graph import importing, imports
from toolbox_graph.changes import Repository
from toolbox_graph.errors import Busy, InvalidRequest, NotFound, ShapesViolated, Unreadable
from toolbox_graph.importing import Importer, Run
from toolbox_graph.imports import Outcome
from toolbox_graph.namespaces import FOAF, RDF, RDFS, TBG
from toolbox_graph.store.locks import alone
from toolbox_graph.store.quads import node

GATE = "gate"


def says(*names: str, website: str = "") -> Callable[[Run], None]:
    """Return an importer that finds tools of some names, perhaps with a website."""

    def import_all(run: Run) -> None:
        for name in names:
            tool = run.mint("tool", name)
            run.state(tool, RDF.type, TBG.Tool, source="alpha")
            run.state(tool, RDF.type, TBG.Software, source="alpha")
            run.state(tool, RDFS.label, Literal(name, "en"), source="alpha", place=f"page of {name}")
            if website:
                run.state(tool, FOAF.homepage, URIRef(website), source="alpha", place=f"page of {name}, website")

    return import_all


def imported(house: Repository, importer: Callable[[Run], None], *, dry: bool = False) -> Outcome:
    """Return what comes of an import."""
    return imports.import_into(
        house, Importer("registry", importer), origin("import", "registry"), today=TODAY, dry=dry
    )


def graph(house: Repository) -> set[str]:
    """Return the names that the importer's graph gives."""
    with house.open() as generation:
        rows = generation.store.query(
            f"SELECT ?n {{ GRAPH <{BASE.graph('registry', 'alpha')}> {{ ?s <{RDFS.label}> ?n }} }}"
        )
        return {row["n"].value for row in rows}  # type: ignore[union-attr]


def position(house: Repository) -> int:
    """Return the position that is shown."""
    return house.journal.last().position


def test_what_an_importer_finds_becomes_one_changeset(house: Repository) -> None:
    outcome = imported(house, says("gate", "fence"))
    assert outcome.header
    assert (outcome.header.position, outcome.added, outcome.removed) == (2, 6, 0)
    assert graph(house) == {"gate", "fence"}


def test_the_same_again_makes_no_changeset(house: Repository) -> None:
    imported(house, says("gate"))
    size = house.journal.path.stat().st_size
    assert imported(house, says("gate"))[:3] == (None, 0, 0)
    assert house.journal.path.stat().st_size == size


def test_what_the_source_no_longer_says_is_removed(house: Repository) -> None:
    imported(house, says("gate", "fence"))
    outcome = imported(house, says("fence"))
    assert (outcome.added, outcome.removed) == (0, 3)
    assert graph(house) == {"fence"}


def test_a_dry_run_counts_and_changes_nothing(house: Repository) -> None:
    outcome = imported(house, says("gate"), dry=True)
    assert (outcome.header, outcome.added, position(house)) == (None, 3, 1)


def test_a_source_that_says_nothing_at_all_removes_nothing(house: Repository) -> None:
    imported(house, says("gate"))
    with pytest.raises(Unreadable, match="found nothing to say"):
        imported(house, says())
    assert graph(house) == {"gate"}


def test_a_violation_is_told_where_it_stands_and_changes_nothing(house: Repository) -> None:
    with pytest.raises(ShapesViolated) as refusal:
        imported(house, says("gate", website="ftp://gate.example.org"))
    [violation] = refusal.value.violations
    assert (violation["place"], violation["name"]) == ("page of gate, website", "website")
    assert position(house) == 1


def test_a_key_that_is_none_is_refused(house: Repository) -> None:
    with pytest.raises(Unreadable, match="'The Gate' is no key"):
        imported(house, says("The Gate"))


def test_two_imports_of_one_source_do_not_run_at_the_same_time(house: Repository) -> None:
    with alone(house.folder / "registry.lock", seconds=0, doing="a test"), pytest.raises(Busy, match="Another import"):
        imported(house, says("gate"))
    assert imported(house, says("gate")).header


def test_imports_of_two_sources_may_run_at_the_same_time(house: Repository) -> None:
    with alone(house.folder / "other.lock", seconds=0, doing="a test"):
        assert imported(house, says("gate")).header


def test_questions_are_handed_on(house: Repository) -> None:
    def import_all(run: Run) -> None:
        says("gate")(run)
        run.nothing_left({"colour": "red", "size": ""}, of="gate")

    assert imported(house, import_all).questions == ["gate: what is 'colour', here 'red'?"]


def test_an_importer_sees_what_others_have_imported(house: Repository) -> None:
    seen = []

    def import_all(run: Run) -> None:
        seen.extend([run.exists(BASE.thing("tool", "wall")), run.exists(BASE.thing("tool", "gate"))])
        says("gate")(run)

    imported(house, import_all)
    assert seen == [True, False]


def test_an_unknown_source_is_refused_with_the_sources_there_are() -> None:
    with pytest.raises(NotFound, match=r"There is no source 'wikidata'; there are licences, countries, seeds"):
        importing.find("wikidata")


def test_a_sheet_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        importing.find(str(tmp_path / "Software.csv"))


def test_a_sheet_of_ones_own_has_a_graph_of_its_own(house: Repository, tmp_path: Path) -> None:
    path = tmp_path / "Software.csv"
    path.write_text("Key,Name,Source\ngate,Gate,alpha\n")
    importer = importing.find(str(path))
    imports.import_into(house, importer, origin("import"), today=TODAY)
    with house.open() as generation:
        assert generation.store.contains_named_graph(ox.NamedNode(BASE.graph(importer.name, "alpha")))


def test_sheets_of_one_name_in_two_folders_are_two_sources(tmp_path: Path) -> None:
    keys = []
    for name in ("mine/data", "yours/data"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "Software.csv").write_text("Key,Name,Source\ngate,Gate,alpha\n")
        keys.append(importing.find(str(tmp_path / name / "Software.csv")).name)
    assert len(set(keys)) == 2
    assert all(re.fullmatch("sheet-data-[0-9a-f]{6}-software", key) for key in keys)


TURTLE = f"@prefix tbg: <{TBG}> . @prefix rdfs: <{RDFS}> .\n"
GOOD = '<id/tool/gate> a tbg:Tool, tbg:Software ; rdfs:label "Gate"@en .'
OURS = "https://example.org/graph/ours"


def loaded(house: Repository, path: Path, graph: str = OURS) -> int:
    """Load a file; return how many statements were added."""
    draft, since = imports.load(house, path, graph, origin("load"))
    if draft.added:
        house.commit(draft, since=since)
    return len(draft.added)


def turtle(folder: Path, text: str) -> Path:
    """Write a Turtle file."""
    path = folder / "data.ttl"
    path.write_text(TURTLE + text)
    return path


def test_a_file_is_loaded_into_a_graph_and_the_second_time_nothing_is_new(house: Repository, tmp_path: Path) -> None:
    path = turtle(tmp_path, GOOD)
    assert [loaded(house, path), loaded(house, path)] == [3, 0]
    with house.open() as generation:
        assert generation.store.query(f"ASK {{ GRAPH <{OURS}> {{ {node(BASE.thing('tool', GATE))} a <{TBG.Tool}> }} }}")


def test_nameless_things_of_two_files_stay_two_in_one_graph(house: Repository, tmp_path: Path) -> None:
    for name in ("one", "two"):
        loaded(house, turtle(tmp_path, f'[] rdfs:comment "{name}" .'))
    with house.open() as generation:
        found = generation.store.quads_for_pattern(None, None, None, ox.NamedNode(OURS))
        assert len({quad.subject for quad in found}) == 2


def test_a_mistake_in_turtle_is_told_with_its_line(house: Repository, tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refusal:
        loaded(house, turtle(tmp_path, GOOD + "\n<id/tool/gate> rdfs:label .\n"))
    assert "data.ttl" in str(refusal.value)
    assert "line 3" in str(refusal.value)
    assert position(house) == 1


@pytest.mark.parametrize("text", ['<a> <b> "x"@ar--rtl .', "<a> <b> <<( <c> <d> <e> )>> ."])
def test_what_most_programs_could_not_read_is_refused(house: Repository, tmp_path: Path, text: str) -> None:
    with pytest.raises(Unreadable, match=r"RDF 1\.2"):
        loaded(house, turtle(tmp_path, text))


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
HARMFUL = {
    "deep.ttl": "<urn:a> <urn:b> " + "(" * 50_000 + ")" * 50_000 + " .",
    "bomb.rdf": f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY e0 "ha">{ENTITIES}]>'
    '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description><r:value>&e9;</r:value>'
    "</r:Description></r:RDF>",
}


@pytest.mark.parametrize("name", HARMFUL)
def test_a_file_that_would_end_its_reader_is_refused(house: Repository, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(HARMFUL[name])
    with pytest.raises(Unreadable, match="cannot be read in"):
        loaded(house, path)
    assert position(house) == 1


def test_what_xml_cannot_hold_is_refused(house: Repository, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="control character"):
        loaded(house, turtle(tmp_path, '<a> <b> "bell \\u0007" .'))


def test_data_that_violates_a_shape_is_not_loaded(house: Repository, tmp_path: Path) -> None:
    with pytest.raises(ShapesViolated):
        loaded(house, turtle(tmp_path, '<id/tool/gate> rdfs:label "Gate"@en .'))
    assert position(house) == 1


@pytest.mark.parametrize("name", ["mine", "", "http://a b", "history", "ontology", "catalogue"])
def test_a_graph_that_cannot_take_statements_is_refused(house: Repository, tmp_path: Path, name: str) -> None:
    iri = BASE.graph(name) if name in {"history", "ontology", "catalogue"} else name
    with pytest.raises(InvalidRequest, match="name a graph of your own"):
        loaded(house, turtle(tmp_path, GOOD), iri)


def test_a_file_of_an_unknown_format_is_refused_with_those_there_are(house: Repository, tmp_path: Path) -> None:
    path = tmp_path / "data.docx"
    path.write_text("")
    with pytest.raises(Unreadable, match=r"\.ttl, \.nt"):
        loaded(house, path)


@pytest.mark.parametrize("text", [GOOD.replace("a tbg:Tool, tbg:Software", "a tbg:Thing"), "id/tool/gate"])
def test_a_rehearsal_of_a_file_finds_what_its_import_would(house: Repository, tmp_path: Path, text: str) -> None:
    with pytest.raises((ShapesViolated, Unreadable)):
        imports.rehearse(house, turtle(tmp_path, text), origin("validate"), today=TODAY)


def test_a_rehearsal_of_a_sheet_tells_row_and_column(house: Repository, tmp_path: Path) -> None:
    path = tmp_path / "Software.csv"
    path.write_text("Key,Name,Email,Source\ngate,Gate,not an address,alpha\n")
    with pytest.raises(ShapesViolated) as refusal:
        imports.rehearse(house, path, origin("validate"), today=TODAY)
    assert refusal.value.violations[0]["place"] == "Software.csv, row 2, column Email"
    assert position(house) == 1


DOUBTFUL = {
    "a cell of ten megabytes": ("Description-EN", "x" * 10_000_000, "", "this cell has 10,000,000 characters"),
    "a year with a question mark": ("Start", "2016?", "", "'2016?' is no date"),
    "a year in words": ("Start", "circa 2010", "", "'circa 2010' is no date"),
    "a formula": ("Website", "=A1+1", "", "'=A1+1' is a formula"),
    "what is built on itself": ("Uses", "door", "", "'http://127.0.0.1:8000/id/tool/door' is left out"),
    "a circle": ("Uses", "gate", "door", "'http://127.0.0.1:8000/id/tool/gate' is left out"),
    "an organization where a tool belongs": ("Uses", "Guild", "", "there is no tool 'Guild'"),
    "what the shapes refuse": ("Email", "nobody", "", "'nobody' is left out"),
}


@pytest.mark.parametrize(("column", "cell", "next_cell", "told"), DOUBTFUL.values(), ids=DOUBTFUL.keys())
def test_what_is_doubtful_is_asked_at_row_and_column_and_the_rest_goes_in(
    house: Repository, tmp_path: Path, column: str, cell: str, next_cell: str, told: str
) -> None:
    path = tmp_path / "Software.csv"
    path.write_text(f"Key,Name,{column},Source\ndoor,Door,{cell},alpha\ngate,Gate,{next_cell},alpha\n")
    importer = importing.find(str(path))
    outcome = imports.import_into(house, importer, origin("import"), today=TODAY)
    assert any(question.startswith(f"Software.csv, row 2, column {column}: {told}") for question in outcome.questions)
    with house.open() as generation:
        found = generation.store.query(
            f"SELECT ?n {{ GRAPH <{BASE.graph(importer.name, 'alpha')}> {{ ?s <{RDFS.label}> ?n }} }}"
        )
        assert {row["n"].value for row in found} == {"Door", "Gate"}  # type: ignore[union-attr]


def original(house: Repository, folder: Path, text: str) -> Outcome:
    """Return what comes of importing the first toolbox's sheet of software."""
    path = folder / "Software.csv"
    path.write_text(text)
    return imports.import_into(house, importing.find("spreadsheet", [path]), origin("import"), today=TODAY)


def test_a_sheet_of_the_first_toolbox_is_its_own_source_seen_on_the_day(house: Repository, tmp_path: Path) -> None:
    assert original(house, tmp_path, "Name,Tag\nGate,voting\n").questions == []
    name = importing.find("spreadsheet", [tmp_path / "Software.csv"]).name
    gate, source = (node(BASE.thing(*of)) for of in (("tool", f"{name}-gate"), ("source", name)))
    with house.open() as generation:
        asked = f'ASK {{ GRAPH <{BASE.graph(name, name)}> {{ {gate} <{TBG.sourceKey}> "Gate" . {source} <{TBG.confirmed}> ?day }} }}'
        assert generation.store.query(asked)


def test_what_a_sheet_of_the_first_toolbox_said_before_is_replaced(house: Repository, tmp_path: Path) -> None:
    original(house, tmp_path, "Name,Tag\nGate,voting\nFence,voting\n")
    assert original(house, tmp_path, "Name,Tag\nGate,voting\nFence,voting\n").header is None
    assert original(house, tmp_path, "Name,Tag\nGate,debate\n").removed > 1


def test_what_the_shapes_refuse_of_it_is_left_out_alone(house: Repository, tmp_path: Path) -> None:
    outcome = original(house, tmp_path, "Name,Tag,wikidata\nGate,voting,Q007\n")
    assert outcome.added > 5
    assert any("row 2, column wikidata: " in question for question in outcome.questions)


def test_two_values_where_one_may_be_are_both_left_out_and_nothing_else_is(house: Repository, tmp_path: Path) -> None:
    outcome = original(house, tmp_path, "Name,Tag,wikidata,wikidata\nGate,voting,Q007,Q008\n")
    assert outcome.added > 5
    assert len(outcome.questions) == 3


def test_an_importer_of_files_wants_files() -> None:
    with pytest.raises(InvalidRequest, match="Name the files that bundle is to read"):
        importing.find("bundle")


@pytest.mark.parametrize(
    ("file", "name"),
    [("Cards of 2016.json", "bundle-cards-of-2016"), ("bundle.json", "bundle"), ("数据.json", "bundle-5440f7")],
)
def test_a_bundle_is_named_after_its_file(tmp_path: Path, file: str, name: str) -> None:
    (tmp_path / file).touch()
    assert importing.find("bundle", [tmp_path / file]).name == name


def test_of_texts_only_those_of_one_language_are_doubtful_together(house: Repository, tmp_path: Path) -> None:
    header = "Key,Name,Description-EN,Description-FR"
    outcome = original(house, tmp_path, f"{header}\nbell,Bell,One.,Un.\nbell,Bell,Two.,\n")
    [question] = outcome.questions
    assert "'One.' and 'Two.' are left out" in question


def test_a_row_of_a_source_that_nobody_knows_is_left_out(house: Repository, tmp_path: Path) -> None:
    path = tmp_path / "Software.csv"
    path.write_text("Key,Name,Source\nbell,Bell,hearsay\ngong,Gong,alpha\n")
    outcome = imports.import_into(house, importing.find(str(path)), origin("import"), today=TODAY)
    assert (outcome.added, len(outcome.questions)) == (3, 1)


def test_what_an_importer_said_before_is_nothing_to_point_to(house: Repository, tmp_path: Path) -> None:
    (tmp_path / "Organization.csv").write_text("Name,Uses\nGuild,Bell\n")
    (tmp_path / "Software.csv").write_text("Name\nBell\n")
    paths = [tmp_path / "Software.csv", tmp_path / "Organization.csv"]
    both = imports.import_into(house, importing.find("spreadsheet", paths), origin("import"), today=TODAY)
    assert both.questions == []
    one = imports.import_into(house, importing.find("spreadsheet", paths[1:]), origin("import"), today=TODAY)
    assert one.questions == ["Organization.csv, row 2, column Uses: there is no tool 'Bell'; is its row missing?"]


def test_a_source_that_needs_others_says_which(house: Repository) -> None:
    with pytest.raises(Unreadable, match="seeds needs what others bring; import countries, licences first, or --all"):
        imports.import_into(house, importing.find("seeds"), origin("import"), today=TODAY)


def test_nothing_is_read_where_one_of_the_files_is_missing(tmp_path: Path) -> None:
    (tmp_path / "Software.csv").touch()
    with pytest.raises(NotFound, match=r"There is no file .*Organisation\.csv"):
        importing.find("spreadsheet", [tmp_path / "Software.csv", tmp_path / "Organisation.csv"])


def test_what_is_left_out_of_several_rows_is_told_with_their_places(house: Repository, tmp_path: Path) -> None:
    outcome = original(house, tmp_path, "Key,Name,Tag\nbell,Bell,voting\nbell,Gong,voting\nfence,Fence,voting\n")
    assert outcome.questions[0].startswith(
        "Software.csv, row 2, column Name and Software.csv, row 3, column Name: 'Bell' and 'Gong' are left out. "
    )
    assert len(outcome.questions) == len(set(outcome.questions))


def test_a_part_of_a_thing_that_breaks_a_shape_does_not_take_the_others_along(
    house: Repository, tmp_path: Path
) -> None:
    path = tmp_path / "Observation.csv"
    path.write_text(
        "Key,Of,Measure,Count,Date,Source\na,tool/door,tools,12,2016,alpha\nb,tool/door,tools,,2016,alpha\n"
    )
    outcome = imports.import_into(house, importing.find(str(path)), origin("import"), today=TODAY)
    assert outcome.added == 5
    assert all(question.startswith("Observation.csv, row 3: ") for question in outcome.questions)
