"""What may stand in a term?"""

import re

import pyoxigraph as ox

from toolbox_graph.errors import Unreadable

NEVER_IN_ADDRESSES = re.compile(r'[\x00-\x20<>"{}|^`\\]')
"""What an IRI does not have (RFC 3987; Turtle, production IRIREF)."""

NEVER_IN_TEXTS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What RDF allows in a text and XML does not (XML 1.0, production Char): an answer in XML could not hold it."""

NAME_AT_END = re.compile(r"[^\W\d][\w.\-·]*$")
"""With what a property ends that RDF/XML can write (XML Namespaces 1.0, production NCName)."""

DURATION = re.compile(r"P(?=\d)(?:\d+Y)?(?:\d+M)?(?:\d+D)?")
"""A duration in years, months and days (ISO 8601), such as P3D."""


def is_whole(iri: str) -> bool:
    """Return whether a text is an IRI that names something wherever it is read.

    >>> is_whole("urn:graph"), is_whole("graph"), is_whole("http://[::1")
    (True, False, False)
    """
    try:
        ox.NamedNode(iri)
    except ValueError:
        return False
    return True


def require_common(quad: ox.Quad, place: str) -> None:
    """Refuse what most programs could not read: what RDF 1.1 does not have, and what XML cannot hold."""
    value = quad.object
    if isinstance(value, ox.Triple) or (isinstance(value, ox.Literal) and value.direction):
        raise Unreadable(f"{place}: {value} is RDF 1.2; statements about statements and directions are not taken.")
    if isinstance(value, ox.Literal) and NEVER_IN_TEXTS.search(value.value):
        raise Unreadable(f"{place}: {value} holds a control character; take it out.")
    if not NAME_AT_END.search(quad.predicate.value):
        raise Unreadable(f"{place}: {quad.predicate} does not end in a name, and RDF/XML could not write it.")


def said_of(problem: SyntaxError) -> str:
    """Return what there is to say of statements that cannot be read; of contexts the engine speaks in its own terms."""
    is_context = "LoadDocumentCallback" in problem.msg
    return "a context that stands elsewhere is not fetched; write it out" if is_context else problem.msg


def named(term: object, prefix: str) -> str:
    """Return a term as text, a blank node as an IRI of ours."""
    return f"<{prefix}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)
