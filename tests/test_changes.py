"""Changes: what is acknowledged stays, what is refused leaves no trace, what is done can be undone."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import BASE, examples, origin
from toolbox_graph import findings
from toolbox_graph.assembly import INDEXES, open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.errors import Busy, Conflict, InvalidRequest, NotFound, ShapesViolated, Unusable
from toolbox_graph.listing import Listing
from toolbox_graph.namespaces import DCTERMS, FOAF, RDF, RDFS, TBG
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.locks import alone
from toolbox_graph.store.quads import Quad, canonical, node

LABEL, HOMEPAGE, TYPE = (node(str(term)) for term in (RDFS.label, FOAF.homepage, RDF.type))


def say(key: str, predicate: str, value: str, source: str = "alpha") -> Quad:
    """Return what a source of the house says of a tool."""
    return Quad(node(BASE.thing("tool", key)), predicate, value, node(BASE.graph("house", source)))


def new_tool(key: str) -> list[Quad]:
    """Return what makes a new tool."""
    classes = [say(key, TYPE, node(str(name))) for name in (TBG.Tool, TBG.Software)]
    return sorted([*classes, say(key, LABEL, f'"{key}"@en')])


def points(key: str, other: str, source: str) -> Quad:
    """Return what a source says of a tool that is built on another."""
    return say(key, node(str(TBG.builtOn)), node(BASE.thing("tool", other)), source)


def draft(*, removed: Iterable[Quad] = (), added: Iterable[Quad] = ()) -> Draft:
    """Return a change."""
    return Draft(origin(), list(removed), list(added))


def state(repository: Repository) -> set[str]:
    """Return all that the sources say and all that is shown of it, without what tells when that was."""
    when = (BASE.graph("history"), f"{BASE.iri}history#", str(TBG.position), str(DCTERMS.modified))
    with repository.open() as generation:
        return {str(quad) for quad in generation.store if not any(name in str(quad) for name in when)}


def position(repository: Repository) -> int:
    """Return the position that is shown."""
    current = repository.generations.current()
    assert current is not None
    return current.position


def test_a_change_is_shown_when_it_is_acknowledged(house: Repository) -> None:
    header = house.commit(draft(added=new_tool("gate")), since=1)
    assert position(house) == header.position == 2
    assert any("tool/gate" in quad for quad in state(house))


def test_a_refused_change_leaves_no_trace(house: Repository) -> None:
    before, length = state(house), house.journal.path.stat().st_size
    with pytest.raises(ShapesViolated):
        house.commit(draft(added=[say("gate", LABEL, '"gate"@en')]), since=1)
    assert (state(house), house.journal.path.stat().st_size) == (before, length)
    house.commit(draft(added=new_tool("gate")), since=1)


def test_a_refusal_says_of_which_thing_and_property_and_what_to_do(house: Repository) -> None:
    with pytest.raises(ShapesViolated) as refusal:
        house.commit(draft(added=[say("door", HOMEPAGE, "<https://second.example.org>")]), since=1)
    [violation] = refusal.value.violations
    assert violation["thing"] == BASE.thing("tool", "door")
    assert violation["name"] == "website"
    assert violation["message"].startswith("Give one website")


def test_a_thing_that_others_point_to_cannot_lose_what_it_is(house: Repository) -> None:
    with pytest.raises(ShapesViolated) as refusal:
        house.commit(
            draft(removed=[say("wall", TYPE, node(str(TBG.Tool))), say("wall", TYPE, node(str(TBG.Software)))]), since=1
        )
    assert BASE.thing("tool", "roof") in {violation["thing"] for violation in refusal.value.violations}


def test_who_prepared_on_an_old_state_of_the_graph_has_to_begin_again(house: Repository) -> None:
    house.commit(draft(added=new_tool("gate")), since=1)
    with pytest.raises(Conflict, match="try again"):
        house.commit(draft(added=new_tool("fence")), since=1)


def test_a_change_to_another_graph_meanwhile_is_no_hindrance(house: Repository) -> None:
    house.commit(draft(added=[say("wall", HOMEPAGE, "<https://wall.example.org>", "beta")]), since=1)
    assert house.commit(draft(added=new_tool("gate")), since=1).position == 3


def test_two_writers_of_one_folder_see_each_other(house: Repository) -> None:
    other = open_repository(Settings(data=house.folder))
    house.commit(draft(added=new_tool("gate")), since=1)
    other.commit(draft(added=[say("gate", HOMEPAGE, "<https://gate.example.org>", "beta")]), since=2)
    house.commit(draft(removed=[], added=[say("gate", LABEL, '"portail"@fr')]), since=3)
    assert state(house) == state(other)
    other.close()


def meanwhile(house: Repository, *, mine: Draft, others: Draft, since: int) -> None:
    """Commit a change, while somebody else commits another between its trial and its lock."""
    other = open_repository(Settings(data=house.folder))

    class Slow(Repository):
        def _writing(self) -> AbstractContextManager[None]:
            other.commit(others, since=since)
            return super()._writing()

    slow = Slow(house.folder, INDEXES)
    try:
        slow.commit(mine, since=since)
    finally:
        slow.close()
        other.close()


def test_a_change_that_no_longer_fits_what_others_did_meanwhile_is_refused(house: Repository) -> None:
    gate = new_tool("gate")
    house.commit(draft(added=gate), since=1)
    with pytest.raises(ShapesViolated):
        meanwhile(house, mine=draft(added=[points("roof", "gate", "beta")]), others=draft(removed=gate), since=2)
    assert position(house) == 3


def test_two_who_each_take_away_what_the_other_relies_on_do_not_both_succeed(house: Repository) -> None:
    one, two = (draft(removed=[say("wall", LABEL, '"Wall"@en', source)]) for source in ("alpha", "beta"))
    with pytest.raises(ShapesViolated):
        meanwhile(house, mine=one, others=two, since=1)


def test_who_takes_away_a_thing_that_somebody_has_begun_to_point_to_is_refused(house: Repository) -> None:
    gate = new_tool("gate")
    house.commit(draft(added=gate), since=1)
    with pytest.raises(ShapesViolated):
        meanwhile(house, mine=draft(removed=gate), others=draft(added=[points("roof", "gate", "beta")]), since=2)


def test_the_list_shows_what_others_have_changed_of_the_same_thing_meanwhile(house: Repository) -> None:
    mine = draft(removed=[say("door", HOMEPAGE, "<https://door.example.org/>")])
    meanwhile(house, mine=mine, others=draft(added=[say("door", LABEL, '"Puerta"@es', "beta")]), since=1)
    with house.open() as generation, closing(Listing(generation.folder)) as listing:
        assert "Puerta" in {item.label for item in listing.items("tool", "es", limit=9, offset=0)}


def test_a_thing_loses_its_class_in_a_change_that_also_touches_what_points_to_it(house: Repository) -> None:
    house.commit(draft(added=[*new_tool("gate"), points("roof", "gate", "beta")]), since=1)
    with pytest.raises(ShapesViolated):
        house.commit(draft(removed=new_tool("gate"), added=[say("roof", LABEL, '"Tejado"@es')]), since=2)


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=20))
def test_any_text_is_read_from_the_journal_as_it_was_written(house: Repository, text: str) -> None:
    value = str(ox.Literal(f"\u2028{text}\x85"))
    [quad] = canonical([f"{say('gate', LABEL, value)}"])
    header = house.journal.append([draft(added=[quad])], after=house.journal.last())[0]
    assert house.journal.read(header).added == [quad]


def test_what_stood_after_the_last_whole_record_is_set_aside(house: Repository) -> None:
    with house.journal.path.open("ab") as file:
        file.write(b"H position")
    assert house.journal.rest() == len(b"H position")
    house.commit(draft(added=new_tool("gate")), since=1)
    assert (house.folder / "journal.rdfp.cut-2").read_bytes() == b"H position"
    assert house.journal.rest() == 0


def test_a_change_that_cannot_be_shown_is_told_to_be_journaled(
    house: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(house.generations, "publish", no_room)
    with pytest.raises(Unusable, match="journaled as position 2"):
        house.commit(draft(added=new_tool("gate")), since=1)
    monkeypatch.undo()
    house.bring_up_to_date()
    assert position(house) == 2


def test_what_is_up_to_date_already_is_left_as_it_is(house: Repository) -> None:
    before = (house.folder / "generations" / "current").resolve().stat().st_ino
    house.bring_up_to_date()
    assert (house.folder / "generations" / "current").resolve().stat().st_ino == before


def test_who_waits_too_long_for_the_lock_is_told_so(house: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolbox_graph.changes.LOCK_SECONDS", 0.1)
    with alone(house.folder / "lock", seconds=1, doing="a test is writing"), pytest.raises(Busy):
        house.commit(draft(added=new_tool("gate")), since=1)


def test_undo_takes_back_what_was_added(house: Repository) -> None:
    before = state(house)
    house.commit(draft(added=new_tool("gate")), since=1)
    house.undo(2, origin("undo"))
    assert state(house) == before


def test_undo_restores_what_was_removed(house: Repository) -> None:
    before = state(house)
    house.commit(draft(removed=[say("roof", LABEL, '"Toit"@fr')]), since=1)
    house.undo(2, origin("undo"))
    assert state(house) == before


def test_undo_leaves_what_is_gone_already(house: Repository) -> None:
    house.commit(draft(added=[say("wall", LABEL, '"Mur"@fr')]), since=1)
    house.commit(draft(removed=[say("wall", LABEL, '"Mur"@fr')]), since=2)
    with pytest.raises(Conflict, match="Nothing is left"):
        house.undo(2, origin("undo"))


def test_undo_refuses_with_the_list_of_what_rests_on_it(house: Repository) -> None:
    house.commit(draft(added=new_tool("gate")), since=1)
    house.commit(draft(added=[points("roof", "gate", "beta")]), since=2)
    before = state(house)
    with pytest.raises(Conflict) as refusal:
        house.undo(2, origin("undo"))
    assert refusal.value.members["positions"] == [3]
    assert state(house) == before


def test_undo_of_an_unknown_position_is_refused(house: Repository) -> None:
    with pytest.raises(NotFound):
        house.undo(99, origin("undo"))


def test_an_undo_can_be_undone(house: Repository) -> None:
    house.commit(draft(added=new_tool("gate")), since=1)
    after = state(house)
    house.undo(2, origin("undo"))
    house.undo(3, origin("undo"))
    assert state(house) == after


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.sets(st.sampled_from(["a", "b", "c"]), min_size=1), names=st.sets(st.sampled_from(["x", "y"])))
def test_a_change_and_its_undo_are_nothing(house: Repository, keys: set[str], names: set[str]) -> None:
    before, since = state(house), position(house)
    added = sorted(
        quad
        for key in keys
        for quad in [*new_tool(key), *(say(key, node(str(TBG.licenceText)), f'"{name}"') for name in names)]
    )
    header = house.commit(draft(added=added), since=since)
    house.undo(header.position, origin("undo"))
    assert state(house) == before


def test_the_history_of_a_thing_has_its_changes_alone(house: Repository) -> None:
    house.commit(draft(added=new_tool("gate")), since=1)
    changes = list(house.history(BASE.thing("tool", "gate")))
    assert [change.header.position for change in changes] == [2]
    assert changes[0].added == new_tool("gate")


def test_the_history_can_be_asked_for(house: Repository) -> None:
    house.commit(draft(added=new_tool("gate")), since=1)
    with house.open() as generation:
        assert generation.store.query(
            f"ASK {{ <{BASE.iri}history#2> <{TBG.added}> 3 ; <{TBG.changed}> <{BASE.graph('house', 'alpha')}> }}"
        )


def test_what_was_journaled_and_not_shown_is_shown_at_the_next_start(house: Repository) -> None:
    added = new_tool("gate")
    house.journal.append([draft(added=added)], after=house.journal.last())
    assert position(house) == 1
    other = open_repository(Settings(data=house.folder))
    other.bring_up_to_date()
    assert position(other) == 2
    assert any("tool/gate" in quad for quad in state(other))
    other.close()


def test_all_can_be_made_again_from_the_journal(house: Repository, tmp_path: Path) -> None:
    house.commit(draft(added=new_tool("gate")), since=1)
    again = tmp_path / "again"
    again.mkdir()
    (again / "journal.rdfp").write_bytes(house.journal.path.read_bytes())
    other = open_repository(Settings(data=again))
    other.bring_up_to_date()
    with house.open() as one, other.open() as two:
        assert set(one.store) == set(two.store)
    other.close()


@pytest.fixture
def new_files(house: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's files are others than those with which the repository was made."""
    monkeypatch.setattr(house.model, "digest", "other123")


@pytest.mark.usefixtures("new_files")
def test_damage_is_told_before_new_project_files_are_followed(house: Repository) -> None:
    content = bytearray(house.journal.path.read_bytes())
    content[-100] ^= 1
    house.journal.path.write_bytes(content)
    with pytest.raises(Unusable, match="damaged"):
        house.bring_up_to_date()


@pytest.mark.usefixtures("new_files")
def test_new_project_files_make_a_new_generation_of_the_same_position(house: Repository) -> None:
    before = state(house)
    house.bring_up_to_date()
    current = house.generations.current()
    assert current is not None
    assert (current.position, current.project) == (1, "other123")
    assert state(house) == before


def test_what_was_found_stays_noted_until_it_is_mended(house: Repository) -> None:
    def noted() -> set[str]:
        with house.open() as generation:
            return {found.focus for found in findings.every(generation.folder)}

    moving, alpha = node(BASE.thing("use-case", "moving")), node(BASE.graph("house", "alpha"))
    use = [Quad(moving, LABEL, '"Moving"@en', alpha), Quad(moving, TYPE, node(str(TBG.UseCase)), alpha)]
    house.commit(draft(added=use), since=1)
    assert moving in noted()
    uses = Quad(moving, node(str(TBG.usesTool)), node(BASE.thing("tool", "door")), alpha)
    house.commit(draft(added=[uses]), since=2)
    assert moving not in noted()


def test_a_folder_keeps_its_base() -> None:
    with pytest.raises(Unusable, match="toolbox-graph init"):
        Repository(Path("/nowhere"))


def test_a_folder_with_data_is_not_made_again(house: Repository) -> None:
    with pytest.raises(InvalidRequest, match="holds data already"):
        Repository.create(house.folder, BASE, origin("init"))


def test_a_rehearsal_changes_nothing_and_says_what_would_be_wrong(house: Repository) -> None:
    before = state(house)
    house.rehearse(draft(added=new_tool("gate")))
    with pytest.raises(ShapesViolated):
        house.rehearse(draft(added=[say("gate", LABEL, '"gate"@en')]))
    assert (state(house), position(house)) == (before, 1)
