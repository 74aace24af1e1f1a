"""Which of our facts could an item of Wikidata tell as well, and where are they said?"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import pyoxigraph as ox

from toolbox_graph.entities import Describer, Value
from toolbox_graph.evidence import Evidence
from toolbox_graph.linking.quickstatements import COUNTRY, REPOSITORY, WEBSITE, Fact, Reference
from toolbox_graph.linking.things import Thing, Things
from toolbox_graph.namespaces import FOAF
from toolbox_graph.store.lookup import values

EXPECTED: Mapping[str, Sequence[str]] = {
    "tool": (WEBSITE, REPOSITORY),
    "organization": (WEBSITE, COUNTRY),
    "use-case": (WEBSITE, COUNTRY),
}
"""The properties of which both sides should know something, by kind."""

REFERENCES = 2
"""Sources that are named for one fact."""


class Facts:
    """Reads the facts of things, with their sources."""

    def __init__(self, describer: Describer, store: ox.Store) -> None:
        self._describer = describer
        self._store = store
        self._things = Things(store, describer.model)
        self._properties = Evidence.of(describer.model).in_wikidata

    def of(self, thing: Thing, item: str) -> Iterator[Fact]:
        """Yield what an item should say, if it is the thing."""
        description = self._describer.find(thing.kind, thing.key)
        assert description
        for ours, theirs in self._properties.items():
            if theirs not in EXPECTED.get(thing.kind, ()):
                continue
            for value in description.values(ours):
                if said := self._value(value, theirs):
                    yield Fact(item, theirs, said, self._references(thing, value), is_item=theirs == COUNTRY)

    def _value(self, value: Value, name: str) -> str:
        return self._things.item_of(value.term.value) if name == COUNTRY else value.term.value

    def _references(self, thing: Thing, value: Value) -> Sequence[Reference]:
        """Return the pages of the sources that say something; where a source has none, our page of the thing."""
        found: dict[str, Reference] = {}
        for source in value.stated.values():
            pages = [page.value for page in values(self._store, source.iri, str(FOAF.page))]
            day = date.fromisoformat(source.date) if source.date else None
            address = min(pages, default=thing.iri)
            found.setdefault(address, Reference(address, day))
        return [found[address] for address in sorted(found)][:REFERENCES]
