"""What does the catalogue hold, and in which state is it?"""

from contextlib import closing
from typing import Any

import pyoxigraph as ox

from toolbox_graph import findings, self_description
from toolbox_graph.coverage import coverage
from toolbox_graph.entities import Describer
from toolbox_graph.listing import Listing
from toolbox_graph.model import Model
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.lookup import size


def overview(generation: Generation, model: Model) -> dict[str, Any]:
    """Return position, counts, graphs and findings of a generation, as `toolbox-graph status --json` prints them."""
    describer = Describer(generation, model)
    with closing(Listing(generation.folder)) as listing:
        things = listing.counts()
    found, derived = findings.count(generation.folder), self_description.made(model.base)
    graphs = sorted(graph.value for graph in generation.store.named_graphs() if isinstance(graph, ox.NamedNode))
    return {
        "position": generation.name.position,
        "triples": size(generation.store, ""),
        "things": {kind: things.get(kind, 0) for kind in model.kinds},
        "graphs": [
            {
                "iri": graph,
                "triples": size(generation.store, graph),
                "source": None if graph in derived else source.iri,
                "date": source.date,
            }
            for graph, source in zip(graphs, map(describer.source, graphs), strict=True)
        ],
        "violations": found["Violation"],
        "warnings": found["Warning"],
        "coverage": coverage(generation.store, model),
    }
