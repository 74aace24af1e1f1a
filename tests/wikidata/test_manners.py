"""Wikidata is asked with good manners: who asks is said, what is told to wait waits, what fails ends cleanly."""

import pytest

from tests.wikidata.standin import CUT, DOWN, FORBIDDEN, LAGGING, TOO_MANY, Reply, Standin
from toolbox_graph.errors import InvalidRequest, ServiceFailed
from toolbox_graph.wikidata.asking import Wikidata
from toolbox_graph.wikidata.manners import Manners, agent


@pytest.mark.parametrize("contact", ["", "somebody", "@", "ops@example.org\r\nX: y", "ops at example.org"])
def test_without_a_contact_nothing_is_asked(contact: str) -> None:
    with pytest.raises(InvalidRequest, match="TOOLBOX_CONTACT"):
        agent(contact)


@pytest.mark.parametrize("contact", ["ops@example.org", "https://example.org/contact"])
def test_who_asks_says_how_they_are_reached(contact: str) -> None:
    assert f"({contact})" in agent(contact)


@pytest.mark.parametrize(
    ("fault", "seconds"),
    [(TOO_MANY, 7), (LAGGING, 5), (DOWN, 1), (CUT, 1)],
    ids=["too many requests", "copies lag", "a page of an error", "an answer that is cut off"],
)
def test_what_fails_for_now_is_asked_again_after_a_while(
    wikidata: Wikidata, standin: Standin, slept: list[float], fault: Reply, seconds: float
) -> None:
    standin.faults.append(fault)
    assert wikidata.items(["Q142"])["Q142"]
    assert slept == [seconds]


def test_each_time_it_waits_longer(wikidata: Wikidata, standin: Standin, slept: list[float]) -> None:
    standin.faults += [DOWN] * 3
    wikidata.items(["Q142"])
    assert slept == [1, 2, 4]


def test_a_service_that_stays_away_is_given_up(wikidata: Wikidata, standin: Standin) -> None:
    standin.faults += [DOWN] * 6
    with pytest.raises(ServiceFailed, match="the status 503 6 times"):
        wikidata.items(["Q142"])


def test_nobody_waits_for_hours(wikidata: Wikidata, standin: Standin, slept: list[float]) -> None:
    standin.faults.append(TOO_MANY._replace(headers={"Retry-After": "86400"}))
    with pytest.raises(ServiceFailed, match=r"86,400 seconds\. Begin again later"):
        wikidata.items(["Q142"])
    assert slept == []


def test_a_refusal_is_not_asked_again(wikidata: Wikidata, standin: Standin) -> None:
    standin.faults.append(FORBIDDEN)
    with pytest.raises(ServiceFailed, match="TOOLBOX_CONTACT"):
        wikidata.items(["Q142"])
    assert len(standin.seen) == 1


def test_nobody_there_is_said(manners: Manners) -> None:
    nowhere = Wikidata("http://127.0.0.1:9/", "http://127.0.0.1:9/sparql", manners)
    with pytest.raises(ServiceFailed, match="gave no answer"):
        nowhere.items(["Q142"])


def test_at_most_three_are_asked_at_a_time(wikidata: Wikidata, standin: Standin) -> None:
    wikidata.search([(f"name {number}", "en") for number in range(30)])
    assert standin.most == 3


def test_requests_to_the_action_api_wait_for_lagging_copies(wikidata: Wikidata, standin: Standin) -> None:
    wikidata.search([("Door", "en")])
    assert standin.seen[0][1]["maxlag"] == "5"


def test_a_service_elsewhere_is_no_wikibase(server: tuple[Standin, str], manners: Manners, standin: Standin) -> None:
    with pytest.raises(ServiceFailed, match="no Action API"):
        Wikidata(f"{server[1]}elsewhere", f"{server[1]}sparql", manners).search([("Door", "en")])
