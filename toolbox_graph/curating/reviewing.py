"""How does a curator decide at a terminal?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import click

from toolbox_graph.assembly import now
from toolbox_graph.curating.group import reconcile
from toolbox_graph.curating.proposing import KINDS
from toolbox_graph.errors import Conflict
from toolbox_graph.linking import reviewing
from toolbox_graph.linking.decisions import Decisions, Line, Standing, State, about, standing
from toolbox_graph.linking.proposing import is_undisputed
from toolbox_graph.linking.reviewing import CHOICES, KEYS, record
from toolbox_graph.linking.things import Thing, Things
from toolbox_graph.matching.records import Evidence
from toolbox_graph.terminal import Context, command, say

CLASSES = [str(one) for one in Evidence if one is not Evidence.NONE]

CHOSEN = {key: choice for choice, key in KEYS.items()}

HELP = "a accept · c close, nearly the same · r reject · s skip · n new, no item exists · 1-9 another · u undo · q quit"

by = click.option("--by", default="operator", show_default=True, help="Who decides: an opaque name.")
why = click.option("--why", default="", help="Why it is decided so.")


@command(
    "reconcile review",
    "reconcile review organizations",
    "reconcile review --accept-class identifier",
    "reconcile review --json",
    group=reconcile,
)
@click.argument("kind", type=click.Choice(list(KINDS)), required=False)
@click.option(
    "--accept-class",
    "accepted",
    type=click.Choice(CLASSES),
    help="Ask nothing: accept what the matcher decided by this class of evidence and nothing contradicts.",
)
@by
def review(context: Context, kind: str | None, accepted: str | None, by: str) -> None:
    """Decide of what is proposed, one by one with a key, or all of one class of evidence."""
    decisions = Decisions(context.settings.data)
    with context.repository.open() as generation:
        things = Things(generation.store, context.repository.model)
        waiting = reviewing.waiting(decisions.standing(), things, KINDS[kind] if kind else "")
    if accepted:
        _accept(context, decisions, waiting, Evidence(accepted), by)
    elif context.as_json:
        report = [{"thing": thing, **_proposed(one)} for thing, one in waiting]
        context.result(report, "")
    else:
        _ask(context, decisions, [thing for thing, _ in waiting], by)


def _proposed(one: Standing) -> dict[str, Any]:
    assert one.proposal
    return {"number": one.proposal.number, "time": one.proposal.time, "candidates": one.left}


def _accept(
    context: Context, decisions: Decisions, waiting: Sequence[tuple[str, Standing]], evidence: Evidence, by: str
) -> None:
    said = f"all of the class {evidence} accepted"
    decided = [(thing, one) for thing, one in waiting if one.left[0]["match"] and one.left[0]["evidence"] == evidence]
    lines = [
        reviewing.unseen(thing, one, CHOICES["accept"], one.left[0]["item"], time=now(), by=by, why=said)
        for thing, one in decided
        if is_undisputed(one.left[0], _found(context, thing))
    ]
    written = decisions.add(*lines) if lines else []
    told = [f"{line.number}  {line.thing}  {line.item}" for line in written]
    context.result([line.as_json() for line in written], "\n".join(told) or "None.")
    say(f"{len(written)} accepted. `toolbox-graph reconcile apply` publishes them.")
    if left := len(decided) - len(written):
        say(f"{left} are left to be looked at: something contradicts them, or the thing is linked to another item.")


@command(
    "reconcile decide tool/openfisca accept Q64777688",
    "reconcile decide tool/openfisca accept Q64777688 --near",
    'reconcile decide tool/openfisca reject Q64777688 --why "a band of that name"',
    "reconcile decide tool/openfisca new",
    group=reconcile,
)
@click.argument("thing")
@click.argument("decision", type=click.Choice([name for name, choice in CHOICES.items() if not choice.near]))
@click.argument("item", required=False, default="")
@click.option("--near", is_flag=True, help="The item is nearly the same, not the very same.")
@by
@why
def decide(context: Context, thing: str, decision: str, item: str, *, near: bool, by: str, why: str) -> None:
    """Decide of one thing, also of an item that was not proposed."""
    ours = _found(context, thing)
    decisions = Decisions(context.settings.data)
    one = decisions.standing().get(thing, Standing())
    choice = CHOICES[decision]._replace(near=near)
    [written] = decisions.add(reviewing.decision(ours, one, choice, item, time=now(), by=by, why=why))
    context.result(written.as_json(), f"{written.number}  {thing}  {written.state}  {written.item}".rstrip())


@command("reconcile undo 12", group=reconcile)
@click.argument("number", type=click.IntRange(1))
@by
@why
def undo(context: Context, number: int, by: str, why: str) -> None:
    """Take a proposal or a decision back, also an undoing."""
    line = Decisions(context.settings.data).undo(number, time=now(), by=by, why=why)
    context.result(line.as_json(), f"{line.number}  {line.thing}  undone {number}")


def _found(context: Context, name: str) -> Thing:
    with context.repository.open() as generation:
        return Things(generation.store, context.repository.model).find(name)


def _ask(context: Context, decisions: Decisions, waiting: list[str], by: str) -> None:
    """Show one thing after the other and do what the key says, until there is none or the person has enough."""
    made: list[Line] = []
    place = 0
    while place < len(waiting):
        lines, name = decisions.lines(), waiting[place]
        one = standing(lines).get(name, Standing())
        if one.state is not State.PROPOSED:
            place += 1
            continue
        thing = _found(context, name)
        key, chosen = _key(thing, one, f"{place + 1} of {len(waiting)}")
        if key == "q":
            break
        if key == KEYS["undo"]:
            if made:
                last = made.pop()
                decisions.undo(last.number, time=now(), by=by)
                place = waiting.index(last.thing)
            continue
        line = reviewing.decision(thing, one, CHOICES[CHOSEN[key]], one.left[chosen]["item"], time=now(), by=by)
        try:
            made.append(decisions.decide(line, after=reviewing.latest(about(lines, name))))
        except Conflict as conflict:
            say(conflict.detail)
    context.result(
        [line.as_json() for line in made], f"{len(made)} decided. `toolbox-graph reconcile apply` publishes."
    )


def _key(thing: Thing, one: Standing, place: str) -> tuple[str, int]:
    """Show a thing with a candidate, and return the key that the person presses, and for which candidate."""
    chosen = 0
    while True:
        say("\n".join(_page(thing, one.left, chosen, place)))
        key = click.getchar(echo=False)
        if key in (*KEYS.values(), "q"):
            return key, chosen
        if key.isdecimal() and 0 < int(key) <= len(one.left):
            chosen = int(key) - 1


def _page(thing: Thing, candidates: Sequence[Mapping[str, Any]], choice: int, place: str) -> Iterator[str]:
    """Yield the lines of both records side by side, of all candidates, and of the keys."""
    chosen = candidates[choice]
    yield f"\n── {place} ── {thing.name} ── {chosen['item']} ──"
    for field, value in record(thing).items():
        left, right = _short(value), _short(chosen[field])
        if left or right:
            yield f"{field:<13}{left:<52} {right}"
    yield f"{'confidence':<13}{chosen['confidence']:.2f}, {chosen['evidence']}: {chosen['why']}"
    for number, other in enumerate(candidates, 1):
        mark = "▸" if number == choice + 1 else " "
        label = _short(other["label"], 30)
        yield f"{mark}{number} {other['item']:<12}{other['confidence']:.2f} {label}: {other['why']}"
    yield HELP


def _short(value: Any, width: int = 50) -> str:
    text = value if isinstance(value, str) else ", ".join(value)
    # What controls a terminal is never shown to it.
    text = "".join(character if character.isprintable() else " " for character in text)
    return text if len(text) <= width else f"{text[: width - 1]}…"
