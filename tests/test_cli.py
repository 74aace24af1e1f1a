"""The command line: results on standard output, messages on standard error, an exit code that tells what happened."""

import csv
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import BASE, require
from toolbox_graph import cli, files, importing
from toolbox_graph.changes import Repository
from toolbox_graph.errors import BUSY, DONE, ENVIRONMENT, REFUSED, USAGE
from toolbox_graph.sheets.metadata import read_metadata
from toolbox_graph.store.locks import alone

COMMANDS = (
    "init", "import", "load", "template", "validate", "serve", "query", "history", "undo", "status", "reindex",
    "export", "reconcile", "token", "fetch-editor", "mcp",
)  # fmt: skip
DOOR = BASE.thing("tool", "door")


def call(data: Path, *arguments: str, typed: str | None = None) -> Result:
    """Call the program as a person would."""
    return CliRunner(env={"TOOLBOX_DATA": str(data)}).invoke(cli.main, arguments, input=typed)


def result(data: Path, *arguments: str) -> Any:
    """Return the result that a command gives as JSON."""
    done = call(data, *arguments, "--json")
    assert done.exit_code == DONE, done.output
    return json.loads(done.stdout)


@pytest.fixture
def data(house: Repository) -> Path:
    """The folder of a small repository of one's own."""
    return house.folder


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """A sheet with one new tool."""
    path = tmp_path / "Software.csv"
    path.write_text("Key,Name,Source\ngate,Gate,alpha\n")
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself_with_examples(tmp_path: Path, name: str) -> None:
    shown = call(tmp_path, name, "--help").stdout
    assert f"Examples:\n  toolbox-graph {name}" in shown or f"Examples:\n    toolbox-graph {name}" in shown


def test_there_are_no_other_commands() -> None:
    assert set(cli.main.commands) == set(COMMANDS)


def test_init_makes_a_folder_with_a_base(tmp_path: Path) -> None:
    base = "https://data.example.org/toolbox/"
    done = result(tmp_path / "new", "init", "--base", base)
    assert done == {"data": str(tmp_path / "new"), "base": base}
    assert result(tmp_path / "new", "status")["position"] == 0


@pytest.mark.parametrize(
    "base",
    [
        "example.org",
        "ftp://example.org/",
        "https://example.org/#",
        "https://example.org/?a",
        "https://example.org/a b",
        "http://x/%zz/",
        "http://[::1",
        "http://u:p@x/",
    ],
)
def test_a_base_that_is_none_is_refused(tmp_path: Path, base: str) -> None:
    assert call(tmp_path / "new", "init", "--base", base).exit_code == USAGE
    assert not (tmp_path / "new").exists()


def test_the_folder_may_be_named_before_or_after_the_command(data: Path) -> None:
    shown = [
        CliRunner().invoke(cli.main, arguments).stdout
        for arguments in (["--data", str(data), "status"], ["status", "--data", str(data)])
    ]
    assert shown[0] == shown[1] != ""


def test_an_import_says_what_it_added_and_then_that_nothing_is_new(data: Path, sheet: Path) -> None:
    assert "3 statements added, 0 removed, position 2" in call(data, "import", str(sheet)).stdout
    assert "nothing new" in call(data, "import", str(sheet)).stdout


def test_an_import_can_be_tried(data: Path, sheet: Path) -> None:
    assert "3 statements added, 0 removed (not written)" in call(data, "import", str(sheet), "--dry-run").stdout
    assert result(data, "status")["position"] == 1


def test_a_mistake_in_a_sheet_is_told_and_nothing_is_changed(data: Path, sheet: Path) -> None:
    sheet.write_text("Key,Name,Source\ngate,Gate,\n")
    done = call(data, "import", str(sheet))
    assert (done.exit_code, done.stdout) == (REFUSED, "")
    assert "Software.csv, row 2, column Source: this must not be empty." in done.stderr
    assert result(data, "status")["position"] == 1


TWO_WEBSITES = "Key,Name,URL,URL,Source\ngate,Gate,https://a.org,https://b.org,alpha\n"


def test_a_violation_is_told_with_row_and_column(data: Path, sheet: Path) -> None:
    sheet.write_text(TWO_WEBSITES)
    done = call(data, "validate", str(sheet))
    assert done.exit_code == REFUSED
    assert "Software.csv, row 2, column URL: website: Give one website" in done.stderr


def test_of_a_sheet_of_ones_own_what_is_certain_goes_in_and_the_rest_is_asked(data: Path, sheet: Path) -> None:
    sheet.write_text(TWO_WEBSITES)
    done = call(data, "import", str(sheet))
    assert done.exit_code == DONE
    assert "3 statements added" in done.stdout
    assert (
        "? Software.csv, row 2, column URL: 'https://a.org' and 'https://b.org' are left out. Give one website"
        in done.stdout
    )


def test_what_the_terminal_cannot_write_stops_nothing(data: Path) -> None:
    program = [sys.executable, "-m", "toolbox_graph.cli", "--data", str(data), "status"]
    done = subprocess.run(program, env=os.environ | {"PYTHONIOENCODING": "ascii"}, capture_output=True, check=True)
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["import", "--all", "seeds"], "Name sources and files, or give --all, not both."),
        (["import", "countries", "nowhere"], "There is no source 'nowhere'"),
        (["import", "bundle", "nowhere.json"], "There is no file nowhere.json."),
        (["history", "tool/door"], "No change was ever about tool/door; give a whole name, such as http"),
    ],
)
def test_a_mistake_in_the_command_changes_nothing(data: Path, arguments: list[str], told: str) -> None:
    before = (data / "journal.rdfp").read_bytes()
    done = call(data, *arguments)
    assert (done.exit_code, done.stdout) == (USAGE, "")
    assert told in done.stderr
    assert (data / "journal.rdfp").read_bytes() == before


def test_a_file_is_written_in_the_format_of_its_ending(data: Path, tmp_path: Path) -> None:
    assert call(data, "export", str(tmp_path / "all.nq")).exit_code == DONE
    assert (tmp_path / "all.nq").read_text().splitlines()[0].endswith("> .")
    assert call(data, "export", str(tmp_path / "all.csv")).exit_code == USAGE


def test_a_thing_without_a_name_is_told_with_its_row(data: Path, sheet: Path) -> None:
    sheet.write_text("Key,Website,Source\ngate,https://example.org/,alpha\n")
    done = call(data, "validate", str(sheet))
    assert done.exit_code == REFUSED
    assert "Software.csv, row 2" in done.stderr
    assert "name" in done.stderr


def test_while_somebody_imports_the_same_the_exit_code_is_three(data: Path, sheet: Path) -> None:
    key = importing.find(str(sheet)).name
    with alone(data / f"{key}.lock", seconds=0, doing="a test"):
        done = call(data, "import", str(sheet))
    assert done.exit_code == BUSY
    assert f"Another import of {key} is running; try again when it has ended." in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (
            ["import"],
            USAGE,
            "Name a source or a file, or give --all. Sources: licences, countries, seeds, bundle, spreadsheet.",
        ),
        (["import", "wikidata"], USAGE, "There is no source 'wikidata'"),
        (["import", "nothing.csv"], USAGE, "There is no file nothing.csv"),
        (["load", "nothing.ttl", "--graph", "https://example.org/g"], USAGE, "nothing.ttl"),
        (["query", "nothing.rq"], USAGE, "nothing.rq"),
        (["undo", "99"], USAGE, "99"),
        (["undo", "nine"], USAGE, "nine"),
        (["export", "--format", "docx", "-"], USAGE, "Ask for one of text/turtle"),
        (["frobnicate"], USAGE, "No such command"),
        (["serve", "--port", "70000"], USAGE, "70000"),
    ],
)
def test_a_mistake_in_the_command_has_exit_code_two(data: Path, arguments: list[str], code: int, told: str) -> None:
    done = call(data, *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert told in done.stderr


def test_what_was_imported_before_a_refusal_is_told(data: Path, sheet: Path, tmp_path: Path) -> None:
    (tmp_path / "Organization.csv").write_text("Key,Name,Source\nsmiths,Smiths,\n")
    done = call(data, "import", str(sheet), str(tmp_path / "Organization.csv"))
    assert done.exit_code == REFUSED
    assert "3 statements added" in done.stdout
    assert "Organization.csv, row 2" in done.stderr


def test_a_try_tells_what_would_be_asked(data: Path, sheet: Path) -> None:
    sheet.write_text(TWO_WEBSITES)
    assert "? Software.csv, row 2, column URL" in call(data, "import", str(sheet), "--dry-run").stdout
    assert result(data, "status")["position"] == 1


def test_no_working_copy_is_left_behind(data: Path, sheet: Path) -> None:
    sheet.write_text(TWO_WEBSITES)
    call(data, "import", str(sheet))
    call(data, "undo", "1")
    assert list((data / "generations").glob("working-*")) == []


@pytest.mark.parametrize("value", ["x", "0", "-1", "nan", "inf"])
def test_a_setting_that_is_none_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TOOLBOX_WORKERS", value)
    done = call(data, "status")
    assert done.exit_code == USAGE
    assert "TOOLBOX_WORKERS has to be a whole number above 0" in done.stderr


def test_a_place_that_cannot_be_written_is_told_without_a_traceback(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = call(tmp_path / "file", "init")
    assert done.exit_code == ENVIRONMENT
    assert "Traceback" not in done.output


def test_a_query_that_is_not_utf8_is_told_so(data: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_bytes(b"ASK { # \xff\n }")
    done = call(data, "query", str(tmp_path / "q.rq"))
    assert done.exit_code == REFUSED
    assert "not UTF-8" in done.stderr


def test_a_file_that_cannot_be_written_is_told(data: Path) -> None:
    done = call(data, "export", "/dev/full")
    assert done.exit_code == ENVIRONMENT
    assert "No space left" in done.stderr


@pytest.mark.parametrize("name", ["status", "validate", "history", "serve"])
def test_without_a_data_folder_the_exit_code_is_four_and_init_is_named(tmp_path: Path, name: str) -> None:
    done = call(tmp_path / "nowhere", name)
    assert done.exit_code == ENVIRONMENT
    assert "make one with `toolbox-graph init`" in done.stderr


def test_a_journal_that_is_damaged_is_told_without_a_traceback(data: Path) -> None:
    journal = data / "journal.rdfp"
    content = bytearray(journal.read_bytes())
    content[len(content) // 2] ^= 1
    journal.write_bytes(content)
    done = call(data, "validate")
    assert done.exit_code == ENVIRONMENT
    assert "Traceback" not in done.output


def test_validate_counts_what_is_wrong(data: Path) -> None:
    assert call(data, "validate").stdout.startswith("0 violations, ")
    assert result(data, "validate")["violations"] == 0


def test_validate_refuses_a_file_that_would_be_refused(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.ttl"
    path.write_text(f'<{DOOR}> <http://xmlns.com/foaf/0.1/homepage> "door" .')
    done = call(data, "validate", str(path))
    assert done.exit_code == REFUSED
    assert "Give one website" in done.stderr


def test_load_adds_and_says_where(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.ttl"
    path.write_text(f'<{DOOR}> <http://www.w3.org/2000/01/rdf-schema#label> "Porte"@fr .')
    done = result(data, "load", str(path), "--graph", "https://example.org/graph/ours")
    assert done == {"graph": "https://example.org/graph/ours", "added": 1, "position": 2}


def test_a_mistake_in_turtle_is_told_with_its_line(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.ttl"
    path.write_text("<a> <b> <c> .\n<a> <b .\n")
    done = call(data, "load", str(path), "--graph", "https://example.org/graph/ours")
    assert done.exit_code == REFUSED
    assert "more.ttl, line 2" in done.stderr


@pytest.mark.parametrize(
    ("name", "begins"),
    [("csv", "name\nDoor\n"), ("tsv", '?name\n"Door"@en\n'), ("json", '{"head":'), ("xml", "<?xml")],
)
def test_a_query_is_answered_in_each_format(data: Path, name: str, begins: str) -> None:
    question = "SELECT ?name { <id/tool/door> <http://www.w3.org/2000/01/rdf-schema#label> ?name }"
    assert call(data, "query", "-", "--format", name, typed=question).stdout.startswith(begins)


def test_a_query_of_the_command_line_searches_too(data: Path) -> None:
    question = 'SELECT ?x { ?x <https://w3id.org/toolbox-graph/ontology#matches> "dor door" }'
    assert call(data, "query", "-", "--format", "csv", typed=question).stdout.split() == [
        "x",
        BASE.thing("tool", "door"),
    ]


@pytest.mark.parametrize(
    "question", ["SELECT", "INSERT DATA { <a> <b> <c> }", "ASK { SERVICE <http://a.org/> { ?s ?p ?o } }"]
)
def test_a_query_that_is_refused_has_exit_code_one(data: Path, question: str) -> None:
    done = call(data, "query", "-", typed=question)
    assert (done.exit_code, done.stdout) == (REFUSED, "")
    assert "Traceback" not in done.stderr


def test_history_shows_the_changes_and_those_of_one_thing(data: Path, sheet: Path) -> None:
    call(data, "import", str(sheet))
    assert [entry["position"] for entry in result(data, "history")] == [0, 1, 2]
    [change] = result(data, "history", BASE.thing("tool", "gate"))
    assert (change["position"], change["added"]) == (2, 3)
    assert all(statement.startswith("+ ") for statement in change["statements"])


def test_undo_takes_a_change_back(data: Path, sheet: Path) -> None:
    call(data, "import", str(sheet))
    assert result(data, "undo", "2") == {"position": 3, "undone": 2}
    assert result(data, "history", BASE.thing("tool", "gate"))[-1]["removed"] == 3


def test_reindex_says_how_many_things_it_noted(data: Path) -> None:
    assert result(data, "reindex") == {"position": 1, "things": sum(result(data, "status")["things"].values())}


def test_status_has_the_shape_that_programs_rely_on(data: Path) -> None:
    status = result(data, "status")
    assert set(status) == {"position", "triples", "things", "graphs", "violations", "warnings", "coverage"}
    assert status["things"]["tool"] == 3
    assert {"iri", "triples", "source", "date"} == set(status["graphs"][0])


def test_status_names_the_source_of_a_graph_where_it_has_one(data: Path) -> None:
    sources = {graph["iri"]: graph["source"] for graph in result(data, "status")["graphs"]}
    assert sources[BASE.graph("house", "alpha")] == BASE.thing("source", "alpha")
    assert sources[BASE.graph("void")] is None


def test_status_tells_of_how_many_things_what_is_known(data: Path, sheet: Path) -> None:
    sheet.write_text("Key,Name,license,wikidata,Source\ngate,Gate,,Q42,alpha\n")
    call(data, "import", str(sheet))
    known = result(data, "status")["coverage"]["tool"]
    assert (known["all"], known["Wikidata"], known["licence"]) == (4, 1, 2)
    assert re.search(r"Wikidata +25%", call(data, "status").stdout)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("use-case", "Final Use"), ("final use", "Final Use"), ("tool", "Software"), ("Platform", "Platform"), ("organization", "Organization")],
)  # fmt: skip
def test_a_template_is_a_sheet_that_can_be_filled(tmp_path: Path, kind: str, name: str) -> None:
    done = call(tmp_path, "template", kind)
    assert f"Save this as “{name}.csv”. Fill Key, Name, Source;" in done.stderr
    sheet = read_metadata(files.METADATA)[name]
    [titles] = csv.reader([done.stdout.strip()])
    assert [sheet.find_column(title) for title in titles] == [column for column in sheet.columns if not column.virtual]


def test_a_template_of_nothing_is_refused_with_those_there_are(tmp_path: Path) -> None:
    done = call(tmp_path, "template", "budget")
    assert (done.exit_code, done.stdout) == (USAGE, "")
    assert "There is no sheet 'budget'; there are Software, Platform, Final Use" in done.stderr


def test_without_a_data_folder_a_sheet_is_tried_against_the_bundled_catalogue(tmp_path: Path) -> None:
    sheet = tmp_path / "Final Use.csv"
    sheet.write_text("Key,Name,Tool,By,Source\nvote,Vote,Decidim,nobody,toolbox-graph\n")
    done = call(tmp_path / "nowhere", "validate", str(sheet))
    assert done.exit_code == REFUSED
    assert "Final Use.csv, row 2, column By: there is no organization 'nobody'; is its row missing?" in done.stderr
    assert not (tmp_path / "nowhere").exists()


def test_a_sheet_with_which_nothing_is_wrong_is_said_so(data: Path, sheet: Path) -> None:
    assert call(data, "validate", str(sheet)).stdout == "Nothing is wrong with Software.csv.\n"


def test_a_bundled_sheet_is_tried_with_those_that_point_to_it(catalogue: Path) -> None:
    done = call(catalogue, "validate", str(files.CATALOGUE / "Theme.csv"))
    assert done.stdout == "Nothing is wrong with Theme.csv.\n"


@pytest.mark.parametrize("name", ["ttl", "nt", "rdf", "trig", "nq"])
def test_an_export_to_a_file_is_the_same_each_time(data: Path, tmp_path: Path, name: str) -> None:
    paths = [tmp_path / f"{number}.{name}" for number in (1, 2)]
    for path in paths:
        assert call(data, "export", "--format", name, str(path)).exit_code == DONE
    assert paths[0].read_bytes() == paths[1].read_bytes() != b""


def test_make_init_import_and_status_work_as_the_installed_program(tmp_path: Path) -> None:
    program = [sys.executable, "-m", "toolbox_graph.cli", "--data", str(tmp_path / "data")]
    for arguments in (["init"], ["import", "licences", "countries"], ["validate"]):
        subprocess.run([*program, *arguments], check=True, capture_output=True)
    done = subprocess.run([*program, "status", "--json"], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout)["violations"] == 0


@pytest.mark.parametrize("target", ["help", "-n serve", "-n test"])
def test_make_knows_its_targets(target: str) -> None:
    make = require(program="make")
    assert subprocess.run([make, *target.split()], capture_output=True, cwd=Path(__file__).parents[1]).returncode == 0
