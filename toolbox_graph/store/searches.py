"""How does what a search finds stand in a query in the place of the search?"""

from collections.abc import Sequence
from typing import NamedTuple

import pyoxigraph as ox


class Clause(NamedTuple):
    """A search: where what it finds is to stand, and which variables get it; what it is for, as `Arguments` have it.

    `score` and `given`, the variable that has the words, are empty where there are none.
    """

    at: int
    thing: str
    score: str
    given: str
    words: tuple[ox.Literal, ...]
    in_names: bool
    limit: int


Gap = tuple[int, int, str]
"""From where to where a text falls away, and what stays in its place."""


class Clauses(NamedTuple):
    """A query, its searches, and what falls away when they are answered."""

    text: str
    clauses: Sequence[Clause]
    gaps: Sequence[Gap]

    def answered(self, answers: Sequence[str]) -> str:
        """Return the query with answers in the place of its searches; each line of it stays where it is."""
        put = [(clause.at, clause.at, f"{answer} ") for clause, answer in zip(self.clauses, answers, strict=True)]
        filled = {clause.at for clause in self.clauses}
        left = [
            (start, end, ("" if start in filled else stays) + "\n" * self.text.count("\n", start, end))
            for start, end, stays in self.gaps
        ]
        pieces, at = [], 0
        for start, end, instead in sorted([*put, *left], key=lambda edit: edit[:2]):
            pieces += [self.text[at:start], instead]
            at = end
        return "".join([*pieces, self.text[at:]])
