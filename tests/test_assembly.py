"""The service: readers see the newest generation, and keep no other open."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from tests.conftest import BASE, origin
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import RDFS
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node


@pytest.fixture
def without_collection() -> Iterator[None]:
    """Python without its search for circles: what nobody refers to is gone at once or not at all."""
    gc.disable()
    yield
    gc.enable()


def rename(house: Repository, name: str) -> None:
    """Give a tool one more name."""
    quad = Quad(node(BASE.thing("tool", "door")), node(str(RDFS.label)), name, node(BASE.graph("house", "beta")))
    house.commit(Draft(origin(), [], [quad]), since=1)


def test_a_reader_is_kept_while_nothing_changes(house: Repository) -> None:
    service = Service(Settings(data=house.folder))
    assert service.reader() is service.reader()


def test_a_change_is_seen_by_the_next_reader(house: Repository) -> None:
    service = Service(Settings(data=house.folder))
    before = service.reader().name.position
    rename(house, '"Puerta"@es')
    assert service.reader().name.position == before + 1


@pytest.mark.usefixtures("without_collection")
def test_a_generation_that_nobody_reads_any_more_is_closed_at_once(house: Repository) -> None:
    service = Service(Settings(data=house.folder))
    described = service.reader().describer.find("tool", "door")
    assert described
    searching = weakref.ref(service.reader().search)
    service.reader().search.counts("door", {})
    earlier = weakref.ref(service.reader().generation)
    rename(house, '"Puerta"@es')
    service.reader()
    assert (earlier(), searching()) == (None, None)
