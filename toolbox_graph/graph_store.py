"""Which graph is meant, and what is to become of it? (SPARQL 1.1 Graph Store HTTP Protocol)"""

import io
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote

from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header

from toolbox_graph.errors import InvalidRequest, UnsupportedMediaType
from toolbox_graph.namespaces import Base
from toolbox_graph.negotiation import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from toolbox_graph.query import graph_name

READ = (TURTLE, NTRIPLES, RDFXML, JSONLD)
"""The formats in which statements can be sent."""

LARGEST = 64_000_000
"""Bytes of what is sent."""

DEFAULT = ""
"""What stands for the default graph."""


class Payload(NamedTuple):
    """Statements as they were sent, and their format."""

    format: Format
    body: bytes


def identified(path: str, query_string: str, base: Base) -> str | None:
    """Return the graph that a request is about, named by a parameter (section 4.2) or by its own address (4.1).

    `path` is what follows the address of the graph store; None says that the request names no graph.
    """
    fields = parse_qsl(query_string, keep_blank_values=True)
    named = [(name, value) for name, value in fields if name in {"graph", "default"}]
    if len(named) > 1 or (named and path):
        raise InvalidRequest("Name one graph: by the parameter graph, by default, or by its own address.")
    if path:
        return graph_name("graph", f"{base.iri}graph-store/{unquote(path)}")
    if not named:
        return None
    [(name, value)] = named
    graph = DEFAULT if name == "default" else graph_name(name, value)
    return DEFAULT if graph == base.merge else graph


def payloads(content_type: str, body: bytes) -> Sequence[Payload]:
    """Return what a request sends; a form may hold several files (section 5.5)."""
    media_type, options = parse_options_header(content_type)
    if media_type != "multipart/form-data":
        return [Payload(_format(media_type), body)]
    _, _, files = FormDataParser().parse(io.BytesIO(body), media_type, len(body), options)
    return [Payload(_format(file.mimetype), file.read()) for file in files.values()]


def _format(media_type: str) -> Format:
    found = next((each for each in READ if media_type in {each.media_type, *each.other_media_types}), None)
    if found is None:
        raise UnsupportedMediaType(f"Send statements as {', '.join(each.media_type for each in READ)}.")
    return found
