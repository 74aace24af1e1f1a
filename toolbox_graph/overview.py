"""What does the catalogue hold, and in which state is it?"""

from contextlib import closing
from typing import Any

import pyoxigraph as ox

from toolbox_graph import findings
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
    found = findings.count(generation.folder)
    graphs = sorted(graph.value for graph in generation.store.named_graphs() if isinstance(graph, ox.NamedNode))
    return {
        "position": generation.name.position,
        "triples": size(generation.store, ""),
        "things": {kind: things.get(kind, 0) for kind in model.kinds},
        "graphs": [
            {
                "iri": graph,
                "triples": size(generation.store, graph),
                "source": describer.source(graph).iri,
                "date": describer.source(graph).date,
            }
            for graph in graphs
        ],
        "violations": found["Violation"],
        "warnings": found["Warning"],
        "coverage": coverage(generation.store, model),
    }
