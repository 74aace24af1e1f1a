"""What is a catalogue in which anybody may write anything?

Empty, for a while, and on this machine alone: for conformance runs and experiments. It has no shapes and no tokens, its
default graph is free, and it keeps no record of what happened.
"""

from pathlib import Path

from toolbox_graph import findings
from toolbox_graph.changes import Repository
from toolbox_graph.listing import ListIndex
from toolbox_graph.model import Model
from toolbox_graph.namespaces import Base
from toolbox_graph.search.index import SearchIndex
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.generations import Generations, Name
from toolbox_graph.store.journal import Origin

MARK = "playground"
"""The file that marks its folder."""


def create(folder: Path, base: Base, now: str) -> None:
    """Make an empty playground in a folder."""
    Repository.create(folder, base, Origin("init", now, "operator", "a playground"))
    (folder / MARK).touch()
    generations = Generations(folder / "generations")
    copy = generations.copy()
    model = Model.of(base)

    def write_indexes(draft: Path) -> None:
        findings.update(draft, None, {})
        for index in (ListIndex(model), SearchIndex(model)):
            index.update(draft, None, {}, Dataset(copy.store, model))

    generations.publish(copy.store, Name(0, 0, model.digest), write_indexes)
    copy.close()


def is_one(folder: Path) -> bool:
    """Return whether a folder is a playground's."""
    return (folder / MARK).exists()
