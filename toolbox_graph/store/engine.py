"""What does the service ask of an engine?

A query goes in with its formats and limits, an answer comes out as a stream of bytes. The embedded engine (`workers`)
is one that can do this; a remote SPARQL endpoint can be another.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import NamedTuple, Protocol

from toolbox_graph.negotiation import Format


@dataclass(frozen=True)
class Limits:
    """How far one query may go; `is_budgeted` says whether what it takes is charged to its client."""

    seconds: float
    answer_bytes: int
    is_budgeted: bool = True


@dataclass(frozen=True)
class Dataset:
    """The RDF dataset of a query: the graphs that together are its default graph, and its named graphs."""

    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


NOTHING: Mapping[str, float] = MappingProxyType({})
"""Time that was spent on nothing."""


class Query(NamedTuple):
    """A SPARQL text as it came, and what its answer may be written in.

    `results` is the format for the answer to a SELECT or an ASK, `graph` that to a CONSTRUCT or a DESCRIBE; None
    where the client takes none. `dataset` goes before what the text says of it; None leaves it to the text. `client`
    tells who asks, nobody for our own; `id` is what the client calls it. `spent` says what it has
    taken time for already, and how many seconds.
    """

    text: str
    results: Format | None
    graph: Format | None
    limits: Limits
    dataset: Dataset | None = None
    client: str = ""
    id: str = ""
    spent: Mapping[str, float] = NOTHING

    @property
    def payer(self) -> str:
        """The client whose budget it is charged to, empty where it costs nobody anything."""
        return self.client if self.limits.is_budgeted else ""


class Answer(NamedTuple):
    """An answer that has begun: its first piece is there, so a refusal can only cut it off any more.

    `whole` has all of it where it is short, and `pieces` too.

    `state` is the state of the store that it is about; `is_empty` says that nothing was found, `is_lasting`
    that it is the same for all of that state; `timing` what it waited for, and how many seconds.
    """

    format: Format
    is_graph: bool
    state: str
    pieces: AsyncGenerator[bytes, None]
    whole: bytes | None = None
    is_empty: bool = False
    is_lasting: bool = False
    timing: Mapping[str, float] = NOTHING


class Engine(Protocol):
    """Something that answers SPARQL queries within limits."""

    async def ask(self, query: Query) -> Answer:
        """Return the answer once its first piece is there; raise a refusal where there is none."""


async def require_malformed(query: Query, engine: Engine) -> None:
    """Raise MalformedQuery with the place at which a query, as it was sent, is no SPARQL; this costs nobody anything.

    It is asked again for that alone: what was asked in its place stops elsewhere.
    """
    as_sent = query._replace(limits=replace(query.limits, is_budgeted=False))
    await (await engine.ask(as_sent)).pieces.aclose()


async def at_once(body: bytes) -> AsyncGenerator[bytes, None]:
    """Yield a body that is there already."""
    yield body
