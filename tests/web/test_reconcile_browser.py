"""Reconciliation from a page of another origin: a browser lets it ask, and show previews, and nothing else of ours."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page

from tests.conftest import Served

QUERY = {"query": "OpenFisca", "type": "tool"}

BEFORE = urlencode({"queries": json.dumps({"q": QUERY})}), "application/x-www-form-urlencoded", "/reconcile"
DRAFT = (
    json.dumps({"queries": [{"type": "tool", "conditions": [{"matchType": "name", "propertyValue": "OpenFisca"}]}]}),
    "application/json",
    "/reconcile/v1/match",
)

GET = "address => fetch(address).then(answer => answer.json())"
POST = """([body, type, address]) =>
  fetch(address, {method: 'POST', body, headers: {'Content-Type': type}}).then(answer => answer.json())"""


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an empty page of another origin; a browser lets only one on this machine ask us at all."""
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "page.html").write_text("<!doctype html><title>Elsewhere</title>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=folder)) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/page.html"
        server.shutdown()


@pytest.fixture
def elsewhere(origin: str, page: Page) -> Page:
    """That page."""
    page.goto(origin)
    return page


@pytest.mark.parametrize(("path", "version"), [("/reconcile", "0.2"), ("/reconcile/v1/tools", "1.0-draft")])
def test_a_page_elsewhere_reads_what_the_service_is(served: Served, elsewhere: Page, path: str, version: str) -> None:
    assert version in elsewhere.evaluate(GET, served.address + path)["versions"]


@pytest.mark.parametrize("asked", [BEFORE, DRAFT], ids=["0.2", "draft"])
def test_a_page_elsewhere_matches_names(served: Served, elsewhere: Page, asked: tuple[str, str, str]) -> None:
    body, content_type, path = asked
    found = elsewhere.evaluate(POST, [body, content_type, served.address + path])
    assert '"id": "tool-openfisca"' in json.dumps(found)


def within(page: Page, address: str) -> str:
    """Return what a page shows of another within itself."""
    page.set_content(f'<iframe sandbox src="{address}"></iframe>')
    return page.frame_locator("iframe").locator("body").inner_text()


def test_a_page_elsewhere_shows_a_preview_that_needs_no_script(served: Served, elsewhere: Page) -> None:
    assert "OpenFisca" in within(elsewhere, f"{served.address}/reconcile/preview/tool-openfisca")


@pytest.mark.parametrize("path", ["/tool/openfisca", "/reconcile", "/sparql", "/tool/nothing"])
def test_a_page_elsewhere_shows_no_other_page(served: Served, elsewhere: Page, path: str) -> None:
    assert "Toolbox Graph" in served.get(path, headers={"Accept": "text/html"}).text
    assert "Toolbox Graph" not in within(elsewhere, served.address + path)
