"""How does a SPARQL request become an answer, within limits?

A request is read here as the SPARQL 1.1 Protocol has it (section 2.1). The query in it is not: a text of a stranger
is parsed in a worker only, since some texts end the process that parses them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from werkzeug.http import parse_options_header

from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, TooLarge, UnsupportedMediaType
from toolbox_graph.negotiation import GRAPHS, HTML, RESULTS, Format, find, named, unacceptable
from toolbox_graph.store.engine import Dataset, Limits, Query
from toolbox_graph.store.terms import NEVER_IN_ADDRESSES

UTF_8 = "utf-8"

FORM, SPARQL_QUERY = "application/x-www-form-urlencoded", "application/sparql-query"

LONGEST = 1_000_000
"""Bytes of a request that are read."""

TAKEN = ("query", "format", "timeout")
"""Parameters of a query, each once."""

DEFAULT_GRAPH, NAMED_GRAPH = "default-graph-uri", "named-graph-uri"
"""Parameters of a query that may stand several times: the graphs of its dataset."""

NOT_HERE = frozenset({"update", "using-graph-uri", "using-named-graph-uri"})
"""Parameters of the protocol that a query does not have."""


class Request(NamedTuple):
    """A request as it came in."""

    method: str
    query_string: str
    content_type: str
    accept: str
    body: bytes


class Asked(NamedTuple):
    """What a request asks for.

    `query` has an empty text if the request has none; `for_person` says whether the answer is to be read in a page;
    `others` are the parameters that are not of the protocol.
    """

    query: Query
    for_person: bool
    others: dict[str, str]


def read(request: Request, limits: Limits) -> Asked:
    """Return what a request asks; raise the refusal where it does not keep the protocol."""
    fields = _fields(request)
    names = [name for name, _ in fields]
    if refused := sorted(NOT_HERE.intersection(names)):
        raise InvalidRequest(f"A query has no parameter {refused[0]}; take it out.")
    if repeated := next((name for name in TAKEN if names.count(name) > 1), None):
        raise InvalidRequest(f"The parameter {repeated} stands more than once; give it once.")
    parameters = {name: value for name, value in fields if name not in {DEFAULT_GRAPH, NAMED_GRAPH}}
    text, file_format, timeout = (parameters.pop(name, None) for name in TAKEN)
    results, graph, for_person = _formats(file_format, request.accept)
    return Asked(Query(text or "", results, graph, _within(limits, timeout), _dataset(fields)), for_person, parameters)


def _dataset(fields: Sequence[tuple[str, str]]) -> Dataset | None:
    """Return the dataset that the parameters name (section 2.1.4); None where they name no graph."""
    default = tuple(_graph(name, value) for name, value in fields if name == DEFAULT_GRAPH)
    named = tuple(_graph(name, value) for name, value in fields if name == NAMED_GRAPH)
    return Dataset(default, named) if default or named else None


def _graph(parameter: str, name: str) -> str:
    if not urlsplit(name).scheme or NEVER_IN_ADDRESSES.search(name):
        raise InvalidRequest(f"The parameter {parameter} is the whole IRI of a graph, not {name[:100]!r}.")
    return name


def _fields(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a request, in their order."""
    if len(request.body) > LONGEST or len(request.query_string) > LONGEST:
        raise TooLarge(f"A query may have {LONGEST} bytes.", limit=LONGEST)
    fields = _parse(request.query_string)
    if request.method in {"POST", "QUERY"}:
        return fields + _posted(request)
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Ask with GET, POST or QUERY.", allow=["GET", "HEAD", "POST", "QUERY"])
    return fields


def _posted(request: Request) -> list[tuple[str, str]]:
    written, options = parse_options_header(request.content_type)
    media_type = written.lower()
    if options.get("charset", UTF_8).lower() != UTF_8:
        raise UnsupportedMediaType("Send the query in UTF-8; it is the only charset that is read.")
    if media_type == FORM:
        return _parse(_text(request.body))
    if media_type == SPARQL_QUERY:
        return [("query", _text(request.body))]
    raise UnsupportedMediaType(f"Send the query as {SPARQL_QUERY}, or as a form ({FORM}).")


def _parse(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:
        raise InvalidRequest("The parameters are not UTF-8, written with percent signs where needed.") from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidRequest("The query has to be in UTF-8.") from None


def _formats(name: str | None, accept: str) -> tuple[Format | None, Format | None, bool]:
    """Return the formats for both kinds of answers, and whether a page is wanted."""
    if name is None:
        wanted = find(accept, (*RESULTS, *GRAPHS, HTML))
        return find(accept, RESULTS), find(accept, GRAPHS), wanted is HTML
    results, graph = named(name, RESULTS), named(name, GRAPHS)
    if results is None and graph is None and name != HTML.name:
        raise unacceptable((*RESULTS, *GRAPHS))
    return results, graph, name == HTML.name


def _within(limits: Limits, timeout: str | None) -> Limits:
    """Return the limits of a request, which may lower the time but not raise it."""
    if timeout is None:
        return limits
    try:
        seconds = float(timeout)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise InvalidRequest("The parameter timeout is a number of seconds, such as 2.5.")
    return replace(limits, seconds=min(seconds, limits.seconds))
