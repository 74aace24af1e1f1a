"""What is asked of every server alike, and do all answer the same?"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pyoxigraph as ox

from benchmarks.connection import Connection
from benchmarks.workshop import some_things
from benchmarks.wrk import Target
from toolbox_graph.assembly import open_repository
from toolbox_graph.settings import Settings

JSON, TURTLE = "application/sparql-results+json", "text/turtle"

THINGS = 4000
"""Things that are asked about, or all if there are fewer."""

FEW = 20
"""Queries that are asked again and again; and those by which answers are compared."""

SHORT = "SELECT ?p ?o WHERE {{ <{thing}> ?p ?o }}"

PAGE = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT {{ <{thing}> ?p ?o . ?o rdfs:label ?label }}
WHERE {{ <{thing}> ?p ?o . OPTIONAL {{ ?o rdfs:label ?label }} }}"""

COUNT = """\
PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>
PREFIX dct: <http://purl.org/dc/terms/>
SELECT ?licence (COUNT(DISTINCT ?tool) AS ?tools)
WHERE { ?tool a tbg:Tool ; dct:license ?licence } GROUP BY ?licence"""

CONNECTIONS = (1, 8, 64)


class Kind(NamedTuple):
    """A kind of query: its texts, whether each is asked anew in words that nobody has seen, and how it is asked."""

    name: str
    texts: Sequence[str]
    is_new: bool
    accept: str = JSON
    connections: Sequence[int] = CONNECTIONS


def kinds(folder: Path) -> list[Kind]:
    """Return what is asked of a catalogue."""
    repository = open_repository(Settings(data=folder))
    with repository.open() as generation:
        base = repository.model.base
        things = [base.thing(*thing) for thing in some_things(generation, base, THINGS)]
    short, page = ([query.format(thing=thing) for thing in things] for query in (SHORT, PAGE))
    return [
        Kind("short", short, is_new=True),
        Kind("short, asked before", short[:FEW], is_new=False),
        Kind("page", page, is_new=True, accept=TURTLE),
        # Who asks it 64 times at once waits longer than anybody would.
        Kind("count", [COUNT], is_new=True, connections=CONNECTIONS[:2]),
    ]


def write(kind: Kind, path: Path) -> None:
    """Write queries as they stand in addresses, one a line."""
    path.write_text("".join(f"{quote(text, safe='')}\n" for text in kind.texts))


def disagreements(kind: Kind, targets: Mapping[str, Target]) -> dict[str, str]:
    """Return which servers refuse something, or answer it at another length than the first of them."""
    sizes = {who: list(_sizes(kind, target)) for who, target in targets.items()}
    first, *_ = sizes.values()
    wrong = {who: sum(map(_differ, first, own)) for who, own in sizes.items()}
    return {who: f"{count} of {len(first)} answers differ in length" for who, count in wrong.items() if count}


def _differ(expected: int | None, found: int | None) -> bool:
    return found is None or found != expected


def _sizes(kind: Kind, target: Target) -> Iterator[int | None]:
    """Yield how many rows or triples each of some answers has, None for what is refused."""
    connection = Connection(target.port)
    for text in kind.texts[:FEW]:
        status, body = connection.get(f"{target.path}{quote(text, safe='')}", accept=kind.accept)
        yield size(body, kind.accept) if status == 200 else None


def size(body: bytes, media_type: str) -> int:
    """Return how many rows or triples an answer has.

    >>> size(b'{"results": {"bindings": [{}, {}]}}', JSON), size(b'<a:s> <a:p> <a:o>, <a:o2> .', TURTLE)
    (2, 2)
    """
    if media_type == JSON:
        return len(json.loads(body)["results"]["bindings"])
    return len(set(ox.parse(body, ox.RdfFormat.TURTLE)))
