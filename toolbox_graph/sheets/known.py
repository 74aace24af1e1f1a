"""What does the catalogue hold already, as far as a sheet has to know?"""

from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from toolbox_graph.namespaces import RDF, RDFS, Base
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import node, value_of

LABEL, TYPE = ox.NamedNode(str(RDFS.label)), ox.NamedNode(str(RDF.type))


class Known(Protocol):
    """What sheets are read beside."""

    def exists(self, iri: str) -> bool:
        """Return whether something is known to be of some class."""

    def named(self, kind: str, name: str) -> set[str]:
        """Return the keys of the things of a kind that have a name."""

    def values(self, iri: str, predicate: str) -> list[str]:
        """Return the values of a property of a thing."""


class Catalogue:
    """What a dataset holds, but for what an importer said before: that is about to be replaced."""

    def __init__(self, dataset: Dataset, base: Base, without: str = "") -> None:
        self._dataset = dataset
        self._base = base
        self._without = f"{base.graph(without)}/" if without else ""

    def exists(self, iri: str) -> bool:
        """Return whether something is known to be of some class."""
        return any(map(self._counts, self._dataset.store.quads_for_pattern(ox.NamedNode(iri), TYPE, None, None)))

    def named(self, kind: str, name: str) -> set[str]:
        """Return the keys of the things of a kind that have a name, in one of the languages of pages."""
        found = (self._base.split(thing) for thing in self._called(name))
        return {named[1] for named in found if named and named[0] == kind}

    def values(self, iri: str, predicate: str) -> list[str]:
        """Return the values of a property of a thing."""
        return list(map(value_of, self._dataset.values(node(iri), node(predicate))))

    def _called(self, name: str) -> Iterator[str]:
        for language in LANGUAGES:
            label = ox.Literal(name, language=language)
            for quad in self._dataset.store.quads_for_pattern(None, LABEL, label, None):
                if isinstance(quad.subject, ox.NamedNode) and self._counts(quad):
                    yield quad.subject.value

    def _counts(self, quad: ox.Quad) -> bool:
        graph = quad.graph_name
        return isinstance(graph, ox.NamedNode) and not (self._without and graph.value.startswith(self._without))
