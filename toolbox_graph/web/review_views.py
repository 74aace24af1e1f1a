"""How does what waits for a decision become a page?"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import groupby
from typing import Any

from toolbox_graph.linking import reviewing
from toolbox_graph.linking.decisions import Decisions, Line, Standing, about, kind_of, standing
from toolbox_graph.linking.reviewing import Waiting
from toolbox_graph.linking.things import Thing, Things
from toolbox_graph.model import Model, in_language
from toolbox_graph.web import static_files
from toolbox_graph.web.review_pages import CandidateView, DecidedView, ReviewPage, ReviewThingPage
from toolbox_graph.web.sessions import Visitor

ADDRESS = "quality/wikidata/review"
"""Where links are reviewed, below the base."""

SHOWN = 100
"""Things of a kind that the list shows; programs get all."""

LATELY = 20
"""Decisions that the list shows."""


class Desk:
    """All that was said of links, and the things that it is about, as one request finds them."""

    def __init__(self, decisions: Decisions, things: Things, model: Model, language: str) -> None:
        self.decisions = decisions
        self.lines = decisions.lines()
        self.standing = standing(self.lines)
        self.things = things
        self.model = model
        self.language = language

    @cached_property
    def waiting(self) -> list[Waiting]:
        """What waits, by kind in the order of the ontology; what the catalogue has no more does not wait."""
        kinds = list(self.model.kinds)
        return sorted(reviewing.waiting(self.standing, self.things), key=lambda entry: kinds.index(kind_of(entry[0])))

    @property
    def names(self) -> list[str]:
        """The names of the things that wait."""
        return [name for name, _ in self.waiting]

    def label(self, name: str) -> str:
        """Return what a thing is called."""
        return in_language(self.things.labels(name), self.language) or name

    def after(self, name: str) -> int:
        """Return the number of the last line about a thing."""
        return reviewing.latest(about(self.lines, name))

    def next(self, before: Sequence[str], name: str) -> str:
        """Return what is to be looked at after a thing: the same while candidates are left, else what still waits."""
        still = {one for one, _ in reviewing.proposed(self.standing)}
        return next((one for one in [name, *reviewing.following(before, name)] if one in still), "")


def list_page(desk: Desk, visitor: Visitor, done: int) -> ReviewPage:
    """Return the page of all that waits."""
    groups = [_group(desk, kind, list(entries)) for kind, entries in groupby(desk.waiting, lambda e: kind_of(e[0]))]
    return ReviewPage(
        **_common(desk, visitor, done),
        total=len(desk.waiting),
        groups=groups,
        decided=[_decided(desk, line) for line in reviewing.lately(desk.lines)[:LATELY]],
    )


def _group(
    desk: Desk, kind: str, entries: Sequence[Waiting]
) -> tuple[str, int, Sequence[tuple[str, str, CandidateView]]]:
    label = in_language(desk.model.kinds[kind].plural_labels, desk.language)
    rows = [(desk.label(name), name, _candidate(1, one.left[0])) for name, one in entries[:SHOWN]]
    return label, len(entries), rows


def thing_page(
    desk: Desk, thing: Thing, visitor: Visitor, *, item: str = "", done: int = 0, problem: str = ""
) -> ReviewThingPage:
    """Return the page of one thing, beside the candidate with an item, else the first."""
    one = desk.standing.get(thing.name, Standing())
    left = one.left
    chosen = next((place for place, entry in enumerate(left) if entry["item"] == item), 0)
    views = [_candidate(number, entry) for number, entry in enumerate(left, 1)]
    names = desk.names
    return ReviewThingPage(
        **_common(desk, visitor, done),
        label=in_language(thing.labels, desk.language),
        thing=thing.name,
        kind=in_language(desk.model.kinds[thing.kind].labels, desk.language),
        waiting=(names.index(thing.name) + 1, len(names)) if thing.name in names else None,
        stands=_decided(desk, one.decision) if one.decision else None,
        rows=list(_rows(reviewing.record(thing, desk.language), left[chosen] if left else {})),
        candidates=views,
        chosen=views[chosen] if views else None,
        links=[linked for _, linked in thing.links],
        after=desk.after(thing.name),
        problem=problem,
    )


def _common(desk: Desk, visitor: Visitor, done: int) -> dict[str, Any]:
    account = visitor.account.name
    own = reviewing.lately(desk.lines, by=account)
    return {
        "account": account,
        "form": visitor.form,
        "done": _decided(desk, desk.lines[done - 1]) if 0 < done <= len(desk.lines) else None,
        "last": _decided(desk, own[0]) if own else None,
        "version": static_files.version(),
    }


def _rows(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[tuple[str, Sequence[str], Sequence[str]]]:
    """Return what both records say of each thing that either tells."""
    pairs = [(field, _texts(value), _texts(theirs.get(field, ""))) for field, value in ours.items()]
    return [pair for pair in pairs if pair[1] or pair[2]]


def _texts(value: Any) -> Sequence[str]:
    return [value] if value and isinstance(value, str) else list(value)


def _candidate(number: int, entry: Mapping[str, Any]) -> CandidateView:
    return CandidateView(
        number=number,
        item=entry["item"],
        label=entry["label"],
        description=entry["description"],
        confidence=entry["confidence"],
        evidence=entry["evidence"],
        why=entry["why"].split(", "),
        match=entry["match"],
    )


def _decided(desk: Desk, line: Line) -> DecidedView:
    return DecidedView(
        number=line.number,
        label=desk.label(line.thing),
        thing=line.thing,
        state=line.state,
        near=line.near,
        item=line.item,
        by=line.by,
        time=line.time,
        why=line.why,
    )
