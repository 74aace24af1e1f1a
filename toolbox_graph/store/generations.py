"""Where are the states of the store, and who reads which?

A generation is an immutable state of the store in a folder of its own, named for its position in the journal and for
the project files that shaped it. Readers open it read-only and hold a shared lock, the lease; `current` is a link that
names the newest. A writer works in a copy of its own, made of hard links in milliseconds, which nobody else ever sees:
it becomes a generation when it is whole, or is thrown away. So a crash leaves rubbish, never a wrong state.

Two facts of the engine ask for this (Oxigraph 0.5.13). A read-only store beside a writer is undefined. And a generation
that is deleted under a reader makes it fail or eat all memory; hence the leases.
"""

import os
import shutil
import tempfile
import weakref
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph.errors import Unusable
from toolbox_graph.store.disk import sync_path
from toolbox_graph.store.locks import share, unused

KEPT = 1
"""Generations that stay without a reader beside the current one: a reader may just be about to lease the one before."""


class Name(NamedTuple):
    """What a generation holds: the journal up to a position, whose record starts at an offset, and which files."""

    position: int
    offset: int
    project: str

    def __str__(self) -> str:
        return f"{self.position:010}-{self.offset:014}-{self.project}"

    @classmethod
    def parse(cls, text: str) -> "Name":
        """Return the name that a folder bears.

        >>> str(Name.parse("0000000012-00000000034567-ab12cd34"))
        '0000000012-00000000034567-ab12cd34'
        """
        position, offset, project = text.split("-")
        return cls(int(position), int(offset), project)


class Generation:
    """One state of the store, leased and open for reading until it is closed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.name = Name.parse(folder.name)
        lease = share(folder / "lease")
        self._release = weakref.finalize(self, os.close, lease)
        if not folder.exists():
            # It was deleted while we waited for the lease.
            self._release()
            raise FileNotFoundError(folder)
        self.store = ox.Store.read_only(str(folder / "store"))

    def __enter__(self) -> "Generation":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def hold(self) -> None:
        """Take all statements into memory: a store on disk opens files while it answers."""
        held = ox.Store()
        held.bulk_extend(self.store)
        self.store = held

    def close(self) -> None:
        """Give the lease back; the store cannot be asked any more. What is dropped unclosed is closed all the same."""
        del self.store
        self._release()


class WorkingCopy:
    """A writable store that this process alone sees, until it is closed."""

    def __init__(self, folder: Path, origin: Generation | None) -> None:
        # Until it is leased its folder has a name that no cleaner knows.
        (folder / "lease").touch()
        self._lease = share(folder / "lease")
        self.folder = folder = folder.rename(folder.with_name(f"working-{folder.name}"))
        self.name = origin.name if origin else None
        if origin:
            origin.store.backup(str(folder / "store"))
        self.store = ox.Store(str(folder / "store"))

    def close(self) -> None:
        """Delete the copy."""
        del self.store
        self.abandon()
        os.close(self._lease)

    def abandon(self) -> None:
        """Delete the copy's files; its store ends with the process, since to close it may take the engine a second."""
        delete(self.folder)


class Generations:
    """The states of the store of one data folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = folder / "current"
        self._pointer = str(self.pointer)

    def create(self) -> None:
        """Make the folder, on a file system that can hold it."""
        self.folder.mkdir(exist_ok=True)
        probe, link = self.folder / "probe", self.folder / "link"
        try:
            probe.touch()
            os.link(probe, link)
            os.close(share(probe))
        except OSError as problem:
            raise Unusable("The data folder needs a local file system with hard links and file locks.") from problem
        finally:
            probe.unlink(missing_ok=True)
            link.unlink(missing_ok=True)

    def current(self) -> Name | None:
        """Return the name of the newest generation; it costs two system calls, little enough for every request."""
        # A folder that somebody has taken away is made again from the journal, like one that never was.
        return Name.parse(str(self.pointer.readlink())) if self.pointer.exists() else None

    def state(self) -> str:
        """Return the name of the newest generation as text, empty where there is none; for every request, and quick."""
        try:
            return os.readlink(self._pointer)  # noqa: PTH115  # a path that is taken apart takes three times as long
        except FileNotFoundError:
            return ""

    def open(self) -> Generation:
        """Lease and open the newest generation."""
        while name := self.current():
            with suppress(FileNotFoundError):
                return Generation(self.folder / str(name))
            # The cleaner was quicker, and there is a newer one; or somebody else has been at work here.
            if name == self.current():
                raise Unusable("The store is damaged; delete its folder `generations`: the journal has all to make it.")
        raise Unusable("There is no data here yet; make some with `toolbox-graph init` and `toolbox-graph import`.")

    def copy(self) -> WorkingCopy:
        """Return a writable copy of the newest generation; where there is none, an empty one."""
        self.folder.mkdir(exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        if self.current() is None:
            return WorkingCopy(folder, None)
        with self.open() as generation:
            return WorkingCopy(folder, generation)

    def publish(self, store: ox.Store, name: Name, index: Callable[[Path], None]) -> None:
        """Make the present state of a writable store the newest generation; `index` writes what lies beside the store.

        Only the holder of the write lock may call this. One of the same name that is being read holds the same.
        """
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self.folder))
        (draft / "lease").touch()
        # Both wait for the disk most of the time, so they do it together.
        with ThreadPoolExecutor(1) as pool:
            indexing = pool.submit(index, draft)
            # A checkpoint: the engine writes what it holds in memory, and links the files that never change again.
            store.backup(str(draft / "store"))
            indexing.result()
        sync_path(draft)
        target = self.folder / str(name)
        if _is_leased(target):
            delete(draft)
        else:
            if target.exists():
                delete(target)
            draft.rename(target)
        link = draft.with_suffix(".link")
        link.symlink_to(target.name)
        link.replace(self.pointer)
        sync_path(self.folder)

    def clean(self) -> None:
        """Delete the generations that nobody reads, and what writers left behind that ended before they were done.

        Only the holder of the write lock may call this.
        """
        current = self.pointer.readlink().name
        others = [folder for folder in self.folder.glob("[0-9]*") if folder.name != current]
        others.sort(key=lambda folder: folder.stat().st_mtime_ns)
        for folder in [*others[:-KEPT], *self.folder.glob("working-*")]:
            with suppress(FileNotFoundError), unused(folder / "lease") as free:
                if free:
                    delete(folder)
        for rest in [*self.folder.glob("draft-*"), *self.folder.glob("deleted-*")]:
            if rest.is_symlink():
                rest.unlink()
            else:
                shutil.rmtree(rest, ignore_errors=True)


def _is_leased(folder: Path) -> bool:
    with suppress(FileNotFoundError), unused(folder / "lease") as free:
        return not free
    return False


def delete(folder: Path) -> None:
    """Delete a folder; the name goes first, so that nobody ever opens a half of it.

    The engine may still be deleting files of its own there; what is left over, the next cleaning finds.
    """
    doomed = folder.with_name(f"deleted-{folder.name}")
    folder.rename(doomed)
    shutil.rmtree(doomed, ignore_errors=True)
