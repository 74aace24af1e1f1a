"""Reconciliation: names lead to things, what is not certain is left open, and nothing that is sent takes others along."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import BASE, Served, origin
from tests.web.conftest import MODEL, Html
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import DCTERMS, RDF, RDFS, TBG
from toolbox_graph.reconciliation.asking import BATCH, LIMIT, MOST
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node

Result = list[dict[str, Any]]

OPENFISCA = "tool-openfisca"

HOSTILE = ["", " ", "\t\n", "\0", "\ud800", "%", "*", '"', "\\", "' OR 1=1 --", '"} . ?s ?p ?o . #', "(a+)+$", "-", "..",
           "^~", "a:b", "AND OR NOT", "<script>alert(1)</script>", "🏛️", "e\u0301", "\u202eacsifnepo", "x" * 100_000]  # fmt: skip

BAD = [{}, {"query": ""}, {"query": None}, {"query": 5}, [], None, "x", 3, True, {"query": ["a"]}, {"properties": "x"},
       {"query": "", "properties": [{}]}, {"query": "", "properties": [None, {"pid": 3, "v": "x"}]},
       {"query": "", "properties": [{"pid": "website", "v": [None, {}, {"id": 3}]}]}]  # fmt: skip


def ask(served: Served, *queries: object, at: str = "/reconcile", language: str = "en") -> list[Result]:
    """Return the candidates for some queries of one batch."""
    batch = {str(number): query for number, query in enumerate(queries)}
    answer = served.post(at, data={"queries": json.dumps(batch)}, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert list(found) == list(batch)
    return [found[key]["result"] for key in batch]


def one(served: Served, query: object, **options: str) -> Result:
    """Return the candidates for one query."""
    return ask(served, query, **options)[0]


def certain(result: Result) -> list[str]:
    """Return the ids of what is certain."""
    return [candidate["id"] for candidate in result if candidate["match"]]


def extend(served: Served, ids: list[str], *properties: str, at: str = "/reconcile", language: str = "en") -> Any:
    """Return the values of some things."""
    query = {"ids": ids, "properties": [{"id": name} for name in properties]}
    return served.post(at, data={"extend": json.dumps(query)}, headers={"Accept-Language": language}).json()


def get(served: Served, path: str, **parameters: str) -> Any:
    """Return what an address answers as JSON."""
    return served.get(path, params=parameters).json()


@pytest.mark.parametrize("root", ["", "/tools", "/countries", "/wikidata"])
def test_all_addresses_of_a_manifest_begin_with_the_base(served: Served, root: str) -> None:
    manifest = get(served, f"/reconcile{root}")
    suggest = [entry[key] for entry in manifest["suggest"].values() for key in ("service_url", "flyout_service_url")]
    addresses = [*suggest, manifest["preview"]["url"], manifest["extend"]["propose_properties"]["service_url"]]
    assert all(address.startswith(f"{BASE.iri}reconcile") for address in addresses)


def test_a_manifest_names_both_versions_and_all_kinds(served: Served) -> None:
    manifest = get(served, "/reconcile")
    assert manifest["versions"] == ["0.1", "0.2"]
    assert [entry["id"] for entry in manifest["defaultTypes"]] == list(MODEL.kinds)


@pytest.mark.parametrize("accept", ["*/*", "application/json", "application/json, text/javascript, */*; q=0.01"])
def test_clients_get_the_manifest(served: Served, accept: str) -> None:
    assert served.get("/reconcile", headers={"Accept": accept}).headers["Content-Type"] == "application/json"


def test_a_person_gets_a_page_that_says_the_address(served: Served) -> None:
    html = Html(served.get("/reconcile", headers={"Accept": "text/html,*/*;q=0.8"}).text)
    assert f"{BASE.iri}reconcile" in html.texts(".//code")


@pytest.mark.parametrize(
    ("name", "kind", "thing"),
    [
        ("OpenFisca", "tool", OPENFISCA),
        ("  open fisca ", "tools", OPENFISCA),
        ("Decidim", "tool", "tool-decidim"),
        ("CONSUL DEMOCRACY", "tool", "tool-consul"),
        ("Forum de l’OGP Toolbox", "tool", "tool-ogp-toolbox-forum"),
        ("assemblee nationale", "organization", "organization-french-national-assembly"),
        ("Österreich", "country", "country-at"),
        ("Россия", "country", "country-ru"),
        ("日本", "country", "country-jp"),
        ("تونس", "country", "country-tn"),
        ("SEN", "country", "country-sn"),
        ("Apache-2.0", "licence", "licence-apache-2-0"),
        ("open data", "https://w3id.org/toolbox-graph/ontology#Theme", "theme-open-data"),
    ],
)
def test_a_name_of_a_kind_is_certain(served: Served, name: str, kind: str, thing: str) -> None:
    assert certain(one(served, {"query": name, "type": kind})) == [thing]


@pytest.mark.parametrize(
    ("property_name", "value"),
    [
        ("foaf:homepage", "http://www.openfisca.org"),
        ("website", "openfisca.org"),
        ("site web", ["", "https://openfisca.org/"]),
        ("repository", "git@github.com:openfisca/openfisca-core.git"),
        ("P1324", "https://github.com/openfisca/openfisca-core/"),
        ("in Wikidata", "Q64777688"),
        ("owl:sameAs", {"id": "http://www.wikidata.org/entity/Q64777688", "name": "OpenFisca"}),
        ("country", "France"),
        ("country", "Francia"),
        ("country", {"id": "country-fr", "name": "any"}),
        ("P17", "fr"),
    ],
)
def test_a_value_makes_a_name_certain_without_a_kind(served: Served, property_name: str, value: object) -> None:
    named = {"query": "OpenFisca"}
    assert certain(one(served, named)) == []
    assert certain(one(served, {**named, "properties": [{"pid": property_name, "v": value}]})) == [OPENFISCA]


def test_a_repository_is_enough(served: Served) -> None:
    told = [{"pid": "repository", "v": "https://github.com/openfisca/openfisca-core"}]
    assert certain(one(served, {"properties": told})) == [OPENFISCA]


@pytest.mark.parametrize("value", ["", [], [""], None, {}])
def test_a_blank_value_changes_nothing(served: Served, value: object) -> None:
    named = {"query": "OpenFisca", "type": "tool"}
    blank = {**named, "properties": [{"pid": "website", "v": value}, {"pid": "country", "v": value}]}
    assert one(served, blank) == one(served, named)


def test_what_contradicts_is_not_certain(served: Served) -> None:
    told = [{"pid": "country", "v": "Japan"}]
    [found] = one(served, {"query": "OpenFisca", "type": "tool", "properties": told})
    assert (found["id"], found["match"]) == (OPENFISCA, False)
    assert {"id": "country", "value": -1} in found["features"]


def test_a_mistyped_name_is_found_and_not_certain(served: Served) -> None:
    [found, *_] = one(served, {"query": "OpenFisac", "type": "tool"})
    assert (found["id"], found["match"]) == (OPENFISCA, False)


def test_a_number_that_something_has_too_tells_nothing(served: Served) -> None:
    summit = "event-ogp-global-summit-2016"
    assert certain(one(served, {"query": "OGP Global Summit 2016", "type": "event"})) == [summit]
    assert one(served, {"query": "Global Sumit 2016", "type": "event"})[0]["id"] == summit
    assert one(served, {"query": "zzqx 2016"}) == []


@pytest.mark.parametrize("thing", [OPENFISCA, "Q64777688", f"{BASE.iri}id/tool/openfisca"])
def test_an_id_finds_its_thing(served: Served, thing: str) -> None:
    assert certain(one(served, {"query": thing})) == [OPENFISCA]


@pytest.mark.parametrize("kind", ["nothing", "", ["nothing", "toolz"], "Q7397"])
def test_a_type_that_there_is_not_nothing_has(served: Served, kind: object) -> None:
    assert one(served, {"query": "OpenFisca", "type": kind}) == ([] if kind else one(served, {"query": "OpenFisca"}))


def test_a_type_may_be_one_of_several(served: Served) -> None:
    assert certain(one(served, {"query": "OpenFisca", "type": ["country", "tool"], "type_strict": "any"})) == [
        OPENFISCA
    ]


@pytest.mark.parametrize(
    ("query", "kind"), [("France", "tool"), ("country-fr", "tool"), ("OpenFisca", "country"), (OPENFISCA, "country")]
)
def test_the_address_of_a_kind_knows_no_other(served: Served, query: str, kind: str) -> None:
    found = one(served, {"query": query}, at=f"/reconcile/{MODEL.kinds[kind].plural}")
    assert {entry["id"] for candidate in found for entry in candidate["type"]} <= {kind}


def test_at_the_address_of_a_kind_a_name_is_enough(served: Served) -> None:
    assert certain(one(served, {"query": "OpenFisca"}, at="/reconcile/tools")) == [OPENFISCA]


def test_through_the_catalogue_a_name_leads_to_wikidata(served: Served) -> None:
    asked = [{"query": "OpenFisca", "type": "tool"}, {"query": "CKAN", "type": "tool"}, {"query": "Q142"}]
    found = ask(served, *asked, at="/reconcile/wikidata")
    assert [certain(result) for result in found] == [["Q64777688"], [], ["Q142"]]
    assert get(served, "/reconcile/wikidata")["identifierSpace"] == "http://www.wikidata.org/entity/"


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:20])
def test_any_text_has_an_answer(served: Served, text: str) -> None:
    assert certain(one(served, {"query": text, "type": "tool"})) == []


@pytest.mark.parametrize("bad", BAD, ids=repr)
def test_a_query_that_asks_nothing_takes_nothing_from_the_others(served: Served, bad: object) -> None:
    named = {"query": "OpenFisca", "type": "tool"}
    assert ask(served, bad, named, bad) == [[], one(served, named), []]


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["query", "type", "limit", "properties", "pid", "v"]), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(query=ANYTHING)
def test_whatever_is_asked_has_an_answer(client: FlaskClient, query: object) -> None:
    answer = client.post("/reconcile", data={"queries": json.dumps({"q": query})})
    assert isinstance(answer.get_json()["q"]["result"], list)


@pytest.mark.parametrize("key", ["", " ", "clé-日本", 'a"b', "\ud800", "<b>"])
def test_any_text_is_the_key_of_a_query(served: Served, key: str) -> None:
    answer = served.post("/reconcile", data={"queries": json.dumps({key: {"query": "OpenFisca"}})}).json()
    assert list(answer) == [key]


@pytest.mark.parametrize(
    ("asked", "most"),
    [(1, 1), (3, 3), (0, LIMIT), (-3, LIMIT), ("abc", LIMIT), (None, LIMIT), (True, LIMIT), (10**30, MOST)],
)
def test_a_limit_is_kept_where_it_is_one(served: Served, asked: object, most: int) -> None:
    assert 0 < len(one(served, {"query": "open", "limit": asked})) <= most


def test_candidates_stand_in_the_order_of_their_scores(served: Served) -> None:
    for result in ask(served, *({"query": word, "limit": 20} for word in ("open data", "government of", "toolbox"))):
        scores = [candidate["score"] for candidate in result]
        assert len(scores) > 1
        assert scores == sorted(scores, reverse=True)


def test_an_answer_does_not_depend_on_its_batch(served: Served) -> None:
    queries = [{"query": name, "type": "tool"} for name in ("OpenFisca", "open", "CKAN", "zz")]
    assert ask(served, *queries) == [one(served, query) for query in queries]


def test_get_and_post_answer_the_same(served: Served) -> None:
    data = {"queries": json.dumps({"q": {"query": "OpenFisca"}})}
    assert served.get("/reconcile", params=data).json() == served.post("/reconcile", data=data).json()


@pytest.mark.parametrize("number", [BATCH + 1, 10_000])
def test_a_batch_of_too_many_is_refused(served: Served, number: int) -> None:
    answer = served.post("/reconcile", data={"queries": json.dumps({str(n): {"query": "a"} for n in range(number)})})
    assert answer.status_code == 413
    assert answer.json()["limit"] == BATCH


def test_a_whole_batch_is_answered(served: Served) -> None:
    assert len(ask(served, *[{"query": "CKAN"}] * BATCH)) == BATCH


def test_what_is_too_long_is_refused(served: Served) -> None:
    answer = served.post("/reconcile", data={"queries": "x" * 1_000_001})
    assert (answer.status_code, answer.json()["title"]) == (413, "Too large")


@pytest.mark.parametrize(("address", "language"), [("/reconcile?lang=es", "es"), ("/reconcile", "fr")])
def test_a_person_is_refused_in_their_language(served: Served, address: str, language: str) -> None:
    headers = {"Accept": "text/html", "Accept-Language": "fr"}
    answer = served.post(address, data={"queries": "x" * 1_000_001}, headers=headers)
    assert (answer.status_code, Html(answer.text).root.attrib["lang"]) == (413, language)


def test_a_body_may_come_in_pieces(served: Served) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"queries=%7B%22q%22:%7B%22query%22:"
        yield b"%22Q64777688%22%7D%7D"

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert certain(served.post("/reconcile", data=pieces(), headers=headers).json()["q"]["result"]) == [OPENFISCA]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '"x"', "null", "\0", "[" * 100_000, '{"q": NaN}', '{"q": 1' + "0" * 5000]
)
@pytest.mark.parametrize("name", ["queries", "extend"])
def test_what_is_no_batch_is_refused(served: Served, name: str, text: str) -> None:
    answer = served.post("/reconcile", data={name: text})
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (400, "*")
    assert answer.json()["parameter"] == name


def test_who_sends_nothing_is_told_what_to_send(served: Served) -> None:
    assert "queries" in served.post("/reconcile", data={"other": "x"}).json()["detail"]


def test_an_extension_has_every_id_and_every_property(served: Served) -> None:
    found = extend(served, [OPENFISCA, "nothing", "tool-ckan"], "website", "in Wikidata", "no such")
    assert [entry["id"] for entry in found["meta"]] == ["website", "in Wikidata", "no such"]
    assert found["rows"] == {
        OPENFISCA: {"website": [{"str": "https://openfisca.org/"}], "in Wikidata": [{"str": "Q64777688"}], "no such": []},
        "nothing": {"website": [], "in Wikidata": [], "no such": []},
        "tool-ckan": {"website": [{"str": "https://ckan.org"}], "in Wikidata": [], "no such": []},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("thing", "name", "language", "cell"),
    [
        ("use-case-openfisca-in-senegal", "country", "fr", {"id": "country-sn", "name": "Sénégal"}),
        ("country-sn", "name", "es", {"str": "Senegal"}),
        ("country-sn", "numericCode", "en", {"str": "686"}),
        ("source-toolbox-graph", "confirmed", "en", {"date": "2026-11-22T00:00:00Z"}),
    ],
)
def test_a_value_is_told_as_clients_read_it(served: Served, thing: str, name: str, language: str, cell: object) -> None:
    assert extend(served, [thing], name, language=language)["rows"][thing][name] == [cell]


def test_an_extension_through_wikidata_goes_by_its_items(served: Served) -> None:
    found = extend(served, ["Q64777688", "Q1"], "name", at="/reconcile/wikidata")
    assert found["rows"] == {"Q64777688": {"name": [{"str": "OpenFisca"}]}, "Q1": {"name": []}}


def test_a_whole_list_can_be_extended_at_once(served: Served) -> None:
    ids = [OPENFISCA, *(f"tool-{n}" for n in range(5_000))]
    assert len(extend(served, ids, "name", "website")["rows"]) == len(ids)


def test_fewer_values_are_given_to_who_wants_fewer(served: Served) -> None:
    query = {"ids": [OPENFISCA], "properties": [{"id": "rdf:type", "settings": {"limit": "1"}}]}
    assert len(served.post("/reconcile", data={"extend": json.dumps(query)}).json()["rows"][OPENFISCA]["rdf:type"]) == 1


@pytest.mark.parametrize(
    "query",
    [{"ids": []}, {"ids": "x", "properties": []}, {"ids": [], "properties": [3]}],
)
def test_an_extension_without_what_it_needs_is_refused(served: Served, query: object) -> None:
    assert served.post("/reconcile", data={"extend": json.dumps(query)}).status_code == 400


@pytest.mark.parametrize("bad", [None, 3, [], {}, True])
def test_an_id_that_is_none_takes_nothing_from_the_others(served: Served, bad: object) -> None:
    query = {"ids": [bad, OPENFISCA], "properties": [{"id": "name"}]}
    rows = served.post("/reconcile", data={"extend": json.dumps(query)}).json()["rows"]
    assert rows == {OPENFISCA: {"name": [{"str": "OpenFisca"}]}}


@pytest.mark.parametrize(("ids", "properties"), [(10_001, 0), (0, 101), (1_001, 100)])
def test_an_extension_of_too_many_is_refused(served: Served, ids: int, properties: int) -> None:
    query = {"ids": [str(n) for n in range(ids)], "properties": [{"id": str(n)} for n in range(properties)]}
    assert served.post("/reconcile", data={"extend": json.dumps(query)}).status_code == 413


def test_properties_of_a_kind_are_proposed_in_their_order(served: Served) -> None:
    proposed = get(served, "/reconcile/extend/propose", type="country", lang="fr")
    assert proposed["type"] == "country"
    assert {"id": "tbg:alpha2Code", "name": "ISO 3166-1 alpha-2"}.items() <= proposed["properties"][-3].items()
    assert (
        get(served, "/reconcile/countries/extend/propose", type="", lang="fr")["properties"] == proposed["properties"]
    )


def test_as_many_properties_are_proposed_as_are_asked_for(served: Served) -> None:
    assert len(get(served, "/reconcile/extend/propose", type="tool", limit="2")["properties"]) == 2


@pytest.mark.parametrize(
    ("what", "prefix", "first"),
    [
        ("entity", "openfis", OPENFISCA),
        ("entity", "OPENFISCA", OPENFISCA),
        ("entity", OPENFISCA, OPENFISCA),
        ("type", "use", "use-case"),
        ("type", "PAYS", "country"),
        ("property", "web", "foaf:homepage"),
        ("property", "foaf:homepage", "foaf:homepage"),
    ],
)
def test_what_somebody_may_mean_is_suggested(served: Served, what: str, prefix: str, first: str) -> None:
    assert get(served, f"/reconcile/suggest/{what}", prefix=prefix)["result"][0]["id"] == first


@pytest.mark.parametrize("what", ["entity", "type", "property"])
def test_suggestions_can_be_left_out(served: Served, what: str) -> None:
    whole = get(served, f"/reconcile/suggest/{what}", prefix="c")["result"]
    assert get(served, f"/reconcile/suggest/{what}", prefix="c", cursor="1")["result"][:1] == whole[1:2]


@pytest.mark.parametrize("cursor", ["-1", "x", "", "999999999999", "²"])
def test_a_cursor_that_is_none_does_no_harm(served: Served, cursor: str) -> None:
    assert served.get("/reconcile/suggest/entity", params={"prefix": "a", "cursor": cursor}).status_code == 200


@pytest.mark.parametrize(("at", "kind"), [("/reconcile/tools", ""), ("/reconcile", "tool")])
def test_only_things_of_a_kind_are_suggested(served: Served, at: str, kind: str) -> None:
    found = get(served, f"{at}/suggest/entity", prefix="o", type=kind)["result"]
    assert {entry["notable"][0]["id"] for entry in found} == {"tool"}


def test_suggestions_through_wikidata_are_its_items(served: Served) -> None:
    assert get(served, "/reconcile/wikidata/suggest/entity", prefix="openfis")["result"][0]["id"] == "Q64777688"


@pytest.mark.parametrize(
    "what_and_id", [f"entity/{OPENFISCA}", "entity/Q64777688", "type/tool", "property/foaf:homepage"]
)
def test_a_flyout_says_what_is_meant(served: Served, what_and_id: str) -> None:
    found = get(served, f"/reconcile/flyout/{what_and_id}")
    assert found["id"] == what_and_id.partition("/")[2]
    assert found["html"].startswith("<p><strong>")


def test_a_preview_can_be_shown_within_any_page_and_nothing_in_it_runs(served: Served) -> None:
    answer = served.get(f"/reconcile/preview/{OPENFISCA}", params={"lang": "fr"})
    html = Html(answer.text)
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    assert html.root.attrib["lang"] == "fr"
    assert html.texts(".//h1") == ["OpenFisca"]
    assert html.all(".//script") == []


@pytest.mark.parametrize(
    "path",
    [
        "/reconcile/preview/nothing",
        "/reconcile/flyout/entity/nothing",
        "/reconcile/flyout/type/nothing",
        "/reconcile/flyout/nothing/tool",
        "/reconcile/suggest/nothing",
        "/reconcile/nothing",
        "/id/nothing",
        "/id/tool-<script>",
    ],
)
def test_what_is_not_there_is_not_found(served: Served, path: str) -> None:
    answer = served.get(path)
    assert answer.status_code == 404
    assert answer.json()["type"].endswith("not-found")


@pytest.mark.parametrize("thing", ["tool-openfisca", "tool%2Dopenfisca"])
def test_an_id_leads_to_the_name_of_its_thing(served: Served, thing: str) -> None:
    answer = served.get(f"/id/{thing}")
    assert (answer.status_code, answer.headers["Location"]) == (301, "tool/openfisca")


@pytest.mark.parametrize(
    "path", ["/reconcile", "/reconcile/suggest/entity?prefix=o", f"/reconcile/flyout/entity/{OPENFISCA}"]
)
def test_a_function_can_be_called_with_an_answer(served: Served, path: str) -> None:
    answer = served.get(path, params={"callback": "jQuery12_3"})
    assert answer.headers["Content-Type"].startswith("application/javascript")
    assert answer.text.startswith("/**/jQuery12_3({")
    assert json.loads(answer.text.removeprefix("/**/jQuery12_3(").removesuffix(");"))


@pytest.mark.parametrize("name", ["", "alert(1)//", "a b", "é", "a" * 101, "1a"])
def test_what_is_no_name_of_a_function_is_refused(served: Served, name: str) -> None:
    answer = served.get("/reconcile", params={"callback": name})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "callback"


@pytest.mark.parametrize(("language", "name"), [("en", "country"), ("fr", "pays"), ("es", "país")])
def test_names_are_in_the_language_of_the_reader(served: Served, language: str, name: str) -> None:
    [found, *_] = one(served, {"query": "Senegal", "type": "country"}, language=language)
    assert found["type"] == [{"id": "country", "name": name}]


def test_a_change_is_seen_at_once(house: Repository, house_client: FlaskClient) -> None:
    def match() -> Any:
        return house_client.post("/reconcile/tools", data={"queries": '{"q":{"query":"Chimney"}}'}).get_json()["q"][
            "result"
        ]

    assert match() == []
    house.commit(Draft(origin("edit"), [], sorted(_tool("chimney", "Chimney"))), since=1)
    assert certain(match()) == ["tool-chimney"]


def test_what_was_replaced_leads_to_what_took_its_place(house: Repository, house_client: FlaskClient) -> None:
    house.commit(
        Draft(origin("edit"), [], [_say("wall", DCTERMS.isReplacedBy, node(BASE.thing("tool", "roof")))]), since=1
    )
    queries = json.dumps({"q": {"query": "tool-wall"}, "r": {"query": "Wall", "type": "tool"}})
    found = house_client.post("/reconcile", data={"queries": queries}).get_json()
    assert [certain(found[key]["result"]) for key in "qr"] == [["tool-roof"], []]


def test_names_are_no_markup_in_a_preview(house: Repository, house_client: FlaskClient) -> None:
    house.commit(Draft(origin("edit"), [], sorted(_tool("evil", "<script>alert(1)</script>"))), since=1)
    for path in ("preview", "flyout/entity"):
        assert "<script>" not in house_client.get(f"/reconcile/{path}/tool-evil").get_data(as_text=True)


def _say(key: str, predicate: object, value: str) -> Quad:
    return Quad(node(BASE.thing("tool", key)), node(str(predicate)), value, node(BASE.graph("house", "alpha")))


def _tool(key: str, name: str) -> set[Quad]:
    types = [_say(key, RDF.type, node(str(name))) for name in (TBG.Tool, TBG.Software)]
    return {*types, _say(key, RDFS.label, f'"{name}"@en')}
