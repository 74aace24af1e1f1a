"""Pages: what a reader sees is what is known, in order, in their language, with its sources, and nothing else runs."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import pytest
import requests
from flask.testing import FlaskClient
from rdflib import Graph

from tests.conftest import BASE, Served, origin
from tests.web.conftest import KINDS, KNOWN, MODEL, Html, text_of
from toolbox_graph import saved_queries
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.entities import Description
from toolbox_graph.model import in_language
from toolbox_graph.namespaces import DCTERMS, RDFS, TBG
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.overview import overview
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, canonical, node
from toolbox_graph.web.app import create_app
from toolbox_graph.web.diagrams import ties
from toolbox_graph.web.views import anchor

QUESTIONS = list(saved_queries.saved_queries())
QUESTION = "/queries/who-used-a-tool-where"

PAGES = {
    "home": "/",
    "list": "/tools",
    "part of a list": "/countries?limit=20&offset=20",
    "empty part of a list": "/tools?offset=100000",
    "tool": "/tool/openfisca",
    "platform": "/tool/mes-aides",
    "use case": "/use-case/openfisca-in-senegal",
    "country": "/country/sn",
    "source": "/source/toolbox-graph",
    "history": "/history",
    "links to Wikidata": "/quality/wikidata",
    "signing in": "/sign-in",
    "review by nobody": "/quality/wikidata/review",
    "numbers": "/.well-known/void",
    "datasets": "/catalog",
    "ontology": "/ontology",
    "shapes": "/shapes",
    "questions": "/queries",
    "search": "/search?q=consultation&theme=open-data&theme=public-participation",
    "search without words": "/search?kind=tool&sort=newest",
    "search for nothing": "/search?q=xqzjw",
    "search that was refused": "/search?sort=colour",
    "reconciliation": "/reconcile",
    "reconciliation in the draft": "/reconcile/v1/tools",
    "question": QUESTION,
    "part of an answer, and fields of all types": "/queries/typed?word=red&limit=2&offset=2",
    "question that was refused": f"{QUESTION}?tool=country/sn",
    "form": "/sparql",
    "table": "/sparql?query=SELECT * { ?s ?p ?o } LIMIT 3",
    "no row": "/sparql?query=SELECT * { <urn:x> ?p ?o }",
    "truth": "/sparql?query=ASK {}",
    "graph": "/sparql?query=CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3",
    "query that was refused": "/sparql?query=SELEC",
    "not found": "/tool/nothing",
    "wrong part": "/tools?limit=x",
}

ROW = {"id", "iri", "kind", "label", "description", "url"}
ATTACK = "</title><script>alert('\"&amp;')</script>"


def page(served: Served, address: str, language: str = "en") -> Html:
    """Return a page as a browser gets it."""
    headers = {"Accept": "text/html", "Accept-Language": language}
    return Html(served.get(address, headers=headers).text)


def described(catalogue_client: FlaskClient, kind: str, key: str) -> Description:
    """Return what is known of a thing."""
    service = catalogue_client.application.extensions["toolbox-graph"]
    assert isinstance(service, Service)
    description = service.reader().describer.find(kind, key)
    assert description is not None
    return description


def is_in_order(found: list[tuple[str, str]], order: list[tuple[str, str]]) -> bool:
    """Say whether some pairs stand in an order that has others between them."""
    rest = iter(order)
    return all(pair in rest for pair in found)


def facts(html: Html) -> Iterator[tuple[str, str, Element]]:
    """Yield heading, label and values of the facts on the page of a thing."""
    for section in html.all(".//section"):
        heading = text_of(section.findall("h2")[0])
        for row in section.findall("dl/div"):
            yield heading, text_of(row.findall("dt")[0]), row.findall("dd")[0]


def write(house: Repository, *added: Quad) -> None:
    """Add statements to the house."""
    house.commit(Draft(origin("edit"), [], sorted(added)), since=1)


def say(key: str, predicate: object, value: str) -> Quad:
    """Return what the first source of the house says of a tool."""
    return Quad(node(BASE.thing("tool", key)), node(str(predicate)), value, node(BASE.graph("house", "alpha")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_is_well_formed_and_says_in_which_language_it_is(served: Served, address: str, language: str) -> None:
    html = page(served, address, language)
    assert html.root.attrib["lang"] == language
    assert [element.tag for element in html.root] == ["head", "body"]
    assert {identifier: n for identifier, n in Counter(html.ids()).items() if n > 1} == {}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_has_one_heading_that_is_its_title(served: Served, address: str) -> None:
    html = page(served, address)
    heading = html.one(".//h1")
    assert html.one("head/title").text == f"{(heading.text or '').strip()} · Toolbox Graph" or address == "/"
    assert html.one("body/main/h1") is heading


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_headings_leave_no_level_out(served: Served, address: str) -> None:
    levels = [int(element.tag[1]) for element in page(served, address).root.iter() if element.tag in {"h1", "h2", "h3"}]
    assert all(after <= before + 1 for before, after in zip([0, *levels], levels, strict=False))


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_begins_with_a_link_to_its_content(served: Served, address: str) -> None:
    html = page(served, address)
    first = next(html.one("body").iter("a"))
    assert (first.attrib["href"], html.one("body/main").attrib["id"]) == ("#content", "content")


def running(html: Html) -> list[Element]:
    """Return the scripts of a page; what holds data is none."""
    return [script for script in html.all(".//script") if "json" not in script.attrib.get("type", "")]


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_runs_the_editor_at_most_and_takes_nothing_from_elsewhere(served: Served, address: str) -> None:
    html = page(served, address)
    scripts = running(html)
    assert scripts == [] or urlsplit(address).path == "/sparql"
    assert [script for script in scripts if script.text or not script.attrib["src"].startswith("static/")] == []
    loaded = [element.attrib["href"] for element in html.all("head/link") if element.attrib["rel"] != "canonical"]
    loaded += [element.attrib["src"] for element in html.root.iter() if "src" in element.attrib]
    assert [link for link in loaded if urlsplit(link).netloc] == []
    assert [name for element in html.root.iter() for name in element.attrib if name.startswith(("on", "style"))] == []


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_browsers_are_told_that_nothing_runs_in_a_page_but_the_editor(served: Served, address: str) -> None:
    policy = served.get(address, headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert "script-src" not in rules or urlsplit(address).path == "/sparql"
    assert set(rules.values()) <= {"'none'", "'self'"}


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_each_field_of_a_form_has_a_label(served: Served, address: str) -> None:
    html = page(served, address)
    fields = [element for tag in ("input", "textarea", "select") for element in html.all(f".//{tag}")]
    labels = {element.attrib["for"] for element in html.all(".//label")}
    assert {element.attrib["id"] for element in fields if element.attrib.get("type") != "hidden"} == labels


@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_a_page_leads_to_itself_in_the_other_languages(served: Served, address: str) -> None:
    html = page(served, address)
    links = html.all(".//nav[@class='languages']/a")
    assert {link.attrib["hreflang"] for link in links} == set(LANGUAGES) - {"en"}
    asked = dict(parse_qsl(urlsplit(address).query)) if html.all(".//main//form") else {}
    for link in links:
        assert asked.items() <= dict(parse_qsl(urlsplit(link.attrib["href"]).query)).items()
        assert page(served, urljoin(address, link.attrib["href"])).root.attrib["lang"] == link.attrib["hreflang"]


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("address", PAGES.values(), ids=PAGES)
def test_no_text_of_the_frame_is_left_in_english(served: Served, address: str, language: str) -> None:
    frames = [page(served, address, name) for name in ("en", language)]
    assert frames[0].texts("body/footer/p[last()]") != frames[1].texts("body/footer/p[last()]")
    assert frames[0].texts("body/header/nav/a")[0] != frames[1].texts("body/header/nav/a")[0]


def test_every_link_leads_somewhere(served: Served, examples: list[tuple[str, str]]) -> None:
    starts = ["/", "/tools", "/history", "/ontology", "/shapes", "/queries", QUESTION, "/sparql"]
    starts += [f"/{kind}/{key}" for kind, key in examples]
    links = {
        urljoin(start, link.attrib["href"]): start
        for start in starts
        for link in page(served, start).all(".//a[@href]")
        if not urlsplit(link.attrib["href"]).netloc
    }
    answers = {
        path: served.get(path, headers={"Accept": "text/html"}) for path in {urldefrag(link)[0] for link in links}
    }
    assert {link: start for link, start in links.items() if not _leads_somewhere(link, answers)} == {}


def _leads_somewhere(link: str, answers: dict[str, requests.Response]) -> bool:
    path, fragment = urldefrag(link)
    answer = answers[path]
    return answer.ok and (not fragment or f'id="{fragment}"' in answer.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_facts_stand_in_the_order_of_the_ontology(
    client: FlaskClient, examples: list[tuple[str, str]], language: str
) -> None:
    order = [
        (in_language(MODEL.labels(entry.group), language), in_language(entry.labels, language))
        for entry in MODEL.properties.values()
    ]
    for kind, key in examples:
        html = Html(client.get(f"/{kind}/{key}?lang={language}").text)
        headings = {heading for heading, _ in order}
        found = [(heading, label) for heading, label, _ in facts(html) if heading in headings]
        assert found
        assert is_in_order(found, order), (kind, key)


def test_the_page_shows_every_property_that_is_known(client: FlaskClient, examples: list[tuple[str, str]]) -> None:
    for kind, key in examples:
        html = Html(client.get(f"/{kind}/{key}").text)
        known = {in_language(fact.predicate.labels, "en") for fact in described(client, kind, key).facts}
        shown = {label for _, label, _ in facts(html)}
        assert known - shown <= {in_language(MODEL.property(str(DCTERMS.description)).labels, "en")}, (kind, key)


def test_each_value_names_its_sources(client: FlaskClient, examples: list[tuple[str, str]]) -> None:
    sources = in_language({"en": "Sources"}, "en")
    for kind, key in examples:
        html = Html(client.get(f"/{kind}/{key}").text)
        assert sources in html.texts(".//h2")
        values = [row for row in html.all(".//dd/p") if row.findall("span[@class='value']")]
        notes = [[note.attrib["href"][1:] for note in row.findall("a[@class='note']")] for row in values]
        assert all(notes), (kind, key)
        assert {number for numbers in notes for number in numbers} <= set(html.ids())


def test_each_source_is_named_with_the_day_on_which_it_was_seen(client: FlaskClient) -> None:
    for text in Html(client.get("/tool/openfisca?lang=fr").text).texts(".//ol[@class='sources']/li"):
        assert ", consulté le " in text


def test_a_value_that_only_another_source_states_is_shown_as_such(house_client: FlaskClient) -> None:
    html = Html(house_client.get("/tool/door").text)
    [values] = [element for _, label, element in facts(html) if label == "website"]
    shown, also = values.findall("p")
    assert text_of(shown).startswith("https://door.example.org/")
    assert text_of(also).startswith("also stated: https://old.example.org/door")
    assert _sources(html, shown) == ["Alpha, seen on December 7, 2016"]
    assert _sources(html, also) == ["Beta, seen on January 1, 2015"]


def _sources(html: Html, value: Element) -> list[str]:
    notes = [note.attrib["href"][1:] for note in value.findall("a[@class='note']")]
    return [text_of(html.one(f".//li[@id='{note}']")) for note in notes]


@pytest.mark.parametrize(
    ("address", "label", "language", "link"),
    [
        ("/tool/openfisca", "carries", "en", "Mes aides"),
        ("/tool/openfisca", "used in", "en", "OpenFisca in Senegal"),
        ("/tool/openfisca", "utilisé dans", "fr", "OpenFisca au Sénégal"),
        ("/country/sn", "ici", "fr", "OpenFisca au Sénégal"),
    ],
)
def test_a_page_shows_what_points_to_its_thing(
    client: FlaskClient, address: str, label: str, language: str, link: str
) -> None:
    html = Html(client.get(f"{address}?lang={language}").text)
    heading = {"en": "What points here", "fr": "Ce qui mène ici"}[language]
    ways = {name.rpartition(" ")[0]: element for group, name, element in facts(html) if group == heading}
    assert link in [text_of(found) for found in ways[label].iter("a")]


def test_of_what_points_here_by_a_part_the_page_tells_what_the_part_says_beside(client: FlaskClient) -> None:
    html = Html(client.get("/country/fr").text)
    [memberships] = [element for _, label, element in facts(html) if label.startswith("memberships")]
    told = [text_of(row) for row in memberships.findall("p")]
    assert "Contracting 5 member" in told
    assert any(row.startswith("Open Government Partnership Accelerate") and row.count(";") == 2 for row in told)


def test_the_parts_of_a_thing_stand_in_the_order_of_their_places(client: FlaskClient) -> None:
    html = Html(client.get("/method/citizens-workshop").text)
    assert [text_of(row.findall("td")[0]) for row in html.all(".//tbody/tr")] == list("1234567")


def test_a_licence_goes_by_its_name_and_leads_to_its_page(client: FlaskClient) -> None:
    html = Html(client.get("/tool/decidim").text)
    [licence] = [element for _, label, element in facts(html) if label == "licence"]
    [link] = licence.findall("p/span/a")
    assert (text_of(link), link.attrib["href"]) == ("GNU Affero General Public License v3.0", "../licence/agpl-3-0")


def test_yes_and_no_are_words_of_the_reader(client: FlaskClient) -> None:
    told = [
        text_of(element) for _, label, element in facts(Html(client.get("/licence/mit?lang=fr").text)) if "OSI" in label
    ]
    assert [text.partition(" ")[0].rstrip("0123456789") for text in told] == ["oui"]


def test_what_points_here_says_so_where_nobody_states_it(client: FlaskClient) -> None:
    ways = {label.rpartition(" ")[0]: element for _, label, element in facts(Html(client.get("/tool/udata").text))}
    assert "Etalab derived" in [text_of(row) for row in ways["used by"].findall("p")]
    assert "derived" not in text_of(ways["used in"])


def test_what_points_here_is_counted(client: FlaskClient) -> None:
    html = Html(client.get("/country/fr").text)
    for heading, label, element in facts(html):
        if heading == "What points here":
            count = int(label.rpartition(" ")[2])
            assert count >= len(element.findall("p/a")) > 0


@pytest.mark.parametrize(
    ("address", "target"), [("/tool/mes-aides", "/tool/openfisca"), ("/tool/mes-aides", "/country/fr")]
)
def test_a_page_links_to_the_pages_of_other_things(client: FlaskClient, address: str, target: str) -> None:
    links = Html(client.get(address).text).all(".//dd/p/span/a")
    assert target in {urljoin(address, link.attrib["href"]) for link in links}


def test_a_text_in_another_language_than_the_page_says_which(house_client: FlaskClient) -> None:
    html = Html(house_client.get("/tool/door?lang=fr").text)
    assert [element.text for element in html.all(".//span[@class='value'][@lang='en']")] == ["Door"]


def test_a_text_is_shown_in_the_language_of_the_page_alone(house_client: FlaskClient) -> None:
    html = Html(house_client.get("/tool/roof?lang=fr").text)
    assert "Toit" in html.text()
    assert "Roof" not in html.text()


def test_a_page_gives_the_address_to_cite(client: FlaskClient) -> None:
    html = Html(client.get("/tool/openfisca").text)
    assert html.one(".//main/p[last()]/code").text == BASE.thing("tool", "openfisca")
    assert html.one("head/link[@rel='canonical']").attrib["href"] == BASE.thing("tool", "openfisca")


@pytest.mark.parametrize(
    ("address", "type_name"),
    [
        ("/tool/openfisca", "SoftwareApplication"),
        ("/tool/mes-aides", "WebApplication"),
        ("/country/sn", "Country"),
        ("/use-case/openfisca-in-senegal", "Thing"),
    ],
)
def test_search_engines_are_told_what_a_thing_is(client: FlaskClient, address: str, type_name: str) -> None:
    found = Html(client.get(address).text).json_ld()
    assert (found["@context"], found["@type"]) == ("https://schema.org", type_name)
    assert found["@id"] == BASE.thing(*address[1:].split("/"))


def test_search_engines_are_told_of_every_thing(client: FlaskClient, examples: list[tuple[str, str]]) -> None:
    for kind, key in examples:
        html = Html(client.get(f"/{kind}/{key}?lang=fr").text)
        assert html.json_ld()["name"] == html.one(".//h1").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_home_page_counts_what_the_status_counts(client: FlaskClient, served: Served, language: str) -> None:
    with closing(Service(Settings(data=served.data)).repository) as repository, repository.open() as generation:
        status = overview(generation, repository.model)
    html = Html(client.get(f"/?lang={language}").text)
    wanted = [
        (f"{kind.plural}?lang={language}", f"{status['things'][name]} {in_language(kind.plural_labels, language)}")
        for name, kind in MODEL.kinds.items()
        if status["things"][name]
    ]
    assert [(link.attrib["href"], text_of(link)) for link in html.all(".//ul[@class='counts']/li/a")] == wanted
    assert str(status["position"]) in text_of(html.one(".//main/p[last()]"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_list(client: FlaskClient, kind: str, language: str) -> None:
    entry = MODEL.kinds[kind]
    html = Html(client.get(f"/{entry.plural}?lang={language}").text)
    listed = client.get(f"/{entry.plural}.json?lang={language}").get_json()
    assert text_of(html.one(".//h1")) == f"{in_language(entry.plural_labels, language)} {listed['total']}"
    links = [
        (link.text, f"{BASE.iri}id/{link.attrib['href'].removesuffix(f'?lang={language}')}")
        for link in html.all(".//ol[@class='things']/li/a")
    ]
    assert links == [(item["label"], item["iri"]) for item in listed["items"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_for_programs_has_the_promised_members(client: FlaskClient, kind: str) -> None:
    address = f"/{MODEL.kinds[kind].plural}.json"
    listed = client.get(address).get_json()
    assert set(listed) == {"total", "items", "facets", "next"}
    for item in listed["items"]:
        assert set(item) == ROW
        assert item["id"] == f"{kind}-{item['iri'].rpartition('/')[2]}"
        assert (item["iri"], item["kind"]) == (BASE.thing(kind, item["id"].removeprefix(f"{kind}-")), kind)
        assert client.get(urlsplit(urljoin(address, item["url"])).path).status_code == 200


def test_what_leads_on_in_a_list_for_programs_is_relative(client: FlaskClient) -> None:
    assert [item["url"] for item in client.get("/tools.json").get_json()["items"] if "//" in item["url"]] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_for_programs_can_be_asked_for_by_its_type(client: FlaskClient, kind: str) -> None:
    plural = MODEL.kinds[kind].plural
    negotiated = client.get(f"/{plural}", headers={"Accept": "application/json"})
    assert (negotiated.mimetype, negotiated.data) == ("application/json", client.get(f"/{plural}.json").data)


@pytest.mark.parametrize("form", [".json", "?format=json"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_parts_of_a_list_are_together_the_whole_list(client: FlaskClient, language: str, form: str) -> None:
    address = urljoin("/", f"countries{form}{'&' if '?' in form else '?'}limit=40&lang={language}")
    whole = client.get(f"/countries.json?limit=500&lang={language}").get_json()["items"]
    found, first = [], address
    while address:
        part = client.get(address).get_json()
        found += part["items"]
        address = part["next"] and urljoin(address, part["next"])
        assert address != first
    assert [item["label"] for item in found] == [item["label"] for item in whole]


def test_the_parts_of_a_list_follow_each_other_on_pages(client: FlaskClient) -> None:
    names: list[str] = []
    address = "/countries?limit=100&lang=fr"
    while address:
        html = Html(client.get(address).text)
        assert html.root.attrib["lang"] == "fr"
        assert html.one(".//ol[@class='things']").attrib["start"] == str(len(names) + 1)
        names += html.texts(".//ol[@class='things']/li/a")
        following = html.all(".//a[@rel='next']")
        address = urljoin(address, following[0].attrib["href"]) if following else ""
    assert len(names) == len(set(names)) == client.get("/countries.json").get_json()["total"]


@pytest.mark.parametrize(
    "parameters", ["limit=0", "limit=x", "limit=501", "limit=", "offset=-1", "offset=1e3", "limit=٣"]
)
def test_a_wrong_part_of_a_list_is_refused_with_the_name_of_the_parameter(client: FlaskClient, parameters: str) -> None:
    response = client.get(f"/tools.json?{parameters}")
    assert response.status_code == 400
    assert f"The parameter {parameters.partition('=')[0]} is a number" in response.get_json()["detail"]


def test_a_part_behind_the_end_is_empty(client: FlaskClient) -> None:
    listed = client.get("/tools.json?offset=100000").get_json()
    assert (listed["items"], listed["next"]) == ([], None)


def test_names_are_listed_as_the_language_writes_them(client: FlaskClient) -> None:
    names = Html(client.get("/countries?lang=fr&limit=500").text).texts(".//ol[@class='things']/li/a")
    assert names.index("Égypte") < names.index("Espagne") < names.index("États-Unis") < names.index("France")


def test_the_history_tells_every_change_the_newest_first(client: FlaskClient, served: Served) -> None:
    with closing(Service(Settings(data=served.data)).repository) as repository:
        headers = list(repository.journal.headers())
    html = Html(client.get("/history").text)
    rows = html.all(".//tbody/tr")
    assert [row.attrib["id"] for row in rows] == [str(header.position) for header in reversed(headers)]
    assert [text_of(row.findall("td")[2]) for row in rows] == [header.origin.reason for header in reversed(headers)]


def test_a_change_has_a_place_in_the_history_that_its_name_leads_to(client: FlaskClient) -> None:
    position = client.get("/health").get_json()["position"]
    assert str(position) in Html(client.get("/history").text).ids()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ontology_explains_each_term_at_its_own_anchor(client: FlaskClient, language: str) -> None:
    html = Html(client.get(f"/ontology?lang={language}").text)
    own = {name.removeprefix(str(TBG)) for name in MODEL.properties if name.startswith(str(TBG))}
    own |= {kind.iri.removeprefix(str(TBG)) for kind in MODEL.kinds.values() if kind.iri.startswith(str(TBG))}
    assert own - set(html.ids()) == set()
    label = in_language(MODEL.labels(str(TBG.usesTool)), language)
    assert text_of(html.one(".//article[@id='usesTool']/h3")) == f"{label} tbg:usesTool"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_class_that_shapes_tie_to_another_has_a_picture_of_its_ties(client: FlaskClient, language: str) -> None:
    html = Html(client.get(f"/ontology?lang={language}").text)
    for tie in ties(MODEL):
        [picture] = html.all(f".//article[@id='{anchor(tie.subject)}']/svg")
        label = in_language(MODEL.labels(tie.predicate), language)
        assert label in text_of(picture)
        assert picture.findall(f".//a[@href='#{anchor(tie.object)}']")


def test_what_stands_in_a_picture_is_explained_on_the_page(client: FlaskClient) -> None:
    html = Html(client.get("/ontology").text)
    links = {link.get("href", "") for link in html.all(".//article//a")}
    assert {link.removeprefix("#") for link in links} <= set(html.ids())


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "jsonld"])
@pytest.mark.parametrize("name", ["ontology", "shapes"])
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader of JSON-LD uses it
def test_ontology_and_shapes_can_be_loaded(client: FlaskClient, name: str, extension: str) -> None:
    own_names = {"rdf": "xml", "jsonld": "json-ld"}
    data = client.get(f"/{name}.{extension}").text
    graph = Graph().parse(data=data, format=own_names.get(extension, extension))
    assert len(graph) == len({"ontology": MODEL.ontology, "shapes": MODEL.shapes}[name])


@pytest.mark.parametrize("name", ["ontology", "shapes"])
def test_ontology_and_shapes_can_be_asked_for_by_type(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}", headers={"Accept": "text/turtle, text/html;q=0.5"})
    assert (response.mimetype, response.data) == ("text/turtle", client.get(f"/{name}.ttl").data)


@pytest.mark.parametrize("name", ["ontology", "shapes", "tools"])
def test_who_takes_no_form_of_a_page_is_told_which_there_are(client: FlaskClient, name: str) -> None:
    response = client.get(f"/{name}", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "html" in response.get_json()["formats"]


def test_each_shape_is_explained(client: FlaskClient) -> None:
    html = Html(client.get("/shapes").text)
    assert "shapes:Tool" in [heading.text and heading.text.strip() for heading in html.all(".//h2")]
    assert all(text_of(term) for term in html.all(".//article/p"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_questions_are_listed(client: FlaskClient, language: str) -> None:
    html = Html(client.get(f"/queries?lang={language}").text)
    listed = [(link.text, link.attrib["href"]) for link in html.all(".//ul[@class='things']/li/a")]
    assert listed == [
        (in_language(query.titles, language), f"queries/{name}?lang={language}")
        for name, query in saved_queries.saved_queries().items()
    ]


def test_the_questions_are_listed_for_programs(client: FlaskClient) -> None:
    listed = client.get("/queries", headers={"Accept": "application/json"}).get_json()
    assert [item["url"] for item in listed["items"]] == [f"queries/{name}" for name in QUESTIONS]
    assert listed["total"] == len(QUESTIONS)


@pytest.mark.parametrize("name", QUESTIONS)
def test_each_question_is_answered_to_people_and_to_programs(served: Served, name: str) -> None:
    html = page(served, f"/queries/{name}", "fr")
    assert text_of(html.one(".//h1")) == in_language(saved_queries.get(name).titles, "fr")
    answer = served.get(f"/queries/{name}", headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200
    rows = answer.json()["results"]["bindings"]
    assert len(html.all(".//tbody/tr")) == len(rows)


@pytest.mark.parametrize("value", ["tool/openfisca", "openfisca", BASE.thing("tool", "openfisca"), " tool/openfisca "])
def test_a_question_is_asked_about_a_thing_by_its_key_or_name(served: Served, value: str) -> None:
    rows = served.get(QUESTION, params={"tool": value}).json()["results"]["bindings"]
    assert BASE.thing("use-case", "openfisca-in-senegal") in {term["value"] for row in rows for term in row.values()}


def test_a_question_about_another_thing_has_another_answer(served: Served) -> None:
    html = page(served, f"{QUESTION}?tool=tool/lutece")
    assert html.one(".//input[@id='tool']").attrib["value"] == "tool/lutece"
    assert "openfisca-in-senegal" not in html.text()


@pytest.mark.parametrize(
    ("parameters", "name"),
    [
        ({"tool": "country/sn"}, "tool"),
        ({"tool": "Open Fisca"}, "tool"),
        ({"tool": "> . ?s ?p ?o"}, "tool"),
        ({"tool": "https://elsewhere.example/id/tool/openfisca"}, "tool"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_question_that_cannot_be_asked_is_refused_with_the_name_of_the_parameter(
    served: Served, parameters: dict[str, str], name: str
) -> None:
    response = served.get(QUESTION, params=parameters)
    assert (response.status_code, response.json()["parameter"]) == (400, name)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_an_unknown_question_is_not_found(served: Served, accept: str) -> None:
    response = served.get("/queries/nothing", headers={"Accept": accept})
    assert response.status_code == 404
    assert "who-used-a-tool-where" in response.text


def test_sources_are_listed_with_the_other_kinds(client: FlaskClient) -> None:
    assert client.get("/sources").status_code == 200
    assert client.get("/source/toolbox-graph").status_code == 200


def test_health_tells_the_version_of_the_data(client: FlaskClient, served: Served) -> None:
    with closing(Service(Settings(data=served.data)).repository) as repository:
        position = repository.journal.last().position
    assert client.get("/health").get_json() == {"position": position}
    assert served.get("/health").json() == {"position": position}


@pytest.mark.parametrize("address", ["/tool/attack", "/tool/attack?lang=fr", "/tools", "/tool/roof"])
def test_text_of_the_data_is_text_on_pages(house: Repository, house_client: FlaskClient, address: str) -> None:
    label = json.dumps(ATTACK)
    write(
        house,
        say("attack", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", node(str(TBG.Tool))),
        say("attack", "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", node(str(TBG.Software))),
        say("attack", RDFS.label, f"{label}@en"),
        say("attack", DCTERMS.description, f"{label}@en"),
        say("roof", TBG.builtOn, node(BASE.thing("tool", "attack"))),
    )
    html = Html(house_client.get(address).text)
    assert " ".join(ATTACK.split()) in html.text()
    assert all(script.attrib["type"] == "application/ld+json" for script in html.all(".//script"))


def test_text_of_the_data_is_text_in_what_search_engines_read(house: Repository, house_client: FlaskClient) -> None:
    write(house, say("door", DCTERMS.description, f"{json.dumps(ATTACK)}@en"))
    assert Html(house_client.get("/tool/door").text).json_ld()["description"] == ATTACK


def test_an_address_of_the_data_that_runs_something_is_no_link(house: Repository, house_client: FlaskClient) -> None:
    write(house, say("wall", RDFS.seeAlso, "<javascript:alert(1)>"))
    html = Html(house_client.get("/tool/wall").text)
    assert [
        a for a in html.all(".//a") if urlsplit(a.attrib["href"]).scheme not in {"", "http", "https", "mailto"}
    ] == []


@pytest.mark.parametrize("text", [ATTACK, "\x00", "'\"><img src=x>"])
def test_text_of_the_request_is_text_on_pages(served: Served, text: str) -> None:
    for address, name in (("/sparql", "query"), (QUESTION, "tool"), ("/tools", "limit"), ("/tools", "x")):
        answer = served.get(address, params={name: text}, headers={"Accept": "text/html"})
        assert answer.status_code < 500
        html = Html(answer.text)
        assert [script for script in running(html) if "src" not in script.attrib] + html.all(".//img") == []


def test_a_describer_and_a_page_agree_on_the_name(client: FlaskClient) -> None:
    for kind, key in KNOWN:
        labels = described(client, kind, key).labels
        assert Html(client.get(f"/{kind}/{key}?lang=es").text).one(".//h1").text == in_language(labels, "es")


@pytest.mark.parametrize("address", ["/", "/tools", "/tool/openfisca", "/queries", "/sparql", "/nothing"])
def test_a_language_that_was_chosen_is_kept_by_every_link(served: Served, address: str) -> None:
    html = page(served, f"{address}?lang=fr")
    links = {link.attrib["href"] for link in html.all(".//a") if "hreflang" not in link.attrib}
    ours = {link for link in links if not urlsplit(link).scheme and urlsplit(link).path}
    assert {
        link for link in ours if "lang=fr" not in link and "." not in urlsplit(link).path.rpartition("/")[2]
    } == set()


def test_without_a_choice_links_name_no_language(served: Served) -> None:
    assert not any(
        "lang=" in link.attrib["href"] for link in page(served, "/tools").all(".//a") if "hreflang" not in link.attrib
    )


@pytest.mark.parametrize("term", ["Tool", "displayOrder", "partialDate", "rank-deprecated", "confirmed"])
def test_a_term_of_the_ontology_is_explained_where_its_name_leads(client: FlaskClient, term: str) -> None:
    assert Html(client.get("/ontology").text).all(f".//*[@id='{term}']")


def test_the_history_is_what_the_journal_says_whatever_is_loaded(house: Repository) -> None:
    forged = f'<{BASE.iri}history#5> <https://w3id.org/toolbox-graph/ontology#position> "x" <https://example.org/g> .'
    house.commit(Draft(origin(), [], sorted(canonical([forged]))), since=1)
    page = create_app(Service(Settings(data=house.folder))).test_client().get("/history")
    assert page.status_code == 200
    assert len(Html(page.text).all(".//tbody/tr")) == 3
