"""What does each command answer?"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from contextlib import aclosing, closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, TextIO

import click

from toolbox_graph import contributing, exports, importing, imports, playground, setting_up, tokens
from toolbox_graph.agents import command as agents
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.coverage import table
from toolbox_graph.curating import evaluating, publishing, reviewing, sharing
from toolbox_graph.errors import InvalidRequest, NotFound, Unreadable
from toolbox_graph.listing import Listing
from toolbox_graph.model import in_language
from toolbox_graph.namespaces import Base
from toolbox_graph.negotiation import DUMPS, GRAPHS, RESULTS, named, unacceptable
from toolbox_graph.overview import overview
from toolbox_graph.settings import DEFAULT_BASE, Settings
from toolbox_graph.store.engine import Limits, Query
from toolbox_graph.store.journal import Changeset
from toolbox_graph.terminal import Context, command, found, main, origin, say
from toolbox_graph.web import serving


@command("init", "init --base https://example.org/toolbox/ --data /srv/toolbox")
@click.option(
    "--base", default=DEFAULT_BASE, show_default=True, help="Address under which everything is named, for good."
)
def init(context: Context, base: str) -> None:
    """Make a data folder."""
    Repository.create(context.settings.data, Base.parse(base), origin("init", "a new catalogue"))
    context.repository.close()
    context.result({"data": str(context.settings.data), "base": base}, f"Made {context.settings.data} for {base}")


@command(
    "import --all",
    "import countries",
    "import my/Software.csv --dry-run",
    "import spreadsheet old/*.csv",
    "import bundle cards.json",
    name="import",
)
@click.argument("sources", nargs=-1, metavar="[SOURCE|FILE]...")
@click.option("--all", "every", is_flag=True, help="Import all sources that come with the program.")
@click.option(
    "--mirror",
    envvar="TOOLBOX_MIRROR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder with copies of the sources themselves, to compare with [TOOLBOX_MIRROR].",
)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
def import_(context: Context, sources: Sequence[str], every: bool, mirror: Path | None, dry_run: bool) -> None:
    """Import sources, or sheets of your own."""
    if every and sources:
        raise InvalidRequest("Name sources and files, or give --all, not both.")
    chosen = importing.importers() if every else list(sources)
    if not chosen:
        raise InvalidRequest(f"Name a source or a file, or give --all. Sources: {', '.join(importing.sources())}.")
    outcomes: dict[str, imports.Outcome] = {}
    try:
        for name, importer in [(name, importing.find(name, paths)) for name, paths in _with_files(chosen)]:
            outcomes[name] = _import(context.repository, name, importer, mirror, dry=dry_run)
    finally:
        # What is in by then is in, also where a later source is refused.
        if outcomes:
            _report(context, outcomes, dry=dry_run)


def _with_files(chosen: Sequence[str]) -> list[tuple[str, list[Path]]]:
    """Return each source with the files that follow it, where it is one that reads files."""
    grouped: list[tuple[str, list[Path]]] = []
    for name in chosen:
        if grouped and grouped[-1][0] in importing.readers_of_files() and name not in importing.sources():
            grouped[-1][1].append(Path(name))
        else:
            grouped.append((name, []))
    return grouped


def _report(context: Context, outcomes: Mapping[str, imports.Outcome], *, dry: bool) -> None:
    report: list[dict[str, Any]] = [
        {"source": name, "position": out.header and out.header.position, "added": out.added, "removed": out.removed,
         "questions": out.questions}
        for name, out in outcomes.items()
    ]  # fmt: skip
    lines = [
        line
        for entry in report
        for line in (f"{entry['source']}: {_outcome(entry, dry=dry)}", *(f"  ? {q}" for q in entry["questions"]))
    ]
    context.result(report, "\n".join(lines))


def _import(
    repository: Repository, name: str, importer: importing.Importer, mirror: Path | None, *, dry: bool
) -> imports.Outcome:
    say(f"Importing {name} …")
    by = origin("import", f"import of {name}", importer.name)
    return imports.import_into(repository, importer, by, today=date.today(), mirror=mirror, dry=dry)


def _outcome(entry: Mapping[str, Any], *, dry: bool) -> str:
    if not entry["added"] and not entry["removed"]:
        return "nothing new"
    what = f"{entry['added']:,} statements added, {entry['removed']:,} removed"
    return f"{what} (not written)" if dry else f"{what}, position {entry['position']}"


@command("load mappings.ttl --graph https://example.org/graph/mappings")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--graph", required=True, help="IRI of the graph that takes the statements.")
def load(context: Context, file: Path, graph: str) -> None:
    """Add the statements of an RDF file to a graph."""
    repository = context.repository
    draft, since = imports.load(repository, file, graph, origin("load", f"load of {file.name}"))
    added = len(draft.added)
    position = repository.commit(draft, since=since).position if added else None
    context.result(
        {"graph": graph, "added": added, "position": position},
        f"{added:,} statements added, position {position}" if added else "nothing new",
    )


@command("serve", "serve --port 8080", "serve --playground --port 8123")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen at [TOOLBOX_PORT, 8000].")
@click.option("--playground", "is_playground", is_flag=True, help="Serve an empty store in which anybody may write.")
def serve(context: Context, port: int | None, is_playground: bool) -> None:
    """Serve the catalogue; or a playground on this machine alone, which is thrown away at the end."""
    settings = replace(context.settings, port=port or context.settings.port)
    if is_playground:
        with TemporaryDirectory(prefix="playground-") as folder:
            settings = replace(settings, data=Path(folder), host="127.0.0.1")
            base = Base.parse(serving.address(settings, "/"))
            playground.create(settings.data, base, origin("init", "").time)
            _serve(settings, base, ["sparql", "graph-store?default"])
    else:
        base = context.repository.model.base
        context.repository.close()
        _serve(settings, base, ["", "tools", "sparql", "tool/openfisca"])


def _serve(settings: Settings, base: Base, paths: Sequence[str]) -> None:
    def announce() -> None:
        say(f"Ready. The names of things begin with {base.iri}. Open:")
        for path in paths:
            click.echo(f"  {serving.address(settings, base.path + path)}")

    serving.serve(settings, base.path, when_ready=announce)


@command("query question.rq", "query - --format csv < question.rq")
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--format", "name", help="json, xml, csv, tsv, ttl, nt, rdf or jsonld.")
@click.option(
    "--timeout",
    default=60.0,
    show_default=True,
    type=click.FloatRange(min=0, max=86_400, min_open=True),
    help="Seconds that the query may run.",
)
def query(context: Context, file: TextIO, name: str | None, timeout: float) -> None:
    """Ask a SPARQL query of a file, or of standard input."""
    results = named(name, RESULTS) if name else RESULTS[0]
    graph = named(name, GRAPHS) if name else GRAPHS[0]
    if results is None and graph is None:
        raise unacceptable((*RESULTS, *GRAPHS))
    context.repository.close()
    question = Query(_read(file), results, graph, Limits(timeout, answer_bytes=10**12))
    asyncio.run(_ask(replace(context.settings, workers=1), question, sys.stdout.buffer))


def _read(file: TextIO) -> str:
    try:
        return file.read()
    except UnicodeDecodeError as problem:
        raise Unreadable("The query is not UTF-8.") from problem


async def _ask(settings: Settings, question: Query, output: BinaryIO) -> None:
    service = Service(settings)
    pool = service.pool()
    engine = service.searching(pool, pool.budgets)
    await pool.start()
    try:
        async with aclosing((await engine.ask(question)).pieces) as pieces:
            async for piece in pieces:
                output.write(piece)
        output.flush()
    finally:
        await pool.stop()


@command("history", "history http://127.0.0.1:8000/id/tool/openfisca")
@click.argument("iri", required=False)
def history(context: Context, iri: str | None) -> None:
    """Show what changed, of everything or of one thing."""
    changes = context.repository.history(*([iri] if iri else []))
    report = [_change(change, with_statements=iri is not None) for change in changes]
    if not report:
        example = context.repository.model.base.thing("tool", "ckan")
        raise NotFound(f"No change was ever about {iri}; give a whole name, such as {example}.")
    lines = [line for entry in report for line in (_summary(entry), *entry.get("statements", ()))]
    context.result(report, "\n".join(lines))


def _summary(entry: Mapping[str, Any]) -> str:
    return f"{entry['position']:>6}  {entry['time']}  +{entry['added']:,} -{entry['removed']:,}  {entry['reason']}"


def _change(change: Changeset, *, with_statements: bool) -> dict[str, Any]:
    about = change.header.origin
    entry = {
        "position": change.header.position,
        "time": about.time,
        "activity": about.activity,
        "agent": about.agent,
        "reason": about.reason,
        "removed": len(change.removed),
        "added": len(change.added),
    }
    return entry | ({"statements": _statements(change)} if with_statements else {})


def _statements(change: Changeset) -> list[str]:
    return [*(f"- {quad}" for quad in change.removed), *(f"+ {quad}" for quad in change.added)]


@command("undo 12")
@click.argument("position", type=click.IntRange(1))
def undo(context: Context, position: int) -> None:
    """Take a change back: remove what it added, restore what it removed."""
    header = context.repository.undo(position, origin("undo", f"undo of {position}"))
    context.result({"position": header.position, "undone": position}, f"Undone {position} by {header.position}")


@command("reindex", "reindex --json")
def reindex(context: Context) -> None:
    """Make the indexes for lists and search anew."""
    repository = context.repository
    repository.reindex()
    with repository.open() as generation, closing(Listing(generation.folder)) as listing:
        report = {"position": generation.name.position, "things": sum(listing.counts().values())}
    context.result(report, f"Indexed {report['things']:,} things at position {report['position']}")


@command("status", "status --json")
def status(context: Context) -> None:
    """Show what the catalogue holds."""
    repository = context.repository
    with repository.open() as generation:
        report = overview(generation, repository.model)
    things = ", ".join(
        f"{in_language(kind.plural_labels, 'en')}: {report['things'][name]:,}"
        for name, kind in repository.model.kinds.items()
        if report["things"][name]
    )
    lines = [
        f"Position {report['position']}: {report['triples']:,} triples",
        things,
        found(report),
        *table(report["coverage"], repository.model),
        *(f"  {graph['triples']:>9,}  {graph['iri']}" for graph in report["graphs"]),
    ]
    context.result(report, "\n".join(lines))


@command("export catalogue.ttl", "export --format nq - | gzip > catalogue.nq.gz")
@click.argument("output", type=click.File("wb", lazy=True))
@click.option(
    "--format",
    "name",
    help="ttl, nt or rdf; trig and nq with the sources. Without it the file's ending decides, ttl for standard output.",
)
def export(context: Context, output: BinaryIO, name: str | None) -> None:
    """Write all data to a file."""
    ending = Path(output.name).suffix.removeprefix(".")
    file_format = named(name or ending or "ttl", DUMPS)
    if file_format is None:
        raise unacceptable(DUMPS)
    with context.repository.open() as generation:
        written = exports.dump(generation, file_format, output)
    say(f"{written:,} statements written as {file_format.title}")


# Their commands are there once they have been imported.
__all__ = ["agents", "contributing", "evaluating", "main", "publishing", "reviewing", "setting_up", "sharing", "tokens"]

if __name__ == "__main__":
    main()
