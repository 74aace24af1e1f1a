"""Things that lie here: they are found, an index is built once, and a file that is none is refused."""

import gzip
import json
from pathlib import Path

import pytest

from tests.matching.conftest import SLICE
from toolbox_graph.errors import Unreadable
from toolbox_graph.matching.local import Local
from toolbox_graph.matching.opening import open_slice
from toolbox_graph.matching.records import Asked
from toolbox_graph.matching.slices import read_slice

BROKEN = {
    "empty": b"",
    "blank": b"\n \n",
    "json": b'{"id": "Q1", "labels": {}}\n{"id": "Q2", ',
    "array": b'["Q1"]\n',
    "without an id": b'{"labels": {"en": "x"}}\n',
    "labels": b'{"id": "Q1", "labels": ["x"]}\n',
    "label": b'{"id": "Q1", "labels": {"en": 5}}\n',
    "aliases": b'{"id": "Q1", "aliases": {"en": "x"}}\n',
    "classes": b'{"id": "Q1", "P31": "Q5"}\n',
    "latin": '{"id": "Q1", "labels": {"fr": "é"}}\n'.encode("latin-1"),
    "half a character": b'{"id": "Q1", "labels": {"fr": "\\ud800"}}\n',
    "half a file": gzip.compress(SLICE.read_bytes())[:200],
    "damaged": gzip.compress(b"{}\n")[:10] + b"\xff" * 30,
    "nested": b'{"id": "Q1", "x": ' + b"[" * 100_000 + b"\n",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_file_that_is_no_slice_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "slice.jsonl"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"slice\.jsonl"):
        open_slice(path, tmp_path / "cache")
    assert list((tmp_path / "cache").glob("*")) == []


def test_the_line_that_is_broken_is_told(tmp_path: Path) -> None:
    path = tmp_path / "slice.jsonl"
    path.write_bytes(BROKEN["json"])
    with pytest.raises(Unreadable, match="line 2"):
        read_slice(path)


def test_a_packed_slice_is_read(tmp_path: Path) -> None:
    path = tmp_path / "slice.jsonl.gz"
    path.write_bytes(gzip.compress(SLICE.read_bytes()))
    assert list(read_slice(path).items) == list(read_slice(SLICE).items)


def test_an_index_is_built_once(tmp_path: Path) -> None:
    open_slice(SLICE, tmp_path).close()
    built = [(path.name, path.stat().st_mtime_ns) for path in tmp_path.iterdir()]
    open_slice(SLICE, tmp_path).close()
    assert [(path.name, path.stat().st_mtime_ns) for path in tmp_path.iterdir()] == built


def test_another_slice_has_another_index(tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"id": "Q1", "labels": {"en": "Buoy"}}))
    for path in (SLICE, other):
        open_slice(path, tmp_path / "cache").close()
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_a_thing_is_found_by_an_id_that_leads_to_it(harbours: Local) -> None:
    found = harbours.by_id(["Q90099", "Q90014", "Q0"])
    assert {asked: thing.id for asked, thing in found.items()} == {"Q90099": "Q90014", "Q90014": "Q90014"}


def test_a_thing_comes_back_as_it_was_put_in(harbours: Local) -> None:
    things = {thing.id: thing for thing in read_slice(SLICE).items}
    found = harbours.by_id(list(things))
    assert {one: thing.label() for one, thing in found.items()} == {one: thing.label() for one, thing in things.items()}
    assert found["Q90001"].countries == ["FR"]


@pytest.mark.parametrize(
    ("prefix", "first"), [("beac", "Q90011"), ("Ministère des", "Q90001"), ("Q90018", "Q90018"), ("日本", "Q90018")]
)
def test_what_begins_so_is_suggested(harbours: Local, prefix: str, first: str) -> None:
    assert harbours.suggest(prefix)[0].id == first


def test_suggestions_can_be_of_a_kind(harbours: Local) -> None:
    assert [thing.id for thing in harbours.suggest("p", types=["Q486972"])] == ["Q90004"]
    assert len(harbours.suggest("", limit=3)) == 3


@pytest.mark.parametrize("name", ["Ministry of Lighthuoses", "Lighthouse Keepers Assoc.", "harbour lower"])
def test_a_name_that_is_written_otherwise_is_near(harbours: Local, name: str) -> None:
    assert {"Q90001", "Q90014", "Q90015"} & {thing.id for thing in harbours.near(Asked(name))}


def test_classes_above_end_where_they_go_round(tmp_path: Path) -> None:
    path = tmp_path / "round.jsonl"
    path.write_text("".join(json.dumps({"id": f"Q{one}", "P279": [f"Q{3 - one}"]}) + "\n" for one in (1, 2)))
    source = open_slice(path, tmp_path)
    assert source.classes_above(["Q1"]) == {"Q1", "Q2"}
    source.close()
