"""How does the command line check the links to Wikidata?"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import click

from toolbox_graph.assembly import now
from toolbox_graph.curating.asking import Asking, asking, from_where
from toolbox_graph.curating.group import SLICE, reconcile
from toolbox_graph.entities import Describer
from toolbox_graph.errors import NotFound
from toolbox_graph.linking.checking import Linked, check
from toolbox_graph.linking.facts import Facts
from toolbox_graph.linking.reports import Finding, Report, keep
from toolbox_graph.linking.things import Things
from toolbox_graph.matching.records import Candidate, Source
from toolbox_graph.terminal import Context, command, say, tell_progress

DAYS = 1
"""How long an answer of Wikidata is good for a check."""

ONCE = "run once without --offline"


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
    with asking(context, things, offline=offline, days=DAYS) as asked:
        every = list(looked_up(context, asked))[:limit]
        told = list(_told(every, asked))
    if every and not told:
        raise NotFound(f"Wikidata was never asked for any of {len(every)} links; {ONCE}.")
    findings = [finding for _, found in told for finding in found]
    unknown = 0 if asked.knows_all else sum(linked.found is None for linked, _ in told)
    report = Report(now(), asked.name, len(told), unknown, findings, len(every) - len(told))
    keep(report, context.settings.data)
    context.result(report.as_json(), "\n".join(map(_line, findings)) or "Nothing is to be mended.")
    counts = Counter(finding.about for finding in findings)
    said = ", ".join(f"{about}: {count}" for about, count in sorted(counts.items())) or "nothing to mend"
    say(f"{len(told) - unknown} links checked, {unknown} not known there. {said}.")
    if report.unasked:
        say(f"{report.unasked} links were not checked, Wikidata was never asked for them; {ONCE}.")


def _told(every: Sequence[Linked], asked: Asking) -> Iterator[tuple[Linked, Sequence[Finding]]]:
    """Yield the links of which there is an answer by now, each with its disagreements."""
    for done, linked in enumerate(every, 1):
        tell_progress("Checking links", done, len(every))
        found = disagreements(linked, asked.source, knows_all=asked.knows_all)
        if found is not None:
            yield linked, found


def disagreements(linked: Linked, source: Source, *, knows_all: bool) -> Sequence[Finding] | None:
    """Return what both ends of a link disagree in; None where the source has no answer to give by now."""
    try:
        return check(linked, source, knows_all=knows_all) if linked.is_asked else None
    except NotFound:
        return None


def looked_up(context: Context, asked: Asking) -> Iterator[Linked]:
    """Yield the links that the catalogue shows, each with what is found at its end."""
    repository = context.repository
    with repository.open() as generation:
        describer = Describer(generation, repository.model)
        facts = Facts(describer, generation.store)
        every = list(Things(generation.store, repository.model).linked())
        items = dict.fromkeys(item for thing in every for _, item in thing.links)
        found = _found(list(items), asked)
        for thing in every:
            for predicate, item in thing.links:
                said = list(facts.of(thing, item))
                yield Linked(thing, predicate, item, found.get(item), said, is_asked=item in found)


def _found(items: list[str], asked: Asking) -> dict[str, Candidate | None]:
    """Return what is found of each item; of one that was never asked for there is no entry."""
    found: dict[str, Candidate | None] = {}
    for some in [[item] for item in items] if asked.is_offline else [items]:
        with suppress(NotFound):
            known = asked.source.by_id(some)
            found |= {item: known.get(item) for item in some}
    return found


def _line(finding: Finding) -> str:
    sides = f"ours {finding.ours or '–'}, theirs {finding.theirs or '–'}"
    line = f"\n    {finding.line}" if finding.line else ""
    return f"{finding.thing} “{finding.label}”  {finding.item}  {finding.about}: {sides} → {finding.turn}{line}"
