"""How does the command line publish links?"""

import click

from toolbox_graph.curating.group import reconcile
from toolbox_graph.linking.decisions import Decisions
from toolbox_graph.linking.naming import IMPORTER
from toolbox_graph.linking.publishing import draft, elsewhere, outcome
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
