"""How does the command line share with others what was decided of links, and what comes of it?"""

from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import click

from toolbox_graph.curating.asking import Asking, asking, from_where
from toolbox_graph.curating.checking import DAYS, ONCE, disagreements, looked_up
from toolbox_graph.curating.group import SLICE, reconcile
from toolbox_graph.errors import InvalidRequest
from toolbox_graph.linking import mismatches, provenance, sssom
from toolbox_graph.linking.checking import Linked
from toolbox_graph.linking.decisions import Decisions
from toolbox_graph.linking.mismatches import Mismatch
from toolbox_graph.linking.reports import BOTH, THEIRS, Finding
from toolbox_graph.linking.things import Things
from toolbox_graph.terminal import Context, command, say


@command(
    "reconcile export links.sssom.tsv",
    "reconcile export --prov decisions.ttl",
    f"reconcile export --quickstatements --slice {SLICE} additions.txt",
    "reconcile export --mismatches mismatches.csv",
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
@click.option(
    "--mismatches", "form", flag_value="mismatches", help="Write what Wikidata says otherwise, for the Mismatch Finder."
)
@from_where
def export(context: Context, output: TextIO, things: Path | None, *, form: str, offline: bool) -> None:
    """Write the decisions for others, or what comes of them for Wikidata."""
    match form:
        case "quickstatements":
            lines = list(_additions(context, things, offline=offline))
            output.write("".join(f"{line}\n" for line in lines))
            say(f"{len(lines)} statements for QuickStatements.")
        case "mismatches":
            found = list(_mismatches(context, things, offline=offline))
            output.write(mismatches.write(found))
            say(f"{len(found)} mismatches.")
        case "prov":
            output.write(provenance.write(Decisions(context.settings.data).lines(), context.repository.model.base))
        case _:
            output.write(_mappings(context))


def _additions(context: Context, things: Path | None, *, offline: bool) -> Iterator[str]:
    if things:
        say("A slice does not tell all: look whether Wikidata has these statements, before you send them.")
    standing = Decisions(context.settings.data).standing()
    accepted = {(name, one.decision.item) for name, one in standing.items() if one.decision}
    with asking(context, things, offline=offline, days=DAYS) as asked:
        for linked, finding in _disagreements(context, asked):
            is_accepted = (linked.thing.name, linked.item) in accepted
            if is_accepted and finding.turn == THEIRS and may_add(finding, asked):
                yield finding.line


def may_add(finding: Finding, asked: Asking) -> bool:
    """Tell whether a line can do no harm: a name replaces the one that there may be, a statement stands beside it."""
    return asked.knows_all or not finding.about.startswith("L")


def _mismatches(context: Context, things: Path | None, *, offline: bool) -> Iterator[Mismatch]:
    if things:
        raise InvalidRequest("The Mismatch Finder asks for the ids of statements, which a slice has not; ask Wikidata.")
    with asking(context, things, offline=offline, days=DAYS) as asked:
        for linked, finding in _disagreements(context, asked):
            if finding.turn == BOTH:
                ours = [fact.value for fact in linked.facts if fact.property == finding.about]
                for statement, theirs in asked.statements(linked.item, finding.about):
                    yield from (Mismatch(statement, finding.about, theirs, one, linked.thing.iri) for one in ours)


def _disagreements(context: Context, asked: Asking) -> Iterator[tuple[Linked, Finding]]:
    """Yield what both sides disagree in, link by link."""
    unasked = 0
    for linked in looked_up(context, asked):
        found = disagreements(linked, asked.source, knows_all=True)
        unasked += found is None
        yield from ((linked, finding) for finding in found or ())
    if unasked:
        say(f"Of {unasked} links nothing is told, Wikidata was never asked for them; {ONCE}.")


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
