"""Is an answer what the manifest expects?"""

from collections.abc import Callable
from io import BytesIO
from xml.sax import SAXException

from rdflib import Graph
from rdflib.compare import isomorphic
from rdflib.exceptions import Error
from rdflib.query import Result, ResultException

from conformance.suite import Expected
from conformance.target import Answer

XML, JSON = "application/sparql-results+xml", "application/sparql-results+json"

RDF = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
"""Media types of graphs, and the names by which rdflib knows them."""

FORMATS = {
    "boolean": {XML, JSON},
    "tabular": {XML, JSON, "text/csv", "text/tab-separated-values"},
    "RDF": {*RDF, "text/html", "application/xhtml+xml"},
}
"""The media types that the names in the manifests allow; a graph may be RDFa within a page."""

UNREADABLE = (SyntaxError, ValueError, LookupError, Error, ResultException, SAXException)
"""What parsers raise at bytes that they do not understand."""


def objection(answer: Answer, expected: Expected, base: str) -> str:
    """Return in one line what is wrong with an answer, or nothing; relative addresses in it are of `base`."""
    try:
        return next(filter(None, (check(answer, expected, base) for check in CHECKS)), "")
    except UNREADABLE as error:
        return f"the answer is not {answer.media_type or 'of any type'}: {' '.join(str(error).split())}"


def graph(body: bytes, media_type: str, base: str) -> Graph:
    """Return the graph that some bytes are."""
    return Graph().parse(BytesIO(body), format=RDF[media_type], publicID=base)


def _status(answer: Answer, expected: Expected, base: str) -> str:
    code = str(answer.status)
    fits = not expected.statuses or {code, f"{code[0]}xx"} & set(expected.statuses)
    return "" if fits else f"not {' or '.join(expected.statuses)} but {answer.said}"


def _format(answer: Answer, expected: Expected, base: str) -> str:
    fits = not expected.format or answer.media_type in FORMATS[expected.format]
    return "" if fits else f"not {expected.format} but {answer.media_type or 'without a type'}"


def _boolean(answer: Answer, expected: Expected, base: str) -> str:
    if expected.boolean is None:
        return ""
    result = Result.parse(BytesIO(answer.body), format="xml" if answer.media_type == XML else "json")
    return "" if result.askAnswer is expected.boolean else f"not {expected.boolean} but {result.askAnswer}"


def _location(answer: Answer, expected: Expected, base: str) -> str:
    return "no Location" if expected.location and not answer.location else ""


def _media_type(answer: Answer, expected: Expected, base: str) -> str:
    fits = expected.media_type in ("", answer.media_type)
    return "" if fits else f"not {expected.media_type} but {answer.media_type or 'without a type'}"


def _graph(answer: Answer, expected: Expected, base: str) -> str:
    if expected.body is None:
        return ""
    wanted = graph(expected.body, expected.media_type, base)
    got = graph(answer.body, answer.media_type, base)
    return "" if isomorphic(wanted, got) else f"another graph: {len(got)} triples where {len(wanted)} were expected"


CHECKS: tuple[Callable[[Answer, Expected, str], str], ...] = (
    _status,
    _format,
    _boolean,
    _location,
    _media_type,
    _graph,
)
"""What is looked at, one after another; each returns what it has to object."""
