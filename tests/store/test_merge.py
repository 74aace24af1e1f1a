"""Rules 1 and 2 of the merge: rank, then disagreement."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.store.merge import Allowed, Claim, Rank, shown

FIRST, SECOND = (1, 0, 0), (2, 0, 0)
NORMAL, PREFERRED, DEPRECATED = Rank.NORMAL, Rank.PREFERRED, Rank.DEPRECATED

CASES = [
    ("nothing stated, nothing shown", [], Allowed.MANY, set()),
    ("all normal claims are shown", [(NORMAL, FIRST, '"a"'), (NORMAL, SECOND, '"b"')], Allowed.MANY, {'"a"', '"b"'}),
    ("a preferred one hides them", [(PREFERRED, SECOND, '"b"'), (NORMAL, FIRST, '"a"')], Allowed.MANY, {'"b"'}),
    ("a deprecated one is not shown", [(DEPRECATED, FIRST, '"a"'), (NORMAL, SECOND, '"b"')], Allowed.MANY, {'"b"'}),
    ("even alone", [(DEPRECATED, FIRST, '"a"')], Allowed.ONE, set()),
    ("ranks count within a language", [(PREFERRED, FIRST, '"a"@en'), (NORMAL, FIRST, '"b"@fr')], Allowed.MANY, {'"a"@en', '"b"@fr'}),
    ("one value: the more trusted source", [(NORMAL, SECOND, '"a"'), (NORMAL, FIRST, '"b"')], Allowed.ONE, {'"b"'}),
    ("unless a reviewer decided", [(PREFERRED, SECOND, '"a"'), (NORMAL, FIRST, '"b"')], Allowed.ONE, {'"a"'}),
    ("then the one confirmed latest", [(NORMAL, (1, 0, -9), '"b"'), (NORMAL, (1, 0, -8), '"a"')], Allowed.ONE, {'"b"'}),
    ("then the smallest term", [(NORMAL, FIRST, '"b"'), (NORMAL, FIRST, '"a"')], Allowed.ONE, {'"a"'}),
    ("one for each language", [(NORMAL, SECOND, '"a"@en'), (NORMAL, FIRST, '"b"@en'), (NORMAL, SECOND, '"c"@fr')], Allowed.ONE_PER_LANGUAGE, {'"b"@en', '"c"@fr'}),
]  # fmt: skip

CLAIMS = st.builds(
    Claim,
    st.sampled_from(Rank),
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.integers(-2, 0)),
    st.sampled_from(['"a"', '"b"', '"a"@en', '"b"@en', '"c"@fr', "<urn:d>"]),
)


@pytest.mark.parametrize(
    ("claims", "allowed", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_merge_shows(claims: list[tuple[Rank, tuple[int, ...], str]], allowed: Allowed, expected: set[str]) -> None:
    assert shown([Claim(*claim) for claim in claims], allowed) == expected


@given(st.lists(CLAIMS), st.sampled_from(Allowed), st.randoms())
def test_the_order_of_claims_changes_nothing(claims: list[Claim], allowed: Allowed, random: object) -> None:
    shuffled = claims.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert shown(shuffled, allowed) == shown(claims, allowed)


@given(st.lists(CLAIMS))
def test_where_one_value_is_allowed_one_is_shown_if_any_stands(claims: list[Claim]) -> None:
    stands = any(claim.rank is not Rank.DEPRECATED for claim in claims)
    assert len(shown(claims, Allowed.ONE)) == stands
