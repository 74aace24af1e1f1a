"""Search over HTTP: for people and programs, in their language, and with an answer to whatever is asked."""

from urllib.parse import parse_qsl, quote, urlencode, urljoin, urlsplit

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.web.conftest import MODEL, Html, text_of
from tests.web.test_pages import ROW
from toolbox_graph.model import in_language
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.search.facets import facets
from toolbox_graph.search.finding import SORTS

FACETS = facets(MODEL)
JSON = {"Accept": "application/json"}


def asked(client: FlaskClient, *parameters: tuple[str, object]) -> dict[str, object]:
    """Return what is found, for programs."""
    answer = client.get(f"/search?{urlencode(parameters)}", headers=JSON)
    assert answer.status_code == 200, answer.text
    found = answer.get_json()
    assert isinstance(found, dict)
    return found


def test_a_search_for_programs_has_the_promised_members(client: FlaskClient) -> None:
    found = client.get("/search?q=opnfisca", headers=JSON).get_json()
    assert set(found) == {"total", "items", "facets", "next"}
    assert set(found["items"][0]) == ROW
    assert set(found["facets"]) == set(FACETS)
    assert {tuple(sorted(value)) for values in found["facets"].values() for value in values} == {
        ("count", "label", "value")
    }


@pytest.mark.parametrize("address", ["/search?q=ckan", "/search/suggest?q=ckan"])
def test_the_address_of_what_is_found_leads_to_it(client: FlaskClient, address: str) -> None:
    item = client.get(address, headers=JSON).get_json()["items"][0]
    assert item["id"] == "tool-ckan"
    assert client.get(urljoin(address, item["url"])).status_code == 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_found_goes_by_its_name_in_the_language_of_the_reader(client: FlaskClient, language: str) -> None:
    found = client.get(f"/search?q=deutschland+Germany&kind=country&lang={language}", headers=JSON).get_json()
    assert found["items"][0]["label"] == {"en": "Germany", "fr": "Allemagne", "es": "Alemania"}[language]
    labels = {value["value"]: value["label"] for value in found["facets"]["kind"]}
    assert labels["country"] == in_language(MODEL.kinds["country"].labels, language)


@pytest.mark.parametrize("name", [name for name in FACETS if name != "kind"])
def test_a_value_finds_as_many_things_as_it_counts(client: FlaskClient, name: str) -> None:
    values = asked(client, ("q", ""))["facets"][name]  # type: ignore[index]
    assert values
    for value in (*values[:2], values[-1]):
        assert asked(client, (name, value["value"]))["total"] == value["count"]


@pytest.mark.parametrize("form", ["fr", "country/fr", "http://127.0.0.1:8000/id/country/fr", " fr "])
def test_a_value_may_be_written_in_several_ways(client: FlaskClient, form: str) -> None:
    assert asked(client, ("country", form))["total"] == asked(client, ("country", "fr"))["total"] != 0


def test_values_of_a_facet_are_alternatives_and_facets_hold_together(client: FlaskClient) -> None:
    one, other = (asked(client, ("kind", kind))["total"] for kind in ("tool", "event"))
    both = asked(client, ("kind", "tool"), ("kind", "event"))
    narrowed = asked(client, ("kind", "tool"), ("kind", "event"), ("licence", "mit"))
    assert both["total"] == one + other  # type: ignore[operator]
    assert 0 < narrowed["total"] < one  # type: ignore[operator]


def test_a_value_that_nothing_has_finds_nothing_and_counts_as_such(client: FlaskClient) -> None:
    found = asked(client, ("theme", "knitting"))
    assert found["total"] == 0
    assert {"value": "knitting", "label": "knitting", "count": 0} in found["facets"]["theme"]  # type: ignore[index]
    assert len(found["facets"]["theme"]) > 10  # type: ignore[index]


def test_the_parts_of_a_search_follow_each_other(client: FlaskClient) -> None:
    address, things = "/search?q=open&kind=tool&kind=use-case&limit=7&format=json", []
    while address:
        found = client.get(address).get_json()
        things += [item["id"] for item in found["items"]]
        address = found["next"] and urljoin(address, found["next"])
    assert len(things) == len(set(things)) == found["total"] > 7


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ("colour=red", ["colour", "programming-language"]),
        ("sort=size", ["size", "completeness"]),
        ("kind=toy", ["toy", "use-case"]),
        ("offset=10000000000000", ["offset"]),
        ("offset=-1", ["offset"]),
        ("limit=501", ["limit", "500"]),
        (f"q={'x' * 201}", ["200", "201"]),
        ("&".join(f"theme={number}" for number in range(51)), ["theme", "50"]),
    ],
)
def test_what_cannot_be_asked_is_refused_with_what_can(client: FlaskClient, parameters: str, words: list[str]) -> None:
    answer = client.get(f"/search?{parameters}", headers=JSON)
    assert answer.status_code == 400
    assert all(word in answer.get_json()["detail"] for word in words)


def test_a_part_far_behind_the_end_is_empty(client: FlaskClient) -> None:
    found = asked(client, ("q", "open"), ("offset", 10**9))
    assert (found["items"], found["next"]) == ([], None)
    assert found["total"]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_can_be_searched_for(client: FlaskClient, data: bytes) -> None:
    text = quote(data)
    for address in (f"/search?q={text}", f"/search?theme={text}", f"/search?kind={text}", f"/search/suggest?q={text}"):
        assert client.get(address, headers=JSON).status_code in {200, 400}
    assert client.get(f"/search?q={text}&tag={text}", headers={"Accept": "text/html"}).status_code in {200, 400}


@settings(max_examples=50, deadline=None)
@given(st.dictionaries(st.sampled_from(["q", "sort", "limit", "offset", "lang", *FACETS]) | st.text(), st.text()))
def test_any_parameters_get_an_answer(client: FlaskClient, parameters: dict[str, str]) -> None:
    query = urlencode({name: value.encode(errors="replace") for name, value in parameters.items()}, errors="replace")
    assert client.get(f"/search?{query}").status_code in {200, 400, 406}


def page(client: FlaskClient, parameters: str) -> Html:
    """Return the page of a search."""
    return Html(client.get(f"/search?{parameters}").text)


def test_the_page_shows_what_programs_are_told(client: FlaskClient) -> None:
    names = page(client, "q=consultation&lang=fr").texts(".//ol[@class='things']/li/a")
    items = client.get("/search?q=consultation&lang=fr", headers=JSON).get_json()["items"]
    assert names == [item["label"] for item in items]


def test_what_was_asked_stands_in_the_form(client: FlaskClient) -> None:
    html = page(client, "q=%22consultation%22&theme=open-data&sort=name")
    assert html.one(".//input[@id='q']").attrib["value"] == '"consultation"'
    assert [box.attrib["value"] for box in html.all(".//input[@checked]")] == ["open-data"]
    assert [option.attrib["value"] for option in html.all(".//option[@selected]")] == ["name"]


def test_the_form_offers_every_order(client: FlaskClient) -> None:
    html = page(client, "q=data")
    assert ("relevance", *(option.attrib["value"] for option in html.all(".//option")[1:])) == SORTS
    assert html.one(".//option[@selected]").attrib["value"] == ""


def test_another_language_keeps_all_choices(client: FlaskClient) -> None:
    html = page(client, "q=data&kind=tool&kind=use-case")
    for link in html.all(".//nav[@class='languages']/a"):
        kept = parse_qsl(urlsplit(link.attrib["href"]).query)
        assert [value for name, value in kept if name == "kind"] == ["tool", "use-case"]


@pytest.mark.parametrize("address", ["/", "/tools", "/tool/openfisca", "/history"])
def test_there_is_a_box_to_search_from_everywhere(client: FlaskClient, address: str) -> None:
    [form] = Html(client.get(f"{address}?lang=fr").text).all(".//form[@role='search']")
    assert urlsplit(urljoin(address, form.attrib["action"])).path == "/search"
    assert {field.attrib["name"]: field.attrib.get("value", "") for field in form.iter("input")} == {
        "q": "",
        "lang": "fr",
    }


def test_a_page_that_finds_nothing_says_what_to_do(client: FlaskClient) -> None:
    assert "Take fewer or other words" in text_of(page(client, "q=xqzjwv").one(".//section[@class='found']"))


def test_a_list_for_programs_tells_by_what_its_things_differ(client: FlaskClient) -> None:
    counted = client.get("/tools.json").get_json()["facets"]
    assert set(counted) == set(FACETS) - {"kind"}
    assert counted["licence"][0]["count"] == asked(client, ("kind", "tool"), ("licence", "agpl-3-0"))["total"]
