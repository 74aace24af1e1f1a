"""How long does an import take, with its validation, and how much memory?"""

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, Floor
from benchmarks.workshop import LARGE, SMALL, Workshop, fresh, title
from toolbox_graph.assembly import open_repository
from toolbox_graph.settings import Settings

PART = "import"

SECONDS = {SMALL: Floor(10.0), LARGE: Floor(180.0)}
MEGABYTES = {LARGE: Floor(2000.0)}


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Import each catalogue into an empty folder, then check all of it anew."""
    for name in workshop.names(SMALL, LARGE):
        imports = [_import(workshop, name) for _ in range(workshop.runs)]
        folder, triples = workshop.catalogue(name)
        what = title(name, triples)
        seconds, megabytes = zip(*imports, strict=True)
        yield Figure(PART, f"{what}, imported and validated", "s", seconds, SECONDS[name])
        yield Figure(PART, f"{what}, most memory", "MB", megabytes, MEGABYTES.get(name))
        workshop.tell(f"checking scale {name}")
        yield Figure(PART, f"{what}, all checked anew", "s", (fresh(_check, folder),))


def _import(workshop: Workshop, name: str) -> tuple[float, float]:
    workshop.tell(f"importing scale {name}")
    return workshop.refill(name)


def _check(folder: Path) -> float:
    """Check all of a catalogue; return the seconds it took."""
    repository = open_repository(Settings(data=folder))
    begun = time.perf_counter()
    violations = [finding for finding in repository.check() if finding.is_violation]
    seconds = time.perf_counter() - begun
    assert not violations, violations[:3]
    return seconds
