"""What does a person see who writes SPARQL?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from toolbox_graph.web.pages import Page, ResultView


@dataclass(frozen=True)
class SparqlPage(Page):
    """The query form: the `text` of the query; its `result`, or the `problem` if it got none; and the limits.

    `examples` are questions by topic, each with its title and text; `editor` is what an editor is made with, if that is
    here.
    """

    template = "sparql.html"
    text: str
    result: ResultView | None
    problem: Mapping[str, object] | None
    seconds: str
    memory: str
    answer: str
    budget: str
    examples: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    editor: "EditorView | None"


@dataclass(frozen=True)
class EditorView:
    """The query editor: the `version` of the files that it is made with, and the `base` of the names of things."""

    version: str
    base: str


@dataclass(frozen=True)
class WhyEmptyPage(Page):
    """Why a query finds nothing: its `text`, the `verdict`, and the `unknown` terms, with those that may be meant.

    `parts` of the query, each with its text, its line, whether the query finds anything without it, and whether it does
    alone; None is for not known.
    """

    template = "why_empty.html"
    text: str
    verdict: str
    parts: Sequence[tuple[str, int, bool | None, bool | None]]
    unknown: Sequence[tuple[str, str]]
