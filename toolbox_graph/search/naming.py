"""Which things may a name mean?

Whoever matches names compares them letter by letter; here those are found that are worth it, by the whole name and by
its rarest words. What many things have says little, and to read all that have it would take long.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from tantivy import Occur, Query, Schema, Searcher

from toolbox_graph.search.entries import ALIAS, HERE, NAME, THING, TITLE, facet_field
from toolbox_graph.search.facets import KIND
from toolbox_graph.search.matching import CERTAIN, LONG
from toolbox_graph.search.words import squeezed, telling

Counted = tuple[int, str]
"""A word, after the number of things that have it."""

TIERS = (NAME, ALIAS)

COMMON = 3_000
"""Things that may have a word which says anything."""

RAREST = 4
"""Words of a name by which things are looked for, the rarest."""

UNKNOWN = 2
"""Words that nothing has, perhaps mistyped, by which things are looked for: each takes as long as a whole name."""

WHOLE, LIKE_WHOLE, LIKE = 20.0, 5.0, 2.0
"""What the whole name is worth, one that is like it, and a word that is like one; a word of one thing is worth 7."""


class Namesakes:
    """Finds the things of one index that names may mean."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        self._schema = schema
        self._searcher = searcher

    def find(self, names: Iterable[str], kinds: Collection[str], *, limit: int) -> list[tuple[str, str]]:
        """Return kind and key of things of some kinds, or of all, the likeliest first; so many for each name."""
        found = (thing for name in names for thing in self._named(name, kinds, limit))
        return list(dict.fromkeys(found))

    def _named(self, name: str, kinds: Collection[str], limit: int) -> Iterator[tuple[str, str]]:
        if query := self._called(name):
            for _, address in self._searcher.search(self._of(kinds, query), limit=limit, count=False).hits:
                [thing] = self._searcher.doc(address)[THING]
                kind, _, key = thing.partition("/")
                yield kind, key

    def _of(self, kinds: Collection[str], query: Query) -> Query:
        here = Query.term_query(self._schema, TITLE, HERE)
        of_kinds = Query.term_set_query(self._schema, facet_field(KIND), sorted(kinds)) if kinds else here
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, Query.const_score_query(of_kinds, 0.0))])

    def _called(self, name: str) -> Query | None:
        """Return the query for what a name may mean; None where it says nothing.

        A number orders what the words beside it find: that something else has the same year or number tells nothing.
        """
        counted = sorted((self._count(word), word) for word in dict.fromkeys(telling(name)))
        words = [(count, word) for count, word in counted if not word.isdecimal()] or counted
        numbers = [(Occur.Should, part) for part in self._rare([one for one in counted if one not in words])]
        parts = self._parts(squeezed(name), words, counted)
        return Query.boolean_query([(Occur.Must, _any(parts)), *numbers]) if parts else None

    def _parts(self, title: str, words: Sequence[Counted], counted: Sequence[Counted]) -> list[Query]:
        """Return the queries for what is called so, however it is put together, for its rarest words, and for others.

        Words that nothing has, a whole name that is written nearly so, and words that are common, are looked for only
        where there is nothing rarer: each takes as long as all else.
        """
        rare = self._rare(words)
        if self._searcher.doc_freq(TITLE, title):
            return [Query.const_score_query(Query.term_query(self._schema, TITLE, title), WHOLE), *rare]
        unknown = [word for count, word in words if not count and len(word) >= CERTAIN][:UNKNOWN]
        parts = [*rare, *(self._like(NAME, word, LIKE) for word in unknown)]
        if not rare and len(title) >= CERTAIN:
            parts.append(self._like(TITLE, title, LIKE_WHOLE))
        if len(counted) > 1 and not rare and not unknown:
            every = Query.boolean_query([(Occur.Must, self._has(word)) for _, word in counted[:RAREST]])
            parts.append(Query.const_score_query(every, LIKE))
        return parts

    def _rare(self, counted: Sequence[Counted]) -> list[Query]:
        """Return the queries for the rarest of some words."""
        rare = [(count, word) for count, word in counted if 0 < count <= COMMON][:RAREST]
        return [Query.const_score_query(self._has(word), 10 / math.sqrt(1 + count)) for count, word in rare]

    def _has(self, word: str) -> Query:
        return _any([Query.term_query(self._schema, tier, word) for tier in TIERS])

    def _count(self, word: str) -> int:
        return sum(self._searcher.doc_freq(tier, word) for tier in TIERS)

    def _like(self, field: str, word: str, score: float) -> Query:
        distance = 2 if len(word) >= LONG else 1
        return Query.const_score_query(Query.fuzzy_term_query(self._schema, field, word, distance=distance), score)


def _any(parts: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, part) for part in parts])
