"""What would a change make of the data?

A change is tried in a copy of the store that only this process sees, before anything is written for good. The copy
lives as long as the process and follows the journal; when a trial fails it is thrown away, not mended.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from toolbox_graph import findings, self_description
from toolbox_graph.derivation import Deriver
from toolbox_graph.describing.keeping import Descriptions
from toolbox_graph.errors import ShapesViolated
from toolbox_graph.model import Model
from toolbox_graph.namespaces import TBG
from toolbox_graph.progress import Progress
from toolbox_graph.store.claims import TYPE, Said
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.generations import Generations, Name
from toolbox_graph.store.journal import Changeset, Draft, Journal
from toolbox_graph.store.quads import node
from toolbox_graph.validation import Checker, Finding, explain

CHANGED = node(TBG.changed)


class Index(Protocol):
    """Something that is kept beside the store in each generation and follows the changes."""

    def is_usable(self, folder: Path) -> bool:
        """Return whether the folder of a generation has the index, as this version of the program reads it."""

    def update(self, folder: Path, previous: Path | None, things: Mapping[str, Said], dataset: Dataset) -> None:
        """Write the index into the folder of a new generation, given the one before and what was touched since.

        `dataset` is there to be asked about things that are tied to those.
        """


class EveryThing(Mapping[str, Said]):
    """What is said of very many things, each read when it is asked for."""

    def __init__(self, dataset: Dataset, things: Collection[str]) -> None:
        self._dataset = dataset
        self._things = things

    def __getitem__(self, thing: str) -> Said:
        return self._dataset.said(thing)

    def __iter__(self) -> Iterator[str]:
        return iter(self._things)

    def __len__(self) -> int:
        return len(self._things)


class Trial:
    """A copy of the store in which changes are tried, and from which generations are published."""

    def __init__(
        self,
        model: Model,
        journal: Journal,
        generations: Generations,
        indexes: Sequence[Index],
        progress: Progress,
    ) -> None:
        self.model = model
        self.journal = journal
        self.generations = generations
        self.indexes = indexes
        self._copy = generations.copy()
        self.dataset = Dataset(self._copy.store, model, progress)
        self._deriver = Deriver(model, self.dataset)
        self._descriptions = Descriptions(model, self.dataset)
        self._checker = Checker(model, self.dataset, progress)
        self._touched: dict[str, Said] = {}
        self._found: dict[str, list[Finding]] = {}
        self.at = self._copy.name or Name(-1, 0, "")
        if self.at.project != model.digest:
            self._derive(set() if self._copy.name else self._replay())
            self.at = self.at._replace(project=model.digest)

    def close(self) -> None:
        """Throw the copy away."""
        self._copy.close()

    def _replay(self) -> set[str]:
        """Take all that is journaled into an empty copy, and return the things of which something was removed."""
        withdrawn: set[str] = set()
        for header in self.journal.headers():
            changeset = self.journal.read(header)
            self.dataset.write(changeset.removed, [*changeset.added, *self_description.history(self.model, changeset)])
            withdrawn.update(quad.subject for quad in changeset.removed)
            self.at = Name(header.position, header.start, "")
        return withdrawn

    def follow(self) -> set[str]:
        """Apply what was journaled since, and return what that touched."""
        published = self.generations.current()
        late: set[str] = set()
        for header in self.journal.headers(offset=self.at.offset):
            if header.position > self.at.position:
                changeset = self.journal.read(header)
                said = self._apply(changeset)
                is_late = published is None or published.position < header.position
                if is_late or not said.keys().isdisjoint(self._touched):
                    # Its writer has not published it, or never will; or we have noted what is no longer so.
                    self._note(said, self._checker.check(said, ()).findings)
                self.record(changeset)
                late |= said.keys()
        return late

    def attempt(self, draft: Draft) -> None:
        """Apply a change if the shapes have nothing against it."""
        self._judge_change(draft, self._apply(draft))

    def _apply(self, change: Draft | Changeset) -> dict[str, Said]:
        """Apply a change and what follows from it; return what is said of all that this touched."""
        touched = self.dataset.touched(change.removed) | self.dataset.touched(change.added)
        counted, reached = self._descriptions.before(touched), self._deriver.reached(touched)
        said = self.dataset.apply(change.removed, change.added)
        self.dataset.reread(said, self._deriver.derive(said, reached))
        self._descriptions.follow(counted, self._deriver.displaced, said)
        return said

    def reconsider(self, draft: Draft, late: Collection[str]) -> None:
        """Judge again what a change has to do with what others have changed meanwhile, and note it as it is now."""
        concerned = {quad.subject for quad in draft.added if quad.object in late} | (self._touched.keys() & late)
        self._judge_change(draft, {thing: self.dataset.said(thing) for thing in concerned})

    def _judge_change(self, draft: Draft, said: Mapping[str, Said]) -> None:
        """Refuse a change for what it makes of some things, and of those that point to what it took a class from."""
        declassed = {quad.subject for quad in draft.removed if quad.predicate == TYPE}
        pointing = {other for thing in declassed for other in self.dataset.pointing_to(thing)}
        objections = self._judge(said, graphs_of(draft))
        objections += self._judge({other: self.dataset.said(other) for other in pointing}, ())
        if objections := list({objection.key: objection for objection in objections}.values()):
            raise ShapesViolated(_summary(objections), [explain(self.model, each) for each in objections])

    def have_changed(self, graphs: Collection[str], *, since: int) -> bool:
        """Return whether a changeset after a position changed one of some graphs."""
        later = range(since + 1, self.at.position + 1)
        return any(not self._changed_by(position).isdisjoint(graphs) for position in later)

    def _changed_by(self, position: int) -> set[str]:
        changeset = node(self_description.changeset_iri(self.model.base, position))
        history = node(self.model.base.graph("history"))
        return {graph for graph, by in self.dataset.said(changeset).stated[CHANGED] if by == history}

    def record(self, changeset: Changeset) -> None:
        """Add a journaled changeset to the history."""
        self._touched |= self.dataset.apply([], self_description.history(self.model, changeset))
        self._descriptions.record(changeset.header, graphs_of(changeset))
        self.at = Name(changeset.header.position, changeset.header.start, self.model.digest)

    def publish(self) -> None:
        """Make the present state the newest generation; only the holder of the write lock may."""
        previous = self._published()

        def write_indexes(folder: Path) -> None:
            findings.update(folder, previous, self._found)
            for index in self.indexes:
                index.update(folder, previous, self._touched, self.dataset)

        self.generations.publish(self.dataset.store, self.at, write_indexes)
        self.generations.clean()
        self._touched, self._found = {}, {}

    def _judge(self, things: Mapping[str, Said], graphs: Collection[str]) -> list[Finding]:
        """Note what the shapes find about some things, and return what is new of it and stops a change."""
        report = self._checker.check(things, graphs)
        known = self._known(things)
        self._note(things, report.findings)
        return [objection for objection in report.objections if objection.key not in known]

    def _known(self, things: Iterable[str]) -> set[tuple[str, ...]]:
        """Return what was found earlier: it is no fault of a change that leaves it as it is."""
        folder = self._published()
        return {finding.key for finding in findings.about(folder, things)} if folder else set()

    def _published(self) -> Path | None:
        """Return the folder of the newest generation, None where there is none yet."""
        current = self.generations.current()
        return self.generations.folder / str(current) if current else None

    def _note(self, things: Mapping[str, Said], found: Iterable[Finding]) -> None:
        self._touched.update(things)
        self._found.update({thing: [] for thing in things})
        for finding in found:
            self._found[finding.focus].append(finding)

    def _derive(self, withdrawn: set[str]) -> None:
        """Bring what the project's files say up to date; it decides the merge, so all is merged and checked anew.

        Of things that are withdrawn nothing may be left; they are noted all the same.
        """
        graphs = [node(self.model.base.graph(name)) for name in self_description.PROJECT]
        stale = [quad for graph in graphs for quad in self.dataset.graph(graph)]
        self.dataset.apply(stale, self_description.project(self.model))
        self._descriptions.clear()
        said = self.dataset.merge(self.dataset.subjects() | withdrawn)
        self.dataset.reread(said, self._deriver.derive_all())
        self._descriptions.remake(said)
        self._note(said, self._checker.check(said, ()).findings)


def graphs_of(change: Draft | Changeset) -> set[str]:
    """Return the graphs in which a change removes or adds statements."""
    return {quad.graph for quad in (*change.removed, *change.added)}


def _summary(objections: Sequence[Finding]) -> str:
    things = len({objection.focus for objection in objections})
    violations = "one violation" if len(objections) == 1 else f"{len(objections)} violations"
    of = "one thing" if things == 1 else f"{things} things"
    return f"Nothing was changed: {violations} in {of}. Mend what is listed and try again."
