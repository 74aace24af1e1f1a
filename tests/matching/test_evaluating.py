"""Evaluating: the figures are those of the rows, and the floors of quality are kept on public lists."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.conftest import mirror
from tests.matching.conftest import GOLD, SLICE
from toolbox_graph import cli
from toolbox_graph.errors import DONE, REFUSED, USAGE, Unreadable
from toolbox_graph.matching.evaluating import Without, evaluate, report, wilson
from toolbox_graph.matching.gold import read_gold
from toolbox_graph.matching.local import Local
from toolbox_graph.matching.opening import open_slice

HEADER = "kind,source,name,aliases,lang,website,repository,country,qid\n"
BROKEN = {
    "empty": b"",
    "without rows": HEADER.encode(),
    "without a column": b"kind,source,name\ntool,x,y\n",
    "without an answer": HEADER.encode() + b"tool,x,Beacon,,,,,,\n",
    "latin": HEADER.encode() + "tool,x,Phare éteint,,,,,,Q1\n".encode("latin-1"),
    "quotes": HEADER.encode() + b'tool,x,"Beacon,,,,,,Q1\n',
}


def call(cache: Path, *arguments: str) -> Result:
    """Call the program as a person would."""
    return CliRunner(env={"XDG_CACHE_HOME": str(cache)}).invoke(cli.main, ["reconcile", "evaluate", *arguments])


def by_source(figures: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the figures by their source."""
    return {entry["source"]: entry for entry in figures}


def test_the_figures_are_those_of_the_rows(harbours: Local) -> None:
    figures = by_source(report(evaluate(read_gold(GOLD), harbours)))
    assert {name: figures["harbours"][name] for name in ("kind", "rows", "precision", "recall", "abstained")} == {
        "kind": "organisation", "rows": 4, "precision": 1.0, "recall": 0.75, "abstained": 1,
    }  # fmt: skip
    assert figures["harbours"]["top5_recall"] == 1.0
    assert figures["harbours"]["answerable"] == 3


def test_an_equal_name_is_no_proof(harbours: Local) -> None:
    lantern = [row for row in read_gold(GOLD) if row.asked.name == "Lantern"]
    assert [outcome.answered for outcome in evaluate(lantern, harbours)] == [""]


def test_a_redirect_of_the_answer_is_right_and_withheld_with_it(harbours: Local) -> None:
    keepers = [row for row in read_gold(GOLD) if row.answer == "Q90099"]
    (outcome,) = evaluate(keepers, harbours, withhold=True)
    assert (outcome.right, outcome.withheld) == (True, True)


def test_what_is_withheld_is_nowhere(harbours: Local) -> None:
    source = Without(harbours, {"Q90014"})
    assert source.by_id(["Q90099"]) == {}
    assert source.suggest("lighthouse keepers") == []


def test_a_share_of_nothing_is_null_and_its_interval_is_all(harbours: Local) -> None:
    nothing = [row for row in read_gold(GOLD) if row.answer == "Q90077"]
    (figures,) = report(evaluate(nothing, harbours))
    assert (figures["precision"], figures["precision_interval"]) == (None, [0.0, 1.0])


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"), [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (5, 10, 0.237, 0.763)]
)
def test_intervals_are_those_of_wilson(hits: int, of: int, low: float, high: float) -> None:
    assert wilson(hits, of) == pytest.approx((low, high), abs=0.001)


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_gold_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "gold.csv"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"gold\.csv"):
        read_gold(path)


def test_the_command_writes_json_alone_and_needs_no_data_folder(tmp_path: Path) -> None:
    done = call(tmp_path, str(GOLD), "--slice", str(SLICE), "--withhold", "--json", "--data", str(tmp_path / "none"))
    assert done.exit_code == DONE
    assert {entry["withheld_without_match"] for entry in json.loads(done.stdout)} == {1.0}
    assert not (tmp_path / "none").exists()


def test_the_command_writes_a_table(tmp_path: Path) -> None:
    done = call(tmp_path, str(GOLD), "--slice", str(SLICE))
    assert [line.split()[:3] for line in done.stdout.splitlines()[1:]] == [
        ["country", "codes", "1"],
        ["organisation", "harbours", "4"],
        ["tool", "forge", "2"],
    ]


def test_what_is_refused_tells_so_by_the_exit_code(tmp_path: Path) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_bytes(BROKEN["without a column"])
    assert call(tmp_path, str(broken), "--slice", str(SLICE)).exit_code == REFUSED
    assert call(tmp_path, str(GOLD), "--slice", str(broken)).exit_code == REFUSED
    assert call(tmp_path, str(GOLD)).exit_code == USAGE
    assert call(tmp_path, str(GOLD), "--slice", str(tmp_path / "none")).exit_code == USAGE


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, dict[str, Any]]]:
    """The figures on the public gold, against the slice of Wikidata."""
    gold = read_gold(mirror("gold", "reconciliation_public.csv"))
    source = open_slice(mirror("wikidata_slice", "wikidata_slice.jsonl.gz"), tmp_path_factory.mktemp("slices"))
    yield by_source(report(evaluate(gold, source, withhold=True), withhold=True))
    source.close()


@pytest.mark.parametrize(
    ("source", "precision", "recall"),
    [("ror", 0.98, 0.85), ("nsi_operators", 0.98, 0.75), ("country_codes", 1.0, 0.99)],
)
def test_the_floors_of_quality_are_kept(
    public: dict[str, dict[str, Any]], source: str, precision: float, recall: float
) -> None:
    assert public[source]["precision"] >= precision
    assert public[source]["recall"] >= recall


@pytest.mark.parametrize("source", ["ror", "nsi_operators", "country_codes", "softcite_pl"])
def test_where_the_answer_is_withheld_little_is_decided(public: dict[str, dict[str, Any]], source: str) -> None:
    assert public[source]["withheld_without_match"] >= 0.97


def test_the_answer_is_among_the_first_five(public: dict[str, dict[str, Any]]) -> None:
    proving = [entry for entry in public.values() if not entry["names_prove_nothing"]]
    found = sum((entry["top5_recall"] or 0) * entry["answerable"] for entry in proving)
    assert found >= 0.95 * sum(entry["answerable"] for entry in proving)


def test_no_tool_is_taken_for_another(public: dict[str, dict[str, Any]]) -> None:
    assert {entry["precision"] for entry in public.values() if entry["kind"] == "tool"} <= {1.0, None}
