"""Which things match these words and filters, and in which order?"""

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from tantivy import Index, Order

from toolbox_graph.errors import InvalidRequest, Unusable
from toolbox_graph.model import Model
from toolbox_graph.search.counting import Choices, Counting, Counts, Narrowing
from toolbox_graph.search.entries import ORDERS, THING, WEIGHT, place_field, schema
from toolbox_graph.search.facets import KIND, facets
from toolbox_graph.search.matching import NAMES, Matcher, total
from toolbox_graph.search.naming import Namesakes

RELEVANCE, NAME = "relevance", "name"

SORTS = (RELEVANCE, NAME, *ORDERS)
"""The orders in which things found may stand."""

FAR = 10_000
"""Things before a part of the list from which on it counts first how many there are.

By name no such part is given: the library reads the names of all before it, 25 µs for each.
"""


class Found(NamedTuple):
    """How many things match, and kind and key of those in one part of the list."""

    total: int
    things: Sequence[tuple[str, str]]


class Search:
    """The index of one generation, open for searching."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.facets = facets(model)
        fields = schema(tuple(self.facets))
        try:
            self._searcher = Index.open(str(folder)).searcher()
        except ValueError as problem:
            raise Unusable(
                "There is no index for search that can be read; `toolbox-graph reindex` makes it."
            ) from problem
        self._matcher = Matcher(fields, self._searcher)
        self._matcher_of_names = Matcher(fields, self._searcher, NAMES)
        self._narrowing = Narrowing(fields, self._matcher.query)
        self.namesakes = Namesakes(fields, self._searcher)
        # What is remembered must not hold this search: it would keep the files open until Python looks for circles.
        self._count = lru_cache(maxsize=200)(Counting(self._searcher, self._narrowing, self.facets).count)

    def find(self, text: str, choices: Choices, *, sort: str, language: str, limit: int, offset: int) -> Found:
        """Return a part of the things that match a text, or of all where it is empty, and all choices."""
        if offset >= FAR:
            matching = total(self._searcher, self._narrowing.query(text, choices))
            if offset >= matching:
                return Found(matching, ())
            if sort == NAME:
                raise InvalidRequest(
                    f"By name only the first {FAR:,} can be read; choose less, or take the list of a kind.",
                    parameter="offset",
                )
        return self._found(text, choices, {"limit": limit, "offset": offset, **_in_order(sort, language)})

    def _found(self, text: str, choices: Choices, part: Mapping[str, Any]) -> Found:
        if text and not choices and not self._matcher.is_settled(text):
            # Mostly something has all the words; to search for it at once spares to ask first whether anything has.
            strict = self._matcher.strict(text)
            if (answer := self._searcher.search(strict, **part)).count:  # type: ignore[attr-defined]
                self._matcher.settle(text, strict)
                return self._things(answer)
        return self._things(self._searcher.search(self._narrowing.query(text, choices), **part))

    def _things(self, answer: Any) -> Found:
        return Found(int(answer.count), [self._thing(address) for _, address in answer.hits])

    def ranked(self, text: str, *, limit: int, in_names: bool) -> Sequence[tuple[tuple[str, str], float]]:
        """Return the things that a text means, in names or anywhere, the best first, each with its score."""
        matcher = self._matcher_of_names if in_names else self._matcher
        answer = self._searcher.search(matcher.query(text), limit=limit, count=False, weight_by_field=WEIGHT)
        return [(self._thing(address), float(score)) for score, address in answer.hits]

    def suggest(self, text: str, *, limit: int, kinds: Collection[str] = ()) -> Sequence[tuple[str, str]]:
        """Return the things, of some kinds or of all, that somebody typing may mean, the likeliest first."""
        query = self._matcher.beginning(text)
        if kinds:
            query = self._narrowing.within(query, {KIND: frozenset(kinds)})
        hits = self._searcher.search(query, limit=limit, count=False, weight_by_field=WEIGHT).hits
        return [self._thing(address) for _, address in hits]

    def counts(self, text: str, choices: Choices) -> Counts:
        """Return how many things have each value: of each facet the most frequent ones, and those that are chosen."""
        return self._count(text, frozenset(choices.items()))

    def _thing(self, address: Any) -> tuple[str, str]:
        [thing] = self._searcher.doc(address)[THING]
        kind, _, key = thing.partition("/")
        return kind, key


def _in_order(sort: str, language: str) -> dict[str, Any]:
    """Return how the library is asked for an order."""
    match sort:
        case "relevance":
            return {"weight_by_field": WEIGHT}
        case "name":
            return {"order_by_field": place_field(language), "order": Order.Asc}
    return {"order_by_field": sort}
