"""Browser: the pages fit a phone and a desk, can be read and used by anybody, and work without JavaScript."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from tests.conftest import Served

WIDTHS = (360, 768, 1440)

PAGES = {
    "home": "/",
    "list": "/tools",
    "long list": "/countries?limit=500",
    "tool": "/tool/openfisca",
    "use case": "/use-case/openfisca-in-senegal",
    "country": "/country/sn",
    "coalition": "/coalition/open-government-partnership",
    "source": "/source/toolbox-graph",
    "history": "/history",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "signing in": "/sign-in",
    "search": "/search?q=consultation&theme=open-data",
    "questions": "/queries",
    "question": "/queries/who-used-a-tool-where",
    "fields of all types": "/queries/typed?word=red&limit=2&offset=2",
    "form": "/sparql",
    "table": "/sparql?query=SELECT * { ?s ?p ?o } LIMIT 30",
    "graph": "/sparql?query=CONSTRUCT WHERE { ?s ?p ?o } LIMIT 30",
    "query that was refused": "/sparql?query=SELEC",
    "empty answer": "/sparql?query=SELECT * { ?tool a <http://schema.org/Nothing> }",
    "why it is empty": "/sparql/why-empty?query=SELECT * { ?tool a <http://schema.org/Nothing> ; ?p ?o }",
    "not found": "/tool/nothing",
}

WIDTH = "() => document.documentElement.scrollWidth"

FAINT = """() => {
  const channels = text => text.match(/[\\d.]+/g).map(Number);
  const light = text => {
    const [r, g, b] = channels(text).slice(0, 3).map(c => c / 255)
      .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const paper = element => {
    for (let one = element; one; one = one.parentElement) {
      const colour = getComputedStyle(one).backgroundColor;
      if (!/^rgba\\(.*, 0\\)$/.test(colour)) return colour;
    }
    return matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(18, 18, 18)' : 'rgb(255, 255, 255)';
  };
  const says = element => [...element.childNodes].some(node => node.nodeType === 3 && node.textContent.trim());
  return [...document.body.querySelectorAll('*')].filter(says).filter(element => {
    const [one, other] = [light(getComputedStyle(element).color), light(paper(element))];
    return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05) < 4.5;
  }).map(element => element.outerHTML);
}"""
"""Finds text that stands out too little from what it stands on (WCAG 2.2, 1.4.3)."""


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_fits_each_window(served: Served, page: Page, path: str) -> None:
    page.goto(served.address + path)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(WIDTH) <= width


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_asks_no_other_host_and_has_nothing_to_complain_of(served: Served, page: Page, path: str) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # That a page was refused is told of the page itself; anything else would be about what it is made with.
    page.on("console", lambda message: complaints.append(message.text) if message.location["url"] != page.url else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(served.address + path)
    assert {urlsplit(address).netloc for address in asked} == {urlsplit(served.address).netloc}
    assert complaints == []


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_text_stands_out_from_its_paper_by_day_and_by_night(served: Served, page: Page, path: str) -> None:
    page.goto(served.address + path)
    page.emulate_media(color_scheme="light")
    assert page.evaluate(FAINT) == []
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(FAINT) == []


@pytest.mark.parametrize("name", ["home", "list", "tool", "ontology", "question"])
def test_a_page_says_the_same_without_scripts(served: Served, page: Page, without_scripts: Page, name: str) -> None:
    texts = []
    for one in (page, without_scripts):
        one.goto(served.address + PAGES[name])
        texts.append(one.text_content("main"))
    assert texts[0] == texts[1] != ""


def test_the_first_key_leads_to_the_content(served: Served, page: Page) -> None:
    page.goto(served.address)
    page.keyboard.press("Tab")
    box = page.locator("a.skip:focus").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    page.keyboard.press("Enter")
    assert page.url.endswith("#content")


def test_what_has_the_focus_is_marked(served: Served, page: Page) -> None:
    page.goto(f"{served.address}/sparql")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_query_is_asked_without_scripts(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/sparql?lang=fr")
    page.fill("textarea", "SELECT ?useCase { ?useCase <https://w3id.org/toolbox-graph/ontology#usesTool> ?tool }")
    page.click("main button")
    assert page.get_attribute("html", "lang") == "fr"
    page.click("main table a >> text=use-case/openfisca-in-senegal")
    assert page.inner_text("h1") == "OpenFisca au Sénégal"


def test_a_search_is_narrowed_down_without_scripts(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/countries?lang=fr")
    page.fill("header input[type=search]", "consultatoin")
    page.press("header input[type=search]", "Enter")
    before = page.inner_text("main h2 >> nth=0")
    page.check("text=Données ouvertes")
    page.click("text=Appliquer")
    assert page.get_attribute("html", "lang") == "fr"
    assert page.input_value("main input[type=search]") == "consultatoin"
    assert page.is_checked("text=Données ouvertes")
    assert before != page.inner_text("main h2 >> nth=0") != "0 résultat"


def test_a_question_is_asked_about_another_thing_without_scripts(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/queries/who-used-a-tool-where?lang=es")
    assert page.locator("main table").count() == 1
    page.fill("main input:not([type=hidden])", "tool/appstream-debian")
    page.click("main form button >> nth=0")
    assert page.get_attribute("html", "lang") == "es"
    assert "No se encontró nada." in page.inner_text("main")


def test_a_question_is_taken_further_without_scripts(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/queries/who-used-a-tool-where")
    page.click("summary")
    page.click("details button")
    assert urlsplit(page.url).path == "/sparql"
    assert "usesTool" in page.input_value("textarea")
    assert page.locator("main table").count() == 1


def test_a_reader_chooses_the_language_without_scripts(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/country/sn")
    page.click("nav.languages a[hreflang=fr]")
    assert (page.inner_text("h1"), page.get_attribute("html", "lang")) == ("Sénégal", "fr")


def test_the_language_that_a_reader_chose_stays_when_they_go_on(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/country/sn?lang=fr")
    page.click("main a >> text=OpenFisca au Sénégal")
    assert page.get_attribute("html", "lang") == "fr"


def test_a_note_leads_to_its_source(served: Served, without_scripts: Page) -> None:
    page = without_scripts
    page.goto(f"{served.address}/tool/mes-aides")
    page.click("a.note >> nth=0")
    assert page.locator("li:target").count() == 1
