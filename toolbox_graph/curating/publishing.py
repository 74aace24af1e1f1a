"""How does the command line publish links, for us and for others?"""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import click

from toolbox_graph.curating.asking import Asking, asking, from_where
from toolbox_graph.curating.checking import DAYS, looked_up
from toolbox_graph.curating.group import SLICE, reconcile
from toolbox_graph.linking import provenance, sssom
from toolbox_graph.linking.checking import check
from toolbox_graph.linking.decisions import Decisions
from toolbox_graph.linking.publishing import IMPORTER, draft, elsewhere, outcome
from toolbox_graph.linking.reports import THEIRS, Finding
from toolbox_graph.linking.things import Things
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.terminal import Context, command, origin, say


@command("reconcile apply", "reconcile apply --dry-run", "reconcile apply --unreviewed", group=reconcile)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option(
    "--unreviewed",
    is_flag=True,
    help="Publish also what the matcher is sure of and nobody has reviewed, as nearly the same, in a graph of its own.",
)
def apply(context: Context, *, dry_run: bool, unreviewed: bool) -> None:
    """Publish the links that were accepted, and take back those that are not accepted any more."""
    repository = context.repository
    standing = Decisions(context.settings.data).standing()
    with repository.open() as generation:
        others = elsewhere(generation.store, repository.model)
        found = outcome(standing, Things(generation.store, repository.model), others, unreviewed=unreviewed)
        dataset = Dataset(generation.store, repository.model)
        by = origin("reconcile", f"{len(found.links)} links to Wikidata", IMPORTER)
        change = draft(found.links, dataset, repository.model, by)
        since = generation.name.position
    for conflict in found.conflicts:
        say(f"? {conflict}")
    position = None
    if dry_run:
        repository.rehearse(change)
    elif change.removed or change.added:
        position = repository.commit(change, since=since).position
    report = {
        "links": len(found.links),
        "added": len(change.added),
        "removed": len(change.removed),
        "position": position,
        "conflicts": found.conflicts,
    }
    told = f"{len(change.added):,} statements added, {len(change.removed):,} removed"
    if not change.added and not change.removed:
        told = "nothing new"
    elif dry_run:
        told += " (not written)"
    else:
        told += f", position {position}"
    context.result(report, f"{len(found.links)} links: {told}")


@command(
    "reconcile export links.sssom.tsv",
    "reconcile export --prov decisions.ttl",
    f"reconcile export --quickstatements --slice {SLICE} additions.txt",
    group=reconcile,
)
@click.argument("output", type=click.File("w", encoding="utf-8", lazy=True), default="-")
@click.option("--sssom", "form", flag_value="sssom", default=True, help="Write a set of mappings (SSSOM); the default.")
@click.option("--prov", "form", flag_value="prov", help="Write who proposed and decided what, when and why (PROV-O).")
@click.option(
    "--quickstatements",
    "form",
    flag_value="quickstatements",
    help="Write what we know and Wikidata lacks, for QuickStatements.",
)
@from_where
def export(context: Context, output: TextIO, things: Path | None, *, form: str, offline: bool) -> None:
    """Write the decisions for others, or what they would add to Wikidata."""
    if form == "quickstatements":
        lines = list(_additions(context, things, offline=offline))
        output.write("".join(f"{line}\n" for line in lines))
        say(f"{len(lines)} statements for QuickStatements.")
    elif form == "prov":
        output.write(provenance.write(Decisions(context.settings.data).lines(), context.repository.model.base))
    else:
        output.write(_mappings(context))


def _additions(context: Context, things: Path | None, *, offline: bool) -> Iterator[str]:
    if things:
        say("A slice does not tell all: look whether Wikidata has these statements, before you send them.")
    accepted = {
        (name, one.decision.item) for name, one in Decisions(context.settings.data).standing().items() if one.decision
    }
    with asking(context, things, offline=offline, days=DAYS) as asked:
        for linked in looked_up(context, asked):
            if (linked.thing.name, linked.item) in accepted:
                findings = check(linked, asked.source, knows_all=True)
                yield from (finding.line for finding in findings if finding.turn == THEIRS and may_add(finding, asked))


def may_add(finding: Finding, asked: Asking) -> bool:
    """Tell whether a line can do no harm: a name replaces the one that there may be, a statement stands beside it."""
    return asked.knows_all or not finding.about.startswith("L")


def _mappings(context: Context) -> str:
    decisions = Decisions(context.settings.data)
    standing = decisions.standing()
    repository = context.repository
    with repository.open() as generation:
        things = Things(generation.store, repository.model)
        labels = {name: things.labels(name) for name in standing}
    return sssom.write(
        standing, labels, repository.model.base, version=version("toolbox-graph"), lines=decisions.lines()
    )
