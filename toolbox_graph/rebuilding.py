"""How is a past version of the data made again, in a process of its own?

Only the service starts it, as `python -m toolbox_graph.rebuilding`: a journal that ends at a position is a data folder
like any other. It stands behind all other processes, and ends itself when its time is over.
"""

import sys
from pathlib import Path

from toolbox_graph.assembly import INDEXES
from toolbox_graph.changes import Repository
from toolbox_graph.store import sandbox
from toolbox_graph.store.versions import Versions

NICENESS = 10
"""How far it stands behind other processes."""


def rebuild(data: Path, end: int, most: int) -> None:
    """Make the version again that a journal holds up to a byte, and keep no more than so many versions."""
    versions = Versions(data, most)
    with versions.making() as draft:
        with (data / "journal.rdfp").open("rb") as journal:
            (draft / "journal.rdfp").write_bytes(journal.read(end))
        repository = Repository(draft, INDEXES)
        repository.bring_up_to_date()
        repository.close()
        with repository.open() as generation:
            versions.keep(generation)


def main(data: Path, end: int, most: int, seconds: float, megabytes: int) -> None:
    """Make a version again within some seconds and megabytes."""
    sandbox.confine(megabytes, NICENESS)
    sandbox.end_after(seconds)
    rebuild(data, end, most)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]), int(sys.argv[5]))
