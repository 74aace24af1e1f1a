"""Decisions are only ever added to; what stands follows from the lines, and each can be undone."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.errors import Conflict, NotFound, Unusable
from toolbox_graph.linking.decisions import Decisions, Line, State, standing, undone

ITEMS = ["Q900000001", "Q900000002"]
CANDIDATES = [{"item": item, "digest": "d"} for item in ITEMS]
THINGS = st.sampled_from(["tool/door", "tool/roof"])
MADE = st.one_of(
    st.builds(lambda thing: line(State.PROPOSED, thing=thing, candidates=CANDIDATES), THINGS),
    st.builds(
        lambda state, thing, item: line(state, thing=thing, item=item),
        st.sampled_from([State.ACCEPTED, State.REJECTED]),
        THINGS,
        st.sampled_from(ITEMS),
    ),
    st.builds(lambda state, thing: line(state, thing=thing), st.sampled_from([State.SKIPPED, State.NEW]), THINGS),
)


def line(state: State, number: int = 0, **more: object) -> Line:
    """Return a line of a test, always at the same time."""
    return Line(number, "2026-11-28T10:00:00Z", "tester", state, **{"thing": "tool/door", **more})  # type: ignore[arg-type]


def numbered(lines: list[Line]) -> list[Line]:
    """Return lines with their numbers."""
    return [one._replace(number=number) for number, one in enumerate(lines, 1)]


@given(st.lists(MADE, min_size=1, max_size=8), st.data())
def test_what_is_undone_is_as_if_it_had_never_been_said(lines: list[Line], data: st.DataObject) -> None:
    written = numbered(lines)
    number = data.draw(st.integers(1, len(written)))
    undoing = line(State.UNDONE, len(written) + 1, thing=written[number - 1].thing, undoes=number)
    without = [one for one in written if one.number != number]
    assert standing([*written, undoing]) == standing(without)


@given(st.lists(MADE, min_size=1, max_size=8), st.data())
def test_an_undoing_can_be_undone(lines: list[Line], data: st.DataObject) -> None:
    written = numbered(lines)
    number = data.draw(st.integers(1, len(written)))
    first = line(State.UNDONE, len(written) + 1, undoes=number)
    second = line(State.UNDONE, len(written) + 2, undoes=first.number)
    assert standing([*written, first, second]) == standing(written)
    assert undone([*written, first, second]) == {first.number}


@pytest.mark.parametrize(
    ("states", "state"),
    [
        ([], None),
        ([line(State.PROPOSED, candidates=CANDIDATES)], State.PROPOSED),
        ([line(State.PROPOSED, candidates=CANDIDATES), line(State.ACCEPTED, item=ITEMS[0])], State.ACCEPTED),
        ([line(State.PROPOSED, candidates=CANDIDATES), line(State.REJECTED, item=ITEMS[0])], State.PROPOSED),
        (
            [line(State.PROPOSED, candidates=CANDIDATES), *(line(State.REJECTED, item=item) for item in ITEMS)],
            State.REJECTED,
        ),
        ([line(State.ACCEPTED, item=ITEMS[0]), line(State.REJECTED, item=ITEMS[0])], None),
        ([line(State.PROPOSED, candidates=CANDIDATES), line(State.SKIPPED)], State.SKIPPED),
        ([line(State.NEW), line(State.PROPOSED, candidates=CANDIDATES)], State.PROPOSED),
    ],
)
def test_the_last_word_counts(states: list[Line], state: State | None) -> None:
    one = standing(numbered(states)).get("tool/door")
    assert (one.state if one else None) == state


def test_lines_are_numbered_and_read_back_as_they_were_written(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    first = decisions.add(line(State.PROPOSED, candidates=CANDIDATES))
    second = decisions.add(line(State.REJECTED, item=ITEMS[0], why="a moss"), line(State.SKIPPED))
    assert decisions.lines() == [*first, *second]
    assert [one.number for one in decisions.lines()] == [1, 2, 3]


def test_nothing_that_was_written_is_changed(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.add(line(State.SKIPPED))
    path = tmp_path / "reconciliation" / "decisions.jsonl"
    before = path.read_bytes()
    decisions.undo(1, time="2026-11-29T10:00:00Z", by="another")
    assert path.read_bytes().startswith(before)
    assert json.loads(path.read_text().splitlines()[1])["by"] == "another"


def test_what_is_undone_is_not_undone_again(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.add(line(State.SKIPPED))
    decisions.undo(1, time="2026-11-29T10:00:00Z", by="tester")
    with pytest.raises(Conflict):
        decisions.undo(1, time="2026-11-29T10:00:00Z", by="tester")


def test_a_decision_that_is_not_there_cannot_be_undone(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        Decisions(tmp_path).undo(1, time="2026-11-29T10:00:00Z", by="tester")


def test_lines_that_another_wrote_or_took_away_are_seen(tmp_path: Path) -> None:
    ours, others = Decisions(tmp_path), Decisions(tmp_path)
    for state in (State.SKIPPED, State.NEW):
        others.add(line(state))
        assert ours.lines() == others.lines()
    path = tmp_path / "reconciliation" / "decisions.jsonl"
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[1])
    assert [(one.number, one.state) for one in ours.lines()] == [(1, State.NEW)]


def test_who_decides_knows_what_was_said_before(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.add(line(State.PROPOSED, candidates=CANDIDATES), line(State.NEW, thing="tool/roof"))
    assert decisions.decide(line(State.SKIPPED), after=1).number == 3
    with pytest.raises(Conflict, match="tester said “skipped” of tool/door"):
        decisions.decide(line(State.NEW), after=1)


def test_what_is_said_twice_by_the_same_person_is_written_once(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    said = [decisions.decide(line(State.NEW, why="looked"), after=0) for _ in range(2)]
    assert said[0] == said[1] == decisions.lines()[0]
    with pytest.raises(Conflict):
        decisions.decide(line(State.NEW, why="looked")._replace(by="another"), after=0)


def test_of_several_who_decide_at_the_same_time_one_does(tmp_path: Path) -> None:
    def decide(number: int) -> bool:
        try:
            Decisions(tmp_path).decide(line(State.NEW)._replace(by=f"reviewer-{number}"), after=0)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as several:
        assert sum(several.map(decide, range(8))) == 1
    assert len(Decisions(tmp_path).lines()) == 1


def test_a_line_that_was_cut_off_is_cut_away_by_the_next(tmp_path: Path) -> None:
    decisions = Decisions(tmp_path)
    decisions.add(line(State.SKIPPED))
    with (tmp_path / "reconciliation" / "decisions.jsonl").open("a") as file:
        file.write('{"state": "new", "thi')
    assert len(decisions.lines()) == 1
    [added] = decisions.add(line(State.NEW))
    assert [one.state for one in decisions.lines()] == [State.SKIPPED, State.NEW]
    assert added.number == 2


@pytest.mark.parametrize("damaged", ["{", "[]", '{"state": "wanted"}', '{"state": "new", "colour": "red"}'])
def test_a_damaged_line_is_named(tmp_path: Path, damaged: str) -> None:
    decisions = Decisions(tmp_path)
    decisions.add(line(State.SKIPPED))
    with (tmp_path / "reconciliation" / "decisions.jsonl").open("a") as file:
        file.write(f"{damaged}\n")
    with pytest.raises(Unusable, match="Line 2"):
        decisions.lines()
