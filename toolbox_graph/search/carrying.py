"""How do generations share the files of the index?

The library never changes a file of words or values once it is written, so a generation links those of the one before.
It waits for the disk after each file that it writes, a dozen for one change, which on a busy machine takes a tenth of a
second. So it writes in memory where there is room, and the new files are copied and waited for together.
"""

import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from toolbox_graph.store.disk import sync_path

MARK = "format"
"""The file that says in which form the index is written."""

REWRITTEN = (".json", MARK)
"""Endings of the files that are written anew, and must not be shared with the generation before."""

LOCK = ".lock"
"""Ending of the files by which the library keeps writers apart; each index has a folder of its own."""

MEMORY = Path("/dev/shm")  # noqa: S108  # a folder with a random name is made in it
"""Where Linux keeps files in memory."""

PREFIX = "toolbox-graph-"

STALE_SECONDS = 3600.0
"""Age of a folder there that a process has left behind which was ended; a change takes less than a second."""

ROOM = 500_000_000
"""Bytes that have to be free there: a change takes some thousand, but now and then small files are joined."""

AT_ONCE = 16
"""Files that are waited for at once: the file system writes them down together."""


@contextmanager
def carried(previous: Path, target: Path) -> Iterator[Path]:
    """Lend a copy of an index to be changed; what it has become is in the target folder at the end."""
    target.mkdir()
    if _has_room():
        _clean()
        with TemporaryDirectory(dir=MEMORY, prefix=PREFIX) as name:
            folder = Path(name)
            for entry in _files(previous):
                if entry.name.endswith(REWRITTEN):
                    shutil.copyfile(entry, folder / entry.name)
                else:
                    (folder / entry.name).symlink_to(entry.resolve())
            yield folder
            _settle(folder, target)
    else:
        for entry in _files(previous):
            if entry.name.endswith(REWRITTEN):
                shutil.copyfile(entry, target / entry.name)
            else:
                os.link(entry, target / entry.name)
        yield target
    sync_path(target)


def _clean() -> None:
    """Delete what processes left in memory that were ended before they were done."""
    for folder in MEMORY.glob(f"{PREFIX}*"):
        with suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > STALE_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _settle(folder: Path, target: Path) -> None:
    """Link the files that were there before, copy those that are new, and wait until they are on the disk."""
    new = []
    for entry in _files(folder):
        if entry.is_symlink():
            os.link(entry.readlink(), target / entry.name)
        else:
            new.append(target / entry.name)
            shutil.copyfile(entry, new[-1])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(sync_path, new))


def _files(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if not entry.name.endswith(LOCK)]


def _has_room() -> bool:
    return MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
