"""Running queries: their clients see them and end them; nobody takes all workers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest
import requests

from tests.conftest import BASE, Served, serving, wait_until
from toolbox_graph.accounts import Accounts

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
QUICK = "SELECT (RAND() AS ?x) {}"
"""It is never remembered, so it needs a worker."""


@pytest.fixture(scope="module")
def service(catalogue: Path) -> Iterator[Served]:
    """A catalogue with four workers, so that one client has two."""
    with serving(catalogue, TOOLBOX_WORKERS="4", TOOLBOX_QUERY_SECONDS="20", TOOLBOX_WAITING_SECONDS="1") as served:
        yield served


def ask(service: Served, query: str, client: str = "ada", **headers: str) -> requests.Response:
    """Ask as some client."""
    return service.get(f"/sparql?{urlencode({'query': query})}", headers={"User-Agent": client, **headers})


def running(service: Served, client: str = "ada", **headers: str) -> list[str]:
    """Return what a client calls the queries that it runs."""
    listed = service.get("/sparql/queries", headers={"User-Agent": client, **headers}).json()
    return [query["id"] for query in listed["queries"]]


def end(service: Served, query_id: str, client: str = "ada", **headers: str) -> int:
    """End a query, and return the status of the answer."""
    address = f"{service.address}/sparql/queries/{query_id}"
    return requests.delete(address, headers={"User-Agent": client, **headers}, timeout=30).status_code


@contextmanager
def asking(service: Served, query_id: str, client: str = "ada") -> Iterator[list[requests.Response]]:
    """Run a query without end that nobody else asks for a while; the list has its answer once it has ended."""
    answers: list[requests.Response] = []
    ahead = {"Query-Id": query_id}
    thread = threading.Thread(target=lambda: answers.append(ask(service, f"{ENDLESS} # {query_id}", client, **ahead)))
    thread.start()
    wait_until(lambda: query_id in running(service, client))
    try:
        yield answers
    finally:
        end(service, query_id, client)
        thread.join(timeout=30)


def test_a_client_sees_its_queries_and_no_others(service: Served) -> None:
    with asking(service, "long-1"):
        assert running(service) == ["long-1"]
        assert running(service, "bob") == []
        [told] = service.get("/sparql/queries", headers={"User-Agent": "ada"}).json()["queries"]
        assert (told["query"], told["limit"]) == (f"{ENDLESS} # long-1", 20.0)


def test_a_client_ends_its_query_and_is_told_so(service: Served) -> None:
    with asking(service, "long-2") as answers:
        assert end(service, "long-2") == 204
        wait_until(lambda: bool(answers))
        assert (answers[0].status_code, answers[0].json()["type"]) == (503, "urn:toolbox-graph:problem:query-cancelled")
    assert running(service) == []
    assert ask(service, QUICK).status_code == 200


def test_nobody_ends_the_query_of_another(service: Served) -> None:
    with asking(service, "long-3"):
        assert end(service, "long-3", "bob") == 404
        assert running(service) == ["long-3"]


def test_one_client_has_half_of_the_workers_and_others_are_answered(service: Served) -> None:
    with asking(service, "long-4"), asking(service, "long-5"):
        refused = ask(service, QUICK)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert "as many queries as one client may" in refused.json()["detail"]
        assert ask(service, QUICK, "bob").status_code == 200
    assert ask(service, QUICK).status_code == 200


def test_an_operator_sees_and_ends_all(service: Served) -> None:
    accounts = Accounts(service.data, BASE)
    token = accounts.create("operator", ["admin"], now="2026-11-28T10:00:00Z")
    writer = accounts.create("ada", ["write"], now="2026-11-28T10:00:00Z")
    with asking(service, "long-6"):
        assert running(service, "eve", Authorization=f"Bearer {token}") == ["long-6"]
        assert end(service, "long-6", "eve", Authorization=f"Bearer {writer}") == 403
        assert end(service, "long-6", "eve", Authorization=f"Bearer {token}") == 204


def test_an_answer_names_its_query(service: Served) -> None:
    assert ask(service, QUICK, **{"Query-Id": "mine"}).headers["Query-Id"] == "mine"
    names = {ask(service, QUICK).headers["Query-Id"] for _ in range(2)}
    assert len(names) == 2


@pytest.mark.parametrize("query_id", ["a b", "x" * 65, "<script>"])
def test_a_name_that_no_query_can_have_is_refused(service: Served, query_id: str) -> None:
    assert ask(service, QUICK, **{"Query-Id": query_id}).status_code == 400


@pytest.mark.parametrize(("method", "path"), [("POST", "/sparql/queries"), ("GET", "/sparql/queries/x")])
def test_another_method_is_refused_with_the_one_there_is(service: Served, method: str, path: str) -> None:
    response = requests.request(method, service.address + path, timeout=30)
    assert (response.status_code, bool(response.headers["Allow"])) == (405, True)
