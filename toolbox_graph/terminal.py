"""How does the program speak with a person or a program at a terminal?

Results go to standard output, progress and messages to standard error. The exit code is 0 when it is done, 1 when the
data was refused, 2 for a mistake in the command, 3 when somebody else is busy, 4 when the machine or the data folder
is not fit.
"""

import json
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, update_wrapper
from io import TextIOWrapper
from pathlib import Path
from typing import Any

import click

from toolbox_graph.assembly import now, open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.errors import ENVIRONMENT, ShapesViolated, ToolboxError, Unreadable
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Origin

SHOWN = 50
"""Mistakes that are told one by one."""


class Context:
    """What every command works with: the settings, and how its results are written."""

    def __init__(self, settings: Settings, *, as_json: bool) -> None:
        self.settings = settings
        self.as_json = as_json

    @cached_property
    def repository(self) -> Repository:
        """The repository of the data folder, brought up to date; it is closed when the command has ended."""
        repository = open_repository(self.settings, progress=tell_progress)
        click.get_current_context().call_on_close(repository.close)
        repository.bring_up_to_date()
        return repository

    def result(self, value: Any, text: str) -> None:
        """Write a result: as JSON if that was asked for, else as text."""
        click.echo(json.dumps(value, ensure_ascii=False, indent=2) if self.as_json else text)


def say(message: str) -> None:
    """Tell the person what happened."""
    click.echo(message, err=True)


def origin(activity: str, reason: str, importer: str = "") -> Origin:
    """Return where a change from the command line comes from."""
    return Origin(activity, now(), "operator", reason, importer)


def found(report: Mapping[str, Any]) -> str:
    """Return how much the shapes found, such as `0 violations, 1 warning`."""
    counts = {name: report[f"{name}s"] for name in ("violation", "warning")}
    return ", ".join(f"{count:,} {name}{'' if count == 1 else 's'}" for name, count in counts.items())


def tell_progress(doing: str, done: int, total: int) -> None:
    """Tell a person at a terminal how far it is, if that takes more than one step."""
    if sys.stderr.isatty() and total and done:
        click.echo(f"\r{doing}: {done:,} of {total:,}\033[K", err=True, nl=False)


def explain(refusal: ToolboxError) -> None:
    """Tell the person what was refused, and each thing that is to be mended."""
    say(refusal.detail)
    problems: list[str] = []
    if isinstance(refusal, Unreadable):
        problems = list(refusal.problems)
    elif isinstance(refusal, ShapesViolated):
        problems = [_violation(violation) for violation in refusal.violations]
    for problem in problems[:SHOWN]:
        say(f"  {problem}")
    if len(problems) > SHOWN:
        say(f"  … and {len(problems) - SHOWN} more")


def _violation(violation: Mapping[str, str]) -> str:
    where = violation.get("place") or violation["thing"]
    value = f", {violation['value']!r}" if violation["value"] else ""
    return f"{where}: {violation['name'] or violation['thing']}{value}: {violation['message']}"


def _common(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options that every command has."""
    as_json = click.option("--json", "as_json", is_flag=True, help="Write results as JSON.")
    data = click.option(
        "--data", type=click.Path(path_type=Path), help="Folder of the data [TOOLBOX_DATA, toolbox-data]."
    )
    return data(as_json(function))


@click.group(epilog="\b\nBegin with:\n  toolbox-graph init\n  toolbox-graph import --all\n  toolbox-graph serve")
@click.version_option(package_name="toolbox-graph")
@_common
@click.pass_context
def main(context: click.Context, data: Path | None, as_json: bool) -> None:
    """Keep and serve the tools, organizations and use cases of open government as a knowledge graph."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    context.obj = {"data": data, "as_json": as_json}


def examples(*lines: str) -> str:
    """Return the end of a help text: how the program may be called."""
    return "\b\nExamples:\n" + "\n".join(f"  toolbox-graph {line}" for line in lines)


def command(
    *lines: str, name: str | None = None, group: click.Group = main
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a command of a function; it can be given the folder and the form of its results like any other."""

    def decorate(function: Callable[..., None]) -> click.Command:
        def run(data: Path | None, as_json: bool, **arguments: Any) -> None:
            outer = click.get_current_context().obj
            try:
                settings = Settings.read(os.environ)
                settings = replace(settings, data=data or outer["data"] or settings.data)
                function(Context(settings, as_json=as_json or outer["as_json"]), **arguments)
            except ToolboxError as refusal:
                explain(refusal)
                sys.exit(refusal.exit_code)
            except BrokenPipeError:
                raise
            except OSError as problem:
                say(f"{problem.filename or 'The system'}: {problem.strerror}.")
                sys.exit(ENVIRONMENT)

        update_wrapper(run, function)
        return group.command(name or function.__name__, epilog=examples(*lines))(_common(run))

    return decorate
