"""The wheel: installed in an empty environment it serves what a checkout serves."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import requests

from tests.conftest import READY_SECONDS, free_port, wait_until
from toolbox_graph.assembly import open_repository
from toolbox_graph.overview import overview
from toolbox_graph.settings import Settings

PROJECT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the checkout with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(PROJECT)]
    subprocess.run(build, check=True, capture_output=True)
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, installed from the wheel in an environment of its own.

    The libraries are those of the environment of the tests, so that nothing is downloaded; the checkout is not among
    them.
    """
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    [packages] = (folder / "venv").glob("lib/*/site-packages")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(packages), str(wheel)],
        check=True,
    )  # fmt: skip
    libraries = [entry for entry in sys.path if entry.endswith("site-packages")]
    (packages / "libraries.pth").write_text("\n".join(libraries) + "\n")
    return folder / "venv" / "bin" / "python"


def call(program: Path, data: Path, *arguments: str) -> str:
    """Call the installed program, from a folder in which nothing lies."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "TOOLBOX_"))}
    done = subprocess.run(
        [program, "-P", "-m", "toolbox_graph.cli", "--data", str(data), *arguments],
        check=True, capture_output=True, text=True, cwd=data.parent, env=environment,
    )  # fmt: skip
    return done.stdout


def test_it_has_one_name_at_the_top(wheel: Path) -> None:
    names = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"toolbox_graph"}


@pytest.mark.parametrize(
    "name",
    ["LICENSE", "ontology/kinds.ttl", "shapes/tool.ttl", "queries/who-used-a-tool-where.rq", "catalogue/Software.csv",
     "catalogue/csv-metadata.json", "importers/seeds/importer.py", "web/templates/thing.html", "web/translations/fr.po",
     "web/static/style.css", "browser/package-lock.json"],
)  # fmt: skip
def test_it_holds(wheel: Path, name: str) -> None:
    assert any(path.endswith(name) for path in zipfile.ZipFile(wheel).namelist())


def test_it_imports_and_serves_the_same_catalogue(program: Path, catalogue: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    call(program, data, "init")
    assert "toolbox_graph/project" in call_python(
        program, tmp_path, "from toolbox_graph import files; print(files.PROJECT)"
    )
    call(program, data, "import", "--all")
    installed = json.loads(call(program, data, "status", "--json"))
    repository = open_repository(Settings(data=catalogue))
    with repository.open() as generation:
        expected = overview(generation, repository.model)
    assert installed == expected
    assert served_counts(program, data) == expected["things"]["tool"]


def call_python(program: Path, folder: Path, text: str) -> str:
    """Run some Python in the environment of the installed program."""
    return subprocess.run([program, "-P", "-c", text], check=True, capture_output=True, text=True, cwd=folder).stdout


def served_counts(program: Path, data: Path) -> int:
    """Return how many tools the installed program serves."""
    port = free_port()
    serve = [str(program), "-P", "-m", "toolbox_graph.cli", "--data", str(data), "serve", "--port", str(port)]
    with subprocess.Popen(serve, cwd=data.parent, stdout=subprocess.DEVNULL) as process:
        try:
            address = f"http://127.0.0.1:{port}"
            wait_until(lambda: requests.get(f"{address}/health", timeout=READY_SECONDS).ok)
            return int(requests.get(f"{address}/tools.json", timeout=READY_SECONDS).json()["total"])
        finally:
            process.terminate()
