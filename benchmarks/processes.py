"""Which processes does a program have, and how much memory do they hold together?

Memory that several share is counted once (PSS, from Linux's `/proc`).
"""

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

PROC = Path("/proc")

PAUSE_SECONDS = 0.05
"""Between two looks at the memory."""

SHARE = "Pss:"

STATE, PARENT = 0, 1
"""Where these stand in /proc/*/stat, after the name of the program."""


def family(process: int) -> list[int]:
    """Return a process and all that it started, and they."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            children.setdefault(int(_status(int(folder.name))[PARENT]), []).append(int(folder.name))
    return list(_descent(process, children))


def _descent(process: int, children: dict[int, list[int]]) -> Iterator[int]:
    yield process
    for child in children.get(process, ()):
        yield from _descent(child, children)


def _status(process: int) -> list[str]:
    return (PROC / str(process) / "stat").read_text().rpartition(") ")[2].split()


def is_running(process: int) -> bool:
    """Say whether a process is there, or one of its threads: it has not ended before they have."""
    with suppress(OSError):
        return _status(process)[STATE] not in {"Z", "X"} or len(list((PROC / str(process) / "task").iterdir())) > 1
    return False


def command(process: int) -> str:
    """Return how a process was called, nothing where it has ended."""
    with suppress(OSError):
        return (PROC / str(process) / "cmdline").read_text().replace("\0", " ")
    return ""


def megabytes(process: int) -> float:
    """Return the memory that a process and all that it started hold."""
    return sum(map(_kilobytes, family(process))) * 1024 / 1e6


def _kilobytes(process: int) -> int:
    with suppress(OSError):
        lines = (PROC / str(process) / "smaps_rollup").read_text().splitlines()
        return sum(int(line.split()[1]) for line in lines if line.startswith(SHARE))
    return 0


class Watch:
    """Looks at the memory of a program as long as one is in it; `most` is the most it held, in megabytes."""

    def __init__(self, process: int) -> None:
        self.most = 0.0
        self._process = process
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._is_over.wait(PAUSE_SECONDS):
            self.most = max(self.most, megabytes(self._process))
