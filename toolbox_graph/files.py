"""Where do the project's own files lie?

In a checkout they lie beside the package, in an installed wheel under it (`toolbox_graph/project/`), in the same order.
"""

import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parent
BROWSER = PACKAGE / "browser"
PROJECT = PACKAGE / "project" if (PACKAGE / "project").is_dir() else PACKAGE.parent

FORMAT = "3"
"""The way in which generations are made; another one where the merge, the tables beside the store or what describes the
catalogue change."""

ONTOLOGY = PROJECT / "ontology"
SHAPES = PROJECT / "shapes"
QUERIES = PROJECT / "queries"
RULES = QUERIES / "rules"
IMPORTERS = PROJECT / "importers"
CATALOGUE = PROJECT / "catalogue"
METADATA = CATALOGUE / "csv-metadata.json"


def turtle_in(folder: Path) -> list[Path]:
    """Return the Turtle files of a folder and those below it, sorted, so that what is read is the same everywhere."""
    return sorted(folder.rglob("*.ttl"))


@cache
def digest(*folders: Path) -> str:
    """Return eight characters that change whenever RDF or a query in the folders does, or what is made of them."""
    sums = hashlib.sha256(FORMAT.encode())
    for path in (path for folder in folders for path in [*turtle_in(folder), *sorted(folder.rglob("*.rq"))]):
        sums.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return sums.hexdigest()[:8]
