"""Crashes: what was acknowledged before `kill -9` is there at the next start, and nothing is there by half."""

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import BASE, examples
from tests.crashing import TOOLS
from toolbox_graph.assembly import open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import RDFS
from toolbox_graph.settings import Settings
from toolbox_graph.store.dataset import Dataset

PROJECT = Path(__file__).parents[1]
MOMENTS = examples(8)
"""Moments at which each way of writing is killed."""


@pytest.fixture
def folder(house_template: Path, tmp_path: Path) -> Path:
    """A data folder of this test alone, which no process has open."""
    return Path(shutil.copytree(house_template, tmp_path / "data", symlinks=True))


def killed(folder: Path, way: str, seconds: float) -> int:
    """Let a writer write for some time, kill it, and return the last position that it was told."""
    program = [sys.executable, "-m", "tests.crashing", str(folder), way]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True, cwd=PROJECT) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
        time.sleep(seconds)
        writer.kill()
        told = writer.stdout.read().split()
    return int(told[-1]) if told else 0


def labels(repository: Repository) -> list[str]:
    """Return what the tools of the writer are called."""
    with repository.open() as generation:
        found = generation.store.query(f'SELECT ?n {{ ?s <{RDFS.label}> ?n FILTER(STRSTARTS(?n, "Tool ")) }}')
        assert isinstance(found, ox.QuerySolutions)
        return [row["n"].value for row in found]


def opened(folder: Path) -> Repository:
    """Open a folder as the next start does."""
    repository = open_repository(Settings(data=folder))
    repository.bring_up_to_date()
    return repository


def require_whole(repository: Repository, acknowledged: int) -> None:
    """Check that all that was acknowledged is journaled and shown, and that the merge is that of the statements."""
    assert [finding for finding in repository.check() if finding.is_violation] == []
    last = repository.journal.last().position
    with repository.open() as generation:
        assert generation.name.position == last >= acknowledged
        shown = set(generation.store)
    anew = ox.Store()
    anew.extend(shown)
    dataset = Dataset(anew, repository.model)
    dataset.merge(dataset.subjects())
    assert set(anew) == shown


def moments(way: str) -> list[float]:
    """Return some moments at random; the same in each run of the tests, so that a failure can be seen again."""
    draw = random.Random(way)  # noqa: S311  # nothing is kept secret by it
    return [round(draw.uniform(0.0, 0.4), 3) for _ in range(MOMENTS)]


@pytest.mark.parametrize("seconds", moments("commit"))
def test_a_commit_that_was_acknowledged_survives(folder: Path, seconds: float) -> None:
    acknowledged = killed(folder, "commit", seconds)
    repository = opened(folder)
    require_whole(repository, acknowledged)
    last = repository.journal.last().position
    assert sorted(labels(repository)) == sorted(f"Tool {number}" for number in range(2, last + 1))
    repository.close()


@pytest.mark.parametrize("seconds", moments("import"))
def test_an_import_is_there_whole_or_not_at_all(folder: Path, seconds: float) -> None:
    acknowledged = killed(folder, "import", seconds)
    repository = opened(folder)
    require_whole(repository, acknowledged)
    last = repository.journal.last().position
    assert labels(repository) == ([f"Tool {last}"] * TOOLS if last > 1 else [])
    repository.close()


def test_a_writer_can_go_on_after_a_crash(folder: Path) -> None:
    first = killed(folder, "commit", 0.2)
    assert killed(folder, "commit", 1.5) > first
    assert BASE.iri == opened(folder).model.base.iri
