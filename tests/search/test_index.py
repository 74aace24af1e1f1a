"""The index: brought up to date it is what it would be if it were made anew, and generations share its files."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import BASE, examples, origin
from tests.web.conftest import MODEL
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import DCAT, DCTERMS, ORG, RDF, RDFS, SCHEMA, SKOS, TBG
from toolbox_graph.search import carrying
from toolbox_graph.search.carrying import MARK
from toolbox_graph.search.finding import SORTS, Search
from toolbox_graph.search.folding import PARTS
from toolbox_graph.search.index import FOLDER, SearchIndex
from toolbox_graph.settings import Settings
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node

GRAPH = node(BASE.graph("house", "alpha"))


def thing(kind: str, key: str) -> str:
    """Return the term of a thing."""
    return node(BASE.thing(kind, key))


def say(subject: str, predicate: object, value: str) -> Quad:
    """Return a statement."""
    return Quad(subject, node(str(predicate)), value, GRAPH)


DOOR, WALL, CASE = thing("tool", "door"), thing("tool", "wall"), thing("use-case", "house")
BODY, THEME, TAG = thing("organization", "masons"), thing("theme", "housing"), thing("tag", "wood")

STATEMENTS = [
    say(DOOR, RDF.type, node(str(TBG.Tool))),
    say(DOOR, RDFS.label, '"Doors"@en'),
    say(DOOR, RDFS.label, '"Portes"@fr'),
    say(DOOR, DCTERMS.description, '"Lets people in."@en'),
    say(DOOR, DCAT.theme, THEME),
    say(DOOR, DCTERMS.subject, TAG),
    say(DOOR, SCHEMA.inLanguage, '"fr"'),
    say(DOOR, SCHEMA.datePublished, '"2016-12-07"^^<http://www.w3.org/2001/XMLSchema#date>'),
    say(WALL, RDFS.label, '"Walls"@en'),
    say(WALL, SKOS.altLabel, '"Partition"@en'),
    say(WALL, DCAT.theme, THEME),
    say(WALL, DCTERMS.isReplacedBy, DOOR),
    say(CASE, RDFS.label, '"A house"@en'),
    say(CASE, TBG.usesTool, DOOR),
    say(CASE, TBG.usesTool, WALL),
    say(BODY, RDFS.label, '"Masons"@en'),
    say(BODY, TBG.uses, WALL),
    say(BODY, TBG.organizationKind, node(str(TBG["organization-kind-company"]))),
    say(THEME, RDFS.label, '"Housing"@en'),
    say(THEME, RDFS.label, '"Logement"@fr'),
    say(TAG, RDFS.label, '"wood"@en'),
    say(thing("coalition", "builders") + "", ORG.hasMember, BODY),
    say(node(BASE.thing("tool", "door") + "#part"), RDFS.label, '"A hinge"@en'),
    say(node("https://example.org/other"), RDFS.label, '"Another"@en'),
]

LANGUAGES = ("de", "it", "pt", "nl", "pl", "sv", "da", "fi", "cs", "hu", "ro", "bg")

WORDS = ("doors", "portes", "wall", "partition", "housing", "logement", "wood", "mason", "people", "hinge", "dor")


def told(folder: Path) -> Mapping[str, object]:
    """Return what an index tells."""
    search = Search(folder / FOLDER, MODEL)
    asked = {"language": "en", "limit": 100, "offset": 0}
    orders = {sort: search.find("", {}, sort=sort, **asked) for sort in SORTS[1:]}  # type: ignore[arg-type]
    words = {word: set(search.find(word, {}, sort="relevance", **asked).things) for word in WORDS}  # type: ignore[arg-type]
    return {**orders, "words": words, "counts": search.counts("", {})}


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.sets(st.integers(0, len(STATEMENTS) - 1), min_size=1), min_size=1, max_size=4))
def test_brought_up_to_date_it_is_what_it_would_be_made_anew(changes: list[set[int]]) -> None:
    dataset, index = Dataset(ox.Store(), MODEL), SearchIndex(MODEL)
    with TemporaryDirectory() as name:
        folders = [Path(name, str(number)) for number in range(len(changes) + 1)]
        previous = None
        for folder, change in zip(folders, changes, strict=False):
            held = set(dataset.graph(GRAPH))
            toggled = {STATEMENTS[number] for number in change}
            folder.mkdir()
            index.update(folder, previous, dataset.apply(sorted(toggled & held), sorted(toggled - held)), dataset)
            previous = folder
        folders[-1].mkdir()
        index.update(folders[-1], None, {}, dataset)
        assert told(folders[-2]) == told(folders[-1])


def rename(house: Repository, name: str) -> None:
    """Give a tool one more name."""
    current = house.generations.current()
    assert current
    house.commit(Draft(origin(), [], [say(DOOR, RDFS.label, name)]), since=current.position)


def test_a_change_is_found_at_once_and_not_in_the_generation_before(house: Repository) -> None:
    service = Service(Settings(data=house.folder))
    before = service.reader()
    rename(house, '"Puerta"@es')
    things = [search.suggest("puer", limit=5) for search in (before.search, service.reader().search)]
    assert things == [[], [("tool", "door")]]


@pytest.mark.parametrize("memory", [carrying.MEMORY, Path("no such folder")], ids=["in memory", "on the disk"])
def test_the_files_of_before_are_shared(house: Repository, memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "MEMORY", memory)
    before = set(files(house))
    rename(house, '"Puerta"@es')
    shared = before & set(files(house))
    assert shared
    assert all(path.stat().st_nlink > 1 for name, path in files(house).items() if name in shared)


def files(house: Repository) -> dict[str, Path]:
    """Return the files of the newest index that never change."""
    folder = house.generations.folder / house.generations.state() / FOLDER
    return {path.name: path for path in folder.iterdir() if path.suffix in {".store", ".idx", ".fast"}}


def test_what_an_ended_process_left_in_memory_is_deleted(
    house: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = tmp_path / "toolbox-graph-old", tmp_path / "toolbox-graph-new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    monkeypatch.setattr(carrying, "MEMORY", tmp_path)
    rename(house, '"Puerta"@es')
    assert (old.exists(), new.exists()) == (False, True)


def test_many_changes_leave_few_parts(house: Repository) -> None:
    for number in range(len(LANGUAGES)):
        rename(house, f'"Door {number}"@{LANGUAGES[number]}')
    assert len([path for path in files(house).values() if path.suffix == ".store"]) <= PARTS + 1


@pytest.mark.parametrize("damage", ["another format", "no index"])
@pytest.mark.parametrize("by", ["the next command", "the next change"])
def test_an_index_that_cannot_be_read_is_made_anew(house: Repository, damage: str, by: str) -> None:
    folder = house.generations.folder / house.generations.state() / FOLDER
    if damage == "no index":
        folder.rename(folder.with_name("elsewhere"))
    else:
        (folder / MARK).write_text("0")
    assert not SearchIndex(MODEL).is_usable(folder.parent)
    if by == "the next command":
        house.bring_up_to_date()
    else:
        rename(house, '"Puerta"@es')
    assert Service(Settings(data=house.folder)).reader().search.suggest("wall", limit=1) == [("tool", "wall")]


def test_made_anew_the_indexes_tell_what_they_told(house: Repository) -> None:
    house.commit(Draft(origin(), stated(house, DOOR), []), since=1)
    folder = house.generations.folder / house.generations.state()
    before = told(folder)
    (folder / "things.sqlite").write_bytes(b"damaged")
    house.reindex()
    reader = Service(Settings(data=house.folder)).reader()
    assert told(folder) == before
    assert reader.listing.counts()["tool"] == 2
    assert [reader.listing.is_withdrawn("tool", key) for key in ("door", "wall", "gate")] == [True, False, None]


def test_made_of_the_journal_alone_the_indexes_know_what_was_withdrawn(house: Repository) -> None:
    house.commit(Draft(origin(), stated(house, DOOR), []), since=1)
    before = told(house.generations.folder / house.generations.state())
    house.close()
    shutil.rmtree(house.generations.folder)
    house.bring_up_to_date()
    reader = Service(Settings(data=house.folder)).reader()
    assert told(reader.generation.folder) == before
    assert [reader.listing.is_withdrawn("tool", key) for key in ("door", "wall", "gate")] == [True, False, None]


def stated(house: Repository, thing: str) -> list[Quad]:
    """Return all statements about a thing."""
    with house.open() as generation:
        found = Dataset(generation.store, MODEL).said(thing).stated
        return [Quad(thing, name, value, graph) for name, values in found.items() for value, graph in values]


def test_the_processes_that_answer_queries_know_nothing_of_it() -> None:
    program = "import sys, toolbox_graph.store.worker, toolbox_graph.store.updater; print('tantivy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"
