"""The stand-in for Wikidata answers in the shapes of a real Wikibase, of which answers were recorded."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.conftest import mirror
from tests.wikidata.conftest import CONTACT
from tests.wikidata.standin import LAGGING, Standin

ASKED = (
    "get_full", "get_post", "get_redirect", "get_two_one_missing", "get_invalid_id", "get_51_ids", "get_no_ids",
    "search_hit", "search_alias", "search_none", "search_limit_51", "search_qid", "search_bad_language",
    "search_missing_language", "unknown_action", "entitydata_json", "entitydata_redirect", "entitydata_404",
    "entitydata_bad", "entitydata_no_ext", "maxlag",
)  # fmt: skip
"""The recorded requests, those that our client may send and those that it may be told wrong."""

MEANT = ("MediaWiki-API-Error", "Retry-After")
"""Headers for programs."""

NAME = re.compile(r"[QP]\d+|[a-z]{2,3}")
"""What a key is that names an entity or a language."""


def shape(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the places of an answer with the types of what stands there; entities and languages are alike."""
    yield path, type(value).__name__
    if isinstance(value, dict):
        for key, inner in value.items():
            is_name = path.rpartition("/")[2] in {"entities", "claims", "labels", "descriptions", "aliases"}
            yield from shape(inner, f"{path}/{'*' if is_name and NAME.fullmatch(key) else key}")
    elif isinstance(value, list):
        for inner in value:
            yield from shape(inner, f"{path}[]")


def read(body: Any) -> Any:
    """Return the body of an answer; of a page for people only that it is one."""
    if isinstance(body, str):
        try:
            return json.loads(body)
        except ValueError:
            return "a page" if body else ""
    return body


@pytest.mark.parametrize("name", ASKED)
def test_it_answers_as_a_wikibase_does(server: tuple[Standin, str], standin: Standin, name: str) -> None:
    recorded = json.loads(mirror("wikibase_recorded", f"{name}.json").read_text(encoding="utf-8"))
    asked = recorded["request"]
    if name == "maxlag":
        standin.faults.append(LAGGING)
    path = asked["path"].replace("/index.php/", "wiki/").replace("/api.php", "w/api.php")
    answer = requests.request(
        asked["method"],
        server[1] + path,
        params=asked["params"],
        data=asked["data"],
        headers={"User-Agent": CONTACT},
        allow_redirects=False,
        timeout=10,
    )
    assert answer.status_code == recorded["status"]
    assert {name: answer.headers.get(name) for name in MEANT} == {name: recorded["headers"].get(name) for name in MEANT}
    assert set(shape(read(answer.text))) == set(shape(read(recorded["body"] or "")))


def test_it_refuses_whom_nobody_can_reach(server: tuple[Standin, str], standin: Standin) -> None:
    asked = {"action": "wbgetentities", "ids": "Q142", "format": "json"}
    assert requests.get(f"{server[1]}w/api.php", params=asked, timeout=10).status_code == 403
