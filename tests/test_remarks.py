"""Remarks: a page tells what is not known yet, and that is what the shapes find missing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import BASE
from toolbox_graph import remarks
from toolbox_graph.assembly import Reader, open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.service_description import Offer
from toolbox_graph.settings import Settings
from toolbox_graph.store.quads import iri


@pytest.fixture(scope="module")
def repository(catalogue: Path) -> Iterator[Repository]:
    """The repository of the bundled catalogue."""
    opened = open_repository(Settings(data=catalogue))
    yield opened
    opened.close()


def test_what_a_page_says_is_missing_is_what_the_shapes_find(repository: Repository) -> None:
    found: dict[str, list[str]] = {}
    for finding in repository.check():
        if finding.severity == "Info":
            found.setdefault(iri(finding.focus), []).append(finding.messages["en"])
    reader = Reader(repository.open(), repository.model, Offer((), ()))
    told = {}
    for kind in repository.model.kinds:
        for item in reader.listing.items(kind, "en", limit=10_000, offset=0):
            description = reader.describer.find(kind, item.key)
            assert description
            if missing := remarks.missing(description, repository.model):
                told[BASE.thing(kind, item.key)] = sorted(texts["en"] for texts in missing)
    assert told == {thing: sorted(texts) for thing, texts in found.items()}
