"""Generations: a reader keeps what it has opened, a writer leaves whole states or none."""

import os
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest

from toolbox_graph.errors import Unusable
from toolbox_graph.store.generations import Generations, Name

QUAD = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))


@pytest.fixture
def generations(tmp_path: Path) -> Generations:
    """An empty place for generations."""
    generations = Generations(tmp_path / "generations")
    generations.create()
    return generations


def publish(generations: Generations, position: int) -> None:
    """Publish a generation that holds so many statements."""
    copy = generations.copy()
    copy.store.add(ox.Quad(QUAD.subject, QUAD.predicate, ox.Literal(str(position))))
    generations.publish(copy.store, Name(position, 0, "files"), lambda folder: (folder / "index").touch())
    copy.close()
    generations.clean()


def positions(generations: Generations) -> list[int]:
    """Return the positions of the generations that are still there."""
    return sorted(Name.parse(folder.name).position for folder in generations.folder.glob("[0-9]*"))


def test_without_data_the_reader_is_told_what_to_do(generations: Generations) -> None:
    with pytest.raises(Unusable, match="toolbox-graph init"):
        generations.open()


def test_a_copy_has_all_that_was_published_before(generations: Generations) -> None:
    for position in range(1, 6):
        publish(generations, position)
    with generations.open() as generation:
        assert len(generation.store) == 5


def test_the_index_lies_beside_the_store(generations: Generations) -> None:
    publish(generations, 1)
    with generations.open() as generation:
        assert (generation.folder / "index").exists()


def test_a_leased_generation_is_not_deleted(generations: Generations) -> None:
    publish(generations, 1)
    with generations.open() as generation:
        for position in range(2, 6):
            publish(generations, position)
        assert positions(generations) == [1, 4, 5]
        assert len(generation.store) == 1


def test_a_lease_ends_when_its_generation_is_dropped(generations: Generations) -> None:
    publish(generations, 1)
    generation = generations.open()
    del generation
    for position in range(2, 5):
        publish(generations, position)
    assert positions(generations) == [3, 4]


def test_what_a_dead_writer_left_is_swept_away(generations: Generations) -> None:
    (generations.folder / "working-left").mkdir()
    (generations.folder / "working-left" / "lease").touch()
    (generations.folder / "draft-left").mkdir()
    publish(generations, 1)
    assert not list(generations.folder.glob("*-left"))


def test_what_a_living_writer_works_on_stays(generations: Generations) -> None:
    copy = generations.copy()
    publish(generations, 1)
    assert copy.folder.exists()
    copy.close()


def test_a_generation_that_was_never_pointed_to_is_made_anew(generations: Generations) -> None:
    (generations.folder / str(Name(1, 0, "files"))).mkdir()
    publish(generations, 1)
    with generations.open() as generation:
        assert len(generation.store) == 1


def test_a_place_without_hard_links_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(os, "link", no_links)
    with pytest.raises(Unusable, match="hard links"):
        Generations(tmp_path / "generations").create()


def test_the_current_generation_stays_whatever_its_name_and_that_of_others(generations: Generations) -> None:
    for project in ("ffffffff", "eeeeeeee", "aaaaaaaa"):
        copy = generations.copy()
        generations.publish(copy.store, Name(1, 0, project), lambda folder: None)
        copy.close()
        generations.clean()
    with generations.open() as generation:
        assert generation.name.project == "aaaaaaaa"


def test_a_generation_that_is_being_read_is_not_replaced_by_one_of_its_name(generations: Generations) -> None:
    publish(generations, 1)
    with generations.open() as generation:
        copy = generations.copy()
        generations.publish(copy.store, generation.name, lambda folder: None)
        copy.close()
        assert (generation.folder / "index").exists()


def test_a_generation_that_somebody_took_away_is_like_none(generations: Generations) -> None:
    publish(generations, 1)
    shutil.rmtree(generations.folder / str(generations.current()))
    assert generations.current() is None


def test_a_generation_that_lacks_its_lease_is_damage(generations: Generations) -> None:
    publish(generations, 1)
    (generations.folder / str(generations.current()) / "lease").unlink()
    with pytest.raises(Unusable, match="delete its folder"):
        generations.open()
