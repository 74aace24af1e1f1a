"""What does a person see of the descriptions of the catalogue?"""

from collections.abc import Sequence
from dataclasses import dataclass

from toolbox_graph.web.pages import Page


@dataclass(frozen=True)
class VoidPage(Page):
    """How much there is: `triples`, `things`; and of which `classes`, of which `properties`, with `links` to others."""

    template = "void.html"
    triples: int
    things: int
    classes: Sequence["NumberView"]
    properties: Sequence["NumberView"]
    links: Sequence["NumberView"]


@dataclass(frozen=True)
class NumberView:
    """How much there is of something: what it is called, its short name and address; of a link, where that leads."""

    label: str
    short: str
    address: str
    target: str
    number: int


@dataclass(frozen=True)
class CatalogPage(Page):
    """The catalogue of datasets: its `title` and `description`, who is its `publisher`, and its `datasets`."""

    template = "catalog.html"
    title: str
    description: str
    publisher: str
    datasets: Sequence["DatasetView"]


@dataclass(frozen=True)
class DatasetView:
    """A dataset: `address` leads to its source; licences and formats, each with its address; when it was `modified`."""

    title: str
    description: str
    address: str
    licences: Sequence[tuple[str, str]]
    modified: str
    formats: Sequence[tuple[str, str]]
