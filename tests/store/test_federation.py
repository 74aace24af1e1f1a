"""Federation: a query calls the services that an operator allows, and nobody else."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import parse_qs

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import Graph, URIRef

from tests.conftest import BASE, Served, free_port, run, serving
from toolbox_graph.errors import FederationRefused, InvalidRequest, QueryTimeout, ServiceFailed
from toolbox_graph.namespaces import DCTERMS
from toolbox_graph.negotiation import GRAPHS, RESULTS
from toolbox_graph.service_description import SD
from toolbox_graph.store import outbound
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.engine import Answer, Limits, Query, at_once
from toolbox_graph.store.federation import Federation, values
from toolbox_graph.store.lexer import unescaped
from toolbox_graph.store.outbound import Services
from toolbox_graph.store.service_clauses import calls

LOOPBACK = "127.0.0.0/8 ::1/128"

NAMES = b'{"head": {"vars": ["name"]}, "results": {"bindings": [{"name": {"type": "literal", "value": "Remote"}}]}}'

Reply = tuple[int, dict[str, str], bytes]


class Other:
    """Another service, our own stand-in: it answers what it is told to, and notes what it was asked."""

    def __init__(self, reply: Callable[[str], Reply]) -> None:
        self.asked: list[str] = []
        self.paths: list[str] = []
        other = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                other.paths.append(self.path)
                other.asked.append(parse_qs(body)["query"][0])
                status, headers, content = reply(self.path)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}/sparql"
        self.localhost = f"http://localhost:{self.server.server_port}/sparql"


@contextmanager
def other(reply: Callable[[str], Reply] = lambda _: (200, {}, NAMES)) -> Iterator[Other]:
    """Run another service for a while."""
    made = Other(reply)
    threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield made
    finally:
        made.server.shutdown()
        made.server.server_close()


class Local:
    """An engine that only notes what it is asked, and answers nothing."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    async def ask(self, query: Query) -> Answer:
        """Note a query."""
        self.asked.append(query)
        return Answer(RESULTS[0], False, "1", at_once(b""))


def federated(text: str, services: Services, *, seconds: float = 5.0) -> str:
    """Return what the engine is asked in the place of a query."""
    local = Local()
    federation = Federation(local, services, Budgets(120.0, 30), base=BASE.iri, agent="test")
    run(federation.ask(Query(text, RESULTS[0], GRAPHS[0], Limits(seconds, 10**6))))
    return local.asked[0].text


def solutions(text: str) -> list[dict[str, str]]:
    """Return what a query finds in an empty store, by name."""
    found = ox.Store().query(text, base_iri=BASE.iri)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: str(row[name]) for name in names if row[name] is not None} for row in found]


def test_what_a_service_finds_stands_in_the_place_of_its_clause() -> None:
    with other() as service:
        text = federated(f"SELECT * {{ SERVICE <{service.address}> {{ ?s ?p ?name }} }}", allowed(service))
    assert solutions(text) == [{"name": '"Remote"'}]


def allowed(*services: Other) -> Services:
    """Return what allows some services, which stand on this machine."""
    return Services.read(" ".join(service.address for service in services), LOOPBACK)


def test_a_service_is_asked_with_the_prefixes_and_the_base_of_the_query() -> None:
    with other() as service:
        query = f"PREFIX s: <{service.address}> SELECT * {{ SERVICE s: {{ <a> s:p ?name }} }}"
        federated(query, allowed(service))
    assert service.asked == [f"BASE <{BASE.iri}> PREFIX s: <{service.address}> SELECT * WHERE {{ <a> s:p ?name }}"]


@pytest.mark.parametrize(
    "template",
    [
        "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
        r"SELECT * {{ \u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
        r"SELECT * {{ \U00000053\u0065rvice <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ #SERVICE\nSERVICE # <http://allowed/>\n<{0}> {{ ?s ?p ?o }} }}",
        "PREFIX x: <{0}> SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }}",
        "BASE <{0}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
        "SELECT * {{ VALUES ?x {{ <{0}> }} SERVICE ?x {{ ?s ?p ?o }} }}",
        "SELECT * {{ BIND(<{0}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE $x {{ ?s ?p ?o }} }}",
        "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
        "ASK {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ SERVICE <{1}> {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ SERVICE <{1}> {{ SERVICE SILENT ?x {{ ?s ?p ?o }} }} }}",
        "SELECT * {{ SERVICE <{1}> {{ ?s ?p ?o }} SERVICE <{0}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}#a> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}?query=x> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{1}/../sparql> {{ ?s ?p ?o }} }}",
    ],
)
def test_a_service_that_is_not_on_the_list_is_not_called(template: str) -> None:
    with other() as listed, other() as unlisted, pytest.raises((FederationRefused, InvalidRequest)):
        federated(template.format(unlisted.address, listed.address), allowed(listed))
    assert unlisted.asked == listed.asked == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?service ?p 'SERVICE <http://x/>' }",
        "SELECT * { ?s ?p <http://service/> } # SERVICE <http://x/> { }",
        "PREFIX service: <http://x/> SELECT * { ?s service:service $service }",
        'SELECT * { ?s ?p "service"@service }',
    ],
)
def test_what_only_looks_like_a_call_is_none(text: str) -> None:
    assert not calls(unescaped(text))


@pytest.mark.parametrize("mark", [r"\u0022", r"\U00000022", r"\\\u0022", r"\u005C\u0022"])
def test_no_quote_that_is_written_by_its_number_hides_a_call(mark: str) -> None:
    text = f'SELECT * {{ BIND("{mark}" AS ?a) SERVICE <http://x/> {{ ?s ?p ?o }} BIND("{mark}" AS ?b) }}'
    assert calls(unescaped(text))


def test_a_service_that_cannot_be_had_is_told() -> None:
    address = f"http://127.0.0.1:{free_port()}/sparql"
    with pytest.raises(ServiceFailed, match="did not answer"):
        federated(f"SELECT * {{ SERVICE <{address}> {{ ?a ?b ?c }} }}", Services.read(address, LOOPBACK))


def test_a_service_that_may_fail_and_does_says_nothing() -> None:
    address = f"http://127.0.0.1:{free_port()}/sparql"
    query = f"SELECT * {{ SERVICE SILENT <{address}> {{ ?a ?b ?c }} }}"
    assert solutions(federated(query, Services.read(address, LOOPBACK))) == [{}]


@pytest.mark.parametrize(
    ("block", "columns"),
    [("{ ?a ?b 'x'@en }", ["a", "b"]), ("{ <urn:a> <urn:b> 1 }", []), ("{ SELECT ?a { ?a ?b ?c } }", [])],
)
def test_a_service_that_says_nothing_has_columns_all_the_same(block: str, columns: list[str]) -> None:
    address = f"http://127.0.0.1:{free_port()}/sparql"
    text = federated(f"SELECT * {{ SERVICE SILENT <{address}> {block} }}", Services.read(address, LOOPBACK))
    found = ox.Store().query(text)
    assert isinstance(found, ox.QuerySolutions)
    assert sorted(variable.value for variable in found.variables) == columns


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no JSON",
        b"[]",
        b'{"boolean": true}',
        b"[" * 100_000,
        b'{"head": {"vars": ["a) } } DROP ALL #"]}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "uri", "value": "x> <y"}}]}}',
        b'{"head": {"vars": ["a"]}, "results": {"bindings": [{"a": {"type": "triple", "value": {}}}]}}',
    ],
)
def test_an_answer_that_is_no_table_is_told(content: bytes) -> None:
    with other(lambda _: (200, {}, content)) as service, pytest.raises(ServiceFailed):
        federated(f"SELECT * {{ SERVICE <{service.address}> {{ ?a ?b ?c }} }}", allowed(service))


def test_an_answer_that_is_too_long_is_told() -> None:
    with other(lambda _: (200, {}, bytes(9_000_000))) as service, pytest.raises(ServiceFailed, match="8 MB"):
        federated(f"SELECT * {{ SERVICE <{service.address}> {{ ?a ?b ?c }} }}", allowed(service))


def test_a_service_that_takes_too_long_is_left_at_the_end_of_the_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        services = Services.read(f"http://127.0.0.1:{silent.getsockname()[1]}/sparql", LOOPBACK)
        with pytest.raises(QueryTimeout):
            federated(f"SELECT * {{ SERVICE <{services.endpoints[0]}> {{ ?a ?b ?c }} }}", services, seconds=0.3)


def test_a_service_that_never_ends_its_answer_is_broken_off() -> None:
    def dribble(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while True:
                connection.sendall(b"x")
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=dribble, args=[listening], daemon=True).start()
        services = Services.read(f"http://127.0.0.1:{listening.getsockname()[1]}/sparql", LOOPBACK)
        with pytest.raises(ServiceFailed):
            outbound.ask(services.endpoints[0], "ASK {}", services, agent="test", seconds=0.3, limit=1000)


def test_a_redirect_leads_to_another_service_of_the_list() -> None:
    with other() as second, other(lambda _: (307, {"Location": second.address + "?query=x"}, b"")) as first:
        text = federated(f"SELECT * {{ SERVICE <{first.address}> {{ ?a ?b ?name }} }}", allowed(first, second))
    assert solutions(text) == [{"name": '"Remote"'}]


@pytest.mark.parametrize("path", ["/elsewhere", "/sparql/", "//127.0.0.1:9/sparql", "file:///etc/passwd", ""])
def test_a_redirect_leads_nowhere_else(path: str) -> None:
    reply = (302, {"Location": path}, b"")
    with other(lambda _: reply) as service, pytest.raises((FederationRefused, ServiceFailed)):
        federated(f"SELECT * {{ SERVICE <{service.address}> {{ ?a ?b ?c }} }}", allowed(service))
    assert set(service.paths) == {"/sparql"}


def test_no_redirect_leads_from_encryption_to_none() -> None:
    with pytest.raises(FederationRefused, match="without encryption"):
        outbound.next_endpoint("https://example.org/sparql", "http://example.org/sparql")


def test_a_service_on_this_machine_is_not_called_unless_its_network_is_allowed() -> None:
    with other() as service, pytest.raises(FederationRefused, match="not a public one"):
        federated(f"SELECT * {{ SERVICE <{service.address}> {{ ?a ?b ?c }} }}", Services.read(service.address, ""))
    assert service.asked == []


def test_a_name_that_means_this_machine_is_looked_up_before_it_is_called() -> None:
    with other() as service, pytest.raises(FederationRefused, match="not a public one"):
        federated(f"SELECT * {{ SERVICE <{service.localhost}> {{ ?a ?b ?c }} }}", Services.read(service.localhost, ""))
    assert service.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104  # nobody listens there
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2001:db8::1",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_an_address_that_is_not_public_may_not_be_called(address: str) -> None:
    assert not Services().allows(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_a_public_address_may_be_called(address: str) -> None:
    assert Services().allows(ip_address(address))


@pytest.mark.parametrize(
    ("endpoints", "networks"),
    [
        ("example.org/sparql", ""),
        ("ftp://example.org/sparql", ""),
        ("https://user:secret@example.org/sparql", ""),
        ("https://example.org/sparql?default-graph-uri=x", ""),
        ("https://example.org/sparql#x", ""),
        ("https:///sparql", ""),
        ("*", ""),
        ("", "10.0.0.1/8"),
        ("", "localhost"),
    ],
)
def test_a_list_that_cannot_be_read_allows_nothing(endpoints: str, networks: str) -> None:
    with pytest.raises(InvalidRequest):
        Services.read(endpoints, networks)


def test_a_service_that_breaks_off_before_it_is_known_is_told() -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"https://127.0.0.1:{listening.getsockname()[1]}/sparql"
    threading.Thread(target=lambda: listening.accept()[0].close(), daemon=True).start()
    with listening, pytest.raises(ServiceFailed):
        federated(f"SELECT * {{ SERVICE <{address}> {{ ?a ?b ?c }} }}", Services.read(address, LOOPBACK))


@pytest.fixture(scope="module")
def calling(catalogue: Path) -> Iterator[tuple[Served, Other]]:
    """The bundled catalogue, which may call one other service."""
    with (
        other() as service,
        serving(catalogue, TOOLBOX_SERVICES=service.address, TOOLBOX_SERVICE_NETWORKS=LOOPBACK) as served,
    ):
        yield served, service


def test_what_a_service_finds_is_joined_with_what_is_here(calling: tuple[Served, Other]) -> None:
    served, service = calling
    query = f"SELECT ?tool ?name {{ VALUES ?tool {{ <id/tool/ckan> }} ?tool a ?class SERVICE <{service.address}> {{ ?s ?p ?name }} }}"
    rows = served.get("/sparql", params={"query": query, "format": "csv"}).text.splitlines()
    assert set(rows[1:]) == {f"{BASE.iri}id/tool/ckan,Remote"}


def test_an_answer_with_what_a_service_found_is_not_kept(calling: tuple[Served, Other]) -> None:
    served, service = calling
    headers = served.get(
        "/sparql", params={"query": f"ASK {{ SERVICE <{service.address}> {{ ?s ?p ?name }} }}"}
    ).headers
    assert (headers["Cache-Control"], headers.get("ETag")) == ("no-store", None)


def test_the_description_names_the_services_that_are_called(calling: tuple[Served, Other]) -> None:
    served, service = calling
    described = Graph().parse(data=served.get("/sparql", headers={"Accept": "text/turtle"}).text)
    endpoint = URIRef(f"{BASE.iri}sparql")
    assert (endpoint, SD.feature, SD.BasicFederatedQuery) in described
    assert list(described.objects(endpoint, DCTERMS.references)) == [URIRef(service.address)]


TERMS = st.one_of(
    st.builds(ox.Literal, st.text(st.characters(codec="utf-8"))),
    st.builds(lambda text: ox.Literal(text, language="en"), st.text(st.characters(codec="utf-8"))),
    st.builds(ox.Literal, st.integers()),
    st.builds(lambda path: ox.NamedNode(f"http://x/{path}"), st.from_regex(r"[\w/?=&.-]*", fullmatch=True)),
)


@settings(deadline=None)
@given(st.lists(TERMS, max_size=5))
def test_a_term_comes_back_as_it_was_sent(terms: list[ox.Literal | ox.NamedNode]) -> None:
    store = ox.Store()
    rows = " ".join(f"({term})" for term in terms)
    sent = store.query(f"SELECT * {{ VALUES (?a) {{ {rows} }} }}")
    assert isinstance(sent, ox.QuerySolutions)
    body = sent.serialize(format=ox.QueryResultsFormat.JSON)
    assert body is not None
    assert [row.get("a") for row in solutions(f"SELECT * {values(body)}")] == [str(term) for term in terms]
