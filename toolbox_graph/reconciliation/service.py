"""What does the reconciliation service answer, from one generation?

A query is matched by `matching.deciding`, which knows nothing of the catalogue; here it is said in the words of the
Reconciliation Service API 0.2, of which 0.1 is a part.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import pyoxigraph as ox

from toolbox_graph.matching.deciding import match
from toolbox_graph.matching.records import Candidate, Match, Source
from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.reconciliation.asking import Reading
from toolbox_graph.reconciliation.extending import Extension
from toolbox_graph.reconciliation.manifest import Root
from toolbox_graph.reconciliation.own import Own, is_of
from toolbox_graph.reconciliation.schema import Schema, beginning
from toolbox_graph.reconciliation.things import Things, iri
from toolbox_graph.reconciliation.through import ThroughWikidata
from toolbox_graph.search.finding import Search

SUGGESTED = 10
"""Suggestions of one answer."""

FAR = 1_000
"""Suggestions that can be left out; who wants to see more asks otherwise."""


class Part(NamedTuple):
    """How many suggestions are left out, and how many are given at most."""

    offset: int = 0
    limit: int = SUGGESTED


class Reconciliation:
    """The service over one generation; `labels` tells what things and terms are called."""

    def __init__(
        self, store: ox.Store, schema: Schema, model: Model, search: Search, labels: Callable[[str], Labels]
    ) -> None:
        self.things = Things(store, model)
        self.schema = schema
        self._model = model
        self._own = Own(self.things, search)
        self._through = ThroughWikidata(self._own, self.things)
        self._extension = Extension(store, model, schema, labels)

    def answer(self, batch: Mapping[str, Any], root: Root, language: str) -> dict[str, Any]:
        """Return the candidates of each query of a batch."""
        reading, source = Reading(self.schema, self._model, root.kinds), self._source(root)
        return {key: {"result": self._result(query, reading, source, language)} for key, query in batch.items()}

    def _result(self, query: object, reading: Reading, source: Source, language: str) -> list[dict[str, Any]]:
        asked = reading.asked(query)
        found = match(asked, source) if asked else []
        # A thing whose id was the question may be of another kind.
        return [self._told(one, language) for one in found if asked and is_of(one.candidate, asked.types)]

    def _told(self, found: Match, language: str) -> dict[str, Any]:
        return {
            **self.entity(found.candidate, language),
            "score": found.score,
            "match": found.match,
            "features": [{"id": name, "value": value} for name, value in sorted(found.features.items())],
        }

    def suggest(self, prefix: str, part: Part, root: Root, language: str, kinds: Any = None) -> list[dict[str, Any]]:
        """Return a part of the things that somebody may mean who is still typing."""
        if part.offset > FAR:
            return []
        types = Reading(self.schema, self._model, root.kinds).kinds(kinds)
        found = self._source(root).suggest(prefix, types=types, limit=part.offset + part.limit)
        return [self.entity(thing, language, "notable") for thing in found[part.offset :]]

    def suggest_terms(self, what: str, prefix: str, part: Part, root: Root, language: str) -> list[dict[str, str]]:
        """Return a part of the types or the properties of which the id or a name begins so."""
        entries = [self.schema.types[kind] for kind in root.kinds or self.schema.types]
        found = beginning(entries if what == "type" else self.schema.of(root.kinds), prefix, language)
        return [entry.tell(language) for entry in found[part.offset : part.offset + part.limit]]

    def extend(self, query: Mapping[str, Any], root: Root, language: str) -> dict[str, Any]:
        """Return the values that things have of properties."""
        return self._extension.extend(query, partial(self._iri, root), language)

    def texts(self, one: str, name: str, root: Root) -> set[str]:
        """Return the values that a thing has of a property, as texts, and as ids of things."""
        return self._extension.texts(self._iri(root, one), name)

    def find(self, one: str) -> Candidate | None:
        """Return the thing with an id, ours or that of Wikidata."""
        return self.things.find(one) or self.things.of_item(one)

    def tell(self, one: str, language: str) -> dict[str, Any]:
        """Return what a thing is called, and a text about it; nothing where there is none."""
        found = self.find(one)
        return self.entity(found, language) if found else {}

    def tell_term(self, what: str, one: str, language: str) -> dict[str, str]:
        """Return what a type or a property is called, and what it means; nothing where there is none."""
        found = self.schema.types.get(one) if what == "type" else self.schema.property(one)
        return found.tell(language) if found else {}

    def _source(self, root: Root) -> Own | ThroughWikidata:
        return self._through if root.is_through else self._own

    def entity(self, thing: Candidate, language: str, types: str = "type") -> dict[str, Any]:
        """Return what a thing is called, a text about it, and its types, under the name that they have there."""
        # What is compared has no texts.
        known = self.find(thing.id) or thing
        description = _in_language(known.descriptions, language)
        return {
            "id": thing.id,
            "name": _in_language(thing.labels, language) or thing.id,
            **({"description": description} if description else {}),
            types: [
                {"id": kind, "name": in_language(self.schema.types[kind].labels, language)} for kind in thing.types
            ],
        }

    def _iri(self, root: Root, one: str) -> str:
        found = self.things.of_item(one) if root.is_through else self.things.find(one)
        return iri(found.id, self._model) or "" if found else ""


def _in_language(texts: Mapping[str, Any], language: str) -> str:
    return in_language({spoken: found[0] for spoken, found in texts.items() if found}, language)
