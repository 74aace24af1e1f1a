"""How does a curator learn how good the matcher is?"""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from toolbox_graph.curating.asking import cache_folder
from toolbox_graph.curating.group import SLICE, reconcile
from toolbox_graph.matching.evaluating import evaluate as evaluate_rows
from toolbox_graph.matching.evaluating import report
from toolbox_graph.matching.gold import read_gold
from toolbox_graph.matching.opening import open_slice
from toolbox_graph.terminal import Context, command, say, tell_progress


@command(
    f"reconcile evaluate gold.csv --slice {SLICE}",
    f"reconcile evaluate gold.csv --slice {SLICE} --withhold --json",
    group=reconcile,
)
@click.argument("gold", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--slice",
    "things",
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Things to choose from: items of Wikidata as JSON lines, also packed with gzip.",
)
@click.option("--withhold", is_flag=True, help="Ask each row again without its answer among the things.")
def evaluate(context: Context, gold: Path, things: Path, *, withhold: bool) -> None:
    """Match names whose answer is known, and tell how often the answer is right."""
    rows = read_gold(gold)
    say("Opening the things; the first time they are indexed, which takes some seconds …")
    source = open_slice(things, cache_folder(os.environ) / "slices")
    try:
        figures = report(evaluate_rows(rows, source, withhold=withhold, progress=tell_progress), withhold=withhold)
    finally:
        source.close()
    context.result(figures, "\n".join(_lines(figures)))


def _lines(figures: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the figures as a table."""
    head = f"{'kind':<22}{'source':<22}{'rows':>6}{'precision':>22}{'recall':>22}{'abstained':>11}{'top 5':>8}"
    withheld = any("withheld_without_match" in row for row in figures)
    lines = [head + (f"{'withheld':>10}" if withheld else "")]
    for row in figures:
        line = f"{row['kind']:<22}{row['source']:<22}{row['rows']:>6}"
        line += "".join(_share(row[name], row[f"{name}_interval"]) for name in ("precision", "recall"))
        line += f"{row['abstained']:>11}{_number(row['top5_recall']):>8}"
        line += f"{_number(row['withheld_without_match']):>10}" if withheld else ""
        lines.append(line + (" *" if row["names_prove_nothing"] else ""))
    if any(row["names_prove_nothing"] for row in figures):
        lines.append("* the same catalogue may have told the slice: that names agree proves nothing")
    return lines


def _share(value: float | None, interval: Sequence[float]) -> str:
    return f"{_number(value)} [{interval[0]:.3f} {interval[1]:.3f}]".rjust(22)


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
