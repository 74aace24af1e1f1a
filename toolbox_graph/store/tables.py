"""How is an index kept beside the store?

An index is a SQLite file in each generation's folder: a copy of the one before, brought up to date with what has been
touched since.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from toolbox_graph.store.disk import sync_path


@contextmanager
def next_table(path: Path, *, previous: Path | None, schema: str) -> Iterator[sqlite3.Connection]:
    """Open the file of a generation that is being made, as a copy of the previous one if there is one."""
    if previous is not None and previous.exists():
        shutil.copyfile(previous, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.executescript(schema)
        yield connection
        connection.commit()
    sync_path(path)


def open_table(path: Path) -> sqlite3.Connection:
    """Open the file of a finished generation for reading, from any thread."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True, check_same_thread=False)
