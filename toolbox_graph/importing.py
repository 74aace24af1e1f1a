"""What does an importer work with, and which are there?

An importer is a folder in `importers/` with an `importer.py` that has one function: `import_all(run)`, or
`import_files(run)` where it reads files that the operator names. The run is its whole world: it mints names, takes
statements with their sources, and collects questions. It writes nothing; what becomes of it is told by `imports`.
"""

import hashlib
import importlib.util
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

from rdflib import Literal, URIRef
from rdflib.term import Node

from toolbox_graph import files
from toolbox_graph.errors import InvalidRequest, NotFound, Unreadable
from toolbox_graph.model import Model
from toolbox_graph.namespaces import KEY, RDF, RDFS, TBG, Base, slug
from toolbox_graph.sheets import bundle, original
from toolbox_graph.sheets.cards import Card, Deck
from toolbox_graph.sheets.known import Known
from toolbox_graph.sheets.metadata import read_metadata
from toolbox_graph.sheets.statements import Reading, Statement
from toolbox_graph.store.quads import node, text_of

BOTH = " and "
"""What stands between two places."""


@dataclass
class Run:
    """One reading of sources by an importer.

    `importer`: its name; each source it draws on gets a graph of that importer.
    `model`: what the ontology says.
    `known`: what the catalogue has already; it may be pointed to.
    `today`: the day of the run.
    `mirror`: a folder with copies of the sources themselves, where the operator has one.
    `files`: the files that the operator named.
    `strict`: whether a cell of a sheet that cannot be understood stops all; else it becomes a question.
    `questions`: what could not be understood, for a person to answer.
    """

    importer: str
    model: Model
    known: Known
    today: date
    mirror: Path | None = None
    files: Sequence[Path] = ()
    strict: bool = True
    questions: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list, repr=False)
    places: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> Base:
        """The base of the names of things."""
        return self.model.base

    def exists(self, iri: str) -> bool:
        """Return whether the catalogue already has a thing."""
        return self.known.exists(iri)

    def mint(self, kind: str, key: str) -> URIRef:
        """Return the name of a thing."""
        if not KEY.fullmatch(key):
            raise Unreadable(f"{key!r} is no key: a key has small letters, digits and hyphens, such as open-fisca-2.")
        return URIRef(self.base.thing(kind, key))

    def state(self, subject: URIRef, predicate: URIRef, value: Node, *, source: str, place: str = "") -> None:
        """Take a statement that a source makes; `place` tells a person where in the source it stands."""
        graph = self.base.graph(self.importer, source)
        try:
            self.lines.append(f"{text_of(subject)} {text_of(predicate)} {text_of(value)} {node(graph)} .")
        except ValueError as problem:
            raise Unreadable(f"{place or source}: {value!r} cannot be written down: {problem}.") from problem
        if place:
            self._note(str(subject), str(predicate), place)

    def _note(self, subject: str, predicate: str, place: str) -> None:
        """Note where a property of a thing stands, in the first two places if there are several."""
        first = self.places.setdefault((subject, predicate), place)
        if place not in first and BOTH not in first:
            self.places[subject, predicate] = f"{first}{BOTH}{place}"

    def state_sheets(self, paths: Iterable[Path]) -> None:
        """Take all that some sheets say."""
        reading = Reading(read_metadata(files.METADATA), self.model, self.known, strict=self.strict)
        self._take(reading.read(paths))
        self.questions.extend(map(str, reading.problems))

    def state_spreadsheet(self, paths: Iterable[Path]) -> None:
        """Take all that is certain in sheets of the first toolbox's spreadsheet, and ask about the rest."""
        self._state_cards(lambda reading: original.read_cards(paths, reading.sheets, reading.problems))

    def state_bundle(self, path: Path) -> None:
        """Take all that is certain in a bundle of the first toolbox's cards, and ask about the rest."""
        self._state_cards(lambda reading: bundle.read_cards(path, reading.sheets, reading.problems))

    def _state_cards(self, read: Callable[[Reading], Iterable[Card]]) -> None:
        reading = Reading(read_metadata(files.METADATA), self.model, self.known, strict=False, joins=True)
        deck = Deck(list(read(reading)), reading.sheets, reading.references, self.importer)
        self._take(reading.take(deck.rows()))
        self.questions.extend(map(str, [*deck.problems, *reading.problems]))
        if self.lines:
            self._state_origin(deck)

    def _state_origin(self, deck: Deck) -> None:
        """Say where cards come from: the source that they are, and what things are called there."""
        source = self.mint("source", self.importer)
        name = ", ".join(path.name for path in self.files)
        for predicate, value in (
            (RDF.type, TBG.Source),
            (RDFS.label, Literal(name, "en")),
            (TBG.confirmed, Literal(self.today)),
        ):
            self.state(source, predicate, value, source=self.importer)
        for kind, key, written in deck.things():
            self.state(self.mint(kind, key), TBG.sourceKey, Literal(written), source=self.importer)

    def _take(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            self.state(*statement[:3], source=statement.source, place=statement.place)

    def ask(self, question: str) -> None:
        """Leave something open for a person."""
        self.questions.append(question)

    def nothing_left(self, row: Mapping[str, str], *, of: str) -> None:
        """Ask about the fields of a row that were not taken out of it."""
        self.questions.extend(f"{of}: what is {name!r}, here {value!r}?" for name, value in row.items() if value)


CATALOGUE = files.CATALOGUE
"""The folder of the bundled sheets."""


class Importer(NamedTuple):
    """What reads a source: the name that its graphs bear, and how it reads.

    `files` are those that the operator named; `strict` says whether all is refused for one cell that is not understood;
    `needs` are the importers of what this one points to.
    """

    name: str
    read: Callable[[Run], None]
    files: tuple[Path, ...] = ()
    strict: bool = True
    needs: tuple[str, ...] = ()


def importers() -> list[str]:
    """Return the names of the importers that know where their source is, those that others need (`NEEDS`) first."""
    modules = {name: _load(name) for name in _folders()}
    needs = {name: getattr(module, "NEEDS", ()) for name, module in modules.items() if hasattr(module, "import_all")}
    return list(TopologicalSorter(needs).static_order())


def readers_of_files() -> list[str]:
    """Return the names of the importers that read files which the operator names."""
    return [name for name in _folders() if hasattr(_load(name), "import_files")]


def sources() -> list[str]:
    """Return the names of all importers."""
    return [*importers(), *readers_of_files()]


def find(name: str, paths: Sequence[Path] = ()) -> Importer:
    """Return the importer of a source by its name, with the files it is to read; or that of a sheet by its path."""
    if name in readers_of_files():
        if not paths:
            raise InvalidRequest(f"Name the files that {name} is to read, after its name.")
        if missing := next((path for path in paths if not path.is_file()), None):
            raise NotFound(f"There is no file {missing}.")
        return Importer(_name_of_files(name, paths), _load(name).import_files, tuple(paths), strict=False)
    if name in importers():
        module = _load(name)
        return Importer(name, module.import_all, needs=getattr(module, "NEEDS", ()))
    path = Path(name)
    if path.suffix == ".csv":
        if not path.is_file():
            raise NotFound(f"There is no file {name}.")
        return Importer(_name_of_sheet(path.resolve()), lambda run: run.state_sheets([path]), (path,), strict=False)
    raise NotFound(f"There is no source {name!r}; there are {', '.join(sources())}. A file of yours ends in .csv.")


def _folders() -> list[str]:
    return sorted(path.parent.name for path in files.IMPORTERS.glob("*/importer.py"))


def _load(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(f"importers.{name}", files.IMPORTERS / name / "importer.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _name_of_files(reader: str, paths: Sequence[Path]) -> str:
    """Return a name for what some files say: that of the one file, or of the folder of several, or of sheets."""
    place = paths[0].resolve()
    stem = place.parent.name if len(paths) > 1 or place.suffix == ".csv" else place.stem
    own = slug(stem) or hashlib.sha256(stem.encode()).hexdigest()[:6]
    return reader if own == reader else f"{reader}-{own}"


def _name_of_sheet(path: Path) -> str:
    """Return a name for what a sheet says; sheets of one name in two folders are two sources of statements."""
    place = hashlib.sha256(bytes(path.parent)).hexdigest()[:6]
    return "-".join(filter(None, ("sheet", slug(path.parent.name), place, slug(path.stem))))
