"""What changed, who said so, when and why; how is it undone?"""

import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from toolbox_graph.errors import Conflict, InvalidRequest, ShapesViolated, ToolboxError, Unusable
from toolbox_graph.model import Model
from toolbox_graph.namespaces import Base
from toolbox_graph.progress import Progress, silent
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.disk import replace
from toolbox_graph.store.generations import Generation, Generations
from toolbox_graph.store.journal import Changeset, Draft, Header, Journal, Origin
from toolbox_graph.store.locks import alone
from toolbox_graph.store.quads import Quad, node
from toolbox_graph.trial import EveryThing, Index, Trial, graphs_of
from toolbox_graph.validation import Checker, Finding

LOCK_SECONDS = 60.0
"""How long a writer waits for another: a commit takes a tenth of a second, the first one after an upgrade longer."""


class Repository:
    """The journal and the states of the store of one data folder."""

    def __init__(
        self,
        folder: Path,
        indexes: Sequence[Callable[[Model], Index]] = (),
        progress: Progress = silent,
    ) -> None:
        self.folder = folder
        self._progress = progress
        self.journal = Journal(folder / "journal.rdfp")
        if not self.journal.path.exists():
            raise Unusable("There is no data folder here; make one with `toolbox-graph init`.")
        self.generations = Generations(folder / "generations")
        self.model = Model.of(Base(self.journal.base))
        self._indexes = [index(self.model) for index in indexes]
        self._mutex = threading.Lock()
        self._trial: Trial | None = None

    @classmethod
    def create(cls, folder: Path, base: Base, origin: Origin) -> None:
        """Make a data folder for things whose names begin with a base."""
        if (folder / "journal.rdfp").exists():
            raise InvalidRequest("This folder holds data already; choose another one.")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            Generations(folder / "generations").create()
            Journal.create(folder / "journal.rdfp", base.iri, origin)
        except OSError as problem:
            raise Unusable(f"No data folder can be made there: {problem.strerror}.") from problem

    def open(self) -> Generation:
        """Lease and open the newest state of the store."""
        return self.generations.open()

    def close(self) -> None:
        """Give back what a writer holds."""
        if self._trial:
            self._trial.close()
            self._trial = None

    def bring_up_to_date(self) -> None:
        """Publish what is journaled and not yet shown, and what the project's own files say by now."""
        if self._is_up_to_date():
            return
        with self._trying() as trial, self._writing():
            if self._is_up_to_date():
                return  # Somebody else has done it while we waited.
            trial.follow()
            trial.publish()

    def _is_up_to_date(self) -> bool:
        current = self.generations.current()
        if current is None or self.journal.last(offset=current.offset).position != current.position:
            return False
        folder = self.generations.folder / str(current)
        return current.project == self.model.digest and all(index.is_usable(folder) for index in self._indexes)

    def commit(self, draft: Draft, *, since: int) -> Header:
        """Make a change prepared on the state at a position; return its header once it is on the disk and shown.

        Raise ShapesViolated, or Conflict where somebody else has changed one of its graphs since.
        """
        with self._trying() as trial:
            trial.follow()
            trial.attempt(draft)
            with self._writing():
                late = trial.follow()
                if trial.have_changed(graphs_of(draft), since=since):
                    raise Conflict("Somebody else has changed the same graph meanwhile; try again.")
                trial.reconsider(draft, late)
                [header] = self.journal.append([draft], after=self.journal.last(offset=trial.at.offset))
                try:
                    trial.record(Changeset(header, draft.removed, draft.added))
                    trial.publish()
                except (OSError, sqlite3.Error) as problem:
                    raise Unusable(
                        f"The change is journaled as position {header.position}, but cannot be shown yet: {problem}."
                    ) from problem
        return header

    def rehearse(self, draft: Draft) -> None:
        """Try a change and leave everything as it is; raise what `commit` would."""
        try:
            with self._trying() as trial:
                trial.follow()
                trial.attempt(draft)
        finally:
            self.close()

    def check(self) -> list[Finding]:
        """Check all things anew, and the journal; return what the shapes find."""
        self.journal.verify()
        with self.open() as generation:
            dataset = Dataset(generation.store, self.model)
            things = {thing: dataset.said(thing) for thing in dataset.subjects()}
            return Checker(self.model, dataset, self._progress, with_remarks=True).check(things, ()).findings

    def reindex(self) -> None:
        """Make all indexes of the newest state anew, from the store and from the names of what was withdrawn."""
        withdrawn = {quad.subject for change in self.history() for quad in change.removed}
        with self._writing(), self.open() as generation:
            dataset = Dataset(generation.store, self.model, self._progress)
            things = EveryThing(dataset, dataset.subjects() | withdrawn)
            with tempfile.TemporaryDirectory(prefix="indexes-", dir=generation.folder) as draft:
                for index in self._indexes:
                    index.update(Path(draft), None, things, dataset)
                for made in Path(draft).iterdir():
                    replace(made, generation.folder / made.name)

    def undo(self, position: int, origin: Origin) -> Header:
        """Take a changeset back: remove what it added and still stands, restore what it removed."""
        changeset = self.journal.get(position)
        with self.open() as generation:
            present = {quad: _holds(generation, quad) for quad in (*changeset.removed, *changeset.added)}
            since = generation.name.position
        removed = [quad for quad in changeset.added if present[quad]]
        added = [quad for quad in changeset.removed if not present[quad]]
        if not removed and not added:
            raise Conflict(f"Nothing is left of changeset {position} to undo.")
        try:
            return self.commit(Draft(origin, removed, added), since=since)
        except ShapesViolated as objection:
            raise self._dependence(position, objection) from objection

    def history(self, *things: str) -> Iterator[Changeset]:
        """Yield the changesets; given some things, only statements about them or that point to them."""
        terms = {node(thing) for thing in things}
        for header in self.journal.headers():
            changeset = self.journal.read(header)
            if terms:
                removed, added = (
                    [quad for quad in quads if quad.subject in terms or quad.object in terms]
                    for quads in (changeset.removed, changeset.added)
                )
                changeset = Changeset(header, removed, added)
            if changeset.removed or changeset.added or not terms:
                yield changeset

    def _dependence(self, position: int, objection: ShapesViolated) -> ToolboxError:
        """Return the refusal that lists the later changes which rest on a changeset."""
        things = {violation["thing"] for violation in objection.violations}
        later = [change.header.position for change in self.history(*things) if change.header.position > position]
        if not later:
            return objection
        listed = ", ".join(map(str, later))
        return Conflict(f"Later changes rest on changeset {position}; undo them first: {listed}.", positions=later)

    @contextmanager
    def _trying(self) -> Iterator[Trial]:
        """Give this process's trial to one thread at a time; a trial that failed is of no more use."""
        with self._mutex:
            if self._trial is None:
                self._trial = Trial(self.model, self.journal, self.generations, self._indexes, self._progress)
            try:
                yield self._trial
            except BaseException:  # Whatever it was, the copy holds what may never be.
                self.close()
                raise

    def _writing(self) -> AbstractContextManager[None]:
        return alone(self.folder / "lock", seconds=LOCK_SECONDS, doing="somebody else is writing")


def _holds(generation: Generation, quad: Quad) -> bool:
    return bool(
        generation.store.query(f"ASK {{ GRAPH {quad.graph} {{ {quad.subject} {quad.predicate} {quad.object} }} }}")
    )
