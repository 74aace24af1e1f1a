"""The draft of version 1.0: the same is found, said in its words."""

import json
from typing import Any

import pytest

from tests.conftest import BASE, Served
from tests.web.conftest import MODEL, Html
from toolbox_graph.reconciliation.asking import BATCH

NAMED = {"matchType": "name", "propertyValue": "OpenFisca"}

OPENFISCA, ITEM = "tool-openfisca", "Q64777688"


def match(served: Served, *queries: object, root: str = "") -> list[list[dict[str, Any]]]:
    """Return the candidates of some queries."""
    answer = served.post(f"/reconcile/v1{root}/match", json={"queries": queries})
    assert answer.status_code == 200, answer.text
    return [result["candidates"] for result in answer.json()["results"]]


def ids(served: Served, *conditions: object, root: str = "", **query: object) -> list[str]:
    """Return the ids of the candidates of a query."""
    [found] = match(served, {**query, "conditions": conditions}, root=root)
    return [candidate["id"] for candidate in found]


def value(name: str, given: object, **more: object) -> dict[str, object]:
    """Return a condition on a property."""
    return {"matchType": "property", "propertyId": name, "propertyValue": given, **more}


def test_its_manifest_is_another_one(served: Served) -> None:
    manifest = served.get("/reconcile/v1").json()
    assert (manifest["versions"], manifest["view"]) == (["1.0-draft"], {"url": f"{BASE.iri}id/{{id}}"})
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert "identifierSpace" not in manifest


@pytest.mark.parametrize("root", ["", *(f"/{kind.plural}" for kind in MODEL.kinds.values()), "/wikidata"])
def test_each_service_is_there_in_both_versions(served: Served, root: str) -> None:
    before, draft = (served.get(f"/reconcile{version}{root}").json() for version in ("", "/v1"))
    assert (draft["name"], draft["defaultTypes"]) == (before["name"], before["defaultTypes"])
    assert draft["view"]["url"].replace("{id}", "{{id}}") == before["view"]["url"]


def test_a_person_is_led_from_one_version_to_the_other(served: Served) -> None:
    html = Html(served.get("/reconcile/v1/tools", headers={"Accept": "text/html"}).text)
    links = {link.attrib["href"] for link in html.all(".//main//a")}
    assert f"{BASE.iri}reconcile/v1/tools" in html.texts(".//code")
    assert {"../../reconcile/tools", "../../reconcile/v1/countries", "../../reconcile/v1/wikidata"} <= links


@pytest.mark.parametrize("path", ["match", "extend"])
def test_what_is_sent_cannot_be_got(served: Served, path: str) -> None:
    assert served.get(f"/reconcile/v1/{path}").status_code == 405


def test_the_address_of_a_kind_knows_no_other(served: Served) -> None:
    assert ids(served, NAMED, root="/tools") == [OPENFISCA]
    assert ids(served, NAMED, root="/countries") == []


def test_at_the_address_of_a_kind_its_things_and_properties_are_suggested(served: Served) -> None:
    at = "/reconcile/v1/countries"
    things = served.get(f"{at}/suggest/entity", params={"prefix": "s"}).json()["result"]
    assert {one["notable"][0]["id"] for one in things} == {"country"}
    assert (
        served.get(f"{at}/extend/propose").json()["properties"]
        == (served.get("/reconcile/v1/extend/propose", params={"type": "country"}).json()["properties"])
    )


def test_through_the_catalogue_a_name_leads_to_wikidata(served: Served) -> None:
    assert ids(served, NAMED, type="tool", root="/wikidata") == [ITEM]
    [suggested] = served.get("/reconcile/v1/wikidata/suggest/entity", params={"prefix": "openfis"}).json()["result"]
    assert suggested["id"] == ITEM


@pytest.mark.parametrize(("given", "is_there"), [("OpenFisca", True), ("x", False)])
def test_what_is_required_of_an_item_its_thing_has(served: Served, given: str, is_there: bool) -> None:
    assert (ids(served, NAMED, value("name", given, required=True), root="/wikidata") == [ITEM]) is is_there


def test_an_extension_through_wikidata_goes_by_its_items(served: Served) -> None:
    query = {"ids": [ITEM, OPENFISCA], "properties": [{"id": "name"}]}
    assert served.post("/reconcile/v1/wikidata/extend", json=query).json()["rows"] == [
        {"id": ITEM, "properties": [{"id": "name", "values": [{"str": "OpenFisca"}]}]},
        {"id": OPENFISCA, "properties": [{"id": "name", "values": []}]},
    ]


def test_answers_stand_in_the_order_of_the_queries(served: Served) -> None:
    other = {"conditions": [{**NAMED, "propertyValue": "CKAN"}], "type": "tool"}
    found = match(served, {"conditions": [NAMED], "type": "tool"}, {}, other, None)
    assert [[one["id"] for one in candidates if one["match"]] for candidates in found] == [
        [OPENFISCA],
        [],
        ["tool-ckan"],
        [],
    ]


def test_it_finds_what_the_other_version_finds(served: Served) -> None:
    [[found]] = match(served, {"conditions": [NAMED], "type": "tool"})
    queries = json.dumps({"q": {"query": "OpenFisca", "type": "tool"}})
    [before] = served.post("/reconcile", data={"queries": queries}).json()["q"]["result"]
    assert {**found, "features": before["features"]} == before
    assert {feature["name"] for feature in found["features"]} == {feature["id"] for feature in before["features"]}


def test_an_id_is_a_condition(served: Served) -> None:
    assert ids(served, {"matchType": "id", "propertyValue": OPENFISCA})[0] == OPENFISCA


@pytest.mark.parametrize(
    ("condition", "is_there"),
    [
        (value("country", "Japan"), True),
        (value("country", "Japan", required=True), False),
        (value("country", "France", required=True), True),
        (value("country", ["Japan", "France"], required=True), True),
        (value("website", "http://www.openfisca.org", required=True), True),
        (value("dct:license", "no licence", required=True), False),
        (value("name", "openfisca", required=True), True),
        (value("name", ["OpenFisca", "x"], required=True, matchQuantifier="any"), True),
        (value("name", ["OpenFisca", "x"], required=True, matchQuantifier="all"), False),
        (value("name", "OpenFisca", required=True, matchQuantifier="none"), False),
        (value("name", "x", required=True, matchQuantifier="none"), True),
        (value("no such", "x", required=True), False),
        (value("no such", "x"), True),
        ({"matchType": "property", "required": True}, False),
    ],
)
def test_what_is_required_is_there(served: Served, condition: object, is_there: bool) -> None:
    assert (OPENFISCA in ids(served, NAMED, condition, type="tool")) is is_there


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "{}", '{"queries": {}}', "\udcff"])
@pytest.mark.parametrize("path", ["match", "extend"])
def test_what_is_no_batch_is_refused(served: Served, path: str, body: str) -> None:
    answer = served.post(f"/reconcile/v1/{path}", data=body.encode("utf-8", "surrogateescape"))
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (400, "*")


def test_a_batch_of_too_many_is_refused(served: Served) -> None:
    assert served.post("/reconcile/v1/match", json={"queries": [{}] * (BATCH + 1)}).status_code == 413


def test_an_extension_has_every_id_and_every_property_in_their_order(served: Served) -> None:
    query = {"ids": ["nothing", OPENFISCA], "properties": [{"id": "website"}, {"id": "no such"}]}
    assert served.post("/reconcile/v1/extend", json=query).json()["rows"] == [
        {"id": "nothing", "properties": [{"id": "website", "values": []}, {"id": "no such", "values": []}]},
        {
            "id": OPENFISCA,
            "properties": [
                {"id": "website", "values": [{"str": "https://openfisca.org/"}]},
                {"id": "no such", "values": []},
            ],
        },
    ]


def test_suggestions_come_in_parts(served: Served) -> None:
    whole = served.get("/reconcile/v1/suggest/entity", params={"prefix": "o", "limit": "3"}).json()["result"]
    part = served.get("/reconcile/v1/suggest/entity", params={"prefix": "o", "limit": "2", "offset": "1"}).json()[
        "result"
    ]
    assert (len(whole), part) == (3, whole[1:])


def test_a_preview_takes_the_id_as_a_parameter(served: Served) -> None:
    answer = served.get("/reconcile/v1/preview", params={"id": OPENFISCA, "width": "300", "height": "200"})
    assert answer.text == served.get(f"/reconcile/preview/{OPENFISCA}").text
    assert "OpenFisca" in served.get("/reconcile/v1/wikidata/preview", params={"id": ITEM}).text
    assert served.get("/reconcile/v1/preview").status_code == 404
