"""How long does the service take until it answers?"""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Floor
from benchmarks.workshop import BUNDLED, LARGE, SMALL, Workshop, serve, title

PART = "start"

FLOOR = Floor(10.0)


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Start the service on each catalogue."""
    for name in workshop.names(BUNDLED, SMALL, LARGE):
        folder, triples = workshop.catalogue(name)
        workshop.tell(f"starting with {name}")
        runs = tuple(_seconds(folder) for _ in range(workshop.runs))
        yield Figure(PART, f"{title(name, triples)}, until /health answers", "s", runs, FLOOR)


def _seconds(folder: Path) -> float:
    """Return the seconds from the start of the program to its first answer."""
    begun = time.perf_counter()
    with serve(folder):
        return time.perf_counter() - begun
