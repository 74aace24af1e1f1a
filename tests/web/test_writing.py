"""Updates and the graph store over real HTTP: who may write what, and what becomes of it."""

import http.client
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlencode, urlsplit

import pytest
import requests
from rdflib import Graph
from rdflib.compare import isomorphic
from SPARQLWrapper import POST, SPARQLWrapper

from tests.conftest import BASE, Served, serving
from toolbox_graph.accounts import Accounts
from toolbox_graph.assembly import open_repository
from toolbox_graph.settings import Settings

FORM, QUERY, UPDATE, TURTLE = (
    "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update", "text/turtle",
)  # fmt: skip
MINE = BASE.graph("community", "ada")
OTHERS = BASE.graph("house", "alpha")
DOOR = BASE.thing("tool", "door")
NOTE = f'<{DOOR}> <http://schema.org/featureList> "It opens."@en'
NODES = "<urn:a> <urn:p> [ <urn:q> 1 ], [ <urn:q> 2 ] ."


@pytest.fixture(scope="module")
def playground() -> Iterator[Served]:
    """A playground behind a real server."""
    with serving(Path("unused"), "--playground", TOOLBOX_WORKERS="2", TOOLBOX_QUERY_SECONDS="3") as service:
        yield service


def test_a_playground_has_no_versions(playground: Served) -> None:
    response = playground.get("/sparql?query=ASK%7B%7D&at=0")
    assert (response.status_code, response.json()["parameter"]) == (400, "at")
    assert 'class="cite"' not in playground.get("/tools", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize("path", ["/quality/wikidata/review", "/sign-in"])
def test_a_playground_has_nothing_to_review_and_nobody_who_could(playground: Served, path: str) -> None:
    assert playground.get(path).status_code == 404


class Writable(NamedTuple):
    """A catalogue behind a real server, and a token that may write to a graph of it."""

    served: Served
    token: str

    def update(self, text: str, token: str | None = None) -> requests.Response:
        """Send an update."""
        return self.send("POST", "/sparql", text, UPDATE, token)

    def send(
        self, method: str, path: str, body: str | bytes = "", media_type: str = TURTLE, token: str | None = None
    ) -> requests.Response:
        """Send something with a token, ours if none is given."""
        bearer = f"Bearer {self.token if token is None else token}"
        headers = {"Authorization": bearer, "Content-Type": media_type}
        data = body.encode() if isinstance(body, str) else body
        return requests.request(method, self.served.address + path, data=data, headers=headers, timeout=30)

    def says(self, pattern: str) -> bool:
        """Return whether the catalogue says something."""
        response = self.served.get(f"/sparql?{urlencode({'query': f'ASK {{ {pattern} }}'})}")
        return bool(response.json()["boolean"])


@pytest.fixture(scope="module")
def shared(house_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writable]:
    """A catalogue in which all tests of this file write."""
    folder = tmp_path_factory.mktemp("writable") / "data"
    shutil.copytree(house_template, folder, symlinks=True)
    token = Accounts(folder, BASE).create("ada", ["write"], now="2026-11-28T10:00:00Z")
    with serving(folder, TOOLBOX_WORKERS="2", TOOLBOX_QUERY_SECONDS="3") as service:
        yield Writable(service, token)


@pytest.fixture
def writable(shared: Writable) -> Writable:
    """The catalogue, in which ada has said nothing yet."""
    if shared.says(f"GRAPH <{MINE}> {{ ?s ?p ?o }}"):
        assert shared.update("CLEAR DEFAULT").status_code == 204
    return shared


def ask(playground: Served, query: str) -> bool:
    """Return the answer of a playground."""
    return bool(playground.post("/sparql", data={"query": query}).json()["boolean"])


DATA = """DROP ALL ; INSERT DATA {
    GRAPH <urn:1> { <urn:1> a <urn:Document> } GRAPH <urn:2> { <urn:2> a <urn:Document> } GRAPH <urn:3> { <urn:3> a <urn:Document> } }"""
MARK = "INSERT { GRAPH <urn:g> { ?s a <urn:Marked> } } WHERE { ?s a <urn:Document> }"
MARK_IN_GRAPHS = "INSERT { GRAPH <urn:g> { ?s a <urn:Marked> } } WHERE { GRAPH ?g { ?s a <urn:Document> } }"


@pytest.mark.parametrize(
    ("text", "parameters", "marked"),
    [
        pytest.param(MARK, [("using-graph-uri", "urn:1")], {1}, id="update_dataset_default_graph"),
        pytest.param(MARK, [("using-graph-uri", "urn:1"), ("using-graph-uri", "urn:2")], {1, 2}, id="update_dataset_default_graphs"),
        pytest.param(MARK_IN_GRAPHS, [("using-named-graph-uri", "urn:1"), ("using-named-graph-uri", "urn:2")], {1, 2}, id="update_dataset_named_graphs"),
        pytest.param(MARK, [("using-graph-uri", "urn:1"), ("using-named-graph-uri", "urn:2")], {1}, id="update_dataset_full"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_form", [False, True], ids=["direct", "form"])
def test_an_update_reads_the_dataset_that_the_request_names(
    playground: Served, text: str, parameters: list[tuple[str, str]], marked: set[int], as_form: bool
) -> None:
    whole = f"{DATA} ; {text}"
    if as_form:
        body, media_type, path = urlencode([("update", whole), *parameters]), FORM, "/sparql"
    else:
        body, media_type, path = whole, UPDATE, f"/sparql?{urlencode(parameters)}"
    assert playground.post(path, data=body, headers={"Content-Type": media_type}).status_code == 204
    found = {n for n in (1, 2, 3) if ask(playground, f"ASK {{ GRAPH <urn:g> {{ <urn:{n}> a <urn:Marked> }} }}")}
    assert found == marked


def test_relative_names_in_an_update_are_those_of_the_service(playground: Served) -> None:
    playground.post("/sparql", data={"update": "CLEAR ALL ; INSERT DATA { <a> <urn:p> 1 }"})
    assert ask(playground, "ASK { <a> <urn:p> 1 FILTER NOT EXISTS { <urn:a> ?p ?o } }")


REFUSED = [
    ("bad_update_get", "GET", f"?{urlencode({'update': 'CLEAR ALL'})}", "", b"", 400),
    ("bad_multiple_updates", "POST", "", FORM, b"update=CLEAR+NAMED&update=CLEAR+DEFAULT", 400),
    ("bad_update_wrong_media_type", "POST", "", "text/plain", b"CLEAR NAMED", 415),
    ("bad_update_missing_form_type", "POST", "", "", b"update=CLEAR+NAMED", 415),
    ("bad_update_non_utf8", "POST", "", f"{UPDATE}; charset=UTF-16", "CLEAR NAMED".encode("utf-16"), 415),
    ("bad_update_syntax", "POST", "", FORM, b"update=CLEAR+XYZ", 400),
    ("bad_update_dataset_conflict", "POST", "?using-named-graph-uri=urn:x", UPDATE, b"INSERT { <urn:a> <urn:b> 1 } USING <urn:g> WHERE {}", 400),
    ("a query and an update", "POST", "", FORM, b"update=CLEAR+ALL&query=ASK+{}", 400),
    ("the dataset of a query", "POST", "?default-graph-uri=urn:x", UPDATE, b"CLEAR ALL", 400),
    ("a graph that is not there", "POST", "", UPDATE, b"DROP GRAPH <urn:nowhere>", 400),
    ("a query as an update", "POST", "", UPDATE, b"ASK {}", 400),
    ("an update by QUERY", "QUERY", "", UPDATE, b"CLEAR ALL", 400),
    ("something to fetch", "POST", "", UPDATE, b"LOAD <http://127.0.0.1:9/>", 400),
    ("something to fetch, silently", "POST", "", UPDATE, b"LOAD SILENT <http://127.0.0.1:9/>", 400),
    ("somebody to call", "POST", "", UPDATE, b"INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 400),
    ("nesting without end", "POST", "", UPDATE, b"INSERT { <urn:a> <urn:b> 1 } WHERE {" + b"{" * 5000 + b"}" * 5001, 400),
    ("an update without end", "POST", "?timeout=0.5", UPDATE, b"INSERT DATA { <urn:a> <urn:b> 1, 2, 3, 4, 5, 6, 7, 8, 9 } ; INSERT { ?a ?b ?n } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o . ?p ?q ?r . ?s ?t ?u . ?v ?w ?x . ?y ?z ?c1 . ?c2 ?c3 ?c4 }", 504),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "parameters", "media_type", "body", "status"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED]
)
def test_an_update_that_does_not_keep_the_protocol_is_refused(
    playground: Served, method: str, parameters: str, media_type: str, body: bytes, status: int
) -> None:
    headers = {"Content-Type": media_type} if media_type else {}
    response = requests.request(
        method, f"{playground.address}/sparql{parameters}", data=body or None, headers=headers, timeout=30
    )
    assert (response.status_code, response.json()["status"]) == (status, status)


def test_sparqlwrapper_can_update(playground: Served) -> None:
    client = SPARQLWrapper(f"{playground.address}/sparql")
    client.setMethod(POST)
    client.setQuery("INSERT DATA { <urn:w> <urn:p> 1 }")
    client.query()
    assert ask(playground, "ASK { <urn:w> <urn:p> 1 }")


INDIRECT, DIRECT, DEFAULT = f"/graph-store?graph={quote('http://example.org/g?a=b#c', safe='')}", "/graph-store/people/1.ttl", "/graph-store?default"  # fmt: skip
each_graph = pytest.mark.parametrize("path", [INDIRECT, DIRECT, DEFAULT], ids=["indirect", "direct", "default"])


def put(playground: Served, path: str, body: str, media_type: str = TURTLE, method: str = "PUT") -> int:
    """Send statements to the graph store, and return the status of the answer."""
    headers = {"Content-Type": media_type}
    return requests.request(method, playground.address + path, data=body, headers=headers, timeout=30).status_code


def held(playground: Served, path: str) -> Graph:
    """Return what a graph holds."""
    return Graph().parse(data=playground.get(path, headers={"Accept": TURTLE}).content, format="turtle")


@each_graph
def test_a_graph_is_what_was_put_there_last(playground: Served, path: str) -> None:
    requests.delete(playground.address + path, timeout=30)
    assert put(playground, path, "<urn:a> <urn:p> 1 .") == (204 if path == DEFAULT else 201)
    assert put(playground, path, NODES) == 204
    assert isomorphic(held(playground, path), Graph().parse(data=NODES, format="turtle"))


@each_graph
def test_what_is_posted_is_added(playground: Served, path: str) -> None:
    put(playground, path, "<urn:a> <urn:p> 1 .")
    assert put(playground, path, "<urn:a> <urn:p> 2 .", method="POST") == 204
    assert len(held(playground, path)) == 2


def test_a_form_may_hold_several_files(playground: Served) -> None:
    put(playground, INDIRECT, "<urn:a> <urn:p> 1 .")
    files = {
        "a": ("a.ttl", "<urn:a> <urn:p> 2 .", TURTLE),
        "b": ("b.nt", "<urn:a> <urn:p> <urn:c> .", "application/n-triples"),
    }
    assert requests.post(playground.address + INDIRECT, files=files, timeout=30).status_code == 204
    assert len(held(playground, INDIRECT)) == 3


@pytest.mark.parametrize("path", [INDIRECT, DIRECT], ids=["indirect", "direct"])
def test_a_deleted_graph_is_not_there(playground: Served, path: str) -> None:
    put(playground, path, "<urn:a> <urn:p> 1 .")
    statuses = [requests.delete(playground.address + path, timeout=30).status_code for _ in range(2)]
    gone = [requests.request(method, playground.address + path, timeout=30).status_code for method in ("GET", "HEAD")]
    assert (statuses, gone) == ([204, 404], [404, 404])


def test_head_tells_what_get_would(playground: Served) -> None:
    put(playground, DIRECT, "<urn:a> <urn:p> 1 .")
    response = requests.head(playground.address + DIRECT, timeout=30)
    assert (response.status_code, response.headers["Content-Type"], response.content) == (200, "text/turtle; charset=utf-8", b"")  # fmt: skip


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_head_tells_the_tag_that_get_has(playground: Served, coding: str) -> None:
    put(playground, DIRECT, "<urn:a> <urn:p> 1 .")
    tags = [
        requests.request(method, playground.address + DIRECT, headers={"Accept-Encoding": coding}, timeout=30).headers[
            "ETag"
        ]
        for method in ("HEAD", "GET")
    ]
    assert tags[0] == tags[1]
    known = {"If-None-Match": tags[0], "Accept-Encoding": coding}
    assert requests.head(playground.address + DIRECT, headers=known, timeout=30).status_code == 304


@pytest.mark.parametrize(
    ("condition", "statuses"),
    [
        ({"If-Match": "{tag}"}, (204, 412)),
        ({"If-Match": "*"}, (204, 204)),
        ({"If-Match": 'W/{tag}, "x"'}, (412, 412)),
        ({"If-None-Match": "*"}, (412, 412)),
        ({"If-None-Match": "{tag}"}, (412, 204)),
    ],
)
def test_a_graph_is_written_if_it_is_as_the_client_knows_it(
    playground: Served, condition: dict[str, str], statuses: tuple[int, int]
) -> None:
    put(playground, INDIRECT, "<urn:a> <urn:p> 1 .")
    tag = playground.get(INDIRECT).headers["ETag"]
    headers = {"Content-Type": TURTLE, **{name: value.format(tag=tag) for name, value in condition.items()}}
    found = []
    for _ in range(2):
        found.append(
            requests.put(playground.address + INDIRECT, data="<urn:a> <urn:p> 2 .", headers=headers, timeout=30)
        )
        put(playground, INDIRECT, "<urn:a> <urn:p> 3 .")
    assert tuple(answer.status_code for answer in found) == statuses


def test_a_graph_that_is_not_there_is_written_by_who_wants_it_new(playground: Served) -> None:
    requests.delete(playground.address + INDIRECT, timeout=30)
    told = []
    for header in ("If-Match", "If-None-Match"):
        headers = {"Content-Type": TURTLE, header: "*"}
        answer = requests.put(playground.address + INDIRECT, data="<urn:a> <urn:p> 1 .", headers=headers, timeout=30)
        told.append(answer.status_code)
    assert told == [412, 201]


@pytest.mark.parametrize(("path", "media_type"), [("/sparql", UPDATE), (INDIRECT, TURTLE)])
def test_a_packed_body_is_not_taken_for_an_unpacked_one(playground: Served, path: str, media_type: str) -> None:
    headers = {"Content-Type": media_type, "Content-Encoding": "gzip"}
    assert playground.post(path, data="", headers=headers).status_code == 415


def test_a_graph_without_a_name_gets_one(playground: Served) -> None:
    response = playground.post("/graph-store", data="<urn:a> <urn:p> 1 .", headers={"Content-Type": TURTLE})
    assert response.status_code == 201
    assert len(held(playground, response.headers["Location"])) == 1


def test_an_address_in_the_parameter_counts_as_it_is_written(playground: Served) -> None:
    once, twice = (f"/graph-store?graph={quote(name, safe='')}" for name in ("http://e.org/%20", "http://e.org/%2520"))
    put(playground, once, "<urn:a> <urn:p> 1 .")
    put(playground, twice, "<urn:a> <urn:p> 1, 2 .")
    assert [len(held(playground, path)) for path in (once, twice)] == [1, 2]


BAD_GRAPHS = [
    ("no graph", "GET", "/graph-store", "", 400),
    ("two graphs", "GET", "/graph-store?default&graph=urn:g", "", 400),
    ("a graph twice", "GET", f"{DIRECT}?graph=urn:g", "", 400),
    ("no IRI", "PUT", "/graph-store?graph=g", "", 400),
    ("an unknown format", "PUT", "/graph-store?graph=urn:g", "<urn:a> <urn:b> 1 .", 415),
    ("no statements", "PUT", "/graph-store?graph=urn:g", "<urn:a> <urn:b>", 400),
    ("an unknown method", "PATCH", "/graph-store?graph=urn:g", "", 405),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body", "status"), [pytest.param(*case[1:], id=case[0]) for case in BAD_GRAPHS]
)
def test_a_request_that_names_no_graph_or_statements_is_refused(
    playground: Served, method: str, path: str, body: str, status: int
) -> None:
    headers = {"Content-Type": "text/csv" if status == 415 else TURTLE}
    response = requests.request(method, playground.address + path, data=body, headers=headers, timeout=30)
    assert (response.status_code, response.json()["status"]) == (status, status)


CONTEXT_ELSEWHERE = '{"@context": "http://127.0.0.1:9/", "@id": "urn:a"}'


@pytest.mark.parametrize(
    ("media_type", "body", "said"),
    [
        (TURTLE, "<urn:a> <urn:b>", "line 1"),
        ("application/ld+json", CONTEXT_ELSEWHERE, "a context that stands elsewhere"),
    ],
)
def test_of_statements_that_cannot_be_read_it_is_told_why(
    playground: Served, shared: Writable, media_type: str, body: str, said: str
) -> None:
    headers = {"Content-Type": media_type, "Authorization": f"Bearer {shared.token}"}
    for address in (playground.address, shared.served.address):
        answer = requests.put(f"{address}/graph-store?graph={MINE}", data=body, headers=headers, timeout=30)
        assert said in answer.json()["detail"]


def test_a_playground_is_empty_at_first_and_has_no_tokens(playground: Served) -> None:
    playground.post("/sparql", data={"update": "DROP ALL"})
    assert not ask(playground, "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }")


def test_an_update_is_journaled_by_its_effect_and_can_be_undone(writable: Writable) -> None:
    assert writable.update(f"INSERT DATA {{ {NOTE} }}").status_code == 204
    assert writable.says(f"GRAPH <{MINE}> {{ {NOTE} }}")
    assert writable.says(NOTE)
    repository = open_repository(Settings(data=writable.served.data))
    change = list(repository.history())[-1]
    assert (change.header.origin.agent, change.header.origin.activity) == ("ada", "update")
    assert [(quad.subject, quad.graph) for quad in change.added] == [(f"<{DOOR}>", f"<{MINE}>")]
    repository.undo(change.header.position, change.header.origin)
    repository.close()
    assert not writable.says(NOTE)


def test_who_finds_others_writing_waits_and_else_is_told_to_come_back(writable: Writable) -> None:
    endless = "INSERT { <urn:a> <urn:p> ?n } WHERE { SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } GRAPH ?h { ?d ?e ?f } GRAPH ?i { ?j ?k ?l } GRAPH ?m { ?n1 ?o ?p } } }"  # fmt: skip
    with ThreadPoolExecutor(6) as clients:
        answers = list(clients.map(lambda _: writable.update(endless), range(6)))
    told = sorted((answer.status_code, answer.headers.get("Retry-After")) for answer in answers)
    assert told == [*[(503, "1")] * 4, *[(504, None)] * 2]
    assert writable.update(f"INSERT DATA {{ {NOTE} }}").status_code == 204


def test_an_update_that_changes_nothing_is_no_change(writable: Writable) -> None:
    position = writable.served.get("/health").json()
    assert writable.update("DELETE WHERE { <urn:nobody> ?p ?o }").status_code == 204
    assert writable.served.get("/health").json() == position


def test_blank_nodes_of_an_update_get_names(writable: Writable) -> None:
    writable.update(
        f'INSERT DATA {{ <{DOOR}> <http://schema.org/featureList> "It opens."@en ; <urn:p> [ <urn:q> 1 ] }}'
    )
    assert writable.says(
        f"GRAPH <{MINE}> {{ ?node <urn:q> 1 FILTER(STRSTARTS(STR(?node), '{BASE.iri}.well-known/genid/')) }}"
    )


NOT_ALLOWED = [
    ("a violation", f"INSERT DATA {{ <{DOOR}> <http://xmlns.com/foaf/0.1/homepage> 'nowhere' }}", 422),
    ("what others say, taken away", f"DELETE DATA {{ GRAPH <{OTHERS}> {{ <{DOOR}> ?p ?o }} }}", 409),
    ("all, taken away", "CLEAR ALL", 409),
    ("a graph of others", f"INSERT DATA {{ GRAPH <{OTHERS}> {{ {NOTE} }} }}", 403),
    ("a new graph", "CREATE GRAPH <urn:new>", 403),
    ("no update", "ASK {}", 400),
    ("a control character", 'INSERT DATA { <urn:a> <urn:b> "\\u0007" }', 400),
    ("a property that RDF/XML cannot write", "INSERT DATA { <urn:a> <http://example.org/p/1> 1 }", 400),
]  # fmt: skip


@pytest.mark.parametrize(("text", "status"), [pytest.param(*case[1:], id=case[0]) for case in NOT_ALLOWED])
def test_what_a_token_may_not_do_is_refused_and_nothing_is_changed(shared: Writable, text: str, status: int) -> None:
    position = shared.served.get("/health").json()
    response = shared.update(text)
    assert (response.status_code, response.json()["status"]) == (status, status)
    assert shared.served.get("/health").json() == position


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer nonsense", "Basic YWRhOmFkYQ==", "Bearer tbg_" + "a" * 43]
)
@pytest.mark.parametrize("path", ["/sparql", f"/graph-store?graph={MINE}"])
def test_without_a_token_nothing_is_written(shared: Writable, path: str, authorization: str) -> None:
    headers = {"Content-Type": UPDATE, **({"Authorization": authorization} if authorization else {})}
    response = shared.served.post(path, data="CLEAR DEFAULT", headers=headers)
    error = ', error="invalid_token"' if authorization.startswith("Bearer ") else ""
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == f'Bearer realm="toolbox-graph"{error}'


@pytest.mark.parametrize("name", ["access_token", "token", "bearer", "%74oken"])
def test_a_token_in_an_address_is_refused(shared: Writable, name: str) -> None:
    response = shared.send("PUT", f"/graph-store?graph={MINE}&{name}={shared.token}", "<urn:a> <urn:b> 1 .")
    assert response.status_code == 400
    assert shared.token not in response.text


def test_who_may_not_write_is_refused_before_all_is_sent(shared: Writable) -> None:
    where = urlsplit(shared.served.address)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=10)
    connection.putrequest("PUT", f"/graph-store?graph={MINE}")
    connection.putheader("Content-Length", str(10**7))
    connection.endheaders()
    assert connection.getresponse().status == 401
    connection.close()


def test_a_graph_that_is_put_twice_makes_one_change(writable: Writable) -> None:
    body = f"{NOTE} ; <urn:p> [ <urn:q> 1 ], [ <urn:q> 2 ] ."
    assert writable.send("PUT", f"/graph-store?graph={MINE}", body).status_code == 201
    position = writable.served.get("/health").json()
    assert writable.send("PUT", f"/graph-store?graph={MINE}", body).status_code == 204
    assert writable.served.get("/health").json() == position


def test_ones_own_graph_can_be_added_to_replaced_and_taken_away(writable: Writable) -> None:
    path = f"/graph-store?graph={MINE}"
    told = []
    for method, body in (("POST", f"{NOTE} ."), ("PUT", f"<{DOOR}> <urn:p> 1 ."), ("DELETE", "")):
        assert writable.send(method, path, body).status_code in {201, 204}
        told.append([writable.says(pattern) for pattern in (NOTE, f"<{DOOR}> <urn:p> 1")])
    assert told == [[True, False], [False, True], [False, False]]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", f"/graph-store?graph={OTHERS}", 409),
        ("DELETE", f"/graph-store?graph={OTHERS}", 409),
        ("POST", f"/graph-store?graph={OTHERS}", 403),
        ("PUT", "/graph-store?default", 403),
        ("POST", "/graph-store", 403),
    ],
)
def test_no_graph_but_ones_own_is_written(shared: Writable, method: str, path: str, status: int) -> None:
    assert shared.send(method, path, "<urn:a> <urn:b> 1 .").status_code == status
    assert shared.says(f"GRAPH <{OTHERS}> {{ <{DOOR}> ?p ?o }}")


def test_the_name_of_a_graph_leads_to_what_it_holds(shared: Writable) -> None:
    response = shared.served.get(urlsplit(OTHERS).path, headers={"Accept": "application/n-triples"})
    assert f"<{DOOR}>" in response.text
    assert shared.served.get("/graph/nothing").status_code == 404
    assert shared.served.post(urlsplit(OTHERS).path).status_code == 405
    assert shared.served.get("/graph/catalogue").status_code == 200


def test_scripts_of_other_sites_may_write_with_a_token(shared: Writable) -> None:
    headers = requests.options(f"{shared.served.address}/graph-store", timeout=30).headers
    assert "PUT" in headers["Access-Control-Allow-Methods"]
    assert "Authorization" in headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in headers
