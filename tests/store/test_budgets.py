"""Budgets: what a client has used up comes back with time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolbox_graph.errors import BudgetSpent
from toolbox_graph.store import budgets
from toolbox_graph.store.budgets import Budgets


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def begun(seconds: float = 10.0, errors: int = 3) -> tuple[Budgets, Clock]:
    """Return budgets and their clock."""
    clock = Clock()
    return Budgets(seconds, errors, clock), clock


def test_who_has_used_nothing_may_ask() -> None:
    made, _ = begun()
    made.require("ada")
    assert made.left("ada") == 10.0


def test_who_has_used_all_has_to_wait_until_something_is_back() -> None:
    made, clock = begun()
    made.charge("ada", seconds=13.0)
    with pytest.raises(BudgetSpent) as refusal:
        made.require("ada")
    assert refusal.value.members["retry_after"] == 3
    clock.now = 3.5
    made.require("ada")


def test_whose_queries_fail_too_often_has_to_wait() -> None:
    made, clock = begun()
    made.charge("ada", errors=3)
    with pytest.raises(BudgetSpent, match="3 queries that may fail in a minute") as refusal:
        made.require("ada")
    assert refusal.value.members["retry_after"] == 20
    clock.now = 20.0
    made.require("ada")


def test_one_client_does_not_pay_for_another() -> None:
    made, _ = begun()
    made.charge("ada", seconds=100.0)
    made.require("bob")
    assert made.left("bob") == 10.0


def test_what_we_ask_ourselves_costs_nothing() -> None:
    made, _ = begun()
    made.charge("", seconds=100.0, errors=100)
    made.require("")
    assert made.left("") == 10.0


def test_a_bucket_is_never_fuller_than_full() -> None:
    made, clock = begun()
    made.charge("ada", seconds=1.0)
    clock.now = 1e6
    assert made.left("ada") == 10.0


def test_of_many_clients_those_that_asked_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budgets, "CLIENTS", 2)
    made, _ = begun()
    for client in ("ada", "bob", "cleo"):
        made.charge(client, seconds=5.0)
    assert [made.left(client) for client in ("cleo", "bob")] == [5.0, 5.0]
    assert made.left("ada") == 10.0


@given(uses=st.lists(st.tuples(st.floats(0, 20), st.floats(0, 20)), max_size=20))
def test_who_waits_as_long_as_told_may_ask(uses: list[tuple[float, float]]) -> None:
    made, clock = begun()
    for seconds, pause in uses:
        made.charge("ada", seconds=seconds, errors=1)
        clock.now += pause
    for _ in range(2):
        try:
            made.require("ada")
        except BudgetSpent as refusal:
            wait = refusal.members["retry_after"]
            assert isinstance(wait, int)
            clock.now += wait + 0.001
    made.require("ada")
