"""The draft of version 1.0: the same is found, said in its words."""

import json
from typing import Any

import pytest

from tests.conftest import BASE, Served
from toolbox_graph.reconciliation.asking import BATCH

NAMED = {"matchType": "name", "propertyValue": "OpenFisca"}

OPENFISCA = "tool-openfisca"


def match(served: Served, *queries: object) -> list[list[dict[str, Any]]]:
    """Return the candidates of some queries."""
    answer = served.post("/reconcile/v1/match", json={"queries": queries})
    assert answer.status_code == 200, answer.text
    return [result["candidates"] for result in answer.json()["results"]]


def ids(served: Served, *conditions: object, **query: object) -> list[str]:
    """Return the ids of the candidates of a query."""
    [found] = match(served, {**query, "conditions": conditions})
    return [candidate["id"] for candidate in found]


def value(name: str, given: object, **more: object) -> dict[str, object]:
    """Return a condition on a property."""
    return {"matchType": "property", "propertyId": name, "propertyValue": given, **more}


def test_its_manifest_is_another_one(served: Served) -> None:
    manifest = served.get("/reconcile/v1").json()
    assert (manifest["versions"], manifest["view"]) == (["1.0-draft"], {"url": f"{BASE.iri}id/{{id}}"})
    assert manifest["suggest"] == {"entity": True, "property": True, "type": True}
    assert "identifierSpace" not in manifest


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
    assert served.get("/reconcile/v1/preview").status_code == 404
