"""How long does a search take, and how long does its index, made anew and following a change?

Searches are measured in an index of 200,000 things, whose words and values are drawn as those of the other catalogues
are: a few of them often, most of them seldom. It is made of entries alone, without a store. Each search is another one,
so nothing is remembered of it.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from benchmarks.data import FREE, PROGRAMMING_LANGUAGES, WORDS
from benchmarks.figures import Figure, Floor, Spread, spread
from benchmarks.workshop import LARGE, SMALL, Workshop, fresh, some_things, title
from toolbox_graph.assembly import open_repository
from toolbox_graph.model import Model
from toolbox_graph.namespaces import DCAT, DCTERMS, RDF, RDFS, SCHEMA, TBG, Base, slug
from toolbox_graph.search.entries import Noting
from toolbox_graph.search.finding import Search
from toolbox_graph.search.index import FOLDER, SearchIndex, created, writing
from toolbox_graph.settings import DEFAULT_BASE, Settings
from toolbox_graph.store.claims import Facts
from toolbox_graph.store.dataset import Dataset
from toolbox_graph.store.quads import node

PART = "search"

THINGS = 200_000

SEARCHES, CHANGES, FIRST = 200, 60, 3

SECONDS = {SMALL: Floor(3.0), LARGE: Floor(60.0)}
CHANGE, FIND, COUNT = Floor(50.0), Floor(20.0), Floor(50.0)

USERS = ("administrations", "associations", "citizens", "ngos", "representatives")
CATEGORIES = ("communication", "consultation", "crowdsourcing", "mobilization", "transparency")
SPOKEN = ("en", "fr", "es", "de", "pt", "it", "nl", "pl")


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Make indexes and have them follow changes; search in a large one."""
    for name in workshop.names(SMALL, LARGE):
        folder, triples = workshop.catalogue(name)
        workshop.tell(f"indexing {name}")
        seconds, changes = zip(*(fresh(make_and_follow, folder) for _ in range(workshop.runs)), strict=True)
        yield Figure(PART, f"{title(name, triples)}, index made anew", "s", seconds, SECONDS[name])
        yield from spread(PART, f"{title(name, triples)}, index follows one change", changes, p95=CHANGE)
    with TemporaryDirectory(dir=workshop.folder) as temporary:
        folder = Path(temporary) / FOLDER
        workshop.tell(f"making an index of {THINGS:,} things")
        fresh(make_large, folder)
        for what, measured, floor in (
            (found, "found", FIND),
            (suggested, "suggested", FIND),
            (counted, "counted", COUNT),
        ):
            workshop.tell(f"searching for what is {measured}")
            runs = [fresh(what, folder) for _ in range(workshop.runs)]
            yield from spread(PART, f"{THINGS:,} things, {measured}", runs, p95=floor)
        everything = [fresh(all_counted, folder) for _ in range(workshop.runs)]
        yield Figure(PART, f"{THINGS:,} things, all counted by all facets", "ms", tuple(everything), COUNT)


def make_and_follow(folder: Path) -> tuple[float, Spread]:
    """Make the index of a catalogue anew, then change things one by one."""
    repository = open_repository(Settings(data=folder))
    with repository.open() as generation, TemporaryDirectory(dir=folder) as temporary:
        dataset = Dataset(generation.store, repository.model)
        index, target = SearchIndex(repository.model), Path(temporary) / "0"
        target.mkdir()
        begun = time.perf_counter()
        index.update(target, None, {}, dataset)
        seconds = time.perf_counter() - begun
        changes = []
        for number, thing in enumerate(some_things(generation, repository.model.base, CHANGES + FIRST)):
            previous, target = target, Path(temporary) / str(number + 1)
            target.mkdir()
            term = node(repository.model.base.thing(*thing))
            begun = time.perf_counter()
            index.update(target, previous, {term: dataset.said(term)}, dataset)
            changes.append(time.perf_counter() - begun)
    return seconds, Spread.of(changes[FIRST:])


def make_large(folder: Path) -> None:
    """Make an index of many things."""
    maker = Maker()
    with writing(created(folder, maker.noting.schema), THINGS) as writer:
        for number in range(THINGS):
            kind, key, facts = maker.thing(number)
            writer.add_document(maker.noting.entry(kind, key, facts, int(200 * maker.random.random() ** 12)))


class Maker:
    """Makes up things: words, and values by which a search can be narrowed."""

    def __init__(self) -> None:
        self.model = Model(Base(DEFAULT_BASE))
        self.random = Random(42)  # noqa: S311  # it has to be the same each time, and is no secret
        self.noting = Noting(self.model, lambda term: [(term[1:-1].rpartition("/")[2], "en")])

    def thing(self, number: int) -> tuple[str, str, Facts]:
        """Return kind, key and facts of a thing."""
        kind = self.random.choices(("tool", "use-case", "organization"), (6, 1, 3))[0]
        facts = {(node(str(RDF.type)), node(self.model.kinds[kind].iri)), *self._texts(number), *self._values(kind)}
        return kind, f"{kind}-{number}", facts

    def _texts(self, number: int) -> Iterator[tuple[str, str]]:
        for language in WORDS if self.random.random() < 0.5 else ("en",):
            yield node(str(RDFS.label)), f'"{self.text(language, 1, 3)} {self.name(number)}"@{language}'
            yield node(str(DCTERMS.description)), f'"{self.text(language, 10, 40)}"@{language}'

    def text(self, language: str, least: int, most: int) -> str:
        """Return some words of a language."""
        return " ".join(self.random.choices(WORDS[language], k=self.random.randint(least, most)))

    def name(self, number: int) -> str:
        """Return a word that few others have."""
        return "".join("bcdfghklmnprstvz"[digit % 16] + "aeiou"[digit % 5] for digit in _digits(number * 7919))

    def _values(self, kind: str) -> Iterator[tuple[str, str]]:
        base = self.model.base
        for _ in range(self.random.randint(0, 3)):
            yield node(str(DCAT.theme)), node(base.thing("theme", f"theme-{self._few(51)}"))
            yield node(str(DCTERMS.subject)), node(base.thing("tag", f"tag-{self._few(3000)}"))
        yield node(str(DCTERMS.spatial)), node(base.thing("country", f"c{self._few(195)}"))
        if kind == "tool":
            yield node(str(TBG.underLicence)), node(base.thing("licence", slug(self.random.choice(FREE))))
            yield node(str(SCHEMA.programmingLanguage)), f'"{self.random.choice(PROGRAMMING_LANGUAGES)}"'
            yield node(str(TBG.category)), node(str(TBG[f"category-{self.random.choice(CATEGORIES)}"]))
            yield node(str(TBG.userType)), node(str(TBG[f"user-type-{self.random.choice(USERS)}"]))
            yield node(str(SCHEMA.inLanguage)), f'"{self.random.choice(SPOKEN)}"'
        else:
            yield node(str(TBG.uses)), node(base.thing("tool", f"tool-{self._few(10_000)}"))
        if kind == "organization":
            yield node(str(TBG.organizationKind)), node(str(TBG["organization-kind-company"]))

    def _few(self, count: int) -> int:
        return int(count * self.random.random() ** 2.5)


def _digits(number: int) -> Iterator[int]:
    while number:
        number, digit = divmod(number, 16)
        yield digit


def texts(maker: Maker) -> Iterator[str]:
    """Yield what people look for: words, names, several words, and words mistyped."""
    while True:
        word, name = maker.text("en", 1, 1), maker.name(maker.random.randrange(THINGS))
        yield from (name, f"{word} {maker.text('fr', 1, 1)}", maker.text("en", 2, 4), f"{word} {name}")
        yield from (f"{name[:2]}{name[3:]}", f"{word[1:2]}{word[0]}{word[2:]} {maker.text('es', 1, 2)}")


def found(folder: Path) -> Spread:
    """Search."""
    return _measured(
        folder, lambda search, text: search.find(text, {}, sort="relevance", language="en", limit=20, offset=0)
    )


def suggested(folder: Path) -> Spread:
    """Have something suggested for the beginning of what is looked for."""
    return _measured(folder, lambda search, text: search.suggest(text[: 1 + len(text) % 9], limit=10))


def counted(folder: Path) -> Spread:
    """Count what is found by all facets."""
    return _measured(folder, lambda search, text: search.counts(text, {}))


def all_counted(folder: Path) -> float:
    """Return how long it takes to count everything, in milliseconds."""
    search = Search(folder, Model(Base(DEFAULT_BASE)))
    begun = time.perf_counter()
    search.counts("", {})
    return (time.perf_counter() - begun) * 1000


def _measured(folder: Path, work: Callable[[Search, str], object]) -> Spread:
    maker = Maker()
    search, asked = Search(folder, maker.model), texts(maker)
    times = []
    for _ in range(SEARCHES + FIRST):
        text = next(asked)
        begun = time.perf_counter()
        work(search, text)
        times.append(time.perf_counter() - begun)
    return Spread.of(times[FIRST:])
