"""Whom does a curator's command ask for candidates?"""

import os
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import click
import requests

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.linking.decisions import FOLDER
from toolbox_graph.matching.opening import open_slice
from toolbox_graph.matching.records import Asked, Source
from toolbox_graph.settings import Settings
from toolbox_graph.terminal import Context, say
from toolbox_graph.wikidata.asking import Wikidata
from toolbox_graph.wikidata.kept import Kept
from toolbox_graph.wikidata.live import Live
from toolbox_graph.wikidata.manners import Manners

FOREVER = float("inf")


class Asking(NamedTuple):
    """A source of candidates, its name, and what is told of the next questions.

    `knows_all` says whether what it does not tell of an item is not there: a slice tells what it holds. `is_offline`
    says that it may have no answer to give by now; `statements` tells what an item states of a property, with ids.
    """

    source: Source
    name: str
    expect: Callable[[Sequence[Asked]], None]
    knows_all: bool
    is_offline: bool = False
    statements: Callable[[str, str], Sequence[tuple[str, str]]] = lambda item, name: ()


def from_where(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that say where candidates come from."""
    things = click.option(
        "--slice",
        "things",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="Ask items of Wikidata in a file (JSON lines, also packed with gzip), not Wikidata.",
    )
    offline = click.option("--offline", is_flag=True, help="Ask nobody: use what Wikidata has answered before.")
    return things(offline(function))


@contextmanager
def asking(context: Context, things: Path | None, *, offline: bool, days: float) -> Iterator[Asking]:
    """Open the source that the options name; of Wikidata, answers are asked anew that are older than some days."""
    if things and offline:
        raise InvalidRequest("Give --slice or --offline, not both; a slice is always offline.")
    if things:
        say("Opening the slice; the first time it is indexed, which takes some seconds …")
        with closing(open_slice(things, cache_folder(os.environ) / "slices")) as source:
            yield Asking(source, things.name, _nothing, knows_all=False)
    else:
        kept = Kept(
            context.repository.folder / FOLDER / "answers.sqlite", clock=time.time, days=FOREVER if offline else days
        )
        with closing(Live(None if offline else _wikidata(context.settings), kept)) as live:
            expect = _nothing if offline else live.expect
            yield Asking(live, "wikidata", expect, knows_all=True, is_offline=offline, statements=live.statements)


def cache_folder(environment: Mapping[str, str]) -> Path:
    """Return the folder for what can be made again (XDG Base Directory Specification)."""
    return Path(environment.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser(), "toolbox-graph")


def _wikidata(settings: Settings) -> Wikidata:
    manners = Manners(
        settings.contact, session=requests.Session(), clock=time.time, sleep=time.sleep, chance=random.random
    )
    return Wikidata(settings.wikidata, settings.wikidata_sparql, manners)


def _nothing(_: Sequence[Asked]) -> None:
    """Need not know what is asked next."""
