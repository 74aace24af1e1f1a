"""What does a person see who decides of links to Wikidata?"""

from collections.abc import Sequence
from dataclasses import dataclass

from toolbox_graph.web.pages import Page


@dataclass(frozen=True)
class SignInPage(Page):
    """Where somebody says who they are: the `name` of who is signed in, empty for nobody, and what their `form` has.

    `onward` is the path below the base to which they go then; `problem` is why they have to sign in.
    """

    template = "sign_in.html"
    name: str
    form: str
    onward: str
    problem: str


@dataclass(frozen=True)
class DecidedView:
    """A decision: its `number`, the thing with its name below the list, the `state` and whether it is only `near`.

    `item` is empty where it is of the thing alone; `by`, `time` and `why` say who decided, when and for which reason.
    """

    number: int
    label: str
    thing: str
    state: str
    near: bool
    item: str
    by: str
    time: str
    why: str


@dataclass(frozen=True)
class CandidateView:
    """A candidate: its `number` for the keyboard, its `item` with a `label` and a `description`, what speaks for it.

    `evidence` is the class of it, `why` are the reasons one by one, and `match` says that the matcher is sure.
    """

    number: int
    item: str
    label: str
    description: str
    confidence: float
    evidence: str
    why: Sequence[str]
    match: bool


@dataclass(frozen=True)
class DeskPage(Page):
    """What is the same on each page of a reviewer.

    `account` is who decides, `form` what their forms have to bring back; `done` is what they have just done, `last` the
    last of their decisions that stands; `version` is that of the script.
    """

    account: str
    form: str
    done: DecidedView | None
    last: DecidedView | None
    version: str


@dataclass(frozen=True)
class ReviewPage(DeskPage):
    """What waits, `total` in all: `groups` by kind, with how many there are and the surest, each with its candidate.

    `decided` are the last decisions of all, the newest first.
    """

    template = "review.html"
    total: int
    groups: Sequence[tuple[str, int, Sequence[tuple[str, str, CandidateView]]]]
    decided: Sequence[DecidedView]


@dataclass(frozen=True)
class ReviewThingPage(DeskPage):
    """One thing and what it may be: its `label`, its `thing` as kind and key, its `kind` in words.

    `waiting` are its place among those that wait and their number, none where it is decided, as `stands` says. `chosen`
    is the candidate whose record stands beside ours in `rows`, each with a name and the values of both; `links` are the
    items that it is linked to. A form rests on what was said `after` a line; `problem` is why the last one did not.
    """

    template = "review_thing.html"
    label: str
    thing: str
    kind: str
    waiting: tuple[int, int] | None
    stands: DecidedView | None
    rows: Sequence[tuple[str, Sequence[str], Sequence[str]]]
    candidates: Sequence[CandidateView]
    chosen: CandidateView | None
    links: Sequence[str]
    after: int
    problem: str
