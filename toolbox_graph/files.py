"""Where do the project's own files lie?

In a checkout they lie beside the package, in an installed wheel under it (`toolbox_graph/project/`), in the same order.
"""

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
PROJECT = PACKAGE / "project" if (PACKAGE / "project").is_dir() else PACKAGE.parent

ONTOLOGY = PROJECT / "ontology"
SHAPES = PROJECT / "shapes"
QUERIES = PROJECT / "queries"
IMPORTERS = PROJECT / "importers"
CATALOGUE = PROJECT / "catalogue"


def turtle_in(folder: Path) -> list[Path]:
    """Return the Turtle files of a folder and those below it, sorted, so that what is read is the same everywhere."""
    return sorted(folder.rglob("*.ttl"))


@cache
def digest(*folders: Path) -> str:
    """Return eight characters that change whenever a file in one of the folders does."""
    return _digest_of(path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def _digest_of(paths: Iterable[Path]) -> str:
    sums = hashlib.sha256()
    for path in paths:
        sums.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()[:8]
