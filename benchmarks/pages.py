"""How long does the server take for the page of a thing?

Each thing is asked for once by a server that has just started, so nothing is remembered of it. The times are those of
a client on one open connection; the server's own are a little shorter.
"""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Floor, Spread, spread
from benchmarks.workshop import BUNDLED, LARGE, SMALL, Workshop, serve, some_things, title
from toolbox_graph.assembly import open_repository
from toolbox_graph.settings import Settings

PART = "pages"

PAGES, FIRST = 1000, 30
"""Pages that are measured, and those before, at which the server reads its templates."""

FORMATS = {"HTML": "text/html", "Turtle": "text/turtle"}

FLOOR = Floor(5.0)


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Ask for the pages of many things of each catalogue."""
    for name in workshop.names(BUNDLED, SMALL, LARGE):
        folder, triples = workshop.catalogue(name)
        for written, media_type in FORMATS.items():
            workshop.tell(f"asking for pages of {name} in {written}")
            runs = [Spread.of(_seconds(folder, media_type)) for _ in range(workshop.runs)]
            yield from spread(PART, f"{title(name, triples)}, {written}", runs, p50=FLOOR, p95=FLOOR)


def _seconds(folder: Path, media_type: str) -> list[float]:
    """Return the seconds that each of many pages took."""
    repository = open_repository(Settings(data=folder))
    with repository.open() as generation:
        things = some_things(generation, repository.model.base, PAGES + FIRST)
    times = []
    with serve(folder) as connection:
        for kind, key in things:
            begun = time.perf_counter()
            answer = connection.get(f"/{kind}/{key}", accept=media_type)
            times.append(time.perf_counter() - begun)
            assert answer.status == 200, answer
    return times[FIRST:]
