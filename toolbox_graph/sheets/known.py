"""What does the catalogue hold already, as far as a sheet has to know?"""

from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox

from toolbox_graph.namespaces import RDFS, Base
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import MERGE, node, value_of

LABEL = ox.NamedNode(str(RDFS.label))


class Known(Protocol):
    """What sheets are read beside."""

    def exists(self, iri: str) -> bool:
        """Return whether something is known to be of some class."""

    def named(self, kind: str, name: str) -> set[str]:
        """Return the keys of the things of a kind that have a name."""

    def values(self, iri: str, predicate: str) -> list[str]:
        """Return the values of a property of a thing."""


class Catalogue:
    """What a dataset shows."""

    def __init__(self, dataset: Dataset, base: Base) -> None:
        self._dataset = dataset
        self._base = base

    def exists(self, iri: str) -> bool:
        """Return whether something is known to be of some class."""
        return bool(self._dataset.classes(node(iri)))

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
            for quad in self._dataset.store.quads_for_pattern(None, LABEL, label, MERGE):
                if isinstance(quad.subject, ox.NamedNode):
                    yield quad.subject.value
