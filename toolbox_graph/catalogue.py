"""What does the bundled catalogue answer, without a server?

    >>> from toolbox_graph import catalogue
    >>> bool(catalogue.query("ASK { <id/tool/openfisca> ?property ?value }"))
    True

It is made in memory from the bundled sheets when it is first asked for, which takes a second. The texts are your own,
so they are parsed here, without limits; what serves strangers is `store.workers`.
"""

from datetime import date
from functools import cache

import pyoxigraph as ox

from toolbox_graph import importing, imports, self_description
from toolbox_graph.derivation import Deriver
from toolbox_graph.model import Model
from toolbox_graph.namespaces import Base
from toolbox_graph.settings import DEFAULT_BASE
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import iri

BASE = Base(DEFAULT_BASE)


def query(text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Return what a SPARQL query finds, as pyoxigraph gives it: to go through, or to `serialize()`."""
    return dataset().store.query(text, base_iri=BASE.iri)


@cache
def dataset() -> Dataset:
    """Return the bundled catalogue in memory."""
    model = Model(BASE)
    made = Dataset(ox.Store(), model)
    made.apply([], self_description.project(model))
    for name in importing.importers():
        stated = sorted(imports.prepare(importing.find(name), made, model, date.today()).stated)
        made.apply([], stated)
        made.apply([], self_description.sources(model, {iri(quad.graph) for quad in stated}))
    Deriver(model, made).derive_all()
    return made
