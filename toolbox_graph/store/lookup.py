"""What does a store say, asked by its keys?

These look-ups go straight to the engine's indexes and take some microseconds each, where a query text would be parsed
first.
"""

from collections.abc import Iterator
from typing import cast

import pyoxigraph as ox

from toolbox_graph.store.quads import MERGE

Term = ox.NamedNode | ox.Literal


def statements(store: ox.Store, subject: str) -> Iterator[tuple[str, Term, str]]:
    """Yield property, value and graph of all that is said of a thing; the graph is empty for the merge."""
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, None):
        yield quad.predicate.value, cast(Term, quad.object), _graph(quad)


def shown(store: ox.Store, subject: str) -> Iterator[tuple[str, Term]]:
    """Yield property and value of all that the merge shows of a thing."""
    for quad in store.quads_for_pattern(ox.NamedNode(subject), None, None, MERGE):
        yield quad.predicate.value, cast(Term, quad.object)


def values(store: ox.Store, subject: str, predicate: str) -> Iterator[Term]:
    """Yield the values of a property of a thing that the merge shows."""
    for quad in store.quads_for_pattern(ox.NamedNode(subject), ox.NamedNode(predicate), None, MERGE):
        yield cast(Term, quad.object)


def subjects(store: ox.Store, predicate: str, value: str) -> Iterator[str]:
    """Yield the things that the merge shows to have a thing as the value of a property."""
    return having(store, predicate, ox.NamedNode(value))


def having(store: ox.Store, predicate: str, value: Term) -> Iterator[str]:
    """Yield the things that the merge shows to have a thing or a text as the value of a property."""
    for quad in store.quads_for_pattern(None, ox.NamedNode(predicate), value, MERGE):
        yield cast(ox.NamedNode, quad.subject).value


def references(store: ox.Store, value: str) -> Iterator[tuple[str, str]]:
    """Yield the properties of things of which the merge shows a thing as the value: property, and thing that has it."""
    for quad in store.quads_for_pattern(None, None, ox.NamedNode(value), MERGE):
        yield quad.predicate.value, cast(ox.NamedNode, quad.subject).value


def graphs(store: ox.Store, subject: str, predicate: str, value: str) -> set[str]:
    """Return the graphs in which a thing has another as the value of a property; the merge has the empty name."""
    about, name, other = map(ox.NamedNode, (subject, predicate, value))
    return {_graph(quad) for quad in store.quads_for_pattern(about, name, other, None)}


def has_any(store: ox.Store, predicate: str, value: str, graph: str) -> bool:
    """Return whether a graph has anything with a thing as the value of a property."""
    name, other, place = map(ox.NamedNode, (predicate, value, graph))
    return any(True for _ in store.quads_for_pattern(None, name, other, place))


def pointing(store: ox.Store, predicate: str, value: str) -> int:
    """Return how many things the merge shows to have a thing as the value of a property."""
    return _count(store, f"?subject <{predicate}> <{value}>")


def size(store: ox.Store, graph: str) -> int:
    """Return how many statements a graph holds; the merge has the empty name."""
    return _count(store, f"GRAPH <{graph}> {{ ?s ?p ?o }}" if graph else "?s ?p ?o")


def _graph(quad: ox.Quad) -> str:
    return "" if quad.graph_name == MERGE else cast(ox.NamedNode, quad.graph_name).value


def _count(store: ox.Store, pattern: str) -> int:
    rows = store.query(f"SELECT (COUNT(*) AS ?total) {{ {pattern} }}")
    [row] = cast(ox.QuerySolutions, rows)
    return int(cast(ox.Literal, row["total"]).value)
