"""How does the command line propose which items of Wikidata our things are?"""

from collections import Counter
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from toolbox_graph.assembly import now
from toolbox_graph.curating.asking import asking, from_where
from toolbox_graph.curating.group import SLICE, reconcile
from toolbox_graph.linking.decisions import Decisions, Standing
from toolbox_graph.linking.proposing import Proposal, is_news, propose
from toolbox_graph.linking.things import Thing, Things
from toolbox_graph.terminal import Context, command, say, tell_progress

KINDS = {
    "tools": "tool",
    "organizations": "organization",
    "countries": "country",
    "use-cases": "use-case",
    "licences": "licence",
}
"""The kinds of things that may have items, by the names of their lists."""

DAYS = 30
"""How long an answer of Wikidata is good for a proposal."""


@command(
    "reconcile wikidata tools",
    f"reconcile wikidata organizations --slice {SLICE} --limit 20",
    "reconcile wikidata use-cases --offline --json",
    group=reconcile,
)
@click.argument("kind", type=click.Choice(list(KINDS)))
@from_where
@click.option("--limit", type=click.IntRange(1), help="Things that are asked for at most.")
@click.option("--linked", is_flag=True, help="Ask also for things that are linked, and tell where that differs.")
@click.option("--by", default="operator", show_default=True, help="Who proposes: an opaque name.")
def wikidata(
    context: Context, kind: str, things: Path | None, *, offline: bool, limit: int | None, linked: bool, by: str
) -> None:
    """Propose items of Wikidata for things that have none."""
    decisions = Decisions(context.settings.data)
    before, begun = decisions.standing(), now()
    chosen = _things(context, KINDS[kind], linked=linked)[:limit]
    proposals = []
    with asking(context, things, offline=offline, days=DAYS) as asked:
        found = propose(chosen, asked.source, name=asked.name, standing=before, expect=asked.expect)
        for done, proposal in enumerate(found, 1):
            tell_progress(f"Asking for {kind}", done, len(chosen))
            if is_news(proposal, before.get(proposal.thing.name, Standing())) and not _is_known(proposal):
                # Written at once: who is interrupted goes on where they were.
                decisions.add(proposal.line(time=now(), by=by, run=begun, version=version("toolbox-graph")))
            proposals.append(proposal)
    _report(context, kind, proposals, before)


def _things(context: Context, kind: str, *, linked: bool) -> list[Thing]:
    with context.repository.open() as generation:
        things = Things(generation.store, context.repository.model).of_kind(kind)
    context.repository.close()
    return [thing for thing in things if linked or not thing.is_linked]


def _is_known(proposal: Proposal) -> bool:
    """Tell whether the thing is linked to what is proposed."""
    return proposal.matches[0].candidate.id in {item for _, item in proposal.thing.links}


def _report(context: Context, kind: str, proposals: list[Proposal], before: Mapping[str, Standing]) -> None:
    report = [_entry(one, before.get(one.thing.name, Standing())) for one in proposals]
    counts = Counter(entry["evidence"] if entry["match"] else _rest(entry) for entry in report)
    lines = [_line(entry) for entry in sorted(report, key=_strongest_first) if entry["item"]]
    context.result(
        {"kind": kind, "asked": len(report), "counts": counts, "proposals": report},
        "\n".join(lines) or "Nothing is proposed.",
    )
    told = ", ".join(f"{name}: {count}" for name, count in sorted(counts.items())) or "All are linked"
    say(f"{len(report)} {kind} asked for. {told}. Review them with `toolbox-graph reconcile review`.")


def _entry(one: Proposal, before: Standing) -> dict[str, Any]:
    best = one.candidates[0] if one.matches else {}
    return {
        "thing": one.thing.name,
        "label": one.thing.label,
        "answered": one.is_answered,
        "item": best.get("item", ""),
        "confidence": best.get("confidence", 0),
        "evidence": best.get("evidence", "none"),
        "match": best.get("match", False),
        "state": str(before.state or "proposed") if one.matches else "",
        "linked": [item for _, item in one.thing.links],
        "candidates": one.candidates,
    }


def _rest(entry: Mapping[str, Any]) -> str:
    if not entry["answered"]:
        return "not asked before"
    return "to be looked at" if entry["item"] else "nothing found"


def _strongest_first(entry: Mapping[str, Any]) -> tuple[bool, float, str]:
    return not entry["match"], -entry["confidence"], entry["thing"]


def _line(entry: Mapping[str, Any]) -> str:
    best = entry["candidates"][0]
    differs = (
        f"; linked to {', '.join(entry['linked'])}" if entry["linked"] and best["item"] not in entry["linked"] else ""
    )
    mark = "=" if entry["match"] else "?"
    return (
        f"{mark} {entry['thing']} “{entry['label']}”  {best['item']} “{best['label']}”"
        f"  {entry['confidence']:.2f} {entry['evidence']}: {best['why']}{differs}"
    )
