"""What tests of the pages share."""

import json
from collections.abc import Callable, Iterator, Sequence
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import BASE, require
from toolbox_graph.assembly import Service
from toolbox_graph.changes import Repository
from toolbox_graph.model import Model
from toolbox_graph.settings import Settings
from toolbox_graph.web.app import create_app

MODEL = Model(BASE)
KINDS = list(MODEL.kinds)

KNOWN = (("tool", "openfisca"), ("tool", "mes-aides"), ("use-case", "openfisca-in-senegal"), ("country", "sn"))
"""Things of the bundled catalogue on which tests rest."""

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""What Chromium is told, so that it runs in a container and asks nobody for anything."""

VOID = {"br", "hr", "img", "input", "link", "meta"}
"""Elements of HTML that have no end."""


class Builder(HTMLParser):
    """Reads a page as a tree; an end that fits no beginning is an error."""

    def __init__(self) -> None:
        super().__init__()
        self.tree = TreeBuilder()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        """Begin an element."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute of <{tag}> stands twice"
        self.tree.start(tag, {name: value or "" for name, value in attrs})
        if tag in VOID:
            self.tree.end(tag)
        else:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """End an element."""
        assert self.open, f"</{tag}> ends nothing"
        assert self.open.pop() == tag, f"</{tag}> ends another element"
        self.tree.end(tag)

    def handle_data(self, data: str) -> None:
        """Keep text, where there is an element to keep it."""
        if self.open:
            self.tree.data(data)


class Html:
    """A page as a tree."""

    def __init__(self, text: str) -> None:
        builder = Builder()
        builder.feed(text)
        builder.close()
        assert not builder.open, f"without an end: {builder.open}"
        self.root: Element = builder.tree.close()

    def all(self, path: str) -> list[Element]:
        """Return the elements at a path."""
        return self.root.findall(path)

    def one(self, path: str) -> Element:
        """Return the one element at a path."""
        [element] = self.all(path)
        return element

    def texts(self, path: str) -> list[str]:
        """Return the texts of the elements at a path."""
        return [text_of(element) for element in self.all(path)]

    def text(self) -> str:
        """Return all that the page says."""
        return text_of(self.one("body"))

    def ids(self) -> list[str]:
        """Return what can be pointed to."""
        return [element.attrib["id"] for element in self.root.iter() if "id" in element.attrib]

    def json_ld(self) -> dict[str, Any]:
        """Return what search engines read."""
        found = json.loads(self.one(".//script[@type='application/ld+json']").text or "")
        assert isinstance(found, dict)
        return found


def text_of(element: Element) -> str:
    """Return the text of an element, each run of spaces as one."""
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="session")
def keys(client: FlaskClient) -> Callable[[str], list[str]]:
    """The keys of all things of a kind in the bundled catalogue, in the order of the list."""

    def read(kind: str) -> list[str]:
        return list(_keys(client, kind))

    return read


def _keys(client: FlaskClient, kind: str) -> Iterator[str]:
    plural = MODEL.kinds[kind].plural
    parameters = "?limit=500"
    while parameters:
        part = client.get(f"/{plural}.json{parameters}").get_json()
        yield from (item["id"].removeprefix(f"{kind}-") for item in part["items"])
        parameters = part["next"]


@pytest.fixture(scope="session")
def examples(keys: Callable[[str], list[str]]) -> list[tuple[str, str]]:
    """Things of every kind that has things: the first two and the last of each list, and those that tests rest on."""
    found = ((kind, key) for kind in KINDS for key in (*keys(kind)[:2], *keys(kind)[-1:]))
    return list(dict.fromkeys((*KNOWN, *found)))


@pytest.fixture
def house_client(house: Repository) -> FlaskClient:
    """A client of the pages of the house, which sees what is written to it."""
    return create_app(Service(Settings(data=house.folder))).test_client()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser."""
    program = require(program="chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Iterator[BrowserContext]:
    """A window of somebody whose browser does all that pages ask for."""
    with chromium.new_context() as context:
        yield context


@pytest.fixture(scope="module")
def quiet_window(chromium: Browser) -> Iterator[BrowserContext]:
    """A window of somebody who lets nothing run."""
    with chromium.new_context(java_script_enabled=False) as context:
        yield context


@pytest.fixture
def page(window: BrowserContext) -> Iterator[Page]:
    """A page in which scripts may run."""
    with window.new_page() as page:
        yield page


@pytest.fixture
def without_scripts(quiet_window: BrowserContext) -> Iterator[Page]:
    """A page in which nothing runs."""
    with quiet_window.new_page() as page:
        yield page
