"""What does a person see who matches names?"""

from collections.abc import Sequence
from dataclasses import dataclass

from toolbox_graph.web.pages import Page


@dataclass(frozen=True)
class PreviewPage(Page):
    """A thing in a few words, to be shown within another page.

    `name`, `kind` and `description`; `addresses` of its own; the `address` of its page, below the home page.
    """

    template = "preview.html"
    name: str
    kind: str
    description: str
    addresses: Sequence[str]
    address: str


@dataclass(frozen=True)
class ReconcilePage(Page):
    """How to reconcile: the service's `name` and `address`, names and paths of `others`, and the size of a `batch`."""

    template = "reconcile.html"
    name: str
    address: str
    others: Sequence[tuple[str, str]]
    batch: int
