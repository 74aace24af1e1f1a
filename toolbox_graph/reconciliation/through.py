"""How does one get from a name through the catalogue to an item of Wikidata?

A source of candidates before ours: the things are those of which we know the item, and the item's id is their id.
"""

from collections.abc import Iterable, Iterator, Sequence

from toolbox_graph.matching.records import Asked, Candidate
from toolbox_graph.reconciliation.own import Own
from toolbox_graph.reconciliation.things import Things


class ThroughWikidata:
    """The things of one generation that are linked to Wikidata, by the ids that they have there."""

    def __init__(self, own: Own, things: Things) -> None:
        self._own = own
        self._things = things

    def near(self, asked: Asked) -> list[Candidate]:
        """Return the linked things that a question may mean."""
        return list(self._linked(self._own.near(asked)))

    def by_id(self, ids: Sequence[str]) -> dict[str, Candidate]:
        """Return the things that are linked to some items."""
        found = ((one, self._things.of_item(one)) for one in ids)
        return {one: thing._replace(id=one) for one, thing in found if thing}

    def suggest(self, prefix: str, *, types: Sequence[str] = (), limit: int = 10) -> list[Candidate]:
        """Return the thing of that item, then those that somebody may mean who is still typing."""
        found = [*self.by_id([prefix]).values(), *self._linked(self._own.suggest(prefix, types=types, limit=5 * limit))]
        return list({thing.id: thing for thing in found}.values())[:limit]

    def classes_above(self, types: Sequence[str]) -> frozenset[str]:
        """Return these kinds: none is above another."""
        return self._own.classes_above(types)

    def _linked(self, found: Iterable[Candidate]) -> Iterator[Candidate]:
        for thing in found:
            if item := self._things.item(thing):
                yield thing._replace(id=item)
