"""How does what an importer says become a change?

The difference between what it states and what its graphs hold becomes one changeset, or none. What breaks the shapes
stops the importers that come with the program. Of an operator's own file all goes in but that, and that becomes a
question.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import NamedTuple

from toolbox_graph import self_description
from toolbox_graph.changes import Repository
from toolbox_graph.errors import InvalidRequest, ShapesViolated, Unreadable
from toolbox_graph.importing import CATALOGUE, Importer, Run, find
from toolbox_graph.model import Model
from toolbox_graph.sheets.cells import quoted
from toolbox_graph.sheets.known import Catalogue
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.journal import Draft, Header, Origin
from toolbox_graph.store.locks import alone
from toolbox_graph.store.quads import Quad, canonical, iri, language, node, value_of
from toolbox_graph.store.reading import read_apart
from toolbox_graph.store.terms import is_whole

ROUNDS = 10
"""How often statements are left out, and what then remains is judged anew."""


class Outcome(NamedTuple):
    """What came of an import: the changeset it made, none where there was nothing new, and the questions it left."""

    header: Header | None
    removed: int
    added: int
    questions: list[str]


class Difference(NamedTuple):
    """What an importer's run states, and what its graphs hold of earlier runs."""

    run: Run
    stated: set[Quad]
    held: set[Quad]

    def draft(self, origin: Origin) -> Draft:
        """Return the change that makes the graphs hold what is stated."""
        return Draft(origin, sorted(self.held - self.stated), sorted(self.stated - self.held))


def import_into(
    repository: Repository,
    importer: Importer,
    origin: Origin,
    *,
    today: date,
    mirror: Path | None = None,
    dry: bool = False,
) -> Outcome:
    """Run an importer, and make one changeset of its difference to what it said before; a dry run only tries it."""
    name = importer.name
    with alone(repository.folder / f"{name}.lock", seconds=0, doing=f"another import of {name} is running"):
        with repository.open() as generation:
            difference = prepare(importer, Dataset(generation.store, repository.model), repository.model, today, mirror)
            since = generation.name.position
        for _ in range(ROUNDS):
            draft = difference.draft(origin)
            try:
                header = _make(repository, draft, since=since, dry=dry)
            except ShapesViolated as objection:
                _leave_out(difference, located(objection, difference.run), strict=importer.strict)
            else:
                return Outcome(header, len(draft.removed), len(draft.added), difference.run.questions)
        raise Unreadable(f"Too much of {name} breaks the shapes; validate its sheets first.")


def _make(repository: Repository, draft: Draft, *, since: int, dry: bool) -> Header | None:
    if dry:
        repository.rehearse(draft)
        return None
    return repository.commit(draft, since=since) if draft.removed or draft.added else None


def prepare(importer: Importer, dataset: Dataset, model: Model, today: date, mirror: Path | None = None) -> Difference:
    """Run an importer, and return what it states beside what a dataset holds of it."""
    graphs = dataset.graphs()
    if missing := [name for name in importer.needs if not any(map(_within(model, name), graphs))]:
        raise Unreadable(f"{importer.name} needs what others bring; import {', '.join(missing)} first, or --all.")
    run = Run(
        importer.name,
        model,
        Catalogue(dataset, model.base, without=importer.name),
        today=today,
        mirror=mirror,
        files=importer.files,
        strict=importer.strict,
    )
    importer.read(run)
    stated = set(canonical(run.lines))
    # Millions of lines, which nobody reads any more.
    run.lines.clear()
    if not stated:
        raise Unreadable(
            f"The importer {importer.name} found nothing to say; what it said before is left as it is.",
            problems=run.questions,
        )
    held = {quad for graph in filter(_within(model, importer.name), graphs) for quad in dataset.graph(graph)}
    return Difference(run, stated, held)


def _within(model: Model, importer: str) -> Callable[[str], bool]:
    """Return what says of a graph whether it is of an importer."""
    prefix = f"<{model.base.graph(importer)}/"
    return lambda graph: graph.startswith(prefix)


def _leave_out(difference: Difference, objection: ShapesViolated, *, strict: bool) -> None:
    """Take out of what is stated what breaks the shapes, and ask about it; where nothing of that can go, raise."""
    broken = {_whole(violation["thing"]) for violation in objection.violations}
    stated: defaultdict[str, list[Quad]] = defaultdict(list)
    for quad in difference.stated:
        if (thing := _whole(iri(quad.subject))) in broken:
            stated[thing].append(quad)
    doubtful = [_doubtful(stated[_whole(violation["thing"])], violation) for violation in objection.violations]
    if strict or not any(doubtful):
        raise objection
    questions = map(_question, objection.violations, doubtful)
    for question in dict.fromkeys(questions):
        difference.run.ask(question)
    difference.stated.difference_update(*doubtful)


def _whole(name: str) -> str:
    """Return the name of the thing of which something may be a part."""
    return name.partition("#")[0]


def _doubtful(of_whole: list[Quad], violation: Mapping[str, str]) -> list[Quad]:
    """Return the statements that a violation is about: of a value, else of a property, else of the thing or part.

    Of a property that has several values where one may be, these are doubtful; where one in each language may be, those
    of the same language are.
    """
    thing = violation["thing"]
    of_thing = [quad for quad in of_whole if quad.subject == node(thing)]
    of_property = [quad for quad in of_thing if iri(quad.predicate) == violation["property"]]
    of_value = [quad for quad in of_property if violation["value"] and value_of(quad.object) == violation["value"]]
    times = Counter(language(quad.object) for quad in of_property)
    repeated = [quad for quad in of_property if times[language(quad.object)] > 1]
    return of_value or repeated or of_property or (of_whole if thing == _whole(thing) else of_thing)


def _question(violation: Mapping[str, str], doubtful: Sequence[Quad]) -> str:
    """Return what is asked about statements that are left out."""
    place = violation["place"] or violation["thing"]
    if not doubtful:
        return f"{place}: {violation['message']}"
    is_property = all(iri(quad.predicate) == violation["property"] for quad in doubtful)
    values = sorted({quoted(value_of(quad.object)) for quad in doubtful}) if is_property else ["all that is said here"]
    return f"{place}: {' and '.join(values)} {'is' if len(values) == 1 else 'are'} left out. {violation['message']}"


@contextmanager
def _locating(run: Run) -> Iterator[None]:
    try:
        yield
    except ShapesViolated as objection:
        raise located(objection, run) from objection


def located(objection: ShapesViolated, run: Run) -> ShapesViolated:
    """Return an objection of the shapes with the places from which the statements came, as far as they are known."""
    rows: dict[str, str] = {}
    for (thing, _), place in run.places.items():
        rows.setdefault(thing, place.partition(", column ")[0])
    violations = [
        {
            **violation,
            "place": run.places.get((violation["thing"], violation["property"])) or rows.get(violation["thing"], ""),
        }
        for violation in objection.violations
    ]
    return ShapesViolated(objection.detail, violations)


def load(repository: Repository, path: Path, graph: str, origin: Origin) -> tuple[Draft, int]:
    """Return the change that adds the statements of an RDF file to a graph, and the position that it rests on."""
    base = repository.model.base
    if not is_whole(graph) or graph in self_description.made(base):
        raise InvalidRequest(f"{graph!r} cannot take statements; name a graph of your own by a whole IRI.")
    stated = read_apart(path, graph=graph, base=base)
    if not stated:
        raise Unreadable(f"{path.name} holds no statement.")
    with repository.open() as generation:
        held = set(Dataset(generation.store, repository.model).graph(node(graph)))
        return Draft(origin, [], [quad for quad in stated if quad not in held]), generation.name.position


def rehearse(repository: Repository, path: Path, origin: Origin, *, today: date) -> None:
    """Try what a file would change, and change nothing; raise what is wrong with it.

    A sheet of the bundled catalogue is tried with all the others, which may point to it.
    """
    if path.suffix == ".csv":
        is_bundled = path.resolve().parent == CATALOGUE.resolve()
        importer = find("seeds" if is_bundled else str(path))._replace(strict=True)
        with repository.open() as generation:
            difference = prepare(importer, Dataset(generation.store, repository.model), repository.model, today)
        with _locating(difference.run):
            repository.rehearse(difference.draft(origin))
    else:
        draft, _ = load(repository, path, repository.model.base.graph("rehearsal"), origin)
        repository.rehearse(draft)
