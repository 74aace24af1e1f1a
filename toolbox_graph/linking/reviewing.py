"""What waits for a person's decision, in which order, and what does the decision become?

A terminal and a page ask and write the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.linking.decisions import Line, Standing, State, kind_of, undone
from toolbox_graph.linking.things import Thing, Things
from toolbox_graph.model import in_language
from toolbox_graph.namespaces import ITEM

LONGEST = 500
"""Characters of a reason."""

DECIDED = (State.ACCEPTED, State.REJECTED, State.SKIPPED, State.NEW)
"""What a person can say."""


class Choice(NamedTuple):
    """What a person can choose: what is said by that, whether of an item, and whether that is only nearly the same."""

    state: State
    of_item: bool
    near: bool = False


CHOICES: Mapping[str, Choice] = {
    "accept": Choice(State.ACCEPTED, of_item=True),
    "close": Choice(State.ACCEPTED, of_item=True, near=True),
    "reject": Choice(State.REJECTED, of_item=True),
    "skip": Choice(State.SKIPPED, of_item=False),
    "new": Choice(State.NEW, of_item=False),
}

KEYS: Mapping[str, str] = {"accept": "a", "close": "c", "reject": "r", "skip": "s", "new": "n", "undo": "u"}
"""The key for each choice."""

Waiting = tuple[str, Standing]
"""The name of a thing, and what stands of it."""


def waiting(standing: Mapping[str, Standing], things: Things, kind: str = "") -> list[Waiting]:
    """Return what is proposed for things that the catalogue still has, the surest first."""
    return [(name, one) for name, one in proposed(standing, kind) if things.labels(name)]


def proposed(standing: Mapping[str, Standing], kind: str = "") -> list[Waiting]:
    """Return what is proposed and not decided, of the things of a kind if one is named, the surest first."""
    found = [
        (thing, one)
        for thing, one in standing.items()
        if one.state is State.PROPOSED and (not kind or thing.startswith(f"{kind}/"))
    ]
    return sorted(found, key=lambda entry: (-entry[1].left[0]["confidence"], entry[0]))


def following(names: Sequence[str], thing: str) -> list[str]:
    """Return what is to be looked at after a thing: what follows, then what came before, those of its kind first.

    >>> following(["tool/a", "country/b", "tool/c", "tool/d"], "tool/c")
    ['tool/d', 'tool/a', 'country/b']
    """
    place = names.index(thing) if thing in names else -1
    rest = [*names[place + 1 :], *names[: max(place, 0)]]
    return sorted(rest, key=lambda name: kind_of(name) != kind_of(thing))


def decision(thing: Thing, one: Standing, choice: Choice, item: str, *, time: str, by: str, why: str = "") -> Line:
    """Return what somebody says of a thing and an item whose records they have seen; without a name, the first."""
    item = item or (one.left[0]["item"] if one.left else "")
    if choice.of_item and not ITEM.fullmatch(item):
        raise InvalidRequest(f"Name the item that is meant, such as Q64777688; nothing is proposed for {thing.name}.")
    return unseen(thing.name, one, choice, item, time=time, by=by, why=why)._replace(ours=thing.digest)


def unseen(name: str, one: Standing, choice: Choice, item: str, *, time: str, by: str, why: str = "") -> Line:
    """Return what somebody says of a thing as it was when the item was proposed."""
    proposal = one.proposal or Line(0, "", "", State.PROPOSED, name)
    judged = {entry["item"]: entry["digest"] for entry in proposal.candidates}
    return Line(
        number=0,
        time=time,
        by=by,
        state=choice.state,
        thing=name,
        item=item if choice.of_item else "",
        why=cleaned(why),
        near=choice.near,
        ours=proposal.ours,
        theirs=judged.get(item, "") if choice.of_item else "",
        source=proposal.source,
    )


def cleaned(why: str) -> str:
    r"""Return a reason as one line of characters that can be shown.

    >>> cleaned(" a band \n of that\x1b name ")
    'a band of that name'
    """
    if len(why) > LONGEST:
        raise InvalidRequest(f"A reason has {LONGEST} characters at most.", parameter="why")
    return " ".join("".join(one if one.isprintable() else " " for one in why).split())


def lately(lines: Sequence[Line], *, by: str = "") -> list[Line]:
    """Return the decisions that stand, of one person if one is named, the latest first."""
    gone = undone(lines)
    return [
        line
        for line in reversed(lines)
        if line.state in DECIDED and line.number not in gone and (not by or line.by == by)
    ]


def latest(lines: Iterable[Line]) -> int:
    """Return the number of the last of some lines, 0 where there is none."""
    return max((line.number for line in lines), default=0)


def record(thing: Thing, language: str = "en") -> dict[str, Any]:
    """Return what we know of a thing under the names that a candidate has for it."""
    return {
        "label": in_language(thing.labels, language),
        "description": in_language(thing.descriptions, language),
        "names": thing.asked.names,
        "countries": [thing.asked.country] if thing.asked.country else [],
        "websites": thing.asked.websites,
        "repositories": thing.asked.repositories,
    }
