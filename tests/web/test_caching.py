"""What clients and the service keep of answers, and how answers are packed."""

import gzip
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import brotli
import pytest
import requests
import zstandard

from tests.conftest import BASE, Served, begun, origin, serving
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import canonical

LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SELECT = f'SELECT ?name {{ <id/tool/openfisca> <{LABEL}> ?name FILTER(LANG(?name) = "en") }}'
CONSTRUCT = "CONSTRUCT WHERE { <id/tool/openfisca> ?p ?o }"


def ask(served: Served, query: str, **headers: str) -> requests.Response:
    """Ask the endpoint, as a client that unpacks nothing if it does not say so."""
    ahead = {"Accept-Encoding": "identity", **headers}
    return served.get(f"/sparql?{urlencode({'query': query})}", headers=ahead)


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT])
def test_an_answer_that_the_client_has_is_not_sent_again(served: Served, query: str) -> None:
    first = ask(served, query)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    again = ask(served, query, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("coding", ["identity", "gzip", "br", "zstd"])
def test_who_has_an_answer_is_told_all_that_is_told_of_keeping_it(served: Served, coding: str) -> None:
    first = ask(served, SELECT, **{"Accept-Encoding": coding})
    again = ask(served, SELECT, **{"Accept-Encoding": coding, "If-None-Match": first.headers["ETag"]})
    told = [{name: response.headers[name] for name in ("ETag", "Vary", "Cache-Control")} for response in (first, again)]
    assert again.status_code == 304
    assert told[0] == told[1]


@pytest.mark.parametrize("tags", ["W/{}", '"x", {}', 'W/"x",{} , "y"', "*"])
def test_a_client_names_the_answers_that_it_has_in_any_way(served: Served, tags: str) -> None:
    tag = ask(served, SELECT).headers["ETag"]
    assert ask(served, SELECT, **{"If-None-Match": tags.format(tag)}).status_code == 304


@pytest.mark.parametrize("query", ["SELECT", "SELECT * {", "ASK { SERVICE <http://x/> {} }"])
def test_what_is_refused_is_refused_also_to_who_wants_it_only_if_there_is_none(served: Served, query: str) -> None:
    assert ask(served, query, **{"If-None-Match": "*"}).status_code == 400


def test_an_answer_in_another_coding_is_not_the_one_that_the_client_has(served: Served) -> None:
    packed_tag = ask(served, SELECT, **{"Accept-Encoding": "gzip"}).headers["ETag"]
    assert ask(served, SELECT, **{"If-None-Match": packed_tag}).status_code == 200


def test_an_answer_to_a_post_is_sent_in_any_case(served: Served) -> None:
    tag = ask(served, SELECT).headers["ETag"]
    told = {"Content-Type": "application/sparql-query", "If-None-Match": tag, "Accept-Encoding": "identity"}
    asked = [
        requests.request(method, f"{served.address}/sparql", data=SELECT, headers=told, timeout=30)
        for method in ("POST", "QUERY")
    ]
    assert [response.status_code for response in asked] == [200, 304]


def test_a_script_of_another_site_may_read_the_tag_of_an_answer_and_send_it_back(served: Served) -> None:
    allowed = requests.options(f"{served.address}/sparql", timeout=30).headers["Access-Control-Allow-Headers"]
    assert "ETag" in ask(served, SELECT).headers["Access-Control-Expose-Headers"]
    assert "If-None-Match" in allowed


def test_another_query_format_or_coding_is_another_answer(served: Served) -> None:
    tags = [
        ask(served, SELECT).headers["ETag"],
        ask(served, SELECT + " ").headers["ETag"],
        ask(served, SELECT, Accept="text/csv").headers["ETag"],
        *(ask(served, SELECT, **{"Accept-Encoding": coding}).headers["ETag"] for coding in UNPACKING),
    ]
    assert len(set(tags)) == 6
    assert all(tag.startswith('"') for tag in tags)


def test_what_an_answer_depends_on_is_told(served: Served) -> None:
    assert ask(served, SELECT).headers["Vary"] == "Accept, Accept-Encoding"


BY_CHANCE = ["SELECT (NOW() AS ?x) {}", "SELECT (rand() AS ?x) {}", "SELECT (UUID() AS ?x) {}", "SELECT (STRUUID() AS ?x) {}",
             "SELECT (BNODE() AS ?x) {}"]  # fmt: skip


@pytest.mark.parametrize("query", BY_CHANCE)
def test_what_depends_on_time_or_chance_is_kept_by_nobody(served: Served, query: str) -> None:
    first, second = ask(served, query), ask(served, query)
    assert first.headers["Cache-Control"] == "no-store"
    assert "ETag" not in first.headers
    assert first.content != second.content


UNPACKING: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def packed(served: Served, query: str, coding: str) -> tuple[str, bytes]:
    """Return how an answer is packed, and its bytes as they came."""
    ahead = {"Accept-Encoding": coding}
    with requests.get(
        f"{served.address}/sparql", params={"query": query}, headers=ahead, stream=True, timeout=30
    ) as response:
        return response.headers["Content-Encoding"], response.raw.read(decode_content=False)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br", "br"),
        ("zstd", "zstd"),
        ("gzip;q=0.5, identity;q=0.1", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip, br;q=0.9", "gzip"),
        ("zstd;q=0, br;q=0, *", "gzip"),
        ("*", "zstd"),
        ("GZip", "gzip"),
    ],
)
def test_an_answer_is_packed_as_the_client_likes_best(served: Served, accepted: str, coding: str) -> None:
    assert packed(served, SELECT, accepted)[0] == coding


@pytest.mark.parametrize("coding", UNPACKING)
def test_a_long_packed_answer_is_whole(served: Served, coding: str) -> None:
    query = "SELECT * { ?s ?p ?o } LIMIT 20000"
    assert UNPACKING[coding](packed(served, query, coding)[1]) == ask(served, query).content


@pytest.mark.parametrize("coding", ["", "identity", "identity, br;q=0.9", "gzip;q=0", "deflate", "*;q=0"])
def test_who_cannot_unpack_it_gets_it_as_it_is(served: Served, coding: str) -> None:
    assert "Content-Encoding" not in ask(served, SELECT, **{"Accept-Encoding": coding}).headers


def test_head_tells_the_coding_and_leaves_the_worker_free(served: Served) -> None:
    for _ in range(5):
        address = f"{served.address}/sparql?{urlencode({'query': SELECT})}"
        response = requests.head(address, headers={"Accept-Encoding": "gzip"}, timeout=30)
        assert (response.status_code, response.headers["Content-Encoding"], response.content) == (200, "gzip", b"")
    assert ask(served, SELECT).status_code == 200


def test_a_change_of_the_data_makes_another_answer(tmp_path: Path) -> None:
    repository = begun(tmp_path / "data")
    source = [f'<{BASE.thing("source", "a")}> <{LABEL}> "{name}"@en <{BASE.graph("x", "a")}> .' for name in ("A", "B")]
    with serving(tmp_path / "data", TOOLBOX_WORKERS="1") as service:
        before = ask(service, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
        day = '"2016-12-07"^^<http://www.w3.org/2001/XMLSchema#date>'
        thing = BASE.thing("source", "a")
        added = [source[0], f"<{thing}> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://w3id.org/toolbox-graph/ontology#Source> <{BASE.graph('x', 'a')}> .",
                 f"<{thing}> <https://w3id.org/toolbox-graph/ontology#confirmed> {day} <{BASE.graph('x', 'a')}> ."]  # fmt: skip
        repository.commit(Draft(origin(), [], sorted(canonical(added))), since=0)
        repository.close()
        after = ask(service, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", **{"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert after.content != before.content


def test_what_was_asked_before_is_not_computed_again(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="1", TOOLBOX_QUERY_SECONDS="20", TOOLBOX_CLIENT_SECONDS="0.05") as service:
        query = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?b ?f } LIMIT 1500000 } }"
        first = ask(service, query)
        # Its client has nothing left for another query.
        assert ask(service, "ASK {}").status_code == 429
        again = ask(service, query)
    assert (first.status_code, again.status_code, again.content) == (200, 200, first.content)


def test_who_asks_the_same_at_the_same_time_waits_for_the_one_answer(catalogue: Path) -> None:
    with serving(catalogue, TOOLBOX_WORKERS="2", TOOLBOX_QUERY_SECONDS="20", TOOLBOX_WAITING_SECONDS="1") as service:
        query = "SELECT (COUNT(*) AS ?n) { { SELECT * { ?a ?b ?c . ?d ?b ?f } LIMIT 1400000 } }"
        answers: list[requests.Response] = []
        threads = [threading.Thread(target=lambda: answers.append(ask(service, query))) for _ in range(6)]
        for thread in threads:
            thread.start()
            time.sleep(0.02)
        for thread in threads:
            thread.join(timeout=60)
    assert [answer.status_code for answer in answers] == [200] * 6
    assert len({answer.content for answer in answers}) == 1
