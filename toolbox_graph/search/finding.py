"""Which things match these words and filters, in which order, and how many have which value?

All of one answer comes from one generation of the index. Counts of a facet's values are those under the choices made in
all other facets, for values of one facet are alternatives: each says how many things there would be with it alone.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from tantivy import Index, Occur, Order, Query

from toolbox_graph.errors import Unusable
from toolbox_graph.model import Model
from toolbox_graph.search.entries import HERE, ORDERS, THING, TITLE, WEIGHT, facet_field, place_field, schema
from toolbox_graph.search.facets import facets
from toolbox_graph.search.matching import Matcher, total

RELEVANCE, NAME = "relevance", "name"

SORTS = (RELEVANCE, NAME, *ORDERS)
"""The orders in which things found may stand."""

SHOWN = 50
"""Values that are told of a facet, the most frequent ones, beside those that are chosen."""

EVERY = 1_000_000
"""Values of which each part of the index keeps count: more than there are, so that counts are exact."""

Choices = Mapping[str, frozenset[str]]
"""The values that are chosen, by facet."""

Counts = Mapping[str, Mapping[str, int]]
"""How many things have each value, by facet."""


class Found(NamedTuple):
    """How many things match, and kind and key of those in one part of the list."""

    total: int
    things: Sequence[tuple[str, str]]


class Search:
    """The index of one generation, open for searching."""

    def __init__(self, folder: Path, model: Model) -> None:
        self.facets = facets(model)
        self._schema = schema(tuple(self.facets))
        try:
            self._searcher = Index.open(str(folder)).searcher()
        except ValueError as problem:
            raise Unusable(
                "There is no index for search that can be read; `toolbox-graph reindex` makes it."
            ) from problem
        self._matcher = Matcher(self._schema, self._searcher)
        # What a text means is asked at least twice, for things and for counts.
        self._meaning = lru_cache(maxsize=1_000)(self._matcher.query)
        self._counted = lru_cache(maxsize=200)(self._count)

    def find(self, text: str, choices: Choices, *, sort: str, language: str, limit: int, offset: int) -> Found:
        """Return a part of the things that match a text, or of all where it is empty, and all choices."""
        query = self._query(text, choices)
        if offset >= self._searcher.num_docs:
            return Found(total(self._searcher, query), ())
        answer = self._searcher.search(query, limit=limit, offset=offset, **_in_order(sort, language))
        return Found(answer.count, [self._thing(address) for _, address in answer.hits])  # type: ignore[attr-defined]

    def suggest(self, text: str, *, limit: int) -> Sequence[tuple[str, str]]:
        """Return the things that somebody may mean who is still typing, the likeliest first."""
        query = self._matcher.beginning(text)
        hits = self._searcher.search(query, limit=limit, count=False, weight_by_field=WEIGHT).hits
        return [self._thing(address) for _, address in hits]

    def counts(self, text: str, choices: Choices) -> Counts:
        """Return how many things have each value: of each facet the most frequent ones, and those that are chosen."""
        return self._counted(text, frozenset(choices.items()))

    def _count(self, text: str, chosen: frozenset[tuple[str, frozenset[str]]]) -> Counts:
        choices = dict(chosen)
        open_facets = [name for name in self.facets if name not in choices]
        found = self._aggregated(self._query(text, choices), open_facets, SHOWN)
        for name in choices:
            others = {other: values for other, values in choices.items() if other != name}
            every = self._aggregated(self._query(text, others), [name], EVERY)[name]
            listed = dict(list(every.items())[:SHOWN])
            found[name] = listed | {value: every.get(value, 0) for value in choices[name]}
        return {name: found[name] for name in self.facets}

    def _aggregated(self, query: Query, names: Sequence[str], most: int) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        asked = {name: {"terms": {"field": facet_field(name), "size": most, "segment_size": EVERY}} for name in names}
        answer = self._searcher.aggregate(query, asked)
        return {name: _sorted(answer[name]["buckets"]) for name in names}

    def _query(self, text: str, choices: Choices) -> Query:
        parts = [self._meaning(text) if text else Query.term_query(self._schema, TITLE, HERE)]
        parts += [self._any_of(name, values) for name, values in choices.items()]
        return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, part) for part in parts])

    def _any_of(self, name: str, values: frozenset[str]) -> Query:
        chosen = Query.term_set_query(self._schema, facet_field(name), sorted(values))
        # It is true or not, and counts for nothing beside the words.
        return Query.const_score_query(chosen, 0.0)

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


def _sorted(buckets: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """Return the values by how many have them; where as many do, by name."""
    counted = {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))
