"""How many requests a second does a server answer?

Many are asked at the same time by `wrk`, a program of its own, on one core. It says what was refused and what broke.
"""

import json
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

PROGRAM = "wrk"
SCRIPT = Path(__file__).with_name("requests.lua")

TIMEOUT_SECONDS = 30


class Load(NamedTuple):
    """What a server answered in a second, how long that took in milliseconds, and why it does not count, if so."""

    rate: float
    p50: float
    p99: float
    fault: str


class Target(NamedTuple):
    """Who is asked: a port, and the path of an endpoint up to the query."""

    port: int
    path: str


def is_installed() -> bool:
    """Say whether there is such a program."""
    return shutil.which(PROGRAM) is not None


def ask(target: Target, questions: Path, accept: str, *, connections: int, seconds: int, first: int) -> Load:
    """Ask the questions of a file for so long; each with a number, from the first on, unless that is 0."""
    command = [
        PROGRAM,
        "--threads=1",
        f"--connections={connections}",
        f"--duration={seconds}s",
        f"--timeout={TIMEOUT_SECONDS}s",
        f"--script={SCRIPT}",
        f"http://127.0.0.1:{target.port}/",
        "--",
        str(questions),
        target.path,
        accept,
        str(first),
    ]
    told = subprocess.run(command, check=False, capture_output=True, text=True)
    if told.returncode:
        # Nobody was there to be asked.
        return Load(0.0, 0.0, 0.0, told.stderr.strip().splitlines()[-1])
    return read(told.stdout.splitlines()[-1])


def read(line: str) -> Load:
    """Read what the script tells at the end.

    >>> read('{"requests": 90, "seconds": 3, "p50": 1.5, "p99": 4, "refused": 2, "broken": 0, "late": 1}')
    Load(rate=30.0, p50=1.5, p99=4, fault='2 of 90 refused, 1 of 90 late')
    """
    told = json.loads(line)
    requests = told["requests"]
    faults = [f"{told[name]} of {requests} {name}" for name in ("refused", "broken", "late") if told[name]]
    return Load(requests / told["seconds"], told["p50"], told["p99"], ", ".join(faults) or _nothing(requests))


def _nothing(requests: int) -> str:
    """Return what is wrong if there was no answer at all."""
    return "" if requests else "no answer"
