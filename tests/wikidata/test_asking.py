"""Wikidata is asked for items, names, identifiers and classes."""

import re

import pytest

from tests.wikidata.standin import Standin
from toolbox_graph.wikidata.asking import Wikidata


def actions(standin: Standin) -> list[str]:
    """Return what was asked of the Action API."""
    return [given["action"] for path, given in standin.seen if path == "/w/api.php"]


def test_items_are_asked_for_fifty_at_a_time(wikidata: Wikidata, standin: Standin) -> None:
    found = wikidata.items(f"Q{number}" for number in range(900_000_001, 900_000_121))
    assert [len(given["ids"].split("|")) for _, given in standin.seen] in ([50, 50, 20], [50, 20, 50], [20, 50, 50])
    assert len(found) == 120


def test_an_item_that_is_not_there_or_was_deleted_is_none(wikidata: Wikidata) -> None:
    found = wikidata.items(["Q142", "Q99999999"])
    assert found["Q142"] is not None
    assert found["Q99999999"] is None


def test_an_item_that_was_merged_comes_under_the_id_that_was_asked(wikidata: Wikidata) -> None:
    found = wikidata.items(["Q2", "Q183"])["Q2"]
    assert found is not None
    assert found["id"] == "Q142"


@pytest.mark.parametrize(("item", "target"), [("Q142", "Q142"), ("Q2", "Q142"), ("Q99999999", None)])
def test_one_item_is_asked_for_at_its_own_address(
    wikidata: Wikidata, standin: Standin, item: str, target: str | None
) -> None:
    found = wikidata.items([item])[item]
    assert (found and found["id"]) == target
    assert standin.seen[0][0] == f"/wiki/Special:EntityData/{item}.json"


def test_what_is_no_id_is_not_asked_for(wikidata: Wikidata, standin: Standin) -> None:
    assert wikidata.items(["CKAN", "Q0", "Q1|Q2", ""]) == {}
    assert standin.seen == []


def test_one_id_that_spoils_fifty_is_found_by_halves(
    wikidata: Wikidata, standin: Standin, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The real one refuses ids that look right to us, such as one too long for its database.
    refused = "Q4294967296"
    monkeypatch.setattr("tests.wikidata.standin.ITEM", re.compile(r"Q[1-9]\d{0,8}"))
    found = wikidata.items([*(f"Q{number}" for number in range(900_000_001, 900_000_050)), refused])
    assert found[refused] is None
    assert found["Q900000001"] is not None
    assert len(standin.seen) < 14


def test_a_name_is_found_by_label_and_by_alias(wikidata: Wikidata) -> None:
    assert wikidata.search([("Door", "en"), ("République française", "fr"), ("zzqx", "en")]) == [
        ["Q900000001", "Q900000002"],
        ["Q142"],
        [],
    ]


def test_a_language_that_wikidata_does_not_know_finds_nothing(wikidata: Wikidata) -> None:
    assert wikidata.search([("Door", "xx-nope")]) == [[]]


def test_items_are_found_by_an_identifier(wikidata: Wikidata) -> None:
    assert wikidata.having("P6782", ["000fict00", 'a"} #', "none"]) == {
        "000fict00": ["Q900000005"],
        'a"} #': [],
        "none": [],
    }


def test_items_are_found_by_an_address(wikidata: Wikidata) -> None:
    found = wikidata.having("P856", ["http://www.door.example.org"], are_addresses=True)
    assert found == {"http://www.door.example.org": ["Q900000001"]}


def test_what_is_deprecated_finds_nothing(wikidata: Wikidata) -> None:
    found = wikidata.having("P1324", ["https://github.com/old/door"], are_addresses=True)
    assert found == {"https://github.com/old/door": []}


def test_a_name_is_known_in_any_language_and_as_an_alias(wikidata: Wikidata, standin: Standin) -> None:
    assert wikidata.called(["Porte", "Door", "République française", 'a"} #']) == {
        "Porte": ["Q900000001"],
        "Door": ["Q900000001", "Q900000002"],
        "République française": ["Q142"],
        'a"} #': [],
    }
    assert len(standin.seen) == 1


def test_classes_come_with_all_above_them(wikidata: Wikidata) -> None:
    assert wikidata.above(["Q900000098", "Q16521"]) == {
        "Q900000098": ["Q7397", "Q900000098", "Q900000099"],
        "Q16521": ["Q16521"],
    }


def test_queries_are_of_no_engine_alone(wikidata: Wikidata, standin: Standin) -> None:
    wikidata.having("P6782", ["000fict00"])
    wikidata.above(["Q7397"])
    assert not [given for _, given in standin.seen if "SERVICE" in given["query"] or "bd:" in given["query"]]
