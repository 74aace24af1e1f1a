"""What does `python -m benchmarks` do?

The table of figures goes to standard output, progress to standard error. The exit code is 1 when a floor is missed.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from benchmarks import analysing, commits, imports, markdown, pages, reconciling, searching, serving, sparql, starting
from benchmarks.figures import Figure, table
from benchmarks.workshop import Workshop

MEASURED = (imports, commits, pages, searching, reconciling, sparql, serving, analysing, starting)

PARTS = {part.PART: part.measure for part in MEASURED}


@click.command(epilog="\b\nExamples:\n  python -m benchmarks\n  python -m benchmarks commit pages --quick")
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)), metavar="[PART]...")
@click.option("--json", "as_json", is_flag=True, help="Write the figures as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Write the figures as docs/speed.md has them.")
@click.option("--quick", is_flag=True, help="Leave the large catalogue out, and ask for a shorter time.")
@click.option("--runs", default=3, show_default=True, type=click.IntRange(1), help="Measure each this often.")
@click.option(
    "--keep",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for the catalogues made, to measure with again; without it they are thrown away.",
)
def main(parts: Sequence[str], as_json: bool, as_markdown: bool, quick: bool, runs: int, keep: Path | None) -> None:
    """Measure import, commit, pages, search and the other parts, or some of them, against their floors."""
    with _place(keep) as folder:
        workshop = Workshop(folder, runs, quick, tell)
        figures = list(_measure(parts or list(PARTS), workshop))
    if as_json:
        click.echo(json.dumps([figure.as_json() for figure in figures], indent=2))
    elif as_markdown:
        click.echo(markdown.document(figures, runs))
    else:
        click.echo(table(figures))
    missed = sum(figure.is_missed for figure in figures)
    tell(f"{missed} floors are missed." if missed else "All floors are met.")
    sys.exit(bool(missed))


def _measure(parts: Sequence[str], workshop: Workshop) -> Iterator[Figure]:
    for part in parts:
        for figure in PARTS[part](workshop):
            tell(f"  {figure.part}: {figure.name}: {figure.value:,.2f} {figure.unit} {figure.verdict}")
            yield figure


@contextmanager
def _place(keep: Path | None) -> Iterator[Path]:
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
    else:
        with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:
            yield Path(folder)


def tell(message: str) -> None:
    """Tell a person how far it is."""
    click.echo(message, err=True)


if __name__ == "__main__":
    main()
