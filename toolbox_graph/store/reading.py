"""How does a file of RDF become statements?

Blank nodes get IRIs of ours (RDF 1.1, section 3.5), numbered after the canonical form of the whole (RDFC-1.0), so
that the same file always gives the same statements.
"""

import hashlib
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from toolbox_graph.errors import ToolboxError, Unreadable
from toolbox_graph.namespaces import Base
from toolbox_graph.store import sandbox
from toolbox_graph.store.quads import Quad, canonical, node, parse_line
from toolbox_graph.store.terms import named, require_common, said_of

EXIT_REFUSED = 66
"""With this code a reader says that it has understood what is wrong with its file."""

SECONDS, MEGABYTES = 120, 4000
"""How long, and in how much memory, a file of a stranger may be read."""


def read_apart(path: Path, *, graph: str, base: Base) -> list[Quad]:
    """Return what a file of anybody says.

    It is read in a process of its own: deep nesting ends the process that reads it, entities of XML may fill its
    memory, and to name some hundreds of blank nodes that point to each other takes minutes.
    """
    program = [sys.executable, "-P", "-m", "toolbox_graph.store.reading", str(path), graph, base.iri]
    done = subprocess.run(program, capture_output=True, encoding="utf-8", check=False)
    if done.returncode == EXIT_REFUSED:
        raise Unreadable(done.stdout)
    if done.returncode:
        raise Unreadable(
            f"{path.name} cannot be read in {SECONDS} s and {MEGABYTES // 1000} GB: give things names of their own in "
            "the place of blank nodes and long lists, nest less, or load it in parts."
        )
    return [parse_line(line) for line in done.stdout.split("\n") if line]


def read_files(paths: Iterable[Path], *, graph: str, base: Base) -> list[Quad]:
    """Return what some files say, as sorted statements of one graph."""
    triples = ox.Dataset()
    for path in paths:
        for quad in _parse(path, base):
            require_common(quad, path.name)
            triples.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    triples.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    whole = "\n".join([graph, *sorted(map(str, triples))])
    prefix = f"{base.iri}.well-known/genid/{hashlib.sha256(whole.encode()).hexdigest()[:16]}-"
    lines = (
        f"{named(quad.subject, prefix)} {quad.predicate} {named(quad.object, prefix)} {node(graph)} ."
        for quad in triples
    )
    return sorted(set(canonical(lines)))


def _parse(path: Path, base: Base) -> Iterator[ox.Quad]:
    file_format = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if file_format is None:
        raise Unreadable(f"{path.name}: name the file after its format: .ttl, .nt, .rdf, .jsonld, .trig or .nq.")
    try:
        yield from ox.parse(path=path, format=file_format, base_iri=base.iri, without_named_graphs=True)
    except SyntaxError as problem:
        line = f", line {problem.lineno}" if problem.lineno else ""
        raise Unreadable(f"{path.name}{line}: {said_of(problem)}") from problem


def main(path: str, graph: str, base: str) -> None:
    """Read a file and write what it says to standard output, or else why it cannot be read."""
    sandbox.confine(MEGABYTES)
    sandbox.end_after(SECONDS)
    try:
        text = "".join(f"{quad}\n" for quad in read_files([Path(path)], graph=graph, base=Base(base)))
    except ToolboxError as refusal:
        sys.stdout.buffer.write(refusal.detail.encode())
        sys.exit(EXIT_REFUSED)
    sys.stdout.buffer.write(text.encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
