"""How do the parts fit together for these settings?"""

import threading
import weakref
from datetime import UTC, datetime
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

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
from toolbox_graph.store.generations import Generation
from toolbox_graph.store.outbound import Services
from toolbox_graph.store.workers import Pool
from toolbox_graph.writes import CatalogueWriter, PlaygroundWriter, Writer

CACHE = 64_000_000
"""Bytes of answers that are remembered."""

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
    """The catalogue of one data folder, as it is served."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.repository = open_repository(settings)
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
        self._reader: Reader | None = None
        self._lock = threading.Lock()

    def reader(self) -> Reader:
        """Return the newest generation, open for reading; ask anew for each request."""
        current = self.repository.generations.current()
        reader = self._reader
        if reader is None or reader.name != current:
            with self._lock:
                reader = self._reader
                if reader is None or reader.name != current:
                    reader = self._reader = Reader(
                        self.repository.open(), self.model, self.offer, self.settings.publisher
                    )
        return reader

    def _writer(self) -> Writer:
        megabytes = self.settings.query_megabytes
        if self.is_playground:
            return PlaygroundWriter(self.repository, megabytes, self.limits)
        return CatalogueWriter(self.repository, megabytes, now)

    def state(self) -> str:
        """Return the newest state of the store, as answers name it."""
        return self.repository.generations.state()

    def describe_endpoint(self) -> Graph:
        """Return what the SPARQL endpoint says of itself."""
        return self.reader().service_description

    def pool(self) -> Pool:
        """Return the workers that answer queries, not yet started."""
        settings = self.settings
        return Pool(
            settings.data.absolute(),
            self.model.base,
            size=settings.workers,
            megabytes=settings.query_megabytes,
            waiting_seconds=settings.waiting_seconds,
            budgets=Budgets(settings.client_seconds, settings.client_errors),
        )

    def engine(self, pool: Pool) -> Engine:
        """Return what answers queries: from memory, or by the workers, with what the index and other services find."""
        base = self.model.base.iri
        agent = f"toolbox-graph/{version('toolbox-graph')} ({base})"
        federation = Federation(pool, self.services, pool.budgets, base=base, agent=agent)
        return Cache(self.searching(federation, pool.budgets), self.state, CACHE)

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
