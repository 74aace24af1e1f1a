"""What is one statement, written down?

A statement is kept as its four terms in canonical N-Quads. The text is what the journal holds, what is hashed, compared
and sorted, and what the engine loads without a detour through Python objects; a million statements take 0.3 GB.
Canonical means: as the engine would give it back. It keeps numbers and times by value, so `"01"` comes back as `"1"`,
and a difference between the two would never end.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from sys import intern
from typing import NamedTuple

import pyoxigraph as ox
from rdflib import Literal, URIRef
from rdflib.term import Node

MERGE = ox.DefaultGraph()
"""The graph that shows what all others say, merged."""

CHUNK = 50_000
"""Statements made canonical at a time: enough to be quick, few enough to take no memory to speak of."""


class Quad(NamedTuple):
    """One statement and the graph that makes it, empty for the merge; each term is canonical N-Quads text."""

    subject: str
    predicate: str
    object: str
    graph: str = ""

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} {self.graph + ' ' if self.graph else ''}."


def parse_line(line: str) -> Quad:
    """Return the statement that a line of canonical N-Quads holds; all terms but the object are free of spaces.

    >>> parse_line('<urn:s> <urn:p> "two words"@en <urn:g> .').object
    '"two words"@en'
    """
    subject, predicate, rest = line.split(" ", 2)
    value, graph, _ = rest.rsplit(" ", 2)
    return Quad(intern(subject), intern(predicate), value, intern(graph))


def from_engine(quad: ox.Quad) -> Quad:
    """Return a statement of the engine as text."""
    graph = "" if quad.graph_name == MERGE else intern(str(quad.graph_name))
    return Quad(intern(str(quad.subject)), intern(str(quad.predicate)), str(quad.object), graph)


def node(iri: str) -> str:
    """Return an IRI as a term.

    >>> node("urn:s")
    '<urn:s>'
    """
    return f"<{iri}>"


def iri(term: str) -> str:
    """Return the IRI that a term holds."""
    return term[1:-1]


def term(text: str) -> ox.NamedNode:
    """Return the engine's term for an IRI as text."""
    return ox.NamedNode(iri(text))


def text_of(term: Node) -> str:
    """Return an rdflib term as text; raise ValueError for a blank node, or an IRI that is none.

    >>> text_of(Literal("oui", "fr")), text_of(Literal(3))
    ('"oui"@fr', '"3"^^<http://www.w3.org/2001/XMLSchema#integer>')
    """
    match term:
        case Literal(language=str(tag)):
            return str(ox.Literal(term, language=tag))
        case Literal(datatype=URIRef() as datatype):
            return str(ox.Literal(term, datatype=ox.NamedNode(datatype)))
        case Literal():
            return str(ox.Literal(term))
        case URIRef():
            return str(ox.NamedNode(term))
    raise ValueError(f"{term!r} has no name")


def value_of(term: str) -> str:
    r"""Return what a literal says, unescaped, or the IRI that a term holds.

    >>> value_of(r'"a \"word\""@en'), value_of("<urn:s>")
    ('a "word"', 'urn:s')
    """
    [quad] = ox.parse(f"<urn:subject> <urn:says> {term} .", ox.RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, ox.Literal | ox.NamedNode)
    return quad.object.value


def language(term: str) -> str:
    """Return the language tag of a term, empty where it has none.

    >>> language('"oui"@fr'), language('"a@b"'), language('<urn:s>')
    ('fr', '', '')
    """
    _, quote, tag = term.rpartition('"')
    return tag[1:] if quote and tag.startswith("@") else ""


def canonical(lines: Iterable[str]) -> Iterator[Quad]:
    """Yield the statements of some N-Quads lines as the engine gives them back, in no order."""
    remaining = iter(lines)
    while chunk := list(islice(remaining, CHUNK)):
        store = ox.Store()
        store.bulk_load("\n".join(chunk).encode(), ox.RdfFormat.N_QUADS)
        yield from map(from_engine, store)
