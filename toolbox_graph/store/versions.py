"""Which versions of the data were there, and where does a past one lie?

A version is what the journal held up to a position. A past one that is asked for gets a data folder of its own, which
holds one generation and nothing else, so it is opened and leased like the newest. It is linked from a generation that
nobody has deleted yet, or is made again from the beginning of the journal: the store depends on the statements, and on
nothing else.
"""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.store.generations import Generation, Generations, Name, delete
from toolbox_graph.store.journal import Header, Journal
from toolbox_graph.store.locks import alone, unused

POSITION = re.compile("0|[1-9][0-9]{0,11}")

STALE = ("new-*", "deleted-*")
"""What is left of what was not done when its process ended."""


class Timeline:
    """The headers of the changesets by position, read once and followed as the journal grows."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._headers: list[Header] = []
        self._lock = threading.Lock()

    def headers(self, current: int) -> Sequence[Header]:
        """Return the headers up to a position that is in the journal."""
        with self._lock:
            if len(self._headers) <= current:
                offset = self._headers[-1].end if self._headers else 0
                self._headers.extend(self._journal.headers(offset=offset))
            return self._headers[: current + 1]

    def at(self, text: str, current: int) -> Header:
        """Return the header of the version that a text names; raise InvalidRequest or NotFound.

        The text is a position, or a date (ISO 8601): of that the last version until it was over in UTC is meant.
        """
        headers = self.headers(current)
        if POSITION.fullmatch(text):
            found = headers[int(text) : int(text) + 1]
        elif day := day_of(text):
            found = [header for header in headers if header.origin.time[:10] <= day][-1:]
        else:
            raise InvalidRequest(f"The parameter at is a position, such as {current}, or a date.", parameter="at")
        if not found:
            raise NotFound(f"There is no version {text} of the data; the present one is {current}.", current=current)
        return found[0]


def day_of(text: str) -> str:
    """Return a text that is a date, empty where it is none.

    >>> day_of("2026-11-28"), day_of("20261128"), day_of("2026-13-01")
    ('2026-11-28', '', '')
    """
    with suppress(ValueError):
        if date.fromisoformat(text).isoformat() == text:
            return text
    return ""


class Versions:
    """The past versions of one data folder that lie ready, each in a data folder of its own, so many at most."""

    def __init__(self, data: Path, most: int) -> None:
        self.folder = data / "versions"
        self._most = most
        self._generations = Generations(data / "generations")

    def find(self, name: Name) -> Path | None:
        """Return the data folder of a version, None where it has to be made again; it counts as used by that."""
        folder = self.folder / str(name)
        if not folder.exists():
            with suppress(FileNotFoundError), Generation(self._generations.folder / str(name)) as generation:
                self.keep(generation)
        with suppress(FileNotFoundError):
            os.utime(folder)
            return folder
        return None

    def keep(self, generation: Generation) -> None:
        """Give a generation a data folder of its own, whatever becomes of the one where it lies: files are linked."""
        self.folder.mkdir(exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="new-", dir=self.folder))
        target = draft / "generations" / generation.folder.name
        lease = shutil.ignore_patterns("lease")
        shutil.copytree(generation.folder, target, copy_function=os.link, ignore=lease)
        (target / "lease").touch()
        (draft / "generations" / "current").symlink_to(target.name)
        try:
            draft.rename(self.folder / target.name)
        except OSError:
            # Somebody else was quicker: a folder is not put in the place of one that holds something.
            delete(draft)
        self._clean()

    def _clean(self) -> None:
        """Delete of too many versions those that were used longest ago, unless somebody reads them."""
        lying = sorted(self.folder.glob("[0-9]*"), key=lambda folder: folder.stat().st_mtime_ns, reverse=True)
        for folder in lying[self._most :]:
            with suppress(FileNotFoundError), unused(folder / "generations" / folder.name / "lease") as free:
                if free:
                    delete(folder)

    @contextmanager
    def making(self) -> Iterator[Path]:
        """Give a folder to make a version in to one process at a time; raise Busy where another has it."""
        self.folder.mkdir(exist_ok=True)
        with alone(self.folder / "lock", seconds=0, doing="another version is being made again"):
            for pattern in STALE:
                # What is just being linked may go with it; then it is linked again when it is asked for again.
                for rest in self.folder.glob(pattern):
                    shutil.rmtree(rest, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix="new-", dir=self.folder) as draft:
                yield Path(draft)
