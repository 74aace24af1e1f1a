"""A small slice of a Wikidata that is not: harbours, lighthouses and the tools around them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from toolbox_graph.matching.local import Local
from toolbox_graph.matching.opening import open_slice

HERE = Path(__file__).parent
SLICE, GOLD = HERE / "slice.jsonl", HERE / "gold.csv"


@pytest.fixture(scope="session")
def harbours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """The things of the small slice."""
    source = open_slice(SLICE, tmp_path_factory.mktemp("slices"))
    yield source
    source.close()
