"""What a worker may do: each promise in a process of its own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import wait_until

OPEN = "import pyoxigraph as ox; store = ox.Store.read_only(sys.argv[1]);"
SANDBOX = "import os, sys, time; from toolbox_graph.store import sandbox;"


def process(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run some code in a process of its own."""
    program = [sys.executable, "-c", SANDBOX + code, *map(str, arguments)]
    return subprocess.run(program, capture_output=True, text=True, timeout=30)


def test_the_kernel_refuses_sockets() -> None:
    code = "done = sandbox.forbid_sockets(); print(done, sandbox.can_open_socket())"
    assert process(code).stdout.split() in (["True", "False"], ["False", "True"])


@pytest.mark.skipif(sys.platform != "linux", reason="the filter is Linux's")
def test_on_linux_it_always_does() -> None:
    assert process("print(sandbox.forbid_sockets())").stdout.strip() == "True"


def test_without_a_filter_no_descriptor_is_left_and_a_generation_that_is_held_still_answers(catalogue: Path) -> None:
    folder = max((catalogue / "generations").glob("[0-9]*"))
    code = (
        "from pathlib import Path; from toolbox_graph.store.generations import Generation;"
        "generation = Generation(Path(sys.argv[1])); generation.hold(); sandbox.forbid_descriptors();"
        "print(sandbox.can_open_socket(), len(list(generation.store.query('SELECT * { ?s ?p ?o }'))) > 10_000)"
    )
    assert process(code, folder).stdout.split() == ["False", "True"]


def test_the_system_ends_a_process_at_its_time_in_native_code(house_template: Path) -> None:
    store = next((house_template / "generations").glob("[0-9]*")) / "store"
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    code = OPEN + f"sandbox.end_after(0.3); list(store.query({endless!r}))"
    assert process(code, store).returncode == -signal.SIGALRM


def test_memory_is_limited() -> None:
    assert process("sandbox.confine(100); bytearray(500_000_000)").returncode != 0


def test_a_process_ends_with_the_one_that_started_it() -> None:
    child = SANDBOX + "sandbox.confine(1000); time.sleep(60)"
    parent = f"import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', {child!r}]); print(p.pid, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout
        number = int(started.stdout.readline())
        time.sleep(0.5)
        started.kill()
        wait_until(lambda: not _lives(number))


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{number}/stat").read_text().split()[2] if sys.platform == "linux" else True
