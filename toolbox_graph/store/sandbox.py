"""What may a process do that runs a stranger's query?

Compute for a while, in so much memory, and answer. It can open no socket, so SERVICE reaches nothing; the system ends
it at its time even in native code, which no Python interrupts; and it ends when the process that asked it has ended.
"""

import ctypes
import os
import platform
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

EXIT_MEMORY = 65
"""With this code a worker ends itself when its query takes too much memory."""

WATCH_SECONDS = 0.2
"""Between two looks at the memory and at the process that asked."""

MEGABYTE = 1_000_000

SYSCALLS = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""For each machine the name that the kernel has for it, and its number of `socket` (linux/audit.h, asm/unistd.h)."""

PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 38, 22, 2
LOAD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050001
"""Answers of a filter: go on, and fail with `EPERM` (linux/seccomp.h)."""


def forbid_sockets() -> bool:
    """Have the kernel refuse new sockets to this process; return False where that cannot be had.

    This comes before the first thread is started: threads begin with what their parent may do.
    """
    if sys.platform != "linux" or platform.machine() not in SYSCALLS:
        return False
    machine, number = SYSCALLS[platform.machine()]
    steps = (
        (LOAD, 0, 0, 4),  # the machine that the call is made for
        (JUMP_IF_EQUAL, 0, 2, machine),
        (LOAD, 0, 0, 0),  # the number of the call
        (JUMP_IF_EQUAL, 0, 1, number),
        (RETURN, 0, 0, REFUSE),
        (RETURN, 0, 0, ALLOW),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("HL", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program, 0, 0)
    return not can_open_socket()


def give_back() -> None:
    """Give back to the system what memory is free in this process, where its library can do that (glibc)."""
    if trim := getattr(ctypes.CDLL(None), "malloc_trim", None):
        trim(0)


def forbid_descriptors() -> None:
    """Leave this process the files that it has open, and none to come: where the kernel has no filter, this will do."""
    lowest_free = os.open(os.devnull, os.O_RDONLY)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, lowest_free))


def can_open_socket() -> bool:
    """Say whether this process could still reach out."""
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def confine(megabytes: int, niceness: int = 10) -> Callable[[], int]:
    """Give this process its place: behind others, with so much memory, and no longer than the one that started it.

    What is returned tells how much memory it has, in bytes.
    """
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not RLIMIT_AS: a store of ten million statements takes a gigabyte of addresses before anybody asks anything.
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * MEGABYTE, megabytes * MEGABYTE))
    # Each thread has a file of its own: one reads at the place where the other has just been otherwise.
    watched, told = _memory(), _memory()
    threading.Thread(target=_watch, args=(os.getppid(), watched, megabytes * MEGABYTE), daemon=True).start()
    return told


def end_after(seconds: float) -> None:
    """Have the system end this process after so many seconds, whatever it is doing then; 0 calls that off."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _watch(parent: int, memory: Callable[[], int], limit: int) -> None:
    while os.getppid() == parent:
        if memory() > limit:
            os._exit(EXIT_MEMORY)
        time.sleep(WATCH_SECONDS)
    os._exit(0)


def _memory() -> Callable[[], int]:
    return _memory_on_linux() if sys.platform == "linux" else _most_memory


def _memory_on_linux() -> Callable[[], int]:
    """Return what tells how much memory this process has, in bytes; its file is opened now, while that is allowed.

    The most that it ever had would be wrong: Linux counts in what the process that started it had.
    """
    sizes = Path("/proc/self/statm").open()  # noqa: SIM115  # for as long as the process lives
    page = os.sysconf("SC_PAGE_SIZE")

    def resident() -> int:
        sizes.seek(0)
        return int(sizes.read().split()[1]) * page

    return resident


def _most_memory() -> int:
    """Return the most memory that this process ever had, in bytes; macOS counts in bytes, others in kilobytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
