"""Which things of the catalogue may a question mean?

No index is kept for this alone: names are looked up in the index for search, addresses and identifiers in the store.
Both are of one generation, so an answer never mixes two states of the catalogue.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from toolbox_graph.evidence import COUNTRY, IDENTIFIER, REPOSITORY, WEBSITE
from toolbox_graph.matching import addresses, countries
from toolbox_graph.matching.folding import plain, variants
from toolbox_graph.matching.records import Asked, Candidate
from toolbox_graph.reconciliation import things
from toolbox_graph.reconciliation.things import Things
from toolbox_graph.search.facets import KIND
from toolbox_graph.search.finding import RELEVANCE, Search
from toolbox_graph.store.lookup import Term

NEAR = 12
"""Things with a name that may be meant which are compared; the index gives the likeliest first."""

NAMES = 4
"""Names of one question by which things are looked for."""


class Own:
    """The things of one generation as a source of candidates; the types are our kinds."""

    def __init__(self, found: Things, search: Search) -> None:
        self._things = found
        self._search = search

    def near(self, asked: Asked) -> list[Candidate]:
        """Return the things of the asked kinds with an address, an identifier or a name like those of the question."""
        names = [*self._exact(asked), *self._named(asked)]
        candidates = (self._things.candidate(name) for name in dict.fromkeys(names))
        return [_undescribed(thing) for thing in candidates if thing and is_of(thing, asked.types)]

    def by_id(self, ids: Sequence[str]) -> dict[str, Candidate]:
        """Return the things with some ids, or that have taken their place; those of Wikidata are understood too."""
        found = ((one, self._things.find(one) or self._things.of_item(one)) for one in ids)
        return {one: _undescribed(thing) for one, thing in found if thing}

    def suggest(self, prefix: str, *, types: Sequence[str] = (), limit: int = 10) -> list[Candidate]:
        """Return the thing with that id, then those that somebody may mean who is still typing."""
        named = self._things.find(prefix)
        found = [named] if named and is_of(named, types) else []
        model = self._things.model
        for thing in self._begun(prefix, types, limit):
            if (candidate := self._things.candidate(model.base.thing(*thing))) and candidate not in found:
                found.append(candidate)
        return found[:limit]

    def classes_above(self, types: Sequence[str]) -> frozenset[str]:
        """Return these kinds: none is above another."""
        return frozenset(types)

    def _begun(self, prefix: str, kinds: Sequence[str], limit: int) -> Sequence[tuple[str, str]]:
        if prefix:
            return self._search.suggest(prefix, limit=limit, kinds=kinds)
        chosen = {KIND: frozenset(kinds)} if kinds else {}
        return self._search.find("", chosen, sort=RELEVANCE, language="en", limit=limit, offset=0).things

    def _exact(self, asked: Asked) -> Iterator[str]:
        """Yield the things that have an address or an identifier of the question."""
        base, evidence = self._things.model.base, self._things.evidence
        yield from self._with(evidence.properties(WEBSITE), asked.websites, things.websites)
        # Some give the repository as the website.
        yield from self._with(
            evidence.properties(REPOSITORY), [*asked.repositories, *asked.websites], things.repositories
        )
        for name in evidence.properties(IDENTIFIER):
            if given := asked.ids.get(things.scheme(name)):
                yield from self._things.with_value(name, things.terms(given))
        for name in asked.names[:NAMES]:
            if code := countries.by_name(name):
                yield base.thing(COUNTRY, code.lower())

    def _with(
        self, properties: Iterable[str], given: Iterable[str], written: Callable[[str], Collection[Term]]
    ) -> Iterator[str]:
        for name in properties:
            for address in given:
                yield from self._things.with_value(name, written(address))

    def _named(self, asked: Asked) -> Iterator[str]:
        names = dict.fromkeys(form for name in asked.names[:NAMES] for form in _forms(name))
        for address in asked.repositories:
            names[addresses.repository(address).rpartition("/")[2]] = None
        for thing in self._search.namesakes.find(filter(None, names), asked.types, limit=NEAR):
            yield self._things.model.base.thing(*thing)


def _forms(name: str) -> Iterator[str]:
    """Yield a name, without what stands in parentheses too, and in Latin letters where it is in others.

    >>> list(_forms("CKAN (software)")), list(_forms("Москва"))
    (['CKAN (software)', 'CKAN'], ['Москва', 'moskva'])
    """
    yield from variants(name)[:2]
    if not name.isascii():
        yield plain(name)


def _undescribed(thing: Candidate) -> Candidate:
    """Return a candidate without texts: the matcher reads a few words such as "former university in Mali" there.

    Ours are sentences, which tell of other countries, and of what there was before.
    """
    return thing._replace(descriptions={})


def is_of(thing: Candidate, kinds: Collection[str]) -> bool:
    """Tell whether a thing is of one of some kinds; if there are none, it is."""
    return not kinds or bool(set(kinds) & set(thing.types))
