"""Who may go on, and who waits?

Locks are `flock` locks on files: the system gives them back when a process ends, however it ends.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from toolbox_graph.errors import Busy

PAUSE = 0.005
"""Seconds between two tries."""


@contextmanager
def alone(path: Path, *, seconds: float, doing: str) -> Iterator[None]:
    """Hold a lock that nobody else can hold; raise Busy where it is not free within some seconds.

    `doing` completes the sentence "… is …" that the person reads, such as "another import of seeds is running".
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _take(descriptor, until=time.monotonic() + seconds, doing=doing)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, *, until: float, doing: str) -> None:
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        if time.monotonic() >= until:
            raise Busy(f"{doing[0].upper()}{doing[1:]}; try again when it has ended.")
        time.sleep(PAUSE)


def share(path: Path) -> int:
    """Take a lock that others can share and return its descriptor; closing that gives it back."""
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


@contextmanager
def unused(path: Path) -> Iterator[bool]:
    """Say whether nobody shares a lock, and keep others from taking it meanwhile."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)
