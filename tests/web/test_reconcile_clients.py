"""Reconciliation with clients of others: a checker of the specification, and OpenRefine itself.

The addresses that a manifest tells begin with the base, so the service here has a catalogue whose base is where it is.
"""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.conftest import Served, begun, fill, free_port, mirror, require, serving, wait_until
from toolbox_graph.namespaces import Base

LISTS = Path(__file__).parent / "lists"

OPENREFINE = Path("/usr/share/openrefine")

WITHOUT_PROXY = {**os.environ, "NO_PROXY": "*"}

SAMPLES = {
    "tools": ("/reconcile/tools", "website", "country"),
    "organizations": ("/reconcile", "website", "country"),
    "countries": ("/reconcile/countries", "iso"),
}
"""Where each list is matched, and which of its columns tell something."""

PROPERTIES = {"website": "foaf:homepage", "country": "dct:spatial", "iso": "tbg:alpha2Code"}
TYPES = {"tools": "tool", "organizations": "organization", "countries": "country"}
EXTENDED = {
    "tools": "website,source code,licence,in Wikidata",
    "organizations": "website,country,in Wikidata",
    "countries": "tbg:alpha2Code,tbg:alpha3Code,in Wikidata",
}
MATCHED = {"tools": 15, "organizations": 13, "countries": 13}
"""Rows that are certain, at least."""


def tool(name: str) -> Path:
    """Return a checker that lies beside the mirror; without it skip the test."""
    path = mirror().parent / "tools" / name
    if not path.exists():
        pytest.skip(f"needs {name} in a folder tools beside TOOLBOX_MIRROR")
    return path


def run(program: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a checker."""
    command = [sys.executable, str(program), *arguments]
    return subprocess.run(command, env=WITHOUT_PROXY, capture_output=True, text=True, check=False, timeout=240)


def is_up(openrefine: str) -> bool:
    """Tell whether an OpenRefine answers; it listens some seconds before it does."""
    try:
        return requests.get(f"{openrefine}/command/core/get-version", timeout=5).ok
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def at_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The bundled catalogue at the address with which the names of its things begin."""
    folder = tmp_path_factory.mktemp("at_home") / "data"
    service = serving(folder)
    fill(begun(folder, Base(f"http://127.0.0.1:{service.port}/")))
    with service as served:
        yield served


@pytest.fixture(scope="module")
def openrefine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an OpenRefine."""
    require(program="openrefine")
    port, folder = free_port(), tmp_path_factory.mktemp("openrefine")
    address = f"http://127.0.0.1:{port}"
    # The program in the path leaves its Java behind when it is ended.
    program = ["./refine", "-i", "127.0.0.1", "-H", "127.0.0.1", "-p", str(port), "-d", str(folder), "-m", "256M"]
    process = subprocess.Popen(
        [*program, "-x", "refine.headless=true"],
        cwd=OPENREFINE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    wait_until(lambda: is_up(address))
    yield address
    process.terminate()
    process.wait(timeout=30)


@pytest.mark.parametrize("root", ["", "/organizations", "/wikidata"])
def test_the_specification_is_kept(at_home: Served, root: str) -> None:
    if find_spec("jsonschema") is None:
        pytest.skip("needs jsonschema")
    done = run(tool("recon_conformance.py"), f"{at_home.address}/reconcile{root}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith(("FAIL", "WARN"))] == []


@pytest.mark.parametrize(
    ("root", "thing"), [("", "tool-openfisca"), ("/tools", "tool-openfisca"), ("/wikidata", "Q64777688")]
)
def test_the_draft_of_the_next_version_is_kept(at_home: Served, root: str, thing: str) -> None:
    if find_spec("jsonschema") is None:
        pytest.skip("needs jsonschema")
    known = ["--name", "OpenFisca", "--id", thing, "--pid", "foaf:homepage", "--only", "^F"]
    done = run(tool("recon_conformance.py"), f"{at_home.address}/reconcile/v1{root}", *known)
    assert [line[:9] for line in done.stdout.splitlines() if line[6:7] == "F"] == [
        "PASS  F01",
        "PASS  F02",
        "PASS  F03",
    ]


@pytest.mark.parametrize("name", SAMPLES)
def test_openrefine_matches_a_list(at_home: Served, openrefine: str, name: str) -> None:
    at, *columns = SAMPLES[name]
    told = [argument for column in columns for argument in ("--property", f"{column}={PROPERTIES[column]}")]
    wanted = ["--min-matched", str(MATCHED[name]), "--max-wrong", "0", "--min-recall-top", "1.0"]
    asked = ["--column", "name", "--gold", "gold", "--type", TYPES[name], "--extend", EXTENDED[name]]
    done = run(
        tool("openrefine_accept.py"),
        f"{at_home.address}{at}",
        str(LISTS / f"{name}.csv"),
        *(*told, *asked, *wanted),
        *("--openrefine", openrefine),
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", SAMPLES)
def test_the_answers_of_a_list_are_things_of_the_catalogue(at_home: Served, name: str) -> None:
    rows: list[dict[str, Any]] = list(csv.DictReader((LISTS / f"{name}.csv").read_text().splitlines()))
    things = {row["gold"] for row in rows} - {""}
    assert {thing for thing in things if at_home.get(f"/reconcile/preview/{thing}").status_code != 200} == set()
    assert "" in {row["gold"] for row in rows}
