"""Which services of ours are tested: a playground, and a catalogue behind a token."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from conformance.target import NoAnswer, Target

PROGRAM = (sys.executable, "-m", "toolbox_graph.cli")
READY_SECONDS = 30.0
STEP_SECONDS = 0.05


class NotServed(Exception):
    """A service could not be made, or did not start."""


@contextmanager
def playground() -> Iterator[Target]:
    """Serve an empty playground, to which everybody may write."""
    port = _free_port()
    target = Target(f"http://127.0.0.1:{port}")
    with _serving(target, "serve", "--playground", "--port", str(port)):
        yield target


@contextmanager
def catalogue() -> Iterator[Target]:
    """Serve a new catalogue, with a token that may write."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        data = ("--data", str(Path(folder, "data")))
        _do(*data, "init", "--base", f"{address}/")
        target = Target(address, _do(*data, "token", "create", "--scope", "write", "--name", "conformance"))
        with _serving(target, *data, "serve", "--port", str(port)):
            yield target


def _do(*arguments: str) -> str:
    """Return what a command of ours prints."""
    done = subprocess.run([*PROGRAM, *arguments], env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotServed(f"`toolbox-graph {' '.join(arguments)}` failed: {_last_line(done.stderr)}")
    return done.stdout.strip()


@contextmanager
def _serving(target: Target, *arguments: str) -> Iterator[None]:
    command = f"`toolbox-graph {' '.join(arguments)}`"
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen([*PROGRAM, *arguments], env=_environment(), stdout=log, stderr=log)
        try:
            if not _is_ready(process, target):
                raise NotServed(f"{command} did not start: {_last_line(_read(log))}")
            yield
            if process.poll() is not None:
                raise NotServed(f"{command} ended while it was tested: {_last_line(_read(log))}")
        finally:
            _end(process)


def _is_ready(process: subprocess.Popen[bytes], target: Target) -> bool:
    """Wait until a service answers, and say whether it came to that."""
    until = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        try:
            if target.send("GET", f"{target.address}/health").status == 200:
                return True
        except NoAnswer:
            pass
        time.sleep(STEP_SECONDS)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=READY_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _environment() -> dict[str, str]:
    """Return the environment without the operator's own settings: a test is of what everybody gets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("TOOLBOX_")}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(log: IO[str]) -> str:
    log.seek(0)
    return log.read()


def _last_line(text: str) -> str:
    return (text.strip() or "it said nothing").splitlines()[-1]
