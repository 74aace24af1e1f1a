"""How many things have which value?

Counts of a facet's values are those under the choices made in all other facets, for values of one facet are
alternatives: each says how many things there would be with it alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tantivy import Occur, Query, Schema, Searcher

from toolbox_graph.search.entries import HERE, TITLE, facet_field
from toolbox_graph.search.matching import total

Choices = Mapping[str, frozenset[str]]
"""The values that are chosen, by facet."""

Counts = Mapping[str, Mapping[str, int]]
"""How many things have each value, by facet."""

SHOWN = 50
"""Values that are told of a facet, the most frequent ones, beside those that are chosen."""

EVERY = 1_000_000
"""Values of which each part of the index keeps count: more than there are, so that counts are exact."""


class Narrowing:
    """Turns texts and choices into queries of the index."""

    def __init__(self, schema: Schema, meaning: Callable[[str], Query]) -> None:
        self._schema = schema
        self._meaning = meaning

    def query(self, text: str, choices: Choices) -> Query:
        """Return the query for what a text means, or for all where it is empty, under some choices."""
        found = self._meaning(text) if text else Query.term_query(self._schema, TITLE, HERE)
        return self.within(found, choices)

    def within(self, found: Query, choices: Choices) -> Query:
        """Return a query under some choices."""
        return _all([found, *(self._any_of(name, values) for name, values in choices.items())])

    def _any_of(self, name: str, values: Iterable[str]) -> Query:
        chosen = Query.term_set_query(self._schema, facet_field(name), sorted(values))
        # It is true or not, and counts for nothing beside the words.
        return Query.const_score_query(chosen, 0.0)


class Counting:
    """Counts what is found by facets."""

    def __init__(self, searcher: Searcher, narrowing: Narrowing, facets: Iterable[str]) -> None:
        self._searcher = searcher
        self._narrowing = narrowing
        self._facets = tuple(facets)

    def count(self, text: str, chosen: frozenset[tuple[str, frozenset[str]]]) -> Counts:
        """Return how many things have each value: of each facet the most frequent ones, and those that are chosen."""
        choices = dict(chosen)
        found = self._most_frequent(text, choices, [name for name in self._facets if name not in choices])
        for name, values in choices.items():
            others = {other: wanted for other, wanted in choices.items() if other != name}
            found |= self._most_frequent(text, others, [name])
            for value in sorted(values - found[name].keys()):
                found[name][value] = self._with_value(text, others, name, value)
        return {name: found[name] for name in self._facets}

    def _most_frequent(self, text: str, choices: Choices, names: Sequence[str]) -> dict[str, dict[str, int]]:
        if not names:
            return {}
        asked = {name: {"terms": {"field": facet_field(name), "size": SHOWN, "segment_size": EVERY}} for name in names}
        answer = self._searcher.aggregate(self._narrowing.query(text, choices), asked)
        return {name: _counted(answer[name]["buckets"]) for name in names}

    def _with_value(self, text: str, choices: Choices, name: str, value: str) -> int:
        return total(self._searcher, self._narrowing.query(text, {**choices, name: frozenset({value})}))


def _counted(buckets: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}


def _all(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Query.boolean_query([(Occur.Must, part) for part in parts])
