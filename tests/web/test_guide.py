"""/llms.txt: what a program reads that is to ask well, in the form of llmstxt.org, taken from what there is."""

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urljoin

import pytest
from flask.testing import FlaskClient

from tests.conftest import Served, begun, origin, quads
from tests.web.conftest import MODEL
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.namespaces import PREFIXES
from toolbox_graph.search.facets import facets
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.web.app import create_app

ADDRESS = "/llms.txt"
LINK = re.compile(r"- \[([^\]]+)\]\(([^)\s]+)\)(: .+)?")
"""A link of a list, with notes if there are any (llmstxt.org, Format)."""


@pytest.fixture(scope="module")
def guide(served: Served) -> str:
    """What the service tells."""
    answer = served.get(ADDRESS)
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    return answer.text


@pytest.fixture(scope="module")
def sections(guide: str) -> Mapping[str, list[str]]:
    """The lists of links, by their headings."""
    parts = guide.split("\n## ")[1:]
    return {part.partition("\n")[0]: [line for line in part.splitlines()[1:] if line] for part in parts}


def test_it_begins_with_a_heading_and_a_summary_and_has_no_other_headings_before_the_lists(guide: str) -> None:
    assert re.match(r"# [^\n]+\n\n> [^\n]+\n\n[^#>]", guide)
    assert re.findall(r"^#+", guide, re.MULTILINE)[0] == "#"
    assert set(re.findall(r"^#+ ", guide, re.MULTILINE)[1:]) == {"## "}


def test_each_section_is_a_list_of_links(sections: Mapping[str, list[str]]) -> None:
    assert list(sections)[-1] == "Optional"
    assert [line for lines in sections.values() for line in lines if not LINK.fullmatch(line)] == []


def test_each_link_leads_somewhere(sections: Mapping[str, list[str]], served: Served) -> None:
    links = [found[2] for lines in sections.values() for line in lines if (found := LINK.fullmatch(line))]
    ours = [link for link in links if not link.startswith("https:")]
    assert len(ours) > 50
    # A question that has to be given something, and what looks into a query, say so.
    answers = {link: served.get(urljoin(ADDRESS, link)).status_code for link in ours}
    assert {link for link, status in answers.items() if status not in {200, 400}} == set()


def test_it_tells_how_many_things_there_are_and_lists_them(guide: str, served: Served) -> None:
    total = served.get("/tools.json").json()["total"]
    assert f" {total:,} tools, " in guide.split("\n\n")[1]
    assert f"](tools.json): {total:,}" in guide


def test_it_names_each_kind_that_there_is_with_its_class(guide: str, client: FlaskClient) -> None:
    listed = {name: client.get(f"/{kind.plural}.json").get_json()["total"] for name, kind in MODEL.kinds.items()}
    told = dict(re.findall(r"^- `[\w:]+` \(([\w-]+), ([\d,]+)\): `", guide, re.MULTILINE))
    assert told == {name: f"{total:,}" for name, total in listed.items() if total}


def test_it_names_each_question_and_each_facet(guide: str, served: Served) -> None:
    questions = served.get("/queries", headers={"Accept": "application/json"}).json()["items"]
    assert [one["url"] for one in questions if f"]({one['url']})" not in guide] == []
    assert [name for name in facets(MODEL) if f"`{name}`" not in guide] == []


def test_it_tells_the_limits_as_they_are_set(guide: str) -> None:
    assert "time of a query 2 s, memory of a query 1,000 MB" in guide


def test_each_prefix_that_it_uses_is_declared(guide: str) -> None:
    declared = dict(re.findall(r"^PREFIX (\w+): <([^>]+)>", guide, re.MULTILINE))
    assert set(re.findall(r"`(\w+):\w+`", guide)) <= declared.keys()
    assert declared.items() <= PREFIXES.items()


def test_numbers_of_properties_are_those_of_the_data(guide: str, served: Served) -> None:
    [number] = re.findall(r"`tbg:usesTool` (\d+) → `tbg:Tool`", guide)
    query = (
        "PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>"
        " SELECT (COUNT(*) AS ?n) { ?use a tbg:UseCase ; tbg:usesTool ?tool }"
    )
    assert served.get("/sparql", params={"query": query, "format": "csv"}).text.split() == ["n", number]


def test_its_example_finds_something(guide: str, served: Served) -> None:
    example = re.findall(r"```sparql\n(.*?)```", guide, re.DOTALL)[-1]
    assert served.get("/sparql", params={"query": example}).json()["results"]["bindings"]


def test_who_has_it_is_told_so(client: FlaskClient) -> None:
    tag = client.get(ADDRESS).headers["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304


def test_it_follows_the_data(house: Repository, house_client: FlaskClient) -> None:
    before = house_client.get(ADDRESS)
    assert " 3 tools, " in before.text
    gate = "<id/tool/gate> a tbg:Tool, tbg:Software ; rdfs:label 'Gate'@en ; dct:description 'A gate.'@en ."
    house.commit(Draft(origin(), [], sorted(quads(gate))), since=1)
    after = house_client.get(ADDRESS)
    assert " 4 tools, " in after.text
    assert after.headers["ETag"] != before.headers["ETag"]


def test_the_home_page_and_the_endpoint_lead_there(client: FlaskClient, served: Served) -> None:
    link = 'llms.txt>; rel="service-doc"; type="text/markdown"'
    assert link in ", ".join(client.get("/").headers.getlist("Link"))
    assert link in served.get("/sparql?query=ASK{}").headers["Link"]


def test_an_empty_catalogue_says_that_it_is_empty(tmp_path: Path) -> None:
    begun(tmp_path / "data").close()
    told = create_app(Service(Settings(data=tmp_path / "data"))).test_client().get(ADDRESS).text
    assert "There are no things yet." in told
