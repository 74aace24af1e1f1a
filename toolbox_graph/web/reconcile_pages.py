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
    """How to reconcile: the service's `name` and `address`, and the size of a `batch`.

    `is_draft` tells whether it is the draft of version 1.0, `same` the path of this one in the other version. There are
    names and paths of the `others` for one kind each, and the path of that `through` to Wikidata.
    """

    template = "reconcile.html"
    name: str
    address: str
    is_draft: bool
    others: Sequence[tuple[str, str]]
    through: str
    same: str
    batch: int
