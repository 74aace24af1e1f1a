"""What do we know of our things that tells which items of Wikidata they are?"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph.errors import NotFound
from toolbox_graph.evidence import Evidence, classes
from toolbox_graph.matching.records import Asked
from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.namespaces import DCTERMS, OWL, RDF, RDFS, SKOS, WD
from toolbox_graph.store.lookup import shown, subjects, values

SAME, EXACT, CLOSE = map(str, (OWL.sameAs, SKOS.exactMatch, SKOS.closeMatch))
PREDICATES = (SAME, EXACT, CLOSE)
"""What links to Wikidata, the strongest first."""


class Thing(NamedTuple):
    """A thing of ours as it is asked for, with the items that it is linked to, each by a predicate."""

    iri: str
    kind: str
    key: str
    labels: Labels
    descriptions: Labels
    asked: Asked
    links: Sequence[tuple[str, str]]

    @property
    def name(self) -> str:
        """Kind and key."""
        return f"{self.kind}/{self.key}"

    @property
    def label(self) -> str:
        """What it is called, in English if that is known."""
        return in_language(self.labels, "en")

    @property
    def is_linked(self) -> bool:
        """Whether it is said to be the very same as an item, not only nearly."""
        return any(predicate != CLOSE for predicate, _ in self.links)

    @property
    def digest(self) -> str:
        """What changes when something changes by which it is told apart from others."""
        return digest(self.asked._asdict())


def digest(value: object) -> str:
    """Return a short text that is the same for the same value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def alone(values: Sequence[str]) -> str:
    """Return the value that there is; nothing where there are several, of which each may be another thing's too.

    >>> alone(["FR"]), alone(["FR", "TN"]), alone([])
    ('FR', '', '')
    """
    return values[0] if len(values) == 1 else ""


class Things:
    """The things that the merge of a store shows."""

    def __init__(self, store: ox.Store, model: Model) -> None:
        self._store = store
        self._model = model
        self._evidence = Evidence.of(model)

    def of_kind(self, kind: str) -> list[Thing]:
        """Return the things of a kind, by name."""
        found = subjects(self._store, str(RDF.type), self._model.kinds[kind].iri)
        named = sorted({iri for iri in found if self._model.base.split(iri) and "#" not in iri})
        return [thing for iri in named if (thing := self._read(iri)).kind == kind]

    def find(self, name: str) -> Thing:
        """Return the thing of a name such as `tool/ckan`."""
        kind, _, key = name.partition("/")
        iri = self._model.base.thing(kind, key)
        if not self._texts(iri, str(RDFS.label)):
            raise NotFound(f"There is no thing {name!r}; name it by kind and key, such as tool/ckan.")
        return self._read(iri)

    def labels(self, name: str) -> Labels:
        """Return what the thing of a name is called; nothing where there is no such thing."""
        return self._texts(self._model.base.thing(*name.split("/")), str(RDFS.label))

    def linked(self) -> Iterator[Thing]:
        """Yield all things that are linked to an item, by name."""
        found = {
            quad.subject.value
            for predicate in PREDICATES
            for quad in self._store.quads_for_pattern(None, ox.NamedNode(predicate), None, ox.DefaultGraph())
            if isinstance(quad.subject, ox.NamedNode)
            and isinstance(quad.object, ox.NamedNode)
            and quad.object.value.startswith(WD)
        }
        yield from (self._read(iri) for iri in sorted(found) if self._model.base.split(iri))

    def item_of(self, iri: str) -> str:
        """Return the item that is the very same as a thing, nothing where none is known."""
        return next((item for predicate, item in self._links(iri) if predicate == SAME), "")

    def _read(self, iri: str) -> Thing:
        kind, key = self._model.base.split(iri) or ("", "")
        labels = self._texts(iri, str(RDFS.label))
        descriptions = self._texts(iri, str(DCTERMS.description))
        return Thing(iri, kind, key, labels, descriptions, self._asked(iri, kind, key, labels), self._links(iri))

    def _asked(self, iri: str, kind: str, key: str, labels: Labels) -> Asked:
        name = in_language(labels, "en")
        also = [*sorted(labels.values()), *self._values(iri, str(SKOS.altLabel))]
        told = self._evidence.read(kind, key, shown(self._store, iri), self._model.base)
        return Asked(
            name=name,
            aliases=tuple(dict.fromkeys(text for text in also if text != name)),
            language=next((language for language, text in labels.items() if text == name), "") or "en",
            types=classes(self._model, kind),
            websites=told.websites,
            repositories=told.repositories,
            country=alone(told.countries),
            ids={
                self._evidence.in_wikidata[name]: alone(given)
                for name, given in told.ids.items()
                if name in self._evidence.in_wikidata and alone(given)
            },
        )

    def _links(self, iri: str) -> list[tuple[str, str]]:
        return [
            (predicate, value.removeprefix(WD))
            for predicate in PREDICATES
            for value in self._values(iri, predicate)
            if value.startswith(WD)
        ]

    def _texts(self, iri: str, predicate: str) -> dict[str, str]:
        found = (value for value in values(self._store, iri, predicate) if isinstance(value, ox.Literal))
        return {text.language or "": text.value for text in sorted(found, key=str)}

    def _values(self, iri: str, predicate: str) -> list[str]:
        return sorted(value.value for value in values(self._store, iri, predicate))
