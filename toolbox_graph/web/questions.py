"""What do the addresses of prepared questions answer?"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from toolbox_graph import plain_answers, saved_queries
from toolbox_graph.assembly import Service
from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, NotFound, ToolboxError
from toolbox_graph.model import in_language
from toolbox_graph.negotiation import GRAPHS, TABLES, Format
from toolbox_graph.parameters import TEXT, Parameter
from toolbox_graph.plain_answers import PlainAnswers
from toolbox_graph.query import Asked, Request, fields_of, read
from toolbox_graph.saved_queries import SavedQuery
from toolbox_graph.store.engine import Engine, Query
from toolbox_graph.web import caching, paging, sparql, static_files
from toolbox_graph.web.authorization import limits
from toolbox_graph.web.pages import FieldView, QueryPage
from toolbox_graph.web.paging import Part
from toolbox_graph.web.responses import Response
from toolbox_graph.web.sparql import Shown
from toolbox_graph.web.version_views import AT, LANG
from toolbox_graph.web.views import Layout

OWN = frozenset({LANG, AT, paging.LIMIT, paging.OFFSET})
"""Parameters that mean the same for all questions, beside those of the protocol."""

TRIES = 3
"""How often the look behind a part is taken again where the store has changed since; then it is told all the same."""


class Question(NamedTuple):
    """A question as it is asked: the arguments that are given, and the part of the answer that is wanted."""

    saved: SavedQuery
    request: Request
    asked: Asked
    arguments: Mapping[str, str]
    part: Part

    def query(self, text: str) -> Query:
        """Return the query for the part of the answer that is wanted."""
        return self.asked.query._replace(text=paging.part_of(text, self.saved, self.part, self.asked.most))


async def respond(name: str, request: Request, engine: Engine, service: Service, layout: Layout) -> Response:
    """Answer a prepared question; raise the refusal where there is no answer."""
    question = _read(_find(name, service), request, service)
    if question.asked.for_person:
        return await _page(question, engine, service, layout)
    text = saved_queries.bind(question.saved, question.arguments, layout.model.base)
    return await _answer(question, text, PlainAnswers(engine), service)


def require_method(name: str, request: Request, service: Service) -> None:
    """Raise the refusal where there is no such question, or it is not asked in this way."""
    methods = _find(name, service).methods
    if request.method not in methods:
        raise MethodNotAllowed(f"Ask this address with {' or '.join(methods)}.", allow=list(methods))


def _find(name: str, service: Service) -> SavedQuery:
    if name not in service.questions:
        raise NotFound(f"There is no question {name[:100]!r}; there are {', '.join(service.questions)}.")
    return service.questions[name]


def _read(saved: SavedQuery, request: Request, service: Service) -> Question:
    """Return the question that a request asks."""
    asked = read(request, limits(request, service), offers(saved))
    if asked.query.text:
        raise InvalidRequest("The query of this address is fixed; send others to /sparql.", parameter="query")
    arguments = {name: value.strip() for name, value in asked.others.items() if name not in OWN and value.strip()}
    return Question(saved, request, asked, arguments, paging.wanted(asked, saved))


def offers(saved: SavedQuery) -> tuple[Format, ...]:
    """Return the formats in which the answer to a question can be had as a table."""
    return (*TABLES, *plain_answers.formats(saved.columns if saved.form == "select" else ()))


async def _answer(question: Question, text: str, engine: Engine, service: Service) -> Response:
    """Return an answer for a program, with links to the parts before and after."""
    query = question.query(text)
    if tag := caching.known(query, service.state(), question.request):
        return caching.unchanged(tag)
    for tries_left in reversed(range(TRIES)):
        has_following, state = await _follows(question, text, engine)
        response = await sparql.answer(query, engine, service, question.request)
        # What was seen behind the part is told with it only if both are of one state of the store.
        if state in {"", response.state} or not tries_left:
            break
        await response.pieces.aclose()
    links = paging.addresses(question.request, question.part, has_following=has_following)
    told = [("Link", f'<{address}>; rel="{relation}"') for relation, address in links.items()]
    return response._replace(headers=[*response.headers, *told])


async def _follows(question: Question, text: str, engine: Engine) -> tuple[bool, str]:
    if question.part.limit is None:
        return False, ""
    return await paging.follows(question.asked.query, text, question.saved, question.part, engine)


async def _page(question: Question, engine: Engine, service: Service, layout: Layout) -> Response:
    """Return the page of a question: its form, with the answer where it can be asked already."""
    saved, arguments = question.saved, question.arguments
    shown, text, links = await _shown(question, engine, service, layout)
    title, description = headings(saved, arguments, layout.language)
    body = QueryPage(
        title=title,
        description=description,
        fields=list(_fields(saved, arguments, layout.language)),
        limit=question.part.limit if question.part.limit != saved.page else None,
        text=text,
        result=shown.result,
        problem=shown.problem,
        previous=links.get("prev", ""),
        following=links.get("next", ""),
        has_charts=static_files.has_editor(),
    )
    formats = [(each, _address(question.request, each)) for each in _written(saved)]
    fields = fields_of(question.request)
    version = sparql.cited(shown, f"queries/{saved.name}", fields, service, layout)
    return sparql.page(body, layout, dict(fields), status=shown.status, formats=formats, version=version)


async def _shown(
    question: Question, engine: Engine, service: Service, layout: Layout
) -> tuple[Shown, str, Mapping[str, str]]:
    """Return what a page shows of the answer, the query, and where the parts before and after are."""
    try:
        text = saved_queries.bind(question.saved, question.arguments, layout.model.base)
    except InvalidRequest as refusal:
        # Whoever only comes to the form has not asked for anything yet.
        shown = Shown(None, refusal.problem(), refusal.status) if question.arguments else sparql.NOTHING_ASKED
        return shown, question.saved.text, {}
    try:
        has_following, _ = await _follows(question, text, engine)
    except ToolboxError as refusal:
        return Shown(None, refusal.problem(), refusal.status), text, {}
    shown = await sparql.ask_for_page(question.query(text), engine, service, layout)
    return shown, text, paging.addresses(question.request, question.part, has_following=has_following)


def _written(saved: SavedQuery) -> tuple[Format, ...]:
    """Return the formats in which the answer to a question can be had."""
    return GRAPHS if saved.form in {"construct", "describe"} else offers(saved)


def _address(request: Request, file_format: Format) -> str:
    fields = [(name, value) for name, value in fields_of(request) if name not in {"format", "lang"}]
    return f"?{urlencode([*fields, ('format', file_format.name)])}"


def _differs(saved: SavedQuery, arguments: Mapping[str, str]) -> bool:
    """Return whether a question is asked about something else than by default."""
    return any(arguments.get(one.name, one.default) != one.default for one in saved.parameters)


def headings(question: SavedQuery, arguments: Mapping[str, str], language: str) -> tuple[str, str]:
    """Return title and description of the page; the title names the defaults, and would be untrue of other things."""
    title, description = (in_language(texts, language) for texts in (question.titles, question.descriptions))
    has_defaults = any(parameter.default for parameter in question.parameters)
    if not _differs(question, arguments) or not has_defaults or not description:
        return title, description
    return description.removesuffix("."), ""


def _fields(saved: SavedQuery, arguments: Mapping[str, str], language: str) -> Iterator[FieldView]:
    for parameter in saved.parameters:
        yield _field(parameter, arguments.get(parameter.name, parameter.default), language)


def _field(parameter: Parameter, value: str, language: str) -> FieldView:
    field = parameter.form.field if parameter.form else "text"
    choices = parameter.choices or (("true", "false") if field == "choice" else ())
    return FieldView(
        name=parameter.name,
        label=in_language(parameter.labels, language),
        value=value,
        # An example of any text would look like a value.
        example=parameter.default if parameter.kind == TEXT else parameter.example,
        kind="choice" if choices else field,
        choices=choices,
        is_required=parameter.is_required,
    )
