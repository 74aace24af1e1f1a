"""How does the command line check the links to Wikidata?"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click

from toolbox_graph.assembly import now
from toolbox_graph.curating.asking import Asking, asking, from_where
from toolbox_graph.curating.group import SLICE, reconcile
from toolbox_graph.entities import Describer
from toolbox_graph.linking.checking import Linked, check
from toolbox_graph.linking.facts import Facts
from toolbox_graph.linking.reports import Finding, Report, keep
from toolbox_graph.linking.things import Things
from toolbox_graph.terminal import Context, command, say, tell_progress

DAYS = 1
"""How long an answer of Wikidata is good for a check."""


@command(
    "reconcile check",
    f"reconcile check --slice {SLICE}",
    "reconcile check --offline --json",
    name="check",
    group=reconcile,
)
@from_where
@click.option("--limit", type=click.IntRange(1), help="Links that are looked at, at most.")
def check_(context: Context, things: Path | None, *, offline: bool, limit: int | None) -> None:
    """Look at each link to Wikidata again, and list where both sides disagree, as /quality/wikidata then shows."""
    findings: list[Finding] = []
    with asking(context, things, offline=offline, days=DAYS) as asked:
        every = list(looked_up(context, asked))[:limit]
        for done, linked in enumerate(every, 1):
            tell_progress("Checking links", done, len(every))
            findings += check(linked, asked.source, knows_all=asked.knows_all)
        unknown = sum(linked.found is None for linked in every) if not asked.knows_all else 0
        report = Report(now(), asked.name, len(every), unknown, findings)
    keep(report, context.settings.data)
    context.result(report.as_json(), "\n".join(map(_line, findings)) or "Nothing is to be mended.")
    counts = Counter(finding.about for finding in findings)
    told = ", ".join(f"{about}: {count}" for about, count in sorted(counts.items())) or "nothing to mend"
    say(f"{len(every) - unknown} links checked, {unknown} not known there. {told}.")


def looked_up(context: Context, asked: Asking) -> Iterator[Linked]:
    """Yield the links that the catalogue shows, each with what is found at its end."""
    repository = context.repository
    with repository.open() as generation:
        describer = Describer(generation, repository.model)
        facts = Facts(describer, generation.store)
        every = list(Things(generation.store, repository.model).linked())
        items = dict.fromkeys(item for thing in every for _, item in thing.links)
        found = asked.source.by_id(list(items))
        for thing in every:
            for predicate, item in thing.links:
                yield Linked(thing, predicate, item, found.get(item), list(facts.of(thing, item)))


def _line(finding: Finding) -> str:
    sides = f"ours {finding.ours or '–'}, theirs {finding.theirs or '–'}"
    line = f"\n    {finding.line}" if finding.line else ""
    return f"{finding.thing} “{finding.label}”  {finding.item}  {finding.about}: {sides} → {finding.turn}{line}"
