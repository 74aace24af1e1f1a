"""How does a file of RDF become statements?

Blank nodes get IRIs of ours (RDF 1.1, section 3.5), numbered after the canonical form of the whole (RDFC-1.0), so
that the same file always gives the same statements.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from toolbox_graph.errors import InvalidRequest, Unreadable
from toolbox_graph.namespaces import Base
from toolbox_graph.store.quads import Quad, canonical, node


def read_files(paths: Iterable[Path], *, graph: str, base: Base) -> list[Quad]:
    """Return what some files say, as sorted statements of one graph."""
    triples = ox.Dataset()
    for path in paths:
        for quad in _parse(path, base):
            _require_rdf11(quad, path)
            triples.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    triples.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    whole = "\n".join([graph, *sorted(map(str, triples))])
    prefix = f"{base.iri}.well-known/genid/{hashlib.sha256(whole.encode()).hexdigest()[:16]}-"
    lines = (
        f"{_named(quad.subject, prefix)} {quad.predicate} {_named(quad.object, prefix)} {node(graph)} ."
        for quad in triples
    )
    return sorted(set(canonical(lines)))


def _parse(path: Path, base: Base) -> Iterator[ox.Quad]:
    file_format = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if file_format is None:
        raise InvalidRequest(f"{path.name}: name the file after its format: .ttl, .nt, .rdf, .jsonld, .trig or .nq.")
    try:
        yield from ox.parse(path=path, format=file_format, base_iri=base.iri, without_named_graphs=True)
    except SyntaxError as problem:
        raise Unreadable(f"{path.name}, line {problem.lineno or '?'}: {problem.msg}") from problem


def _require_rdf11(quad: ox.Quad, path: Path) -> None:
    """Refuse what RDF 1.1 does not have: most programs could not read it."""
    value = quad.object
    if isinstance(value, ox.Triple) or (isinstance(value, ox.Literal) and value.direction):
        raise Unreadable(f"{path.name}: {value} is RDF 1.2; statements about statements and directions are not taken.")


def _named(term: object, prefix: str) -> str:
    return node(prefix + term.value) if isinstance(term, ox.BlankNode) else str(term)
