"""How is a change tried, in a process of its own?

Only `updating` starts it, as `python -m toolbox_graph.store.updater`. It makes the change in a copy of the newest state
and tells what went and what came. The store of a playground has no journal; there the copy becomes the newest state
itself.
"""

import base64
import json
import os
import shutil
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from toolbox_graph.errors import Unreadable
from toolbox_graph.store import sandbox
from toolbox_graph.store.generations import Generations, WorkingCopy
from toolbox_graph.store.locks import alone
from toolbox_graph.store.terms import named, require_common, said_of
from toolbox_graph.store.worker import Refused, malformed

EXIT_REFUSED = 66
"""With this code the process says that it tells what is wrong with the change."""

LOCK_SECONDS = 60.0
"""How long a playground's writer waits for another."""


def main() -> None:
    """Try the change that standard input tells, and tell its effect on standard output."""
    question = json.load(sys.stdin)
    filtered = sandbox.forbid_sockets()
    sandbox.confine(question["megabytes"])
    sandbox.end_after(question["seconds"])
    folder = Path(question["data"])
    generations = Generations(folder / "generations")
    publish = question.get("publish")
    with ExitStack() as stack:
        if publish:
            lock = folder / "lock"
            stack.enter_context(alone(lock, seconds=LOCK_SECONDS, doing="somebody else is writing"))
        copy = generations.copy()
        try:
            told = _published(copy, generations, question) if publish else _effect(copy, question, filtered=filtered)
            code = 0
        except Refused as refusal:
            told, code = json.dumps(refusal.payload), EXIT_REFUSED
        copy.abandon()
    sys.stdout.write(told)
    sys.stdout.flush()
    os._exit(code)


def _held(copy: WorkingCopy) -> ox.Store:
    """Return a copy in memory, and forbid all descriptors to come: where the kernel has no filter, this will do."""
    store = ox.Store()
    store.bulk_extend(copy.store)
    sandbox.forbid_descriptors()
    return store


def _effect(copy: WorkingCopy, question: Mapping[str, Any], *, filtered: bool) -> str:
    """Return what a change does to its graph: the position of the state, and a line for each statement."""
    store = copy.store if filtered else _held(copy)
    # An account's graph is always there, whether or not something stands in it yet.
    store.add_graph(ox.NamedNode(question["graph"]))
    try:
        before = _statements(store, question)
        _change(store, question)
        after = _statements(store, question)
    except Unreadable as refusal:
        raise Refused("unreadable", detail=refusal.detail) from refusal
    position = str(copy.name.position if copy.name else 0)
    return "\n".join([position, *(f"-{line}" for line in before - after), *(f"+{line}" for line in after - before)])


def _statements(store: ox.Store, question: Mapping[str, Any]) -> set[str]:
    """Return the statements of the graph as lines."""
    graph, prefix = ox.NamedNode(question["graph"]), f"{question['base']}.well-known/genid/"
    return {_line(quad, prefix) for quad in store.quads_for_pattern(None, None, None, graph)}


def _line(quad: ox.Quad, prefix: str) -> str:
    """Return a statement in which blank nodes have names; those that the engine gives them nobody else has."""
    require_common(quad, "The update")
    return f"{named(quad.subject, prefix)} {quad.predicate} {named(quad.object, prefix)} {quad.graph_name} ."


def _change(store: ox.Store, question: Mapping[str, Any]) -> None:
    try:
        if "text" in question:
            # What the engine says of a mistake is about the text as it was sent.
            ox.Store().update(question["text"], base_iri=question["base"])
            store.update(question["prepared"], base_iri=question["base"])
        if "clear" in question:
            store.remove_graph(_graph(question["clear"]))
        for part in question.get("load", ()):
            _load(store, question, **part)
    except SyntaxError as problem:
        raise malformed(problem) from problem
    except RuntimeError as problem:
        raise Refused("unreadable", detail=f"The update cannot be made: {problem}.") from problem


def _load(store: ox.Store, question: Mapping[str, Any], media_type: str, body: str) -> None:
    name = question["graph"]
    if name:
        store.add_graph(ox.NamedNode(name))
    rdf_format = ox.RdfFormat.from_media_type(media_type)
    try:
        store.load(base64.b64decode(body), rdf_format, base_iri=name or question["base"], to_graph=_graph(name))
    except SyntaxError as problem:
        raise Refused("unreadable", detail=f"The statements cannot be read: {said_of(problem)}.") from problem


def _graph(name: str) -> ox.NamedNode | ox.DefaultGraph:
    return ox.NamedNode(name) if name else ox.DefaultGraph()


def _published(copy: WorkingCopy, generations: Generations, question: Mapping[str, Any]) -> str:
    """Make the change last, in a store without a journal, and return the new position."""
    assert copy.name
    _change(copy.store, question)
    previous = generations.folder / str(copy.name)
    name = copy.name._replace(position=copy.name.position + 1)
    generations.publish(copy.store, name, lambda folder: _copy_indexes(previous, folder))
    generations.clean()
    return str(name.position)


def _copy_indexes(previous: Path, folder: Path) -> None:
    for path in previous.iterdir():
        if path.is_dir() and path.name != "store":
            shutil.copytree(path, folder / path.name)
        elif path.is_file() and path.name != "lease":
            shutil.copy(path, folder / path.name)


if __name__ == "__main__":
    main()
