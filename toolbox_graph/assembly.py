"""How do the parts fit together for these settings?"""

import copy
import threading
import weakref
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Self

from rdflib import Graph

from toolbox_graph import playground
from toolbox_graph.accounts import Accounts
from toolbox_graph.changes import Repository
from toolbox_graph.describing import reading
from toolbox_graph.entities import Describer
from toolbox_graph.errors import InvalidRequest
from toolbox_graph.listing import ListIndex, Listing
from toolbox_graph.model import Model
from toolbox_graph.progress import Progress, silent
from toolbox_graph.reconciliation.schema import schema_of
from toolbox_graph.reconciliation.service import Reconciliation
from toolbox_graph.saved_queries import saved_queries
from toolbox_graph.search.answering import Opened, Searching
from toolbox_graph.search.finding import Search
from toolbox_graph.search.index import FOLDER, SearchIndex
from toolbox_graph.service_description import Bound, Offer, service_description
from toolbox_graph.settings import MEGABYTE, Settings
from toolbox_graph.store.budgets import Budgets
from toolbox_graph.store.cache import Cache
from toolbox_graph.store.engine import Engine, Limits
from toolbox_graph.store.federation import Federation
from toolbox_graph.store.generations import Generation, Generations
from toolbox_graph.store.journal import Header
from toolbox_graph.store.outbound import Services
from toolbox_graph.store.versions import Timeline, Versions
from toolbox_graph.store.workers import Pool
from toolbox_graph.writes import CatalogueWriter, PatientWriter, PlaygroundWriter, Writer

CACHE, PAST_CACHE = 64_000_000, 8_000_000
"""Bytes of answers that are remembered: of the present, and of each past version that is open."""

SECONDS, BYTES, PIECES = "SEC", "AD", "C62"
"""Units by their codes (UN/CEFACT, Recommendation 20)."""

INDEXES = (ListIndex, SearchIndex)
"""What is kept beside the store in each generation."""


class Reader:
    """One generation as pages read it; it is closed when the last page that uses it is done."""

    def __init__(self, generation: Generation, model: Model, offer: Offer, publisher: str = Settings.publisher) -> None:
        self.name = generation.name
        self.generation = generation
        self.describer = Describer(generation, model)
        self.listing = Listing(generation.folder)
        self._offer = offer
        self._publisher = publisher
        weakref.finalize(self, self.listing.close)

    @cached_property
    def search(self) -> Search:
        """The index for search; most requests need none."""
        return Search(self.generation.folder / FOLDER, self.describer.model)

    @cached_property
    def reconciliation(self) -> Reconciliation:
        """What answers which thing is meant by a name."""
        model = self.describer.model
        return Reconciliation(self.generation.store, schema_of(model), model, self.search, self.describer.labels)

    @cached_property
    def service_description(self) -> Graph:
        """What the SPARQL endpoint says of itself; to count what graphs hold takes some time."""
        return service_description(self.generation, self.describer.model, self._offer)

    @cached_property
    def void(self) -> Graph:
        """How much there is of what."""
        return reading.description(self.generation.store, self.describer.model.base, "void")

    @cached_property
    def catalogue(self) -> Graph:
        """Which datasets there are."""
        return reading.catalogue(self.generation.store, self.describer.model.base, self._publisher)


class Service:
    """The catalogue of one data folder, as it is served: its present version, or a past one."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.data.absolute()
        self.repository = open_repository(settings)
        self.timeline = Timeline(self.repository.journal)
        self.versions = Versions(self.folder, settings.versions)
        self.is_past = False
        self.model = self.repository.model
        self.limits = Limits(settings.query_seconds, settings.answer_megabytes * MEGABYTE)
        self.wider_limits = Limits(
            settings.token_seconds, settings.token_answer_megabytes * MEGABYTE, is_budgeted=False
        )
        self.services = Services.read(settings.services, settings.service_networks)
        self.questions = saved_queries(*([Path(settings.queries)] if settings.queries else []))
        self.offer = Offer(_bounds(settings), self.services.endpoints)
        self.accounts = Accounts(settings.data, self.model.base)
        self.is_playground = playground.is_one(settings.data)
        self.writer = self._writer()
        self._generations = self.repository.generations
        self._reader: Reader | None = None
        self._lock = threading.Lock()

    def at(self, folder: Path) -> Self:
        """Return the same service of a past version, whose data folder this is; it stays leased."""
        past = copy.copy(self)
        past.folder, past.is_past = folder, True
        past._generations, past._reader = Generations(folder / "generations"), None
        past.reader()
        return past

    def version(self, position: int) -> Header:
        """Return what the journal says of the version at a position."""
        return self.timeline.headers(position)[position]

    def reader(self) -> Reader:
        """Return the newest generation, open for reading; ask anew for each request."""
        generations = self._generations
        current = generations.current()
        reader = self._reader
        if reader is None or reader.name != current:
            with self._lock:
                reader = self._reader
                if reader is None or reader.name != current:
                    reader = self._reader = Reader(generations.open(), self.model, self.offer, self.settings.publisher)
        return reader

    def _writer(self) -> Writer:
        megabytes = self.settings.query_megabytes
        writer: Writer = (
            PlaygroundWriter(self.repository, megabytes, self.limits)
            if self.is_playground
            else CatalogueWriter(self.repository, megabytes, now)
        )
        return PatientWriter(writer, self.settings.waiting_seconds)

    def state(self) -> str:
        """Return the newest state of the store, as answers name it."""
        return self._generations.state()

    def describe_endpoint(self) -> Graph:
        """Return what the SPARQL endpoint says of itself."""
        return self.reader().service_description

    def pool(self, beside: Pool | None = None) -> Pool:
        """Return the workers that answer queries, not yet started.

        Beside others there is one, and what a client may have is counted together.
        """
        settings = self.settings
        return Pool(
            self.folder,
            self.model.base,
            size=1 if beside else settings.workers,
            megabytes=settings.query_megabytes,
            waiting_seconds=settings.waiting_seconds,
            budgets=beside.budgets if beside else Budgets(settings.client_seconds, settings.client_errors),
            running=beside.running if beside else None,
        )

    def engine(self, pool: Pool) -> Engine:
        """Return what answers queries: from memory, or by the workers, with what the index and other services find."""
        base = self.model.base.iri
        agent = f"toolbox-graph/{version('toolbox-graph')} ({base})"
        federation = Federation(pool, self.services, pool.budgets, base=base, agent=agent)
        return Cache(self.searching(federation, pool.budgets), self.state, PAST_CACHE if self.is_past else CACHE)

    def searching(self, engine: Engine, budgets: Budgets) -> Engine:
        """Return an engine whose queries may search by words."""
        return Searching(engine, self._index, budgets, self.model.base)

    def _index(self) -> Opened:
        if self.is_playground:
            raise InvalidRequest("A playground has no index for search; compare texts with FILTER(CONTAINS(…)).")
        reader = self.reader()
        return Opened(reader.search, str(reader.name))


def _bounds(settings: Settings) -> list[Bound]:
    """Return how far the query of a stranger may go."""
    return [
        Bound("time of a query", settings.query_seconds, SECONDS, "timeout"),
        Bound("memory of a query", settings.query_megabytes * MEGABYTE, BYTES),
        Bound("length of an answer", settings.answer_megabytes * MEGABYTE, BYTES),
        Bound("query time of a client", settings.client_seconds, SECONDS),
        Bound("failed queries of a client in a minute", settings.client_errors, PIECES),
    ]


def now() -> str:
    """Return the time, as we write it down."""
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def open_repository(settings: Settings, progress: Progress = silent) -> Repository:
    """Return the repository of the data folder, with all indexes."""
    return Repository(settings.data, INDEXES, progress)
