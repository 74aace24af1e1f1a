"""What are decisions called, and those who made them?

All are parts of the set of mappings, which is called like the graph of the links: a name once given stays.
"""

from typing import NamedTuple
from urllib.parse import quote

from rdflib import Literal, URIRef
from rdflib.term import Node

from toolbox_graph.linking.decisions import Line, State
from toolbox_graph.namespaces import RDFS, XSD, Base

IMPORTER = "reconciliation"
REVIEWED, UNREVIEWED = IMPORTER, f"{IMPORTER}-unreviewed"
"""The sources of links, each with a graph of its own."""

Triple = tuple[URIRef, URIRef, Node]


class Agent(NamedTuple):
    """Who did something: a person, of whom an opaque name is known and nothing else, or the program."""

    iri: URIRef
    name: str

    @property
    def label(self) -> Triple:
        """What it is called."""
        return self.iri, RDFS.label, Literal(self.name, "en")


class Names(NamedTuple):
    """The names of one catalogue."""

    base: Base

    @property
    def document(self) -> URIRef:
        """The whole of the decisions."""
        return URIRef(self.base.graph(IMPORTER, REVIEWED))

    def line(self, number: int) -> URIRef:
        """Return the name of a proposal, a decision or an undoing."""
        return self.document + f"#{number}"

    def candidate(self, number: int, item: str) -> URIRef:
        """Return the name of a candidate of a proposal."""
        return self.document + f"#{number}-{item}"

    def run(self, number: int) -> URIRef:
        """Return the name of what was done when a line was written, the first of its run."""
        return self.document + f"#run-{number}"

    def source(self, name: str) -> URIRef:
        """Return the name of a source of candidates."""
        return self.document + f"#source-{quote(name, safe='')}"

    def thing(self, name: str) -> URIRef:
        """Return the name of a thing of ours, of which a line tells by kind and key."""
        return URIRef(self.base.thing(*name.split("/", 1)))

    def person(self, by: str) -> Agent:
        """Return who goes by an opaque name."""
        return Agent(self.document + f"#by-{quote(by, safe='')}", by)

    def program(self, version: str) -> Agent:
        """Return the program, in a version if that is known."""
        name = f"Toolbox Graph {version}".strip()
        return Agent(self.document + f"#{quote(name.casefold().replace(' ', '-'))}", name)

    def author(self, line: Line) -> Agent:
        """Return who says what a line says: the program proposes, persons decide."""
        return self.program(line.version) if line.state is State.PROPOSED else self.person(line.by)


def moment(time: str) -> Literal:
    """Return a time as it is written in a line."""
    return Literal(time, datatype=XSD.dateTime, normalize=False)
