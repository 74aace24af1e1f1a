"""How does a SPARQL request become an answer, within limits?

A request is read here as the SPARQL 1.1 Protocol has it (section 2.1). The query in it is not: a text of a stranger
is parsed in a worker only, since some texts end the process that parses them.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, TooLarge, UnsupportedMediaType
from toolbox_graph.negotiation import GRAPHS, HTML, RESULTS, Format, find, named, unacceptable
from toolbox_graph.store.engine import Dataset, Limits, Query
from toolbox_graph.store.modifiers import limited
from toolbox_graph.store.terms import is_whole
from toolbox_graph.updates import Using

UTF_8 = "utf-8"

FORM = "application/x-www-form-urlencoded"
DIRECT = {"application/sparql-query": "query", "application/sparql-update": "update"}
"""The media types of a body that is a text itself, and the parameter that it stands for."""

LONGEST = 1_000_000
"""Bytes of a request that are read."""

MOST_FIELDS = 1_000
"""Parameters that a request may have."""

ONCE = ("query", "timeout", "max-rows")
"""Parameters of a query that stand once."""

FORMAT = "format"
"""A parameter that some clients send in several spellings, known and unknown."""

MOST_ROWS = 10**18 - 1
"""The largest number of rows: the engine counts no further."""

GRAPH_NAMES = DEFAULT_GRAPH, NAMED_GRAPH = "default-graph-uri", "named-graph-uri"
"""Parameters of a query that may stand several times: the graphs of its dataset."""

UPDATE, USING_GRAPH, USING_NAMED_GRAPH = "update", "using-graph-uri", "using-named-graph-uri"
"""Parameters of an update, which a query does not have."""


class Request(NamedTuple):
    """A request as it came in, and who sent it."""

    method: str
    query_string: str
    content_type: str
    accept: str
    body: bytes
    authorization: str = ""
    client: str = ""
    query_id: str = ""
    if_none_match: str = ""
    accept_encoding: str = ""
    if_match: str = ""
    content_encoding: str = ""


class Asked(NamedTuple):
    """What a request asks for.

    `query` has an empty text if the request has none; `for_person` says whether the answer is to be read in a page;
    `others` are the parameters that are not of the protocol; `most` is the number of solutions that are wanted, if
    that is limited, and `sent` the text before it was.
    """

    query: Query
    for_person: bool
    others: dict[str, str]
    most: int | None
    sent: str = ""

    def of(self, text: str) -> Query:
        """Return a query in the place of the one that was sent."""
        return self.query._replace(text=text if self.most is None else limited(text, self.most))


class AskedUpdate(NamedTuple):
    """What an update request asks for: its text, the dataset for its WHERE clauses, and how far it may go."""

    text: str
    using: Using
    limits: Limits


def read(request: Request, limits: Limits, results_offered: Sequence[Format] = RESULTS) -> Asked:
    """Return what a request asks; raise the refusal where it does not keep the protocol."""
    fields = fields_of(request)
    _require_none(fields, "A query", UPDATE, USING_GRAPH, USING_NAMED_GRAPH)
    _require_once(fields, *ONCE)
    parameters = {name: value for name, value in fields if name not in GRAPH_NAMES}
    text, timeout, most = (parameters.pop(name, None) for name in ONCE)
    parameters.pop(FORMAT, None)
    named_formats = [value for name, value in fields if name == FORMAT]
    results, graph, for_person = _formats(named_formats, request.accept, results_offered)
    query = Query("", results, graph, _within(limits, timeout), _dataset(fields), request.client, request.query_id)
    asked = Asked(query, for_person, parameters, _number(most), text or "")
    return asked._replace(query=asked.of(text)) if text else asked


def is_update(request: Request) -> bool:
    """Return whether a request is an update; most are none, and it costs little to see that."""
    written = (request.query_string, request.content_type.lower())
    may_be = any(UPDATE in part for part in written) or UPDATE.encode() in request.body
    return may_be and any(name == UPDATE for name, _ in fields_of(request))


def read_update(request: Request, limits: Limits) -> AskedUpdate:
    """Return the update that a request asks for (section 2.2); raise the refusal where there is none."""
    if request.method != "POST":
        raise InvalidRequest("Send an update by POST.")
    fields = fields_of(request)
    _require_none(fields, "An update", "query", DEFAULT_GRAPH, NAMED_GRAPH)
    _require_once(fields, UPDATE, "timeout")
    parameters = dict(fields)
    using = Using(_graphs(fields, USING_GRAPH), _graphs(fields, USING_NAMED_GRAPH))
    return AskedUpdate(parameters[UPDATE], using, _within(limits, parameters.get("timeout")))


def _require_none(fields: Sequence[tuple[str, str]], what: str, *names: str) -> None:
    if refused := [name for name, _ in fields if name in names]:
        raise InvalidRequest(f"{what} has no parameter {refused[0]}; take it out.")


def _require_once(fields: Sequence[tuple[str, str]], *names: str) -> None:
    given = [name for name, _ in fields]
    if repeated := [name for name in names if given.count(name) > 1]:
        raise InvalidRequest(f"The parameter {repeated[0]} stands more than once; give it once.")


def _dataset(fields: Sequence[tuple[str, str]]) -> Dataset | None:
    """Return the dataset that the parameters name (section 2.1.4); None where they name no graph."""
    dataset = Dataset(_graphs(fields, DEFAULT_GRAPH), _graphs(fields, NAMED_GRAPH))
    return dataset if dataset.default_graphs or dataset.named_graphs else None


def _graphs(fields: Sequence[tuple[str, str]], parameter: str) -> tuple[str, ...]:
    return tuple(graph_name(parameter, value) for name, value in fields if name == parameter)


def graph_name(parameter: str, name: str) -> str:
    """Return the IRI of a graph that a parameter names; raise InvalidRequest for what is none."""
    if not is_whole(name):
        raise InvalidRequest(f"The parameter {parameter} is the whole IRI of a graph, not {name[:100]!r}.")
    return name


def fields_of(request: Request) -> list[tuple[str, str]]:
    """Return the parameters of a request, in their order."""
    if len(request.body) > LONGEST or len(request.query_string) > LONGEST:
        raise TooLarge(f"A query may have {LONGEST} bytes.", limit=LONGEST)
    fields = _parse(request.query_string)
    if request.method in {"POST", "QUERY"}:
        return fields + _posted(request)
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Ask with GET, POST or QUERY.", allow=["GET", "HEAD", "POST", "QUERY"])
    return fields


def require_unpacked(request: Request) -> None:
    """Raise UnsupportedMediaType where a body is packed, which none is here (RFC 9110, section 8.4)."""
    if request.content_encoding.lower() not in {"", "identity"}:
        raise UnsupportedMediaType("Send the body as it is, without Content-Encoding.")


def _posted(request: Request) -> list[tuple[str, str]]:
    if request.method == "POST" and not request.body and not request.content_type:
        return []  # All stands in the address, as Blazegraph sends what it asks of others.
    require_unpacked(request)
    written, options = parse_options_header(request.content_type)
    media_type = written.lower()
    if options.get("charset", UTF_8).lower() != UTF_8:
        raise UnsupportedMediaType("Send the query in UTF-8; it is the only charset that is read.")
    if media_type == FORM:
        return _parse(_text(request.body))
    if media_type in DIRECT:
        return [(DIRECT[media_type], _text(request.body))]
    raise UnsupportedMediaType(f"Send the query as application/sparql-query, or as a form ({FORM}).")


def _parse(text: str) -> list[tuple[str, str]]:
    if text.count("&") >= MOST_FIELDS:
        raise InvalidRequest(f"A request may have {MOST_FIELDS} parameters; name the graphs in the query, by FROM.")
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError:
        raise InvalidRequest("The parameters are not UTF-8, written with percent signs where needed.") from None


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidRequest("The query has to be in UTF-8.") from None


def _formats(names: Sequence[str], accept: str, results: Sequence[Format]) -> tuple[Format | None, Format | None, bool]:
    """Return the formats for both kinds of answers, and whether a page is wanted; the first name that is known wins."""
    offers = (*results, *GRAPHS, HTML)
    known = next((name for name in names if named(name, offers)), None)
    if known:
        return named(known, results), named(known, GRAPHS), named(known, offers) is HTML
    wanted = find(accept, offers)
    # Who says in the header what they take, beside a name that we do not know, is a client that we can serve.
    if any(names) and (not accept or "*/*" in accept or wanted is None):
        raise unacceptable((*results, *GRAPHS))
    return find(accept, results), find(accept, GRAPHS), wanted is HTML


def is_number_within(text: str, least: int, most: int) -> bool:
    """Return whether a text is a whole number in digits, and within bounds.

    >>> is_number_within("12", 1, 99), is_number_within("²", 0, 9), is_number_within("0" * 9, 0, 9)
    (True, False, False)
    """
    return text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most


def _number(rows: str | None) -> int | None:
    if rows is None:
        return None
    if not is_number_within(rows, 0, MOST_ROWS):
        raise InvalidRequest("The parameter max-rows is a whole number, such as 1000.")
    return int(rows)


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
