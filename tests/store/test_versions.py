"""Past versions: which there were, where they lie, and that one made again is the same."""

import io
import os
import shutil
from pathlib import Path

import pytest

from tests.conftest import BASE, origin
from toolbox_graph import exports
from toolbox_graph.changes import Repository
from toolbox_graph.errors import Busy, InvalidRequest, NotFound
from toolbox_graph.namespaces import SCHEMA
from toolbox_graph.negotiation import NQUADS, NTRIPLES, Format
from toolbox_graph.rebuilding import rebuild
from toolbox_graph.store.generations import Generation, Generations, Name
from toolbox_graph.store.journal import Draft, Journal
from toolbox_graph.store.quads import Quad, node
from toolbox_graph.store.versions import Timeline, Versions

DAYS = ("2026-11-01T23:59:59Z", "2026-11-02T00:00:00Z", "2026-11-02T12:00:00Z", "2026-11-05T01:00:00Z")


def feature(number: int) -> Quad:
    """Return the statement that a tool can do one more thing."""
    door, graph = node(BASE.thing("tool", "door")), node(BASE.graph("house", "beta"))
    return Quad(door, node(str(SCHEMA.featureList)), f'"Feature {number}"@en', graph)


def change(house: Repository, number: int, *, since: int, takes: int | None = None) -> None:
    """Let a tool do one more thing, and perhaps one less."""
    removed = [] if takes is None else [feature(takes)]
    house.commit(Draft(origin(), removed, [feature(number)]), since=since)


def content(generation: Generation, file_format: Format = NQUADS) -> bytes:
    """Return all that stands in a generation."""
    output = io.BytesIO()
    exports.dump(generation, file_format, output)
    return output.getvalue()


@pytest.fixture
def timeline(tmp_path: Path) -> Timeline:
    """The timeline of a journal with changes on three days, one of them without any before it was begun."""
    first, *later = (origin()._replace(time=time) for time in DAYS)
    journal = Journal.create(tmp_path / "journal.rdfp", BASE.iri, first)
    journal.append([Draft(each, [], [feature(number)]) for number, each in enumerate(later)], after=journal.last())
    return Timeline(journal)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("0", 0), ("3", 3), ("2026-11-01", 0), ("2026-11-02", 2), ("2026-11-04", 2), ("2026-11-05", 3),
        ("2999-12-31", 3),
    ],
)  # fmt: skip
def test_a_version_is_named_by_its_position_or_by_a_date(timeline: Timeline, text: str, position: int) -> None:
    assert timeline.at(text, 3).position == position


@pytest.mark.parametrize("text", ["4", "999999999999", "2026-10-31", "0001-01-01"])
def test_of_what_was_not_there_the_newest_position_is_told(timeline: Timeline, text: str) -> None:
    with pytest.raises(NotFound) as refusal:
        timeline.at(text, 3)
    assert refusal.value.members == {"current": 3}


@pytest.mark.parametrize(
    "text", ["", " 1", "03", "3\n", "-1", "+1", "1.0", "²", "٣", "1e2", "9" * 13, "2026-1-1", "2026-13-01"]
)
def test_what_names_no_version_is_refused(timeline: Timeline, text: str) -> None:
    with pytest.raises(InvalidRequest):
        timeline.at(text, 3)


def test_what_is_journaled_and_not_shown_yet_is_no_version(timeline: Timeline) -> None:
    assert timeline.at("2026-11-05", 2).position == 2
    with pytest.raises(NotFound):
        timeline.at("3", 2)


def test_the_timeline_follows_the_journal(house: Repository) -> None:
    timeline = Timeline(house.journal)
    before = len(timeline.headers(1))
    change(house, 1, since=1)
    assert (before, [header.position for header in timeline.headers(2)]) == (2, [0, 1, 2])


@pytest.mark.parametrize("file_format", [NQUADS, NTRIPLES], ids=lambda each: each.name)
def test_a_version_made_again_is_the_same_byte_for_byte(house: Repository, file_format: Format) -> None:
    change(house, 1, since=1)
    change(house, 2, since=2, takes=1)
    with house.open() as generation:
        name, before = generation.name, content(generation, file_format)
    change(house, 3, since=3, takes=2)
    change(house, 4, since=4)
    assert not (house.generations.folder / str(name)).exists()
    rebuild(house.folder, house.journal.get(name.position).header.end, most=4)
    folder = Versions(house.folder, most=4).find(name)
    assert folder
    with Generations(folder / "generations").open() as again:
        assert (again.name, content(again, file_format)) == (name, before)


def test_a_generation_that_still_lies_there_is_kept_when_its_like_is_deleted(house: Repository) -> None:
    with house.open() as generation:
        name, before = generation.name, content(generation)
    versions = Versions(house.folder, most=4)
    folder = versions.find(name)
    change(house, 1, since=1)
    change(house, 2, since=2)
    assert not (house.generations.folder / str(name)).exists()
    assert folder
    with Generations(folder / "generations").open() as kept:
        assert content(kept) == before


def test_a_version_that_is_read_holds_no_generation_back(house: Repository) -> None:
    name = house.generations.current()
    assert name
    folder = Versions(house.folder, most=4).find(name)
    assert folder
    with Generations(folder / "generations").open():
        change(house, 1, since=1)
        change(house, 2, since=2)
        assert not (house.generations.folder / str(name)).exists()


def test_what_does_not_lie_ready_is_not_found(house: Repository) -> None:
    assert Versions(house.folder, most=4).find(Name(0, 0, "ab12cd34")) is None


def lying(versions: Versions, house: Repository, *positions: int) -> list[Path]:
    """Return the folders of versions, made one after the other as if each had been asked for an hour after the last."""
    current = house.generations.current()
    assert current
    folders = []
    for hour, position in enumerate(positions):
        name = current._replace(position=position)
        shutil.copytree(house.generations.folder / str(current), house.generations.folder / str(name))
        folder = versions.find(name)
        assert folder
        os.utime(folder, (hour * 3600, hour * 3600))
        folders.append(folder)
    return folders


def test_no_more_versions_lie_ready_than_may(house: Repository) -> None:
    first, second, third = lying(Versions(house.folder, most=2), house, 101, 102, 103)
    assert [folder.exists() for folder in (first, second, third)] == [False, True, True]


def test_what_is_used_stays_longer(house: Repository) -> None:
    versions = Versions(house.folder, most=2)
    first, second = lying(versions, house, 101, 102)
    versions.find(Name.parse(first.name))
    lying(versions, house, 103)
    assert (first.exists(), second.exists()) == (True, False)


def test_what_is_read_stays(house: Repository) -> None:
    versions = Versions(house.folder, most=1)
    [first] = lying(versions, house, 101)
    with Generations(first / "generations").open():
        lying(versions, house, 102, 103)
        assert first.exists()


def test_one_version_is_made_at_a_time(house: Repository) -> None:
    versions = Versions(house.folder, most=1)
    with versions.making(), pytest.raises(Busy), versions.making():
        pass


def test_what_was_left_half_made_is_deleted_before_the_next(house: Repository) -> None:
    versions = Versions(house.folder, most=1)
    rest = versions.folder / "new-rest"
    rest.mkdir(parents=True)
    with versions.making() as draft:
        assert (rest.exists(), draft.exists()) == (False, True)
    assert not draft.exists()
