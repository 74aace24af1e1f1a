"""Matching: only evidence decides, what contradicts or is ambiguous does not, and one thing at most is meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolbox_graph.matching.deciding import choose, match
from toolbox_graph.matching.kinds import classes_of
from toolbox_graph.matching.local import Local
from toolbox_graph.matching.parameters import parameters
from toolbox_graph.matching.records import Asked, Candidate, Evidence, Match

ORGANIZATION, TOOL = tuple(classes_of("organisation")), tuple(classes_of("tool"))
LANGUAGE = tuple(classes_of("programming-language"))

DECIDED = [
    (Asked("Q90011"), "Q90011", Evidence.GIVEN),
    (Asked("Q90099"), "Q90014", Evidence.GIVEN),
    (Asked("France", ids={"P297": "FR"}, types=classes_of("country")), "Q142", Evidence.IDENTIFIER),
    (
        Asked("Some Beacon", repositories=["https://github.com/beacon/beacon"], types=TOOL),
        "Q90011",
        Evidence.IDENTIFIER,
    ),
    (Asked("Beacon", websites=["https://github.com/Beacon/beacon"], types=TOOL), "Q90011", Evidence.IDENTIFIER),
    (
        Asked("Université de Port-Clair", websites=["https://univ-portclair.fr/en/"], country="FR"),
        "Q90005",
        Evidence.ADDRESS,
    ),
    (
        Asked(
            "Beacon",
            websites=["https://beacon.example.org"],
            repositories=["https://codeberg.org/x/beacon"],
            types=TOOL,
        ),
        "Q90011",
        Evidence.ADDRESS,
    ),
    (Asked("Foghorn", websites=["https://foghorn.github.io/"], types=TOOL), "Q90013", Evidence.ADDRESS),
    (Asked("Ministry of Lighthouses", types=ORGANIZATION, country="FR"), "Q90001", Evidence.NAME),
    (Asked("The ministry of LIGHTHOUSES", types=ORGANIZATION, country="MA"), "Q90002", Evidence.NAME),
    (Asked("University of Port Clair", types=ORGANIZATION), "Q90005", Evidence.NAME),
    (Asked("Beacon", types=TOOL), "Q90011", Evidence.NAME),
    (Asked("Beacon Community Edition", types=TOOL), "Q90011", Evidence.NAME),
    (Asked("C", types=LANGUAGE), "Q90016", Evidence.NAME),
    (Asked("C++", types=LANGUAGE), "Q90017", Evidence.NAME),
    (Asked("日本灯台協会", types=ORGANIZATION), "Q90018", Evidence.NAME),
    (Asked("LHA", types=ORGANIZATION, country="FR"), "Q90015", Evidence.NAME),
    (Asked("Mairie de Port Clair", types=ORGANIZATION, country="FR"), "Q90003", Evidence.MEANING),
    (Asked("Sapeurs-pompiers de Port Clair", types=ORGANIZATION, country="FR"), "Q90019", Evidence.MEANING),
    (Asked("Coastal BMV", types=ORGANIZATION, country="FR"), "Q90020", Evidence.MEANING),
]
UNDECIDED = {
    "two have the name": Asked("Ministry of Lighthouses", types=ORGANIZATION),
    "it is in another country": Asked("Port Clair City Council", types=ORGANIZATION, country="MA"),
    "the repository is another": Asked("Lantern", types=TOOL, repositories=["https://github.com/city/lantern"]),
    "the website is another": Asked("Lantern", types=TOOL, websites=["https://lantern.example.org"]),
    "it is of another kind": Asked("Signal Station", types=ORGANIZATION, country="FR"),
    "the kind is a class, no thing": Asked("university", types=ORGANIZATION, country="FR"),
    "nothing is known but the name": Asked("Lower Harbour Authority"),
    "names are alike only": Asked("Ministry of Lighthouse", types=ORGANIZATION, country="FR"),
    "initials are shared by many": Asked("LHA", types=ORGANIZATION),
    "a faculty has the site of its university": Asked("Tidal Board", websites=["https://univ-portclair.fr"]),
    "an organization has no editions": Asked("Lower Harbour Authority Community", types=ORGANIZATION, country="FR"),
    "nothing is called so": Asked("Ministry of Sandbanks", types=ORGANIZATION, country="FR"),
    "there is no name": Asked(""),
}

names = st.sampled_from(
    ["Beacon", "Lantern", "Port Clair", "Ministry of Lighthouses", "LKA", "C", "日本", "", "Q90011"]
)
questions = st.builds(
    Asked,
    name=names | st.text(max_size=30),
    aliases=st.lists(names, max_size=2),
    types=st.sampled_from([(), ORGANIZATION, TOOL]),
    country=st.sampled_from(["", "FR", "MA", "??"]),
    websites=st.lists(st.sampled_from(["https://univ-portclair.fr", "beacon.example.org", "http://[", ""]), max_size=2),
    repositories=st.lists(st.sampled_from(["https://github.com/beacon/beacon", "nonsense"]), max_size=1),
    limit=st.integers(1, 10),
)


def decided(matches: list[Match]) -> list[tuple[str, Evidence]]:
    """Return what is said to be meant."""
    return [(one.candidate.id, one.evidence) for one in matches if one.match]


@pytest.mark.parametrize(("asked", "thing", "evidence"), DECIDED, ids=lambda value: str(getattr(value, "name", value)))
def test_evidence_decides(harbours: Local, asked: Asked, thing: str, evidence: Evidence) -> None:
    assert decided(match(asked, harbours)) == [(thing, evidence)]


@pytest.mark.parametrize("asked", UNDECIDED.values(), ids=UNDECIDED)
def test_nothing_is_decided_where(harbours: Local, asked: Asked) -> None:
    assert decided(match(asked, harbours)) == []


def test_what_is_not_decided_is_shown_with_what_was_compared(harbours: Local) -> None:
    found = match(Asked("Lantern", types=TOOL, repositories=["https://github.com/city/lantern"]), harbours)
    assert found[0].candidate.id == "Q90010"
    assert found[0].features["repository"] == -1


def test_a_place_gives_way_to_its_council_and_takes_its_place_where_there_is_none(harbours: Local) -> None:
    asked = Asked("Ville de Port Clair", types=ORGANIZATION, country="FR")
    without = [thing for thing in harbours.near(asked) if thing.id != "Q90003"]
    assert decided(choose(asked, without, harbours.classes_above)) == [("Q90004", Evidence.MEANING)]


def test_a_council_is_not_its_place(harbours: Local) -> None:
    asked = Asked("Mairie de Port Clair", types=ORGANIZATION, country="FR")
    without = [thing for thing in harbours.near(asked) if thing.id != "Q90003"]
    assert decided(choose(asked, without, harbours.classes_above)) == []


PORT = Candidate(
    "Q90004",
    labels={"en": ["Port Clair"]},
    types=["Q515"],
    countries=["FR"],
    websites=["https://harbouroffice.fr"],
)
CLUB = Candidate("Q1", labels={"en": ["Port Clair United"]}, aliases={"en": ["Port Clair"]}, types=["Q3918"])


@pytest.mark.parametrize(("country", "meant"), [("", []), ("FR", [("Q90004", Evidence.NAME)])])
def test_the_name_of_a_place_is_not_that_of_a_body_which_is_only_called_so_too(
    harbours: Local, country: str, meant: list[tuple[str, Evidence]]
) -> None:
    asked = Asked("Port Clair", types=ORGANIZATION, country=country)
    club = CLUB._replace(countries=["FR"])
    assert decided(choose(asked, [club], harbours.classes_above)) == [("Q1", Evidence.NAME)]
    assert decided(choose(asked, [club, PORT], harbours.classes_above)) == meant


@pytest.mark.parametrize(("types", "meant"), [(["Q515"], []), (["Q3918"], [("Q90004", Evidence.MEANING)])])
def test_what_is_called_like_the_address_of_a_place_is_the_body_there(
    harbours: Local, types: list[str], meant: list[tuple[str, Evidence]]
) -> None:
    asked = Asked("Harbour Office", types=ORGANIZATION, country="FR")
    assert decided(choose(asked, [PORT._replace(types=types)], harbours.classes_above)) == meant


@pytest.mark.parametrize(("types", "meant"), [(["Q515"], []), (["Q3918"], [("Q90004", Evidence.NAME)])])
def test_a_body_that_is_called_like_a_place_for_short_is_not_the_place(
    harbours: Local, types: list[str], meant: list[tuple[str, Evidence]]
) -> None:
    asked = Asked("Clairport", aliases=["Port Clair"], types=ORGANIZATION, country="FR")
    assert decided(choose(asked, [PORT._replace(types=types)], harbours.classes_above)) == meant


@pytest.mark.parametrize(("types", "meant"), [(["Q515"], []), (["Q3918"], [("Q90004", Evidence.MEANING)])])
def test_the_administration_of_a_municipality_is_its_council(
    harbours: Local, types: list[str], meant: list[tuple[str, Evidence]]
) -> None:
    asked = Asked("Mairie de Port Clair", types=ORGANIZATION, country="FR")
    administration = PORT._replace(types=types, labels={"en": ["Municipality of Port Clair"]})
    assert decided(choose(asked, [administration], harbours.classes_above)) == meant


def test_what_is_blank_speaks_for_and_against_nothing(harbours: Local) -> None:
    blank = Asked("Beacon", types=TOOL, aliases=["", " "], websites=[""], repositories=[""], country="")
    assert match(blank, harbours) == match(Asked("Beacon", types=TOOL), harbours)


def test_no_more_are_shown_than_were_asked_for(harbours: Local) -> None:
    assert len(match(Asked("Port Clair", limit=2), harbours)) == 2


@settings(deadline=None)
@given(asked=questions)
def test_score_order_and_match_agree(harbours: Local, asked: Asked) -> None:
    found, scores = match(asked, harbours), parameters().scores
    assert [one.match for one in found] == [one.score > scores["decided"] for one in found]
    assert [one.match for one in found[1:]] == [False] * len(found[1:])
    assert all(one.score <= scores["undecided"] for one in found if not one.match)
    assert found == sorted(found, key=lambda one: (-one.score, one.candidate.id))


@settings(deadline=None)
@given(batch=st.lists(questions, max_size=4))
def test_an_answer_does_not_depend_on_what_else_is_asked(harbours: Local, batch: list[Asked]) -> None:
    assert [match(asked, harbours) for asked in reversed(batch)] == [match(asked, harbours) for asked in batch][::-1]


@settings(deadline=None)
@given(asked=questions, order=st.randoms())
def test_an_answer_does_not_depend_on_the_order_of_candidates(harbours: Local, asked: Asked, order: object) -> None:
    things = harbours.near(asked)
    mixed = sorted(things, key=lambda _: order.random())  # type: ignore[attr-defined]
    assert choose(asked, mixed, harbours.classes_above) == choose(asked, things, harbours.classes_above)


HOSTILE = [
    "\ud800",
    "a" * 100_000,
    " " * 100_000,
    "(" * 5_000,
    "\u202eabc",
    "e\u0301" * 3_000,
    "'; DROP TABLE things",
    "\0",
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_any_text_may_be_asked(harbours: Local, name: str) -> None:
    assert decided(match(Asked(name, aliases=[name], websites=[name], ids={name: name}), harbours)) == []
    assert len(harbours.suggest(name, limit=3)) <= 3


def test_a_candidate_without_anything_is_no_answer() -> None:
    assert decided(choose(Asked("x", types=TOOL), [Candidate("x1")], lambda _: frozenset())) == []
