"""What do the W3C's manifests ask for?

A test is a few requests, one after another, and for each what its answer has to be. Some need data in the store before.
The tests of service descriptions are names only: what they mean is in `description`.
"""

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from rdflib import Graph, Namespace
from rdflib.namespace import RDFS
from rdflib.term import Node

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")

FOLDER = Path("sparql", "sparql11")
"""Where the tests stand within the W3C's repository."""

PROTOCOL, GRAPH_STORE, DESCRIPTION = "protocol", "graph store", "service description"

MANIFESTS = (
    (PROTOCOL, "protocol/manifest.ttl"),
    (GRAPH_STORE, "graph-store-protocol/manifest-direct.ttl"),
    (GRAPH_STORE, "graph-store-protocol/manifest-indirect.ttl"),
    (DESCRIPTION, "service-description/manifest.ttl"),
)

STATUSES = {status.phrase.replace(" ", ""): str(status.value) for status in HTTPStatus}
"""The codes of HTTP by the names in the W3C's vocabulary, such as `NoContent`."""

Header = tuple[str, str]


class Expected(NamedTuple):
    """What an answer has to be; what is empty or None may be anything.

    `statuses` are codes such as `201` and classes such as `2xx`; `location` is the name by which later requests mean
    the Location that is answered; `body` is a graph, written as `media_type`.
    """

    statuses: tuple[str, ...]
    format: str
    boolean: bool | None
    location: str
    media_type: str
    body: bytes | None


class Request(NamedTuple):
    """What is sent, and what has to come back."""

    method: str
    path: str
    headers: tuple[Header, ...]
    body: bytes | None
    expected: Expected


class Data(NamedTuple):
    """A graph that has to be there before the first request, and its triples."""

    graph: str
    file: Path


class Case(NamedTuple):
    """One test of the W3C's."""

    section: str
    name: str
    data: tuple[Data, ...] = ()
    requests: tuple[Request, ...] = ()


def is_there(suite: Path) -> bool:
    """Say whether a folder is a checkout of the W3C's tests."""
    return all((suite / FOLDER / manifest).is_file() for _, manifest in MANIFESTS)


def read(suite: Path) -> Iterator[Case]:
    """Yield the tests in the order of their manifests."""
    for section, name in MANIFESTS:
        manifest = suite / FOLDER / name
        graph = Graph().parse(manifest, format="turtle")
        for entries in graph.objects(predicate=MF.entries):
            for entry in graph.items(entries):
                yield _case(graph, entry, section, manifest.parent)


def _case(graph: Graph, test: Node, section: str, folder: Path) -> Case:
    action = graph.value(test, MF.action)
    requests = _items(graph, action and graph.value(action, HT.requests))
    return Case(
        section,
        str(test).rpartition("#")[2],
        tuple(sorted(_data(graph, entry, folder) for entry in graph.objects(test, UT.graphData))),
        tuple(_request(graph, request) for request in requests),
    )


def _data(graph: Graph, entry: Node, folder: Path) -> Data:
    file = _text(graph, entry, UT.graph).rpartition("/")[2]
    return Data(_text(graph, entry, RDFS.label), folder / file)


def _request(graph: Graph, request: Node) -> Request:
    return Request(
        _text(graph, request, HT.methodName),
        _text(graph, request, HT.absolutePath),
        _headers(graph, request),
        _body(graph, request),
        _expected(graph, graph.value(request, HT.resp)),
    )


def _expected(graph: Graph, response: Node | None) -> Expected:
    if response is None:
        return Expected((), "", None, "", "", None)
    boolean = _text(graph, response, MF.expectedBoolean)
    return Expected(
        tuple(sorted(_status(str(status)) for status in graph.objects(response, MF.expectedStatus))),
        _text(graph, response, MF.expectedFormat),
        boolean == "true" if boolean else None,
        _text(graph, response, MF.expectedLocation),
        dict(_headers(graph, response)).get("content-type", "").partition(";")[0],
        _body(graph, response),
    )


def _status(iri: str) -> str:
    """Return the code or the class of codes that an IRI means.

    >>> _status("http://www.w3.org/2011/http-statusCodes#Created")
    '201'
    >>> _status("http://www.w3.org/2011/http-statusCodes#StatusCode4xx")
    '4xx'
    """
    name = iri.rpartition("#")[2]
    return STATUSES.get(name) or name.removeprefix("StatusCode")


def _headers(graph: Graph, message: Node) -> tuple[Header, ...]:
    headers = _items(graph, graph.value(message, HT.headers))
    return tuple((_text(graph, header, HT.fieldName), _text(graph, header, HT.fieldValue)) for header in headers)


def _body(graph: Graph, message: Node) -> bytes | None:
    body = graph.value(message, HT.body)
    if body is None:
        return None
    return _text(graph, body, CNT.chars).encode(_text(graph, body, CNT.characterEncoding))


def _items(graph: Graph, beginning: Node | None) -> Iterator[Node]:
    return graph.items(beginning) if beginning is not None else iter(())


def _text(graph: Graph, subject: Node, predicate: Node) -> str:
    value = graph.value(subject, predicate)
    return "" if value is None else str(value)
