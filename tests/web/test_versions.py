"""Past versions over real HTTP: what is asked of one is answered from it, and can be cited."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin

import pytest
import requests

from tests.conftest import BASE, Served, origin, serving
from tests.web.conftest import Html
from toolbox_graph.assembly import open_repository
from toolbox_graph.namespaces import SCHEMA, TBG
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node

NEWEST = 5
"""The position of the last change; the tool can do as many things as there were changes since the first."""

FEATURES = f"SELECT ?feature {{ <{BASE.thing('tool', 'door')}> <{SCHEMA.featureList}> ?feature }} ORDER BY ?feature"
BUILT = "/queries/what-a-tool-is-built-on?tool=tool/roof"
IMMUTABLE = "public, max-age=31536000, immutable"
HTML, CSV, TURTLE = {"Accept": "text/html"}, {"Accept": "text/csv"}, {"Accept": "text/turtle"}


def change(data: Path, number: int) -> None:
    """Let a tool do one more thing, a day after the last change."""
    door, graph = node(BASE.thing("tool", "door")), node(BASE.graph("house", "beta"))
    added = Quad(door, node(str(SCHEMA.featureList)), f'"Feature {number}"@en', graph)
    repository = open_repository(Settings(data=data))
    time = f"2026-11-{number:02}T09:00:00Z"
    repository.commit(Draft(origin()._replace(time=time), [], [added]), since=number - 1)
    repository.close()


@pytest.fixture(scope="module")
def versioned(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A house that has changed four times; only the last two versions still lie there."""
    data = tmp_path_factory.mktemp("versions") / "data"
    shutil.copytree(house_template, data, symlinks=True)
    for number in range(2, NEWEST + 1):
        change(data, number)
    with serving(data, TOOLBOX_WORKERS="2", TOOLBOX_QUERY_SECONDS="60", TOOLBOX_PUBLISHER="R&D {Lab}") as service:
        yield service


def ask(served: Served, at: object, query: str = FEATURES, **headers: str) -> requests.Response:
    """Ask a query about a version."""
    return served.get(f"/sparql?{urlencode({'query': query, 'at': at})}", headers={**CSV, **headers})


def features(last: int) -> str:
    """Return the answer to the query for features after a change."""
    return "".join(f"{line}\r\n" for line in ("feature", *(f"Feature {number}" for number in range(2, last + 1))))


@pytest.mark.parametrize("at", [NEWEST, NEWEST - 1, 3, 0])
def test_a_query_is_answered_from_the_version_that_is_asked(versioned: Served, at: int) -> None:
    response = ask(versioned, at)
    assert (response.status_code, response.text) == (200, features(at))


def test_one_version_is_made_again_at_a_time(versioned: Served) -> None:
    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(lambda at: ask(versioned, at), (1, 2)), key=lambda answer: answer.status_code)
    assert [answer.status_code for answer in answers] == [200, 503]
    assert (answers[1].json()["type"], answers[1].headers["Retry-After"]) == ("urn:toolbox-graph:problem:busy", "5")


@pytest.mark.parametrize("send", [True, False], ids=["form", "address"])
def test_a_version_can_be_asked_by_post(versioned: Served, send: bool) -> None:
    form, address = ({"at": "3"}, "") if send else ({}, "?at=3")
    response = versioned.post(f"/sparql{address}", data={"query": FEATURES, **form}, headers=CSV)
    assert response.text == features(3)


def test_an_answer_of_a_past_version_may_be_kept_for_ever(versioned: Served) -> None:
    response = ask(versioned, 3)
    assert response.headers["Cache-Control"] == IMMUTABLE
    assert ask(versioned, 3, **{"If-None-Match": response.headers["ETag"]}).status_code == 304


def test_an_answer_of_the_newest_version_is_asked_for_again(versioned: Served) -> None:
    assert ask(versioned, NEWEST).headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("query", ["SELECT (RAND() AS ?x) {}", "SELECT (NOW() AS ?x) {}"])
def test_what_depends_on_time_or_chance_is_not_kept(versioned: Served, query: str) -> None:
    assert ask(versioned, 3, query).headers["Cache-Control"] == "no-store"


def test_a_past_answer_says_when_it_was_so_and_where_the_present_is(versioned: Served) -> None:
    response = ask(versioned, 3)
    assert response.headers["Memento-Datetime"] == "Tue, 03 Nov 2026 09:00:00 GMT"
    assert response.links["original latest-version"]["url"] == f"sparql?{urlencode({'query': FEATURES})}"


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/sparql?query=ASK%7B%7D&at=2026-11-03", "?query=ASK%7B%7D&at=3"),
        ("/tool/door?lang=fr&at=2026-11-04", "?lang=fr&at=4"),
        ("/tools.json?at=2999-01-01", f"?at={NEWEST}"),
    ],
)
def test_a_date_leads_to_the_last_version_of_that_day(versioned: Served, path: str, leads: str) -> None:
    response = versioned.get(path)
    assert (response.status_code, response.headers["Location"]) == (302, leads)


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D&", f"{BUILT}&", "/tool/door?", "/tools?", "/cite?of=/tools&"])  # fmt: skip
@pytest.mark.parametrize(
    ("at", "status"),
    [
        ("at=6", 404), ("at=999999999999", 404), ("at=2016-01-01", 404), ("at=", 400), ("at=x", 400), ("at=-1", 400),
        ("at=1.5", 400), ("at=03", 400), ("at=%00", 400), ("at=%ff", 400), ("at=1&at=2", 400), ("at=9999999999999", 400),
        ("%61t=x", 400), ("at=%D9%A3", 400), ("at=2026-02-30", 400), ("at=3%0D%0AX:y", 400),
    ],
)  # fmt: skip
def test_what_is_no_version_is_refused_with_a_problem(versioned: Served, path: str, at: str, status: int) -> None:
    response = versioned.get(path + at, headers={"Accept": "application/json"})
    assert (response.status_code, response.json()["status"]) == (status, status)


def test_of_a_version_that_is_not_there_the_newest_is_told(versioned: Served) -> None:
    problem = ask(versioned, 6).json()
    assert (problem["current"], problem["detail"]) == (
        NEWEST,
        "There is no version 6 of the data; the present one is 5.",
    )


@pytest.mark.parametrize(
    "path", ["/", "/health?x=1", "/ontology", "/search?q=door", "/graph-store?default", "/graph/house/beta", "/sparql/queries"]
)  # fmt: skip
def test_what_has_no_versions_says_so(versioned: Served, path: str) -> None:
    response = versioned.get(f"{path}{'&' if '?' in path else '?'}at=3")
    assert (response.status_code, response.json()["detail"]) == (
        400,
        "This address has no versions; leave the parameter at out.",
    )


@pytest.mark.parametrize(
    ("address", "form"),
    [("/sparql?at=3", {"update": "CLEAR ALL"}), ("/sparql", {"update": "CLEAR ALL", "at": "3"})],
    ids=["address", "form"],
)
def test_an_update_of_the_past_is_refused(versioned: Served, address: str, form: dict[str, str]) -> None:
    response = versioned.post(address, data=form)
    assert (response.status_code, response.json()["parameter"]) == (400, "at")


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "jsonld", "trig", "json"])
def test_the_data_of_a_thing_is_that_of_the_version(versioned: Served, extension: str) -> None:
    response = versioned.get(f"/tool/door.{extension}?at=3")
    assert ("Feature 3" in response.text, "Feature 4" in response.text) == (True, False)
    assert response.headers["Cache-Control"] == IMMUTABLE


def test_a_name_leads_to_the_version_of_its_page(versioned: Served) -> None:
    response = versioned.get("/id/tool/door?at=3&lang=es", headers=TURTLE)
    assert response.headers["Location"] == "../../tool/door.ttl?lang=es&at=3"


def test_a_thing_that_was_not_there_yet_is_not_found(versioned: Served) -> None:
    assert versioned.get("/tool/door?at=0").status_code == 404


def test_a_list_has_the_things_of_the_version(versioned: Served) -> None:
    totals = [versioned.get(f"/tools.json?at={at}").json()["total"] for at in (0, 3)]
    assert totals == [0, 3]


def test_parts_of_a_past_list_are_of_the_same_version(versioned: Served) -> None:
    assert versioned.get("/tools.json?at=3&limit=1").json()["next"] == "?at=3&offset=1&limit=1"


def test_a_question_is_answered_from_the_version(versioned: Served) -> None:
    tools = [versioned.get(f"{BUILT}&at={at}", headers=CSV).text.count("\r\n") for at in (0, 3)]
    assert tools[0] < tools[1]


def test_a_search_in_a_query_searches_the_version(versioned: Served) -> None:
    query = f'SELECT ?tool {{ ?tool <{TBG.matches}> "door" }}'
    assert [ask(versioned, at, query).text.count("tool/door") for at in (0, 3)] == [0, 1]


PAGES = (
    "/tool/door?at=3",
    "/tools?at=3",
    f"/sparql?at=3&query={quote(FEATURES)}",
    f"{BUILT}&at=3",
)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "day"), [("en", "November 3, 2026"), ("fr", "3 novembre 2026"), ("es", "3 de noviembre de 2026")])  # fmt: skip
def test_a_page_of_the_past_says_so(versioned: Served, path: str, language: str, day: str) -> None:
    page = Html(versioned.get(f"{path}&lang={language}", headers=HTML).text)
    note = page.one(".//p[@class='past']")
    assert note.attrib["role"] == "note"
    assert day in "".join(note.itertext())


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_past_leads_to_the_present(versioned: Served, path: str) -> None:
    response = versioned.get(path, headers=HTML)
    page = Html(response.text)
    present = urljoin(response.url, page.one(".//p[@class='past']/a").attrib["href"])
    now = requests.get(present, headers=HTML, timeout=30)
    assert (now.status_code, Html(now.text).all(".//p[@class='past']")) == (200, [])
    [canonical] = page.all(".//link[@rel='canonical']")
    there = urljoin(response.url, canonical.attrib["href"])
    assert there in {present, BASE.thing("tool", "door")}


@pytest.mark.parametrize("path", [*PAGES, "/tool/door", "/tools", f"/sparql?query={quote(FEATURES)}"])
def test_a_page_tells_how_its_version_is_cited(versioned: Served, path: str) -> None:
    response = versioned.get(path, headers=HTML)
    at = 3 if "at=3" in path else NEWEST
    permalink, bibtex = (link.attrib["href"] for link in Html(response.text).all(".//details[@class='cite']//a"))
    cited = requests.get(urljoin(response.url, bibtex), timeout=30)
    assert (cited.status_code, cited.headers["Content-Type"]) == (200, "application/x-bibtex")
    assert cited.headers["Content-Disposition"].endswith(".bib")
    assert permalink.startswith(BASE.iri)
    assert f"url = {{{permalink}}}" in cited.text
    again = versioned.get(f"/{permalink.removeprefix(BASE.iri)}", headers=HTML)
    assert (again.status_code, f"version = {{{at}}}" in cited.text) == (200, True)


def test_links_to_other_formats_and_languages_stay_in_the_version(versioned: Served) -> None:
    page = Html(versioned.get("/tool/door?at=3", headers=HTML).text)
    others = [link.attrib["href"] for link in page.all(".//link[@rel='alternate']") + page.all(".//a[@hreflang]")]
    assert others
    assert all("at=3" in address for address in others)


def test_the_form_of_a_past_query_asks_the_same_version(versioned: Served) -> None:
    page = Html(versioned.get(PAGES[2], headers=HTML).text)
    assert page.one(".//form[@id='form']/input[@name='at']").attrib["value"] == "3"


def test_a_form_that_asked_nothing_cites_nothing(versioned: Served) -> None:
    assert Html(versioned.get("/sparql", headers=HTML).text).all(".//details[@class='cite']") == []


@pytest.mark.parametrize(
    ("of", "title"),
    [
        ("/tool/door", "Door"),
        ("/tool/roof.ttl", "Roof"),
        ("/tools", "Tools"),
        ("/tools.json?limit=2", "Tools"),
        ("/sparql?query=ASK{}", "Answer to a SPARQL query"),
        (
            "/queries/members-of-a-coalition?coalition=coalition/x&x=1",
            "The members of a coalition, with their role and the dates of their membership (coalition: coalition/x)",
        ),
    ],
)
def test_what_is_cited_has_its_title(versioned: Served, of: str, title: str) -> None:
    assert f"title = {{{{{title}}}}}," in versioned.get(f"/cite?{urlencode({'of': of, 'at': 3})}").text


def test_what_is_cited_has_its_title_in_the_language_of_the_reader(versioned: Served) -> None:
    assert "title = {{Toit}}" in versioned.get("/cite?of=/tool/roof&lang=fr").text


def test_the_publisher_is_cited_as_the_author(versioned: Served) -> None:
    assert r"author = {{R\&D \textbraceleft{}Lab\textbraceright{}}}" in versioned.get("/cite?of=/tools").text


@pytest.mark.parametrize(
    ("of", "status"),
    [
        ("", 400), ("tool/door", 400), ("//example.org/tool/door", 400), ("//[", 400), ("https://example.org/", 400),
        ("/", 404), ("/tool/window", 404), ("/tool/door/x", 404), ("/nothing", 404), ("/queries/none", 404),
        ("/sparql", 404), ("/tools/door", 404), ("/\x00", 404), ("/queries/", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_cited_is_refused(versioned: Served, of: str, status: int) -> None:
    assert versioned.get(f"/cite?{urlencode({'of': of})}").status_code == status


@pytest.fixture(scope="module")
def stingy(versioned: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same house, whose versions may take no time to be made again, nor clients much of it."""
    data = tmp_path_factory.mktemp("stingy") / "data"
    shutil.copytree(versioned.data, data, symlinks=True, ignore=shutil.ignore_patterns("versions"))
    with serving(data, TOOLBOX_WORKERS="2", TOOLBOX_VERSION_SECONDS="0.1", TOOLBOX_CLIENT_SECONDS="0.05") as service:
        yield service


def test_a_version_that_takes_too_long_is_refused_and_not_tried_again(stingy: Served) -> None:
    first, second = (ask(stingy, 2, **{"User-Agent": f"reader {number}"}) for number in range(2))
    assert (first.status_code, first.json()["type"]) == (503, "urn:toolbox-graph:problem:version-unavailable")
    assert (first.headers["Retry-After"], second.json()) == ("600", first.json())


def test_who_has_had_one_made_again_has_less_of_the_budget(stingy: Served) -> None:
    wanting = {"User-Agent": "wanting"}
    assert ask(stingy, 1, **wanting).status_code == 503
    assert ask(stingy, 0, **wanting).status_code == 429


def test_what_is_new_makes_the_newest_version_a_past_one(stingy: Served) -> None:
    modest = {"User-Agent": "modest"}
    before = ask(stingy, NEWEST, **modest)
    change(stingy.data, NEWEST + 1)
    after, present = ask(stingy, NEWEST, **modest), ask(stingy, NEWEST + 1, **modest)
    assert (before.text, after.text, present.text) == (features(NEWEST), features(NEWEST), features(NEWEST + 1))
    assert (before.headers["ETag"], "Memento-Datetime" in before.headers) == (after.headers["ETag"], False)
    assert after.headers["Memento-Datetime"] == "Thu, 05 Nov 2026 09:00:00 GMT"
