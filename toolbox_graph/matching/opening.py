"""Where does the index of a file of things lie, and when is it built anew?

It is kept in a folder for what can be made again, under the digest of the file and of all by which the index is made,
so that an index is never older than its file or the program.
"""

import hashlib
import os
import tempfile
from pathlib import Path

from toolbox_graph.matching.local import Local, build
from toolbox_graph.matching.slices import read_slice

MADE_BY = sorted(path for ending in ("*.py", "*.toml") for path in Path(__file__).parent.glob(ending))
"""What an index depends on besides the file."""


def open_slice(path: Path, folder: Path) -> Local:
    """Return the things of a slice; the first time their index is built, which takes some seconds."""
    index = folder / f"{_digest(path)}.sqlite"
    if not index.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _build(path, index)
    return Local(index)


def _build(path: Path, index: Path) -> None:
    """Build an index beside its place and put it there whole, so that two builders do not harm each other."""
    read = read_slice(path)
    handle, name = tempfile.mkstemp(dir=index.parent, suffix=".part")
    os.close(handle)
    try:
        build(Path(name), read.items, read.below)
        Path(name).replace(index)
    finally:
        Path(name).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    for one in (path, *MADE_BY):
        with one.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:32]
