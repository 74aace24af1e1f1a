"""Wikidata is a source of candidates like any other, and what it has answered is kept."""

from collections.abc import Callable

import pytest

from tests.wikidata.standin import DOWN, Standin
from toolbox_graph.errors import NotFound, ServiceFailed
from toolbox_graph.matching.deciding import match
from toolbox_graph.matching.kinds import classes_of
from toolbox_graph.matching.records import Asked, Evidence
from toolbox_graph.wikidata.asking import Wikidata
from toolbox_graph.wikidata.kept import DAY, Kept
from toolbox_graph.wikidata.live import Live

DOOR = Asked("Door", types=classes_of("tool"), websites=["https://door.example.org/"])
INSTITUTE = Asked("Keys Inc.", types=classes_of("organisation"), ids={"P6782": "000fict00"})


@pytest.mark.parametrize(
    ("asked", "item", "evidence"),
    [
        (DOOR, "Q900000001", Evidence.ADDRESS),
        (INSTITUTE, "Q900000005", Evidence.IDENTIFIER),
        (Asked("house/door", repositories=["git@github.com:House/door.git"]), "Q900000001", Evidence.IDENTIFIER),
        (Asked("Institut des clés", language="fr", country="FR"), "Q900000005", Evidence.NAME),
        (Asked("Inst. of Keys", ["Institut des clés"], country="FR"), "Q900000005", Evidence.NAME),
        (Asked("Q900000004"), "Q900000004", Evidence.GIVEN),
    ],
)
def test_the_matcher_decides_over_it(live: Live, asked: Asked, item: str, evidence: Evidence) -> None:
    best = match(asked, live)[0]
    assert (best.candidate.id, best.evidence, best.match) == (item, evidence, True)


def test_what_is_known_of_nothing_has_no_match(live: Live) -> None:
    assert match(Asked("zzqx", types=classes_of("tool")), live) == []


def test_a_country_is_told_by_its_code(live: Live) -> None:
    assert live.by_id(["Q900000001"])["Q900000001"].countries == ("FR",)


def test_an_item_that_was_merged_says_so(live: Live) -> None:
    found = live.by_id(["Q900000009", "Q183"])["Q900000009"]
    assert (found.id, found.same_as) == ("Q900000001", ("Q900000009",))


def test_a_prefix_suggests(live: Live) -> None:
    assert [one.id for one in live.suggest("Doo", types=["Q7397"])] == ["Q900000001"]


def test_what_was_answered_is_not_asked_again(live: Live, standin: Standin) -> None:
    first = match(DOOR, live)
    standin.seen.clear()
    assert match(DOOR, live) == first
    assert standin.seen == []


def test_a_batch_is_asked_for_in_few_requests(live: Live, standin: Standin) -> None:
    batch = [DOOR._replace(name=f"Door {number}") for number in range(20)]
    live.expect(batch)
    searches = [given for _, given in standin.seen if given.get("action") == "wbsearchentities"]
    assert len(searches) == len(batch)
    assert len(standin.seen) - len(searches) < 9
    standin.seen.clear()
    for asked in batch:
        match(asked, live)
    assert standin.seen == []


def test_what_was_asked_in_one_batch_is_known_in_another(live: Live, standin: Standin) -> None:
    live.expect([DOOR, INSTITUTE])
    standin.seen.clear()
    live.expect([INSTITUTE])
    assert standin.seen == []


def test_offline_what_was_kept_is_told(live: Live, kept: Callable[..., Kept]) -> None:
    online = match(DOOR, live)
    assert match(DOOR, Live(None, kept(days=float("inf"), now=10**9))) == online


def test_offline_what_was_never_asked_is_not_known(kept: Callable[..., Kept]) -> None:
    with pytest.raises(NotFound, match="--offline"):
        match(DOOR, Live(None, kept()))


def test_what_is_old_is_asked_anew(live: Live, wikidata: Wikidata, standin: Standin, kept: Callable[..., Kept]) -> None:
    live.by_id(["Q142"])
    standin.seen.clear()
    Live(wikidata, kept(now=1000 + 29 * DAY)).by_id(["Q142"])
    assert standin.seen == []
    Live(wikidata, kept(now=1000 + 31 * DAY)).by_id(["Q142"])
    assert len(standin.seen) == 1


def test_a_run_that_ended_goes_on_where_it_was(live: Live, standin: Standin) -> None:
    match(INSTITUTE, live)
    standin.faults += [DOWN] * 6
    with pytest.raises(ServiceFailed):
        live.expect([INSTITUTE, DOOR])
    standin.faults.clear()
    standin.seen.clear()
    live.expect([INSTITUTE, DOOR])
    assert not [given for _, given in standin.seen if "000fict00" in str(given)]
