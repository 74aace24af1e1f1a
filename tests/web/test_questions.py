"""Saved questions over HTTP: parts of answers with exact links, refusals that name the parameter, and forms for people."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from urllib.parse import urljoin

import pytest
import requests
from requests.utils import parse_header_links

from tests.conftest import Served
from tests.web.conftest import Html

WHO = "/queries/who-used-a-tool-where"
LICENCES = "/queries/licences-of-tools"
TYPED = "/queries/typed"
GIVEN = {"word": "red", "share": "2.5", "seen": "true", "text": "x"}


def links(answer: requests.Response) -> dict[str, str]:
    """Return where the links of an answer lead, by relation."""
    return {link["rel"]: link["url"] for link in parse_header_links(answer.headers["Link"])}


def parts(served: Served, address: str, relation: str = "next", **options: object) -> Iterator[requests.Response]:
    """Yield a part of an answer and all that follow it, or that come before it."""
    following: str | None = address
    while following:
        answer = served.get(following, **options)
        assert answer.status_code == 200
        yield answer
        found = links(answer).get(relation)
        following = urljoin(following, found) if found else None


def rows(answer: requests.Response) -> list[list[str]]:
    """Return the rows of an answer in CSV."""
    return list(csv.reader(io.StringIO(answer.text)))[1:]


@pytest.mark.parametrize("limit", [1, 3, 5, 10, 11])
def test_parts_that_follow_one_another_are_the_whole_answer(served: Served, limit: int) -> None:
    found = [rows(part) for part in parts(served, f"{LICENCES}?format=csv&limit={limit}")]
    assert [row for part in found for row in part] == rows(served.get(f"{LICENCES}?format=csv"))
    assert {len(part) for part in found[:-1]} <= {limit}
    assert 0 < len(found[-1]) <= limit


def test_the_parts_lead_back_to_the_first(served: Served) -> None:
    offsets = [json.loads(part.text)["results"]["bindings"][0]["identifier"]["value"]
               for part in parts(served, f"{LICENCES}?limit=4&offset=8", "prev")]  # fmt: skip
    assert len(offsets) == 3


@pytest.mark.parametrize("name", ["json", "srj", "xml", "csv", "tsv"])
def test_each_format_has_the_rows_of_its_part_and_the_same_link(served: Served, name: str) -> None:
    answer = served.get(f"{LICENCES}?limit=2&offset=1&format={name}")
    assert "MIT" in answer.text
    assert "Apache-2.0" in answer.text
    assert "AGPL" not in answer.text.replace("AGPL-3.0-or-later", "")
    assert "GPL-3.0" not in answer.text
    assert links(answer)["next"] == f"?format={name}&offset=3&limit=2"


def test_a_query_that_has_a_limit_of_its_own_is_narrowed_within_it(served: Served) -> None:
    found = [len(rows(part)) for part in parts(served, "/queries/largest-participation?format=csv&limit=3")]
    assert found == [3, 2]


def test_a_file_may_say_how_many_rows_are_given_at_a_time(served: Served) -> None:
    found = [len(rows(part)) for part in parts(served, f"{TYPED}?word=red&format=csv")]
    assert found == [2, 2, 2, 1]


def test_a_link_to_a_part_keeps_the_parameters(served: Served) -> None:
    answer = served.get(TYPED, params={"word": "green", "text": "a b&c", "format": "csv"})
    assert links(answer)["next"] == "?word=green&text=a+b%26c&format=csv&offset=2&limit=2"


def test_a_graph_has_parts_too(served: Served) -> None:
    address = "/queries/tools-with-licence?format=nt&limit=40"
    found = [part.text.splitlines() for part in parts(served, address)]
    assert sorted(line for part in found for line in part) == sorted(
        served.get("/queries/tools-with-licence?format=nt&limit=10000").text.splitlines()
    )
    assert len(found) > 1
    assert all(len(part) <= 40 for part in found)


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        (f"{LICENCES}?limit=0", "limit"),
        (f"{LICENCES}?limit=10001", "limit"),
        (f"{LICENCES}?limit=-1", "limit"),
        (f"{LICENCES}?limit=2.5", "limit"),
        (f"{LICENCES}?offset=x", "offset"),
        (f"{LICENCES}?offset=1000000000001", "offset"),
        (f"{LICENCES}?limit=2&max-rows=3", "max-rows"),
        (f"{LICENCES}?query=ASK+%7B%7D", "query"),
        ("/queries/is-there?thing=tool/ckan&limit=2", "limit"),
        ("/queries/is-there", "thing"),
        (f"{TYPED}?word=blue", "word"),
        (f"{TYPED}?word=red&day=tomorrow", "day"),
        (f"{TYPED}?word=red&size=1.5", "size"),
        (f"{TYPED}?word=red&seen=perhaps", "seen"),
        (f"{TYPED}?word=red&share=%22%20%7D%20%23", "share"),
        (f"{TYPED}?word=red&colour=blue", "colour"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_name_of_the_parameter(
    served: Served, address: str, parameter: str
) -> None:
    answer = served.get(address)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["parameter"] == parameter


@pytest.mark.parametrize("value", [r"\u0022 } #", '" } ASK {} #', "'; DROP ALL", "?x } ?y {", "a\nb", "\\"])
def test_a_text_that_tries_to_be_sparql_is_a_text(served: Served, value: str) -> None:
    answer = served.get(TYPED, params={**GIVEN, "text": f"x{value}x", "limit": "9"})
    found = {row["name"]["value"]: row["value"] for row in answer.json()["results"]["bindings"] if "value" in row}
    assert found["text"] == {"type": "literal", "value": f"x{value}x"}


def test_an_answer_has_a_tag_for_each_part_and_is_not_sent_twice(served: Served) -> None:
    tags = [answer.headers["ETag"] for answer in parts(served, f"{LICENCES}?limit=4")]
    assert len(set(tags)) == 3
    assert served.get(f"{LICENCES}?limit=4", headers={"If-None-Match": tags[0]}).status_code == 304
    assert served.get(f"{LICENCES}?limit=5", headers={"If-None-Match": tags[0]}).status_code == 200


def test_a_question_that_says_so_can_be_posted(served: Served) -> None:
    answer = served.post("/queries/named-in-french", data={"name": "Sénégal"})
    assert [row["thing"]["value"].rpartition("/")[2] for row in answer.json()["results"]["bindings"]] == ["sn"]
    assert served.post(WHO, data={"tool": "ckan"}).status_code == 405


def test_plain_json_has_numbers_and_truth_as_such(served: Served) -> None:
    found = served.get(TYPED, params={**GIVEN, "limit": "9"}, headers={"Accept": "application/json"})
    assert found.headers["Content-Type"] == "application/json"
    assert {row["name"]: row["value"] for row in found.json()} == {
        "word": "red", "day": "2016-12-07", "size": 3, "share": 2.5, "weight": None, "seen": True, "text": "x"
    }  # fmt: skip


def test_who_asks_for_no_format_gets_that_of_sparql(served: Served) -> None:
    assert served.get(LICENCES).headers["Content-Type"] == "application/sparql-results+json"


def test_the_answer_to_an_ask_is_a_truth_in_plain_json(served: Served) -> None:
    answers = [served.get(f"/queries/is-there?thing=tool/{key}&format=json").json() for key in ("openfisca", "nothing")]
    assert answers == [True, False]


def test_an_answer_that_found_nothing_is_an_empty_list(served: Served) -> None:
    assert served.get(f"{WHO}?tool=appstream-debian&format=json").json() == []


def test_what_has_a_place_is_a_feature(served: Served) -> None:
    answer = served.get("/queries/places", headers={"Accept": "application/geo+json"})
    assert answer.headers["Content-Type"] == "application/geo+json"
    assert answer.json() == {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": {"name": name, "inhabitants": inhabitants}}
            for name, inhabitants, geometry in [
                ("Madrid", 3332035, {"type": "Point", "coordinates": [-3.7038, 40.4168]}),
                ("Nowhere", 0, None),
                ("Paris", 2102650, {"type": "Point", "coordinates": [2.3522, 48.8566]}),
            ]
        ],
    }


def test_latitude_and_longitude_are_a_place_too(served: Served) -> None:
    features = served.get("/queries/heights?format=geojson").json()["features"]
    assert [feature["geometry"]["coordinates"] for feature in features] == [[6.8652, 45.8326], [-16.6425, 28.2723]]
    assert features[0]["properties"] == {"place": "Mont Blanc", "height": 4805.59}


def test_where_nothing_has_a_place_there_are_no_features(served: Served) -> None:
    answer = served.get(f"{LICENCES}?format=geojson")
    assert answer.status_code == 406
    assert "geojson" not in answer.json()["formats"]


@pytest.mark.parametrize("accept", ["application/ld+json", "application/json"])
def test_a_graph_is_json_ld_for_programs(served: Served, accept: str) -> None:
    answer = served.get("/queries/tools-with-licence?limit=1", headers={"Accept": accept})
    assert answer.headers["Content-Type"] == "application/ld+json"
    assert len(answer.json()) == 1


@pytest.mark.parametrize("name", ["json", "geojson"])
def test_a_plain_answer_has_a_tag_of_its_own(served: Served, name: str) -> None:
    answer = served.get(f"/queries/places?format={name}")
    assert answer.headers["ETag"] != served.get("/queries/places?format=srj").headers["ETag"]
    again = served.get(f"/queries/places?format={name}", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def page(served: Served, address: str) -> Html:
    """Return a page as a browser gets it."""
    return Html(served.get(address, headers={"Accept": "text/html"}).text)


def test_each_parameter_has_a_field_of_its_type(served: Served) -> None:
    html = page(served, TYPED)
    fields: Mapping[str, str] = {
        field.attrib["name"]: field.attrib.get("type", field.tag)
        for field in (*html.all(".//main//input[@id]"), *html.all(".//main//select"))
    }
    assert fields == {
        "word": "select",
        "day": "date",
        "size": "number",
        "share": "number",
        "weight": "text",
        "seen": "select",
        "text": "text",
    }


def test_the_form_of_a_question_that_needs_more_is_no_refusal(served: Served) -> None:
    answer = served.get("/queries/is-there", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "required" in Html(answer.text).one(".//input[@id='thing']").attrib


def test_the_page_of_a_refusal_still_has_the_form_with_what_was_given(served: Served) -> None:
    answer = served.get(f"{WHO}?tool=country/sn", headers={"Accept": "text/html"})
    html = Html(answer.text)
    assert answer.status_code == 400
    assert html.one(".//input[@id='tool']").attrib["value"] == "country/sn"
    assert "tool" in html.texts(".//section[@class='problem']")[0]


def test_a_page_leads_to_the_parts_before_and_after(served: Served) -> None:
    html = page(served, f"{LICENCES}?limit=2&offset=4&lang=fr")
    assert len(html.all(".//tbody/tr")) == 2
    assert {link.attrib["rel"]: link.attrib["href"] for link in html.all(".//nav[@class='parts']/a")} == {
        "prev": "?lang=fr&offset=2&limit=2",
        "next": "?lang=fr&offset=6&limit=2",
    }


def test_a_page_leads_to_what_it_shows_in_each_format(served: Served) -> None:
    address = f"{WHO}?tool=lutece"
    found = [link.attrib["href"] for link in page(served, address).all("body/footer//a[@type]")]
    assert "?tool=lutece&format=csv" in found
    assert all(served.get(urljoin(address, link)).status_code == 200 for link in found)
