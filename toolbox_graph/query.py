"""How does a SPARQL request become an answer, within limits?

A request is read here as the SPARQL 1.1 Protocol has it (section 2.1). The query in it is not: a text of a stranger
is parsed in a worker only, since some texts end the process that parses them.
"""

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl

from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, TooLarge, UnsupportedMediaType
from toolbox_graph.negotiation import GRAPHS, HTML, RESULTS, Format, find, named, unacceptable
from toolbox_graph.store.engine import Limits, Query

FORM, SPARQL_QUERY = "application/x-www-form-urlencoded", "application/sparql-query"

LONGEST = 1_000_000
"""Bytes of a request that are read."""

TAKEN = ("query", "format", "timeout")
"""Parameters that this service takes, each once."""

NOT_HERE = frozenset({"update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"})
"""Parameters of the protocol that it does not take."""


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
    parameters = _parameters(request)
    if refused := sorted(NOT_HERE & parameters.keys()):
        raise InvalidRequest(f"This service does not take {', '.join(refused)}; name graphs with FROM and GRAPH.")
    text, file_format, timeout = (parameters.pop(name, None) for name in TAKEN)
    results, graph, for_person = _formats(file_format, request.accept)
    return Asked(Query(text or "", results, graph, _within(limits, timeout)), for_person, parameters)


def _parameters(request: Request) -> dict[str, str]:
    """Return the parameters of a request, each of which may stand once."""
    if len(request.body) > LONGEST or len(request.query_string) > LONGEST:
        raise TooLarge(f"A query may have {LONGEST} bytes.", limit=LONGEST)
    fields = _parse(request.query_string)
    if request.method == "POST":
        fields += _posted(request)
    elif request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Ask with GET or POST.", allow=["GET", "HEAD", "POST"])
    parameters = dict(fields)
    for name in TAKEN:
        if sum(name == field for field, _ in fields) > 1:
            raise InvalidRequest(f"The parameter {name} stands more than once; give it once.")
    return parameters


def _posted(request: Request) -> list[tuple[str, str]]:
    media_type = request.content_type.partition(";")[0].strip().lower()
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
