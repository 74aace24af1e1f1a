"""Which of the claims about a thing does the published catalogue show?

By rank: for each property and language the preferred claims if there are any, else the normal ones, never a
deprecated one. By disagreement: where a shape allows one value, the claim that comes first in the order of sources;
between equals the one confirmed latest, then the smallest term, so that the order in which sources were imported
changes nothing.

A rank is given to a statement, whoever makes it: who finds that the summit did not begin on the sixth finds so of every
source that says it.
"""

from collections import defaultdict
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from toolbox_graph.store.quads import language


class Rank(IntEnum):
    """How a claim stands to the others; the smaller, the better."""

    PREFERRED = 0
    NORMAL = 1
    DEPRECATED = 2


class Allowed(IntEnum):
    """How many values of a property the shapes of a thing allow."""

    MANY = 0
    ONE_PER_LANGUAGE = 1
    ONE = 2


class Claim(NamedTuple):
    """One value that a source states; the fields are in the order in which they decide, the smaller first."""

    rank: Rank
    place: tuple[int, ...]
    value: str


def shown(claims: Iterable[Claim], allowed: Allowed) -> set[str]:
    """Return which values the merge holds of the claims about one property of one thing.

    >>> second, first = Claim(Rank.NORMAL, (2, 0), '"2"'), Claim(Rank.NORMAL, (1, 0), '"1"')
    >>> shown([second, first], Allowed.ONE)
    {'"1"'}
    >>> shown([second._replace(rank=Rank.PREFERRED), first], Allowed.MANY)
    {'"2"'}
    """
    groups: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.rank is not Rank.DEPRECATED:
            groups[language(claim.value)].append(claim)
    match allowed:
        case Allowed.ONE:
            best = [min(claim for group in groups.values() for claim in group)] if groups else []
        case Allowed.ONE_PER_LANGUAGE:
            best = [min(group) for group in groups.values()]
        case Allowed.MANY:
            best = [claim for group in groups.values() for claim in group if claim.rank == min(group).rank]
    return {claim.value for claim in best}
