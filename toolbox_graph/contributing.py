"""How does the command line help whoever wants to add something?"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from toolbox_graph import files, importing, imports
from toolbox_graph.assembly import open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.errors import NotFound, ShapesViolated
from toolbox_graph.namespaces import Base
from toolbox_graph.settings import DEFAULT_BASE, Settings
from toolbox_graph.sheets.metadata import Sheet, plain, read_metadata
from toolbox_graph.terminal import Context, command, found, origin, say
from toolbox_graph.validation import explain as explain_finding

KINDS = {"tool": "Software", "use-case": "Final Use"}
"""The sheets that are not called as their kind is."""


@command("template Organization > Organization.csv", 'template use-case > "Final Use.csv"')
@click.argument("kind")
def template(context: Context, kind: str) -> None:
    """Write an empty sheet for things of a kind: its columns, ready to be filled."""
    sheet = _sheet(kind)
    columns = [column for column in sheet.columns if not column.virtual]
    titles = [column.titles[0] for column in columns]
    required = [column.titles[0] for column in columns if column.required or column.name == "name"]
    row = io.StringIO()
    csv.writer(row, lineterminator="").writerow(titles)
    say(f"Save this as “{sheet.name}.csv”. Fill {', '.join(required)}; leave out what you do not need of the rest.")
    context.result({"sheet": sheet.name, "columns": titles, "required": required}, row.getvalue())


def _sheet(kind: str) -> Sheet:
    sheets = read_metadata(files.METADATA)
    names = {plain(name): sheet for name, sheet in sheets.items()}
    sheet = names.get(plain(KINDS.get(kind, kind)))
    if sheet is None:
        raise NotFound(f"There is no sheet {kind!r}; there are {', '.join(sheets)}.")
    return sheet


@command("validate", "validate my/Software.csv more.ttl")
@click.argument("paths", nargs=-1, metavar="[FILE]...", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def validate(context: Context, paths: Sequence[Path]) -> None:
    """Check the data and the journal, or files before they are imported.

    Without a data folder, files are tried against the catalogue that comes with the program.
    """
    if paths:
        with _repository(context) as repository:
            for path in paths:
                imports.rehearse(repository, path, origin("validate", path.name), today=date.today())
        _report(context, [], text=f"Nothing is wrong with {', '.join(path.name for path in paths)}.")
    else:
        _report(context, _check(context.repository))


@contextmanager
def _repository(context: Context) -> Iterator[Repository]:
    """Yield the repository of the data folder; where there is none, one of the bundled catalogue for the time being."""
    if context.settings.data.exists():
        yield context.repository
        return
    say(f"There is no {context.settings.data}; trying against the bundled catalogue, which takes some seconds …")
    with TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder, "data"))
        Repository.create(settings.data, Base(DEFAULT_BASE), origin("init", "a catalogue to try against"))
        repository = open_repository(settings)
        repository.bring_up_to_date()
        try:
            for name in importing.importers():
                imports.import_into(repository, importing.find(name), origin("import", name, name), today=date.today())
            yield repository
        finally:
            repository.close()


def _check(repository: Repository) -> list[dict[str, str]]:
    found_now = repository.check()
    if rest := repository.journal.rest():
        say(f"The journal ends with {rest:,} bytes that are no whole record, as a crash leaves them.")
    return [explain_finding(repository.model, one) for one in found_now]


def _report(context: Context, findings: Sequence[Mapping[str, Any]], *, text: str = "") -> None:
    counts = {name: sum(one["severity"].lower() == name for one in findings) for name in ("violation", "warning")}
    report = {"violations": counts["violation"], "warnings": counts["warning"], "findings": findings}
    context.result(report, text or found(report))
    if counts["violation"]:
        raise ShapesViolated("The data breaks shapes.", list(map(dict, findings)))
