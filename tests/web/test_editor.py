"""The query editor: it helps to write, shows answers in four ways, asks nobody else, and can be left by keyboard."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page
from rdflib import Graph, URIRef

from tests.conftest import BASE, THOROUGH, Served
from tests.web.conftest import Html
from toolbox_graph import browser_parts
from toolbox_graph.describing.void import whole
from toolbox_graph.model import Model
from toolbox_graph.namespaces import VOID
from toolbox_graph.saved_queries import saved_queries
from toolbox_graph.web import editor, static_files
from toolbox_graph.web.pages import Frame, render
from toolbox_graph.web.sparql_pages import SparqlPage

COUNTRIES = """PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?country (COUNT(*) AS ?uses) { ?use dct:spatial ?country } GROUP BY ?country ORDER BY DESC(?uses)"""
EMPTY = "SELECT * { ?use a <id/nothing> }"
TOOLS = "PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#> SELECT (COUNT(*) AS ?n) { ?tool a tbg:Tool }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"

EDITOR = "() => document.querySelector('.CodeMirror').CodeMirror"


@pytest.fixture
def desk(page: Page) -> Iterator[Page]:
    """A page with the editor, which has to ask our own host alone and to break no rule of the page."""
    if browser_parts.found() is None:
        reason = "needs the parts of the editor: toolbox-graph fetch-editor"
        if THOROUGH:
            pytest.fail(reason)
        pytest.skip(reason)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).hostname or ""))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "server responded" not in said.text else None)
    yield page
    assert set(asked) == {"127.0.0.1"}
    assert complaints == []


def go(page: Page, served: Served, query: str = "", view: str = "", **parameters: str) -> None:
    """Open the editor, with a query and a view where they are given."""
    asked = urlencode({**({"query": query} if query else {}), **parameters})
    page.goto(f"{served.address}/sparql?{asked}{view and '#'}{view}")
    page.wait_for_selector(".CodeMirror")


def write(page: Page, text: str) -> None:
    """Write a query in the place of the one that is there."""
    page.evaluate(f"text => ({EDITOR})().setValue(text)", text)


def test_somebody_new_gets_a_chart_from_an_example(served: Served, desk: Page) -> None:
    go(desk, served)
    desk.click(".examples summary >> text=Tools")
    desk.click("text=Under which licences are tools published?")
    desk.click("button >> text=Chart")
    assert desk.locator(".bars li").first.inner_text().split() == ["AGPL-3.0", "29"]


def test_a_link_leads_to_a_query_and_a_view(served: Served, desk: Page) -> None:
    go(desk, served, COUNTRIES, "map", lang="fr")
    desk.wait_for_selector(".world path.found")
    assert "France: " in desk.inner_text(".shown")
    assert desk.get_attribute("main a.share", "href") == desk.url
    assert parse_qs(urlsplit(desk.url).query)["query"] == [COUNTRIES]


@pytest.mark.parametrize("view", ["table", "raw", "chart", "map"])
def test_each_view_fits_a_phone_and_a_desk(served: Served, desk: Page, view: str) -> None:
    go(desk, served, COUNTRIES, view)
    desk.wait_for_selector(f"button[data-view={view}][aria-pressed=true]")
    desk.wait_for_selector(".shown *")
    for width in (360, 1440):
        desk.set_viewport_size({"width": width, "height": 800})
        assert desk.evaluate("() => document.documentElement.scrollWidth") <= width


def test_bars_are_called_as_the_reader_calls_them(served: Served, desk: Page) -> None:
    go(desk, served, COUNTRIES, "chart", lang="es")
    desk.wait_for_selector(".bars >> text=España")
    assert desk.locator(".bars li").first.inner_text().split()[0] == "Francia"


def test_a_table_leads_to_things_whatever_their_names_begin_with(served: Served, desk: Page) -> None:
    go(desk, served, COUNTRIES)
    desk.click("main table a >> nth=0")
    assert desk.inner_text("h1") == "France"


def test_terms_are_completed_with_their_prefix(served: Served, desk: Page) -> None:
    go(desk, served, lang="fr")
    desk.click(".CodeMirror")
    desk.keyboard.type("SELECT * { ?use usesT")
    desk.keyboard.press("Control+Space")
    assert desk.locator(".CodeMirror-hint").first.inner_text().startswith("tbg:usesTool · utilise · ")
    desk.keyboard.press("Enter")
    text = desk.evaluate(f"() => ({EDITOR})().getValue()")
    assert text == "PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>\nSELECT * { ?use tbg:usesTool"


def test_a_query_is_asked_in_place_and_has_an_address(served: Served, desk: Page) -> None:
    go(desk, served)
    write(desk, COUNTRIES)
    desk.click("main form button")
    desk.wait_for_selector("main table")
    assert parse_qs(urlsplit(desk.url).query)["query"] == [COUNTRIES]
    desk.go_back()
    desk.wait_for_selector(".examples[open]")


def test_the_answer_to_a_question_becomes_a_chart(served: Served, desk: Page) -> None:
    desk.goto(f"{served.address}/queries/countries-with-use-cases")
    desk.click("main button >> text=As a chart or a map")
    desk.wait_for_selector("#outcome .bars svg")
    assert desk.url.endswith("#chart")


def test_a_past_version_is_asked_in_place_too(served: Served, desk: Page) -> None:
    go(desk, served, EMPTY, at="2")
    assert desk.locator(".past").count() == desk.locator(".cite").count() == 1
    write(desk, TOOLS)
    desk.click("main form button")
    desk.wait_for_selector("main table")
    assert desk.inner_text("main td") == "0"
    assert parse_qs(urlsplit(desk.url).query)["at"] == ["2"]
    # It would cite the query that stood there before.
    assert desk.locator(".cite").count() == 0


def test_a_mistake_is_told_with_its_place(served: Served, desk: Page) -> None:
    go(desk, served)
    write(desk, "SELECT * {\n  ?tool ?is ?this")
    desk.click("main form button")
    assert "line 2, column 18" in desk.inner_text("[role=alert]")


def test_a_time_out_is_shown_as_what_it_is(served: Served, desk: Page) -> None:
    go(desk, served)
    write(desk, ENDLESS)
    desk.click("main form button")
    told = desk.inner_text("[role=alert]")
    assert "The time was over after 2 s" in told
    assert "LIMIT" in told


def test_an_empty_answer_leads_to_the_reason(served: Served, desk: Page) -> None:
    go(desk, served, EMPTY)
    desk.click("#outcome a >> text=Why is that so?")
    assert desk.inner_text("h1") == "Why is the answer empty?"


def test_the_editor_has_a_name_and_can_be_left_by_keyboard(served: Served, desk: Page) -> None:
    go(desk, served)
    desk.click(".CodeMirror")
    assert desk.evaluate("() => document.activeElement.getAttribute('aria-label')") == "Query"
    desk.keyboard.press("Tab")
    assert desk.evaluate("() => document.activeElement.textContent") == "Ask"


def test_scripts_run_on_the_page_of_the_editor_alone(served: Served) -> None:
    paths = ("/sparql", "/tools", "/queries/who-used-a-tool-where", f"/sparql/why-empty?query={EMPTY}")
    asked = {path: served.get(path, headers={"Accept": "text/html"}) for path in paths}
    policies = {path: response.headers["Content-Security-Policy"] for path, response in asked.items()}
    expected = ["/sparql"] if browser_parts.found() else []
    assert [path for path, policy in policies.items() if "script-src" in policy] == expected
    assert "unsafe" not in " ".join(policies.values())


def test_without_its_parts_there_is_a_plain_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_files, "has_editor", lambda: False)
    page = SparqlPage("ASK {}", None, None, "", "", "", "", (), editor.view(Model(BASE)))
    html = Html(render(page, Frame("en", "./")))
    assert html.all(".//script") == []
    assert html.texts(".//textarea") == ["ASK {}"]


def test_what_the_editor_is_made_with_may_be_kept_for_ever(client: FlaskClient) -> None:
    newest = client.get(f"/static/{static_files.version()}/editor.js", headers={"Accept-Encoding": "gzip"})
    assert "immutable" in newest.headers["Cache-Control"]
    assert newest.headers["Content-Encoding"] == "gzip"
    assert client.get("/static/another/editor.js").headers["Cache-Control"] == "no-cache"
    assert client.get("/static/another/nothing.js").status_code == 404


@pytest.mark.parametrize(("language", "label"), [("en", "uses"), ("fr", "utilise")])
def test_the_editor_is_told_terms_in_the_reader_s_language(client: FlaskClient, language: str, label: str) -> None:
    address = f"/sparql/terms.json?lang={language}"
    response = client.get(address)
    told = response.get_json()
    properties = {term["short"]: term["label"] for term in told["properties"]}
    assert properties["tbg:usesTool"] == label
    assert {"tbg:Tool", "tbg:UseCase"} <= {term["short"] for term in told["classes"]}
    assert told["countries"]["fr"] == "250"
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_what_is_used_most_is_completed_first_and_what_nobody_used_yet_last(client: FlaskClient) -> None:
    told = client.get("/sparql/terms.json").get_json()
    for kind in ("classes", "properties"):
        numbers = [term["number"] for term in told[kind]]
        assert numbers == sorted(numbers, reverse=True)
        assert numbers[0] > 100
        assert numbers[-1] == 0


def test_a_number_beside_a_term_is_that_of_the_description(client: FlaskClient) -> None:
    [tools] = [term for term in client.get("/sparql/terms.json").get_json()["classes"] if term["short"] == "tbg:Tool"]
    void = Graph().parse(data=client.get("/.well-known/void.ttl").text, format="turtle")
    parts = set(void.objects(whole(BASE), VOID.classPartition)) & set(
        void.subjects(VOID["class"], URIRef(tools["iri"]))
    )
    assert [int(str(void.value(part, VOID.entities))) for part in parts] == [tools["number"]]


def test_each_question_is_an_example(served: Served) -> None:
    page = served.get("/sparql?lang=es", headers={"Accept": "text/html"}).text
    assert [
        name for name, query in saved_queries().items() if query.titles["es"] not in page.replace("&#39;", "'")
    ] == []
