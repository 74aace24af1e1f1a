"""How long does it take to tell which things are meant by names?

Batches of ten queries are answered from 200,000 things, made up as for the search, here with websites and in a
store as well. The queries are names as they are, mistyped and in part, with a website, and names that nothing has; each
is another one, so that hardly a thing is remembered. All is asked in one thread.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pyoxigraph as ox

from benchmarks.figures import QUERIES, Figure, Floor, Spread, spread
from benchmarks.searching import THINGS, Maker
from benchmarks.workshop import Workshop, fresh, peak_megabytes
from toolbox_graph.model import Labels
from toolbox_graph.namespaces import FOAF
from toolbox_graph.reconciliation.asking import cleaned
from toolbox_graph.reconciliation.manifest import Root
from toolbox_graph.reconciliation.schema import Schema
from toolbox_graph.reconciliation.service import Part, Reconciliation
from toolbox_graph.search.finding import Search
from toolbox_graph.search.index import FOLDER, created, writing
from toolbox_graph.store.claims import Facts
from toolbox_graph.store.quads import node

PART = "reconcile"

STORE = "store"

BATCHES, BATCH, FIRST = 200, 10, 3

KINDS = ("tool", "use-case", "organization")


class Measured(NamedTuple):
    """What one run took."""

    batches: Spread
    rate: float
    suggested: Spread
    megabytes: float


def measure(workshop: Workshop) -> Iterator[Figure]:
    """Ask for many names among many things."""
    with TemporaryDirectory(dir=workshop.folder) as temporary:
        workshop.tell(f"making {THINGS:,} things")
        fresh(make, Path(temporary))
        workshop.tell("asking which things are meant")
        runs = [fresh(ask, Path(temporary)) for _ in range(workshop.runs)]
    what = f"{THINGS:,} things, "
    yield from spread(PART, f"{what}a batch of {BATCH}", [run.batches for run in runs], p95=Floor(60.0))
    rates = tuple(run.rate for run in runs)
    yield Figure(PART, f"{what}in batches of {BATCH}", QUERIES, rates, Floor(500.0, is_least=True))
    yield from spread(PART, f"{what}suggested", [run.suggested for run in runs], p95=Floor(20.0))
    yield Figure(PART, f"{what}memory at most", "MB", tuple(run.megabytes for run in runs), Floor(600.0))


def make(folder: Path) -> None:
    """Make a store of many things, and the index of it."""
    maker = Maker()
    with writing(created(folder / FOLDER, maker.noting.schema), THINGS) as writer, (folder / "nt").open("w") as lines:
        for number in range(THINGS):
            kind, key, facts = with_website(maker, number)
            writer.add_document(maker.noting.entry(kind, key, facts, 0))
            thing = node(maker.model.base.thing(kind, key))
            lines.writelines(f"{thing} {name} {value} .\n" for name, value in sorted(facts))
    ox.Store(str(folder / STORE)).bulk_load(path=str(folder / "nt"), format=ox.RdfFormat.N_TRIPLES)


def with_website(maker: Maker, number: int) -> tuple[str, str, Facts]:
    """Return kind, key and facts of a thing, with its website."""
    kind, key, facts = maker.thing(number)
    return kind, key, facts | {(node(str(FOAF.homepage)), node(f"https://{maker.name(number)}.example.org/"))}


def ask(folder: Path) -> Measured:
    """Ask for names, then for what begins like them."""
    maker = Maker()
    search = Search(folder / FOLDER, maker.model)
    store = ox.Store.read_only(str(folder / STORE))
    service = Reconciliation(store, Schema(maker.model), maker.model, search, _unnamed)
    asked, times = queries(maker), []
    for _ in range(BATCHES + FIRST):
        batch = {str(number): next(asked) for number in range(BATCH)}
        begun = time.perf_counter()
        service.answer(batch, Root("", ()), "en")
        times.append(time.perf_counter() - begun)
    begun_times = list(_suggested(service, maker))
    return Measured(
        Spread.of(times[FIRST:]), BATCH * BATCHES / sum(times[FIRST:]), Spread.of(begun_times), peak_megabytes()
    )


def _suggested(service: Reconciliation, maker: Maker) -> Iterator[float]:
    for number in range(BATCHES):
        text = cleaned(maker.name(maker.random.randrange(THINGS)))
        begun = time.perf_counter()
        service.suggest(text[: 1 + number % 9], Part(), Root("", ()), "en")
        yield time.perf_counter() - begun


def queries(maker: Maker) -> Iterator[dict[str, Any]]:
    """Yield queries: a name with a word, with a website too, mistyped, several words, and names that nothing has."""
    while True:
        number = maker.random.randrange(THINGS)
        word, name, kind = maker.text("en", 1, 2), maker.name(number), maker.random.choice(KINDS)
        website = {"pid": "foaf:homepage", "v": f"http://www.{name}.example.org"}
        yield {"query": f"{word} {name}", "type": kind, "type_strict": "should"}
        yield {"query": name, "type": kind, "properties": [website]}
        yield {"query": f"{word} {name[:2]}{name[3:]}"}
        yield {"query": maker.text("fr", 2, 4), "type": kind}
        yield {"query": f"{word} {maker.name(THINGS + number)}"}


def _unnamed(_: str) -> Labels:
    return {}
