"""What do we know of our things that tells which items of Wikidata they are?"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph.errors import NotFound
from toolbox_graph.matching.kinds import classes_of
from toolbox_graph.matching.records import Asked
from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.namespaces import DCTERMS, FOAF, OWL, RDF, RDFS, SCHEMA, SKOS, WD
from toolbox_graph.store.lookup import subjects, values

CLASSES: Mapping[str, Sequence[str]] = {
    "tool": classes_of("tool"),
    "organization": classes_of("organisation"),
    "country": classes_of("country"),
    "licence": ("Q79719",),
}
"""The classes of Wikidata of which the things of a kind are; of other kinds any may be."""

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


class Things:
    """The things that the merge of a store shows."""

    def __init__(self, store: ox.Store, model: Model) -> None:
        self._store = store
        self._model = model

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
        code = key.upper()
        return Asked(
            name=name,
            aliases=tuple(dict.fromkeys(text for text in also if text != name)),
            language=next((language for language, text in labels.items() if text == name), "") or "en",
            types=tuple(CLASSES.get(kind, ())),
            websites=tuple(self._values(iri, str(FOAF.homepage))),
            repositories=tuple(self._values(iri, str(SCHEMA.codeRepository))),
            country=code if kind == "country" else self._country(iri),
            ids={"P297": code} if kind == "country" else {},
        )

    def _country(self, iri: str) -> str:
        """Return the code of the country of a thing that is in one alone."""
        countries = [self._model.base.split(value) for value in self._values(iri, str(DCTERMS.spatial))]
        return countries[0][1].upper() if len(countries) == 1 and countries[0] else ""

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
