"""Which entries do some words mean?

A thing matches that has every word, in whichever tier; the best tier counts. So does what is called like the whole
text, however that is put together. Where no thing has a word, nor a name that begins with it, words that are a letter
or two away stand in for it. Where no thing has all the words, those match that have any of them.
"""

from collections.abc import Iterable, Sequence

from tantivy import Occur, Query, Schema, Searcher

from toolbox_graph.search.entries import ALIAS, NAME, TAG, TEXT, TIERS, TITLE
from toolbox_graph.search.words import BEGUN, SHORT, forms, squeezed, telling, words

LONGEST = 200
"""Characters of a text that can be searched for."""

MOST = 12
"""Words that are looked for: each costs time, and who knows so many of a thing has found it with fewer."""

REMEMBERED = 1_000
"""Texts of which it is remembered what they mean."""

SCORES = {NAME: 8.0, ALIAS: 5.0, TAG: 3.0, TEXT: 1.0}
"""What a word is worth in each tier; a name outweighs all that a much used thing is lifted (`entries.weight`)."""

NAMES = (NAME, ALIAS)

BY_STEM, BY_BEGINNING, BY_LIKENESS = 0.9, 0.5, 0.4
"""What is left of it where the stem is the same, the word only begins so, or it is only like it."""

WHOLE, BEGINNING, LIKE_WHOLE = 20.0, 8.0, 10.0
"""What it is worth besides that the name is what was asked for, begins with it, or is like it."""

CERTAIN = 4
"""Letters from which on a word may be mistyped; a shorter one is like too many others."""

LONG = 8
"""Letters from which on a word may be mistyped twice."""


class Matcher:
    """Turns texts into queries of the index, which look into some tiers."""

    def __init__(self, schema: Schema, searcher: Searcher, tiers: Sequence[str] = TIERS) -> None:
        self._schema = schema
        self._searcher = searcher
        self._tiers = tiers
        self._settled: dict[str, Query] = {}

    def query(self, text: str) -> Query:
        """Return the query for the things that a text means."""
        settled = self._settled.get(text)
        if settled is None:
            strict = self.strict(text)
            settled = strict if self._finds(strict) else self._loose(text)
            self.settle(text, settled)
        return settled

    def is_settled(self, text: str) -> bool:
        """Return whether it is known what a text means."""
        return text in self._settled

    def settle(self, text: str, query: Query) -> None:
        """Remember what a text means: it is asked more than once, for things and for counts."""
        if len(self._settled) >= REMEMBERED:
            self._settled.clear()
        self._settled[text] = query

    def strict(self, text: str) -> Query:
        """Return the query for what has all the words of a text, or is called like it."""
        parts = [self._word(word) for word in telling(text)[:MOST]]
        return _any([_all(parts), *self._called(squeezed(text))]) if parts else Query.empty_query()

    def _loose(self, text: str) -> Query:
        """Return the query for what has any of the words of a text, or is called nearly like it."""
        parts = [self._word(word) for word in telling(text)[:MOST]]
        return _any([*parts, self._like(TITLE, squeezed(text), LIKE_WHOLE)])

    def beginning(self, text: str) -> Query:
        """Return the query for the things that somebody may mean who is still typing: by their names."""
        asked = words(text)[:MOST]
        if not asked:
            return Query.empty_query()
        *whole, last = asked
        parts = [_best(self._exact(word, NAMES)) for word in whole]
        parts.append(_best([*self._exact(last, NAMES), *self._beginning(last)]))
        name = squeezed(text)
        found = _any([_all(parts), *self._called(name)])
        return found if self._finds(found) else self._like(TITLE, name, LIKE_WHOLE, is_begun=True)

    def _word(self, word: str) -> Query:
        """Return the query for one word: as it is, else for what is like it."""
        found = _best([*self._exact(word, self._tiers), *self._beginning(word)])
        if self._is_known(word) or self._finds(found):
            return found
        return _best([self._like(tier, word, SCORES[tier] * BY_LIKENESS) for tier in self._tiers])

    def _is_known(self, word: str) -> bool:
        """Return whether some entry has a word as it is; to look for that takes less time than a whole query."""
        counted = (tier for tier in self._tiers if self._searcher.doc_freq(tier, word))
        # What only entries have that have been replaced since is counted too.
        return any(self._finds(Query.term_query(self._schema, tier, word)) for tier in counted)

    def _called(self, name: str) -> list[Query]:
        """Return the queries for what has a name, and for what has one that begins so."""
        whole = Query.term_query(self._schema, TITLE, name)
        return [Query.const_score_query(whole, WHOLE), self._begins(TITLE, name, BEGINNING)]

    def _exact(self, word: str, tiers: Iterable[str]) -> list[Query]:
        shares = {word: 1.0} | dict.fromkeys(forms(word), BY_STEM)
        return [
            Query.const_score_query(Query.term_query(self._schema, tier, form), SCORES[tier] * share)
            for tier in tiers
            for form, share in shares.items()
        ]

    def _beginning(self, word: str) -> list[Query]:
        return [self._begins(tier, word, SCORES[tier] * BY_BEGINNING) for tier in NAMES]

    def _begins(self, field: str, word: str, score: float) -> Query:
        if len(word) <= SHORT:
            # So many words begin so that they are found by a mark; within a name such a short beginning says nothing.
            begins = Query.term_query(self._schema, TITLE, BEGUN + word)
        else:
            begins = Query.fuzzy_term_query(self._schema, field, word, distance=0, prefix=True)
        return Query.const_score_query(begins, score)

    def _like(self, field: str, word: str, score: float, *, is_begun: bool = False) -> Query:
        """Return the query for words that are one letter away or, where there are none, two."""
        if len(word) < CERTAIN:
            return Query.empty_query()
        for distance in (1, 2) if len(word) >= LONG else (1,):
            like = Query.fuzzy_term_query(self._schema, field, word, distance=distance, prefix=is_begun)
            if self._finds(like):
                return Query.const_score_query(like, score)
        return Query.empty_query()

    def _finds(self, query: Query) -> bool:
        return total(self._searcher, query) > 0


def total(searcher: Searcher, query: Query) -> int:
    """Return how many entries match."""
    return int(searcher.search(query, limit=1).count)  # type: ignore[attr-defined]


def _all(parts: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, part) for part in parts])


def _any(parts: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, part) for part in parts])


def _best(parts: Sequence[Query]) -> Query:
    return Query.disjunction_max_query(parts)
