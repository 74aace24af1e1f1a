"""What was proposed and decided of links to Wikidata, by whom, when and why?

The file is only ever added to: a line for each proposal and each decision. What stands of a thing follows from its
lines; a line that is undone counts no more, and the undoing can be undone. A pair that was rejected is never proposed
again.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from toolbox_graph.errors import Conflict, NotFound, Unusable
from toolbox_graph.store.disk import sync
from toolbox_graph.store.locks import alone

FOLDER = "reconciliation"
"""Where in a data folder links are worked on."""

LOCK_SECONDS = 10.0


class State(StrEnum):
    """What a line says."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    SKIPPED = "skipped"
    NEW = "new"
    """No item is the thing: one is to be made."""
    UNDONE = "undone"


class Line(NamedTuple):
    """One line. `ours` and `theirs` are digests of what was judged; `near` says that the item is nearly the same."""

    number: int
    time: str
    by: str
    state: State
    thing: str
    item: str = ""
    why: str = ""
    near: bool = False
    ours: str = ""
    theirs: str = ""
    source: str = ""
    """Which source of candidates was asked; another one may tell of the same item in another way."""
    candidates: Sequence[Mapping[str, Any]] = ()
    undoes: int = 0
    run: str = ""
    """When the run began that proposed it."""
    version: str = ""
    """The version of the program that proposed it."""

    def as_json(self) -> dict[str, Any]:
        """Return what is written down: what is not empty."""
        return {name: value for name, value in self._asdict().items() if value}


class Standing(NamedTuple):
    """What stands of one thing: its last proposal, the last decision since, and the items that are not it."""

    proposal: Line | None = None
    decision: Line | None = None
    rejected: frozenset[str] = frozenset()

    @property
    def state(self) -> State | None:
        """Where it stands; None where nothing was ever said."""
        return self.decision.state if self.decision else State.PROPOSED if self.left else self._state_of_none

    @property
    def _state_of_none(self) -> State | None:
        return State.REJECTED if self.proposal else None

    @property
    def left(self) -> list[Mapping[str, Any]]:
        """The candidates of the last proposal that are not rejected."""
        candidates = self.proposal.candidates if self.proposal else ()
        return [one for one in candidates if one["item"] not in self.rejected]


class Decisions:
    """The lines of one data folder."""

    def __init__(self, data: Path) -> None:
        self._folder = data / FOLDER
        self._path = self._folder / "decisions.jsonl"
        self._read: tuple[bytes, list[Line]] = (b"", [])

    def lines(self) -> list[Line]:
        """Return all lines, in their order; what was read before and still stands so is not read again."""
        whole, (before, lines) = self._whole(), self._read
        if not whole.startswith(before):
            before, lines = b"", []
        new = whole[len(before) :].splitlines()
        lines = lines + [_line(text, number) for number, text in enumerate(new, len(lines) + 1)]
        self._read = (whole, lines)
        return list(lines)

    def _whole(self) -> bytes:
        """Return all whole lines; a last one that has no end was cut off when the machine was."""
        written = self._path.read_bytes() if self._path.exists() else b""
        return written[: written.rfind(b"\n") + 1]

    def standing(self) -> dict[str, Standing]:
        """Return what stands, by thing."""
        return standing(self.lines())

    def add(self, *lines: Line) -> list[Line]:
        """Write lines, each with its number, and wait until they are on the disk."""
        with self._alone():
            return self._append(lines)

    def decide(self, line: Line, *, after: int) -> Line:
        """Write the decision of somebody who has seen what was said of the thing up to the line of a number.

        Where more was said since, it is a conflict; but what is said twice is written once.
        """
        with self._alone():
            since = [one for one in about(self.lines(), line.thing) if one.number > after]
            if since and _says(since[-1]) == _says(line):
                return since[-1]
            if since:
                raise Conflict(f"Meanwhile {told(since[-1])}; look at it again.", decision=since[-1].number)
            [written] = self._append([line])
            return written

    def undo(self, number: int, *, time: str, by: str, why: str = "") -> Line:
        """Take a line back, as a line of its own."""
        with self._alone():
            lines = self.lines()
            if not 0 < number <= len(lines):
                raise NotFound(f"There is no decision {number}; there are {len(lines)}.")
            if number in undone(lines):
                raise Conflict(f"Decision {number} is undone already.")
            thing = lines[number - 1].thing
            [line] = self._append([Line(0, time, by, State.UNDONE, thing, undoes=number, why=why)])
            return line

    def _alone(self) -> AbstractContextManager[None]:
        self._folder.mkdir(exist_ok=True)
        return alone(self._folder / "lock", seconds=LOCK_SECONDS, doing="somebody else is deciding")

    def _append(self, lines: Sequence[Line]) -> list[Line]:
        whole = self._whole()
        numbered = [line._replace(number=number) for number, line in enumerate(lines, whole.count(b"\n") + 1)]
        with self._path.open("ab") as file:
            file.truncate(len(whole))
            file.writelines(json.dumps(line.as_json(), ensure_ascii=False).encode() + b"\n" for line in numbered)
            file.flush()
            sync(file.fileno())
        return numbered


def about(lines: Iterable[Line], thing: str) -> list[Line]:
    """Return what was said of a thing, in its order."""
    return [line for line in lines if line.thing == thing]


def told(line: Line) -> str:
    """Return in words who said what."""
    said = f"took decision {line.undoes} back" if line.undoes else f"said “{line.state}”"
    return f"{line.by} {said} of {line.thing}{f' and {line.item}' if line.item else ''} (decision {line.number})"


def _says(line: Line) -> tuple[Any, ...]:
    """Return what a line says, whenever that was."""
    return line.by, line.state, line.thing, line.item, line.near, line.why


def kind_of(name: str) -> str:
    """Return the kind in the name of a thing, such as `tool/ckan`."""
    return name.partition("/")[0]


def standing(lines: Iterable[Line]) -> dict[str, Standing]:
    """Return what follows from some lines, by thing."""
    written = list(lines)
    gone = undone(written)
    found: dict[str, Standing] = {}
    for line in written:
        if line.number not in gone and line.state is not State.UNDONE:
            found[line.thing] = _after(found.get(line.thing, Standing()), line)
    return found


def undone(lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines that are undone; an undoing that is undone itself undoes nothing."""
    return set(undoings(lines))


def undoings(lines: Sequence[Line]) -> dict[int, Line]:
    """Return the lines that undo others and are not undone themselves, by the number of the line that they undo."""
    gone: dict[int, Line] = {}
    for line in reversed(lines):
        if line.undoes and line.number not in gone:
            gone[line.undoes] = line
    return gone


def _after(before: Standing, line: Line) -> Standing:
    match line.state:
        case State.PROPOSED:
            return before._replace(proposal=line, decision=None)
        case State.REJECTED:
            # What was accepted and is rejected now is not accepted any more.
            kept = before.decision if before.decision and before.decision.item != line.item else None
            return before._replace(decision=kept, rejected=before.rejected | {line.item})
        case State.ACCEPTED:
            return before._replace(decision=line, rejected=before.rejected - {line.item})
        case _:
            return before._replace(decision=line)


def _line(text: bytes, number: int) -> Line:
    try:
        value = json.loads(text)
        return Line(**{**value, "number": number, "state": State(value["state"])})
    except (ValueError, TypeError, KeyError) as problem:
        raise Unusable(f"Line {number} of the file of decisions cannot be read: {problem}.") from problem
