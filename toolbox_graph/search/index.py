"""How does the index for search follow the changes?

It is a tantivy index in each generation's folder, which shares files with the one before. What is noted of a thing
depends on others too: on what the things are called to which it is tied, and on how many use it; so a change reaches
these as well.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tantivy import Index, IndexWriter, Query, Schema, Searcher

from toolbox_graph.listing import is_here
from toolbox_graph.model import Model
from toolbox_graph.search.carrying import MARK, carried
from toolbox_graph.search.entries import FORMAT, KEPT, LABEL, THING, Kept, Noting, Text
from toolbox_graph.search.folding import Recent
from toolbox_graph.store.claims import Facts, Said
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.disk import sync_path
from toolbox_graph.store.quads import iri, language, value_of

FOLDER = "search"

MANY = 1_000
"""Things from which on it pays to give the library more memory."""

SMALL_HEAP, LARGE_HEAP = 15_000_000, 100_000_000

STEP = 1_000
"""Things noted between two tellings of how far it is."""


class SearchIndex:
    """The writer of the index."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def is_usable(self, folder: Path) -> bool:
        """Return whether a generation has an index that this version of the program and of the library can read."""
        mark = folder / FOLDER / MARK
        return mark.exists() and mark.read_text() == FORMAT

    def update(self, folder: Path, previous: Path | None, things: Mapping[str, Said], dataset: Dataset) -> None:
        """Bring the index up to date with what is said of some things; where there was none, make it of all."""
        target = folder / FOLDER
        if previous is not None and self.is_usable(previous):
            with carried(previous / FOLDER, target) as copy:
                _Update(self.model, dataset, copy).follow(things)
        else:
            _Update(self.model, dataset, target).note_all()
            sync_path(target)


def created(folder: Path, schema: Schema) -> Index:
    """Return the index in a folder, a new one where there is no folder yet."""
    if not folder.exists():
        folder.mkdir()
        (folder / MARK).write_text(FORMAT)
    return Index(schema, path=str(folder))


class _Update:
    """One bringing up to date of an index; what it has to know of things and terms it looks up once."""

    def __init__(self, model: Model, dataset: Dataset, folder: Path) -> None:
        self._model = model
        self._dataset = dataset
        self._noting = Noting(model, cache(self._called))
        self._folder = folder
        self._index = created(folder, self._noting.schema)
        self._searcher = self._index.searcher()

    def note_all(self) -> None:
        """Note every thing."""
        self._note(self._dataset.shown_subjects(), self._dataset.shown)

    def follow(self, things: Mapping[str, Said]) -> None:
        """Note what is said of some things, and what of others depends on it."""
        own = [thing for thing in things if self._split(thing)]
        reached = {other for thing in own for other in self._reached(thing, things[thing].shown)}
        noted = [thing for thing in {*own, *reached} if self._split(thing)]
        if noted:
            recent = Recent.read(self._folder).and_then(noted)
            recent.write(self._folder)
            again = recent.parts[-1] if recent.parts else []
            self._note(
                {*noted, *again}, lambda thing: things[thing].shown if thing in things else self._dataset.shown(thing)
            )

    def _reached(self, thing: str, facts: Facts) -> Iterator[str]:
        """Yield the things of which other things are noted now that one has changed."""
        before, now = self._kept(thing), self._noting.kept(facts)
        yield from {*before.used, *now.used}
        if before.called != now.called:
            for name in self._noting.leading:
                yield from self._dataset.pointing_to(thing, name)

    def _kept(self, thing: str) -> Kept:
        """Return what the index keeps of a thing from before."""
        kind, key = self._require(thing)
        query = Query.term_query(self._noting.schema, THING, f"{kind}/{key}")
        hits = self._searcher.search(query, limit=1, count=False).hits
        return Kept.read(_bytes(self._searcher, hits[0][1])) if hits else Kept([], [])

    def _note(self, things: Iterable[str], shown: Callable[[str], Facts]) -> None:
        """Replace the entries of some things."""
        ours = sorted(thing for thing in things if self._split(thing))
        with writing(self._index, len(ours)) as writer:
            for number, thing in enumerate(ours):
                if number % STEP == 0:
                    self._dataset.progress("indexing", number, len(ours))
                self._replace(writer, thing, shown(thing))

    def _replace(self, writer: IndexWriter, thing: str, facts: Facts) -> None:
        kind, key = self._require(thing)
        writer.delete_documents_by_term(THING, f"{kind}/{key}")
        if is_here(facts):
            writer.add_document(self._noting.entry(kind, key, facts, self._uses(thing)))
        elif facts:
            writer.add_document(self._noting.hidden(kind, key, facts))

    def _uses(self, thing: str) -> int:
        """Return how many things use one."""
        return len({other for name in self._noting.using for other in self._dataset.pointing_to(thing, name)})

    def _called(self, term: str) -> list[Text]:
        """Return what a thing or term is called, in all languages."""
        return [(value_of(text), language(text)) for text in sorted(self._dataset.values(term, LABEL))]

    def _split(self, thing: str) -> tuple[str, str] | None:
        """Return kind and key of a thing that has an address of its own."""
        named = None if "#" in thing else self._model.base.split(iri(thing))
        return named if named and named[0] in self._model.kinds else None

    def _require(self, thing: str) -> tuple[str, str]:
        named = self._split(thing)
        assert named, thing
        return named


def _bytes(searcher: Searcher, address: object) -> bytes:
    [kept] = searcher.doc(address)[KEPT]  # type: ignore[arg-type]
    return bytes(kept)


@contextmanager
def writing(index: Index, things: int) -> Iterator[IndexWriter]:
    """Lend a writer for so many things; at the end all is written, and small files are joined to larger ones."""
    writer = index.writer(LARGE_HEAP if things > MANY else SMALL_HEAP, 1)
    yield writer
    writer.commit()
    writer.wait_merging_threads()
