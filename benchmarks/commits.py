"""How long does one change take until everybody sees it?

A change gives one thing another name to be found by. It is validated, journaled and published by a writer that lives
on, as the service's does; then it is read back, from the newest generation opened anew, and from a running server.
"""

import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.connection import Connection
from benchmarks.figures import Figure, Floor, Spread, spread
from benchmarks.workshop import BUNDLED, LARGE, SMALL, Workshop, fresh, origin, serve, some_things, title
from toolbox_graph.assembly import open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import SKOS
from toolbox_graph.settings import Settings
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.lookup import values
from toolbox_graph.store.quads import Quad, node

PART = "commit"

CHANGES, FIRST = 120, 5
"""Changes that are measured, and those before, in which the writer opens its copy."""

EARLIER = 2000
"""Changes that others made before, all in the graph of the editors, as corrections by hand are."""

FLOORS = {BUNDLED: Floor(150.0), SMALL: Floor(150.0)}

ALSO_CALLED = node(str(SKOS.altLabel))


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Change some things of each catalogue."""
    for name in workshop.names(BUNDLED, SMALL, LARGE):
        _, triples = workshop.catalogue(name)
        runs = [_run(workshop, name) for _ in range(workshop.runs)]
        what, floor = f"{title(name, triples)}, one change", FLOORS.get(name)
        reopened, served = zip(*runs, strict=True)
        yield from spread(PART, f"{what}, read back anew", reopened, p95=floor)
        yield from spread(PART, f"{what}, read back over HTTP", served, p95=floor)
    late = [_run_late(workshop) for _ in range(workshop.runs)]
    yield from spread(PART, f"scale {SMALL}, one change, after {EARLIER:,} in the same graph", late, p95=FLOORS[SMALL])


def _run(workshop: Workshop, name: str) -> tuple[Spread, Spread]:
    workshop.tell(f"changing {name}")
    with workshop.copy(name) as folder:
        reopened = Spread.of(fresh(change, folder))
    with workshop.copy(name) as folder:
        served = Spread.of(fresh(change_beside_server, folder))
    return reopened, served


def _run_late(workshop: Workshop) -> Spread:
    workshop.tell(f"changing {SMALL} after {EARLIER:,} changes")
    with workshop.copy(SMALL) as folder:
        fresh(journal_changes, folder)
        return Spread.of(fresh(change, folder))


def journal_changes(folder: Path) -> None:
    """Journal many changes as earlier writers would have, and publish them together."""
    repository = open_repository(Settings(data=folder))
    with repository.open() as generation:
        things = some_things(generation, repository.model.base, EARLIER)
    named = [node(repository.model.base.thing(*things[number % len(things)])) for number in range(EARLIER)]
    drafts = [Draft(origin(), [], [_also_called(repository, thing, f"Earlier {n}")]) for n, thing in enumerate(named)]
    repository.journal.append(drafts, after=repository.journal.last())
    repository.bring_up_to_date()
    repository.close()


def change(folder: Path) -> list[float]:
    """Make changes and read each back from the store; return the seconds that each took."""
    return list(_changes(open_repository(Settings(data=folder)), _require_in_store))[FIRST:]


def change_beside_server(folder: Path) -> list[float]:
    """Make changes beside a server and read each back from it; return the seconds that each took."""
    with serve(folder) as connection:
        repository = open_repository(Settings(data=folder))
        return list(_changes(repository, partial(_require_on_page, connection)))[FIRST:]


def _changes(repository: Repository, require: Callable[[Repository, str, str], None]) -> Iterator[float]:
    """Make changes, each of another thing, and yield the seconds until each is required to be seen."""
    with repository.open() as generation:
        things = some_things(generation, repository.model.base, CHANGES + FIRST)
    for number, (kind, key) in enumerate(things):
        text = f"Number {number} of the changes"
        draft, since = _draft(repository, node(repository.model.base.thing(kind, key)), text)
        begun = time.perf_counter()
        repository.commit(draft, since=since)
        require(repository, f"{kind}/{key}", text)
        yield time.perf_counter() - begun
    repository.close()


def _draft(repository: Repository, thing: str, text: str) -> tuple[Draft, int]:
    """Return the change of what else the editors call a thing, and the position that it rests on."""
    new = _also_called(repository, thing, text)
    with repository.open() as generation:
        stated = Dataset(generation.store, repository.model).said(thing).stated[ALSO_CALLED]
        since = generation.name.position
    return Draft(origin(), [new._replace(object=value) for value, by in stated if by == new.graph], [new]), since


def _also_called(repository: Repository, thing: str, text: str) -> Quad:
    return Quad(thing, ALSO_CALLED, f'"{text}"@en', node(repository.model.base.graph("hand", "editors")))


def _require_in_store(repository: Repository, name: str, text: str) -> None:
    with repository.open() as generation:
        shown = values(generation.store, f"{repository.model.base.iri}id/{name}", str(SKOS.altLabel))
        assert text in {value.value for value in shown}, f"{name} is not shown with its new name"


def _require_on_page(connection: Connection, repository: Repository, name: str, text: str) -> None:
    assert text.encode() in connection.get(f"/{name}.json").body, f"{name} is not served with its new name"
