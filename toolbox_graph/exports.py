"""What is published for download?

A dump depends on the statements alone, not on the order in which they came: the same data gives the same bytes.
"""

from typing import BinaryIO

import pyoxigraph as ox

from toolbox_graph.namespaces import PREFIXES
from toolbox_graph.negotiation import NQUADS, TRIG, Format
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.quads import MERGE, from_engine

WITH_SOURCES = {TRIG.name, NQUADS.name}
"""The formats that can say which graph a statement stands in; the others hold the merge."""


def dump(generation: Generation, file_format: Format, output: BinaryIO) -> int:
    """Write all statements, sorted, and return how many there were."""
    graph = None if file_format.name in WITH_SOURCES else MERGE
    quads = sorted(map(from_engine, generation.store.quads_for_pattern(None, None, None, graph)), key=_place)
    lines = "".join(f"{quad}\n" for quad in quads).encode()
    rdf_format = ox.RdfFormat.from_media_type(file_format.media_type)
    ox.serialize(ox.parse(lines, ox.RdfFormat.N_QUADS), output, rdf_format, prefixes=PREFIXES)
    return len(quads)


def _place(quad: tuple[str, str, str, str]) -> tuple[str, ...]:
    *triple, graph = quad
    return graph, *triple
