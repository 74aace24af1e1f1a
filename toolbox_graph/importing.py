"""What does an importer work with, and which are there?

An importer is a folder in `importers/` with an `importer.py` that has one function, `import_all(run)`. The run is its
whole world: it mints names, takes statements with their sources, and collects questions. It writes nothing: when the
importer is done, the difference between what it stated and what its graphs hold becomes one changeset, or none.
"""

import hashlib
import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from rdflib import URIRef
from rdflib.term import Node

from toolbox_graph import files, self_description
from toolbox_graph.changes import Repository
from toolbox_graph.errors import InvalidRequest, NotFound, ShapesViolated, Unreadable
from toolbox_graph.namespaces import KEY, Base
from toolbox_graph.sheets.metadata import read_metadata
from toolbox_graph.sheets.statements import Reading
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Draft, Header, Origin
from toolbox_graph.store.locks import alone
from toolbox_graph.store.quads import Quad, canonical, node, text_of
from toolbox_graph.store.reading import read_apart
from toolbox_graph.store.terms import NEVER_IN_ADDRESSES


@dataclass
class Run:
    """One reading of sources by an importer.

    `importer`: its name; each source it draws on gets a graph of that importer.
    `exists`: whether the catalogue already has a thing; what others import may be pointed to.
    `mirror`: a folder with copies of the sources themselves, where the operator has one.
    `questions`: what could not be understood, for a person to answer.
    """

    importer: str
    base: Base
    exists: Callable[[str], bool]
    mirror: Path | None = None
    questions: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list, repr=False)
    places: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)

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
            self.places.setdefault((str(subject), str(predicate)), place)

    def state_sheets(self, paths: Iterable[Path]) -> None:
        """Take all that some sheets say."""
        metadata = read_metadata(files.CATALOGUE / "csv-metadata.json")
        for statement in Reading(metadata, self.base, self.exists).read(paths):
            self.state(*statement[:3], source=statement.source, place=statement.place)

    def ask(self, question: str) -> None:
        """Leave something open for a person."""
        self.questions.append(question)

    def nothing_left(self, row: Mapping[str, str], *, of: str) -> None:
        """Ask about the fields of a row that were not taken out of it."""
        self.questions.extend(f"{of}: what is {name!r}, here {value!r}?" for name, value in row.items() if value)


CATALOGUE = files.CATALOGUE
"""The folder of the bundled sheets."""

Importer = Callable[[Run], None]


class Outcome(NamedTuple):
    """What came of an import: the changeset it made, none where there was nothing new, and the questions it left."""

    header: Header | None
    removed: int
    added: int
    questions: list[str]


def importers() -> list[str]:
    """Return the names of the importers there are."""
    return sorted(path.parent.name for path in files.IMPORTERS.glob("*/importer.py"))


def find(name: str) -> tuple[str, Importer]:
    """Return the importer of a source by its name, or of a sheet by its path; with the name that its graphs bear."""
    if name in importers():
        return name, _load(name)
    path = Path(name)
    if path.suffix == ".csv":
        if not path.is_file():
            raise NotFound(f"There is no file {name}.")
        return _name_of_sheet(path.resolve()), lambda run: run.state_sheets([path])
    raise NotFound(f"There is no source {name!r}; there are {', '.join(importers())}. A file of yours ends in .csv.")


def _load(name: str) -> Importer:
    spec = importlib.util.spec_from_file_location(f"importers.{name}", files.IMPORTERS / name / "importer.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast(Importer, module.import_all)


def _name_of_sheet(path: Path) -> str:
    """Return a name for what a sheet says; sheets of one name in two folders are two sources of statements."""
    place = hashlib.sha256(bytes(path.parent)).hexdigest()[:6]
    return "-".join(filter(None, ("sheet", _slug(path.parent.name), place, _slug(path.stem))))


def _slug(text: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", text.casefold()))


def import_into(
    repository: Repository,
    name: str,
    importer: Importer,
    origin: Origin,
    *,
    mirror: Path | None = None,
    dry: bool = False,
) -> Outcome:
    """Run an importer, and make one changeset of its difference to what it said before; a dry run only tries it."""
    with alone(repository.folder / f"{name}.lock", seconds=0, doing=f"another import of {name} is running"):
        with repository.open() as generation:
            run, removed, added = prepare(importer, name, Dataset(generation.store, repository.model), mirror)
            since = generation.name.position
        draft, header = Draft(origin, removed, added), None
        with _locating(run):
            if dry:
                repository.rehearse(draft)
            elif removed or added:
                header = repository.commit(draft, since=since)
        return Outcome(header, len(removed), len(added), run.questions)


def prepare(
    importer: Importer, name: str, dataset: Dataset, mirror: Path | None = None
) -> tuple[Run, list[Quad], list[Quad]]:
    """Run an importer and return the run, and what it would remove from a dataset and add to it."""
    base = dataset.rules.base
    run = Run(name, base, exists=lambda thing: bool(dataset.classes(node(thing))), mirror=mirror)
    importer(run)
    stated = set(canonical(run.lines))
    # Millions of lines, which nobody reads any more.
    run.lines.clear()
    if not stated:
        raise Unreadable(f"The importer {name} found nothing to say; what it said before is left as it is.")
    prefix = f"<{base.graph(name)}/"
    held = {quad for graph in dataset.graphs() if graph.startswith(prefix) for quad in dataset.graph(graph)}
    return run, sorted(held - stated), sorted(stated - held)


@contextmanager
def _locating(run: Run) -> Iterator[None]:
    try:
        yield
    except ShapesViolated as objection:
        raise located(objection, run) from objection


def located(objection: ShapesViolated, run: Run) -> ShapesViolated:
    """Return an objection of the shapes with the places from which the statements came, as far as they are known."""
    places = [
        run.places.get((violation["thing"], violation["property"]))
        or next((place for (thing, _), place in run.places.items() if thing == violation["thing"]), "")
        for violation in objection.violations
    ]
    violations = [{**violation, "place": place} for violation, place in zip(objection.violations, places, strict=True)]
    return ShapesViolated(objection.detail, violations)


def load(repository: Repository, path: Path, graph: str, origin: Origin) -> tuple[Draft, int]:
    """Return the change that adds the statements of an RDF file to a graph, and the position that it rests on."""
    base = repository.model.base
    taken = {base.graph(name) for name in (*self_description.DERIVED, "catalogue")}
    if not urlsplit(graph).scheme or NEVER_IN_ADDRESSES.search(graph) or graph in taken:
        raise InvalidRequest(f"{graph!r} cannot take statements; name a graph of your own by a whole IRI.")
    stated = read_apart(path, graph=graph, base=base)
    with repository.open() as generation:
        held = set(Dataset(generation.store, repository.model).graph(node(graph)))
        return Draft(origin, [], [quad for quad in stated if quad not in held]), generation.name.position


def rehearse(repository: Repository, path: Path, origin: Origin) -> None:
    """Try what a file would change, and change nothing; raise what is wrong with it."""
    if path.suffix == ".csv":
        name, importer = find(str(path))
        with repository.open() as generation:
            run, removed, added = prepare(importer, name, Dataset(generation.store, repository.model))
        with _locating(run):
            repository.rehearse(Draft(origin, removed, added))
    else:
        draft, _ = load(repository, path, repository.model.base.graph("rehearsal"), origin)
        repository.rehearse(draft)
