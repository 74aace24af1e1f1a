"""What does a person see?

A page is one dataclass and one template of the same name, which only lays out what the dataclass holds; a test
compares the fields that each template uses with those that there are.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from gettext import GNUTranslations, NullTranslations
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from toolbox_graph import files
from toolbox_graph.negotiation import LANGUAGES, Format, choose_language
from toolbox_graph.web.diagrams import Diagram
from toolbox_graph.web.version_views import VersionView
from toolbox_graph.web.views import GroupView, LinksView, NoteView, TableView, ValueView

WEB = files.PACKAGE / "web"
TEMPLATES, TRANSLATIONS, STATIC = WEB / "templates", WEB / "translations", WEB / "static"


@dataclass(frozen=True)
class Frame:
    """What every page has around it.

    `language` of the page; `root`, the relative address of the home page; `parameters` with which the page was asked
    for; `formats` in which the same can be had by programs, with their addresses; `version` of the data that the page
    shows, where it can be cited.
    """

    language: str
    root: str
    parameters: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    formats: Sequence[tuple[Format, str]] = ()
    version: VersionView | None = None

    @classmethod
    def asked(cls, query_string: str, accept_language: str | None, root: str) -> "Frame":
        """Return what is around the page of a refusal that Flask does not see, in the language that is asked for."""
        # To take a long query apart once more would cost more than all else.
        asked = parse_qs(query_string).get("lang", [""])[0] if "lang=" in query_string else ""
        return cls(choose_language(asked, accept_language), root, {"lang": asked} if asked else {})

    def address_in(self, language: str) -> str:
        """Return the address of the same page in another language."""
        return f"?{urlencode({**self.parameters, 'lang': language}, doseq=True)}"

    def to(self, address: str) -> str:
        """Return an address with the language that the reader chose, where they chose one and the address is ours."""
        chosen = self.parameters.get("lang")
        if not chosen or not address or urlsplit(address).scheme:
            return address
        path, mark, fragment = address.partition("#")
        return f"{path}{'&' if '?' in path else '?'}{urlencode({'lang': chosen}, doseq=True)}{mark}{fragment}"


class Page:
    """A page without its frame."""

    template: ClassVar[str]


@dataclass(frozen=True)
class HomePage(Page):
    """The home page: the data's `position`, and `counts` of things, with the name and address of each list."""

    template = "home.html"
    counts: Sequence[tuple[str, str, int]]
    position: int


@dataclass(frozen=True)
class ListPage(Page):
    """A list of things: its `title`, how many there are in `total`, and `items` as name, address and description.

    `first` is the number of the first item; `previous` and `following` are the addresses of the parts before and after.
    `narrowing` leads to where the things can be narrowed down.
    """

    template = "list.html"
    title: str
    narrowing: str
    items: Sequence[tuple[str, str, str]]
    total: int
    first: int
    previous: str
    following: str


@dataclass(frozen=True)
class SearchPage(Page):
    """What was found for a `text` and the choices in `facets`, in the order of `sort`, empty for the one that suits.

    `items` have name, address, kind and description; the rest is that of a list.
    """

    template = "search.html"
    text: str
    sort: str
    facets: Sequence["FacetView"]
    items: Sequence[tuple[str, str, str, str]]
    total: int
    first: int
    previous: str
    following: str


@dataclass(frozen=True)
class ValueChoice:
    """A value by which a search can be narrowed: how it is written and called, and how many things have it."""

    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class FacetView:
    """What a search can be narrowed by: how it is written and called, its values, and whether any is chosen."""

    name: str
    label: str
    values: Sequence[ValueChoice]
    has_choice: bool


@dataclass(frozen=True)
class ThingPage(Page):
    """A thing: `name`, `kind`, `iri`, `descriptions`; `groups` of facts; `tables` of its parts; `links` to it.

    `list_address` leads to all things of its kind; `missing` says what a contributor could add; `notes` are the
    sources; `json_ld` is what search engines read.
    """

    template = "thing.html"
    name: str
    kind: str
    list_address: str
    iri: str
    descriptions: Sequence[ValueView]
    groups: Sequence[GroupView]
    tables: Sequence[TableView]
    links: Sequence[LinksView]
    missing: Sequence[str]
    notes: Sequence[NoteView]
    json_ld: Mapping[str, Any]


@dataclass(frozen=True)
class TermsPage(Page):
    """The terms of the ontology or the shapes: a `title`, a `description`, and `sections` of terms."""

    template = "terms.html"
    title: str
    description: str
    sections: Sequence[tuple[str, Sequence["TermView"]]]


@dataclass(frozen=True)
class TermView:
    """One term: its anchor and short name, what it is called and means, and further facts as pairs of texts.

    `example` is a statement with the term, in Turtle. Of a class, `diagram` shows to which others it is tied, and
    `properties` are those that lead to texts, numbers and addresses, each with its anchor.
    """

    anchor: str
    short: str
    label: str
    definition: str
    facts: Sequence[tuple[str, str]]
    example: str = ""
    diagram: Diagram | None = None
    properties: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class ResultView:
    """The answer to a query: a table of `columns` and `rows`, or a `document`; `is_cut` if there is more.

    Where nothing was found, `unknown` are the terms that the catalogue does not know, and which may be meant; at the
    address `why` more is found out about that.
    """

    columns: Sequence[str]
    rows: Sequence[Sequence[tuple[str, str]]]
    document: str
    is_cut: bool
    unknown: Sequence[tuple[str, str]] = ()
    why: str = ""


@dataclass(frozen=True)
class QueriesPage(Page):
    """The questions that we offer: `queries`, each with its title, address and description."""

    template = "queries.html"
    queries: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class QueryPage(Page):
    """A question: its `title`, its `description` and the `text` that is asked; the `result`, or else the `problem`.

    `fields` are its parameters, `limit` is the number of rows at a time that the reader chose; `previous` and
    `following` are the addresses of the parts of the answer before and after; `has_charts`: whether the editor is here,
    which draws them.
    """

    template = "query.html"
    title: str
    description: str
    fields: Sequence["FieldView"]
    limit: int | None
    text: str
    result: ResultView | None
    problem: Mapping[str, object] | None
    previous: str
    following: str
    has_charts: bool


@dataclass(frozen=True)
class FieldView:
    """A field of a form: how it is written and called, its value and an example.

    `kind` is the type of the field: `choice` where it is one of `choices`, `decimal` for numbers that may be broken.
    """

    name: str
    label: str
    value: str
    example: str
    kind: str
    choices: Sequence[str]
    is_required: bool


@dataclass(frozen=True)
class HistoryPage(Page):
    """What changed: `changes`, each with position, time and reason, and how much it added and removed."""

    template = "history.html"
    changes: Sequence[tuple[int, str, str, int, int]]


@dataclass(frozen=True)
class ProblemPage(Page):
    """A refusal: its `status`, `title` and `detail`."""

    template = "problem.html"
    status: int
    title: str
    detail: str


def render(page: Page, frame: Frame) -> str:
    """Return a page as HTML in the language of its frame."""
    environment = _environment(frame.language)
    context = {field.name: getattr(page, field.name) for field in fields(page)}  # type: ignore[arg-type]
    return environment.get_template(page.template).render(frame=frame, **context)


@cache
def _environment(language: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(_translations(language), newstyle=True)  # type: ignore[attr-defined]
    environment.globals["languages"] = LANGUAGES
    return environment


def _translations(language: str) -> NullTranslations:
    path = TRANSLATIONS / f"{language}.po"
    if not path.exists():
        # The texts of the templates are English.
        return NullTranslations()
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)
