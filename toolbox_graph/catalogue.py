"""What does the bundled catalogue answer, without a server?

    >>> from toolbox_graph import catalogue
    >>> bool(catalogue.query("ASK { <id/tool/openfisca> ?property ?value }"))
    True

It is made in memory from the bundled sheets when it is first asked for, which takes a second. The texts are your own,
so they are parsed here, without limits; what serves strangers is `store.workers`.
"""

from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from toolbox_graph import importing, imports, self_description
from toolbox_graph.derivation import Deriver
from toolbox_graph.model import Model
from toolbox_graph.namespaces import Base
from toolbox_graph.search.answering import answered
from toolbox_graph.search.finding import Search
from toolbox_graph.search.index import FOLDER, SearchIndex
from toolbox_graph.settings import DEFAULT_BASE
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.lexer import unescaped
from toolbox_graph.store.marks import NotTakenApart
from toolbox_graph.store.quads import iri
from toolbox_graph.store.search_clauses import read

BASE = Base(DEFAULT_BASE)


def query(text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
    """Return what a SPARQL query finds, as pyoxigraph gives it: to go through, or to `serialize()`."""
    try:
        clauses = read(unescaped(text), BASE.iri)
    except NotTakenApart:
        clauses = None
    return dataset().store.query(answered(clauses, index(), BASE) if clauses else text, base_iri=BASE.iri)


@cache
def index() -> Search:
    """Return the index of the bundled catalogue; it is made for the first query that searches."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        SearchIndex(Model.of(BASE)).update(folder, None, {}, dataset())
        # Its files are open, and fall away with it.
        return Search(folder / FOLDER, Model.of(BASE))


@cache
def dataset() -> Dataset:
    """Return the bundled catalogue in memory."""
    model = Model.of(BASE)
    made = Dataset(ox.Store(), model)
    made.apply([], self_description.project(model))
    for name in importing.importers():
        stated = sorted(imports.prepare(importing.find(name), made, model, date.today()).stated)
        made.apply([], stated)
        made.apply([], self_description.sources(model, {iri(quad.graph) for quad in stated}))
    Deriver(model, made).derive_all()
    return made
