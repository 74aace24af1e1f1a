"""What do the addresses of prepared questions answer?"""

from toolbox_graph import saved_queries
from toolbox_graph.assembly import Service
from toolbox_graph.errors import MethodNotAllowed
from toolbox_graph.model import in_language
from toolbox_graph.query import Request, read
from toolbox_graph.saved_queries import SavedQuery
from toolbox_graph.store.engine import Engine
from toolbox_graph.web import sparql
from toolbox_graph.web.authorization import limits
from toolbox_graph.web.pages import QueryPage
from toolbox_graph.web.responses import Response
from toolbox_graph.web.views import Layout


async def respond(name: str, request: Request, engine: Engine, service: Service, layout: Layout) -> Response:
    """Answer a prepared question; raise the refusal where there is no answer."""
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Ask this address with GET.", allow=["GET", "HEAD"])
    question = saved_queries.get(name)
    asked = read(request, limits(request, service))
    arguments = {key: value.strip() for key, value in asked.others.items() if key != "lang" and value.strip()}
    defaults = {parameter.name: parameter.default for parameter in question.parameters}
    text = saved_queries.bind(question, defaults | arguments, layout.model.base)
    query = asked.of(text)
    if not asked.for_person:
        return await sparql.answer(query, engine, service, request.if_none_match)
    result, problem, status = await sparql.ask_for_page(query, engine, service, layout)
    title, description = _headings(question, layout.language, is_default=defaults | arguments == defaults)
    page = QueryPage(
        title=title,
        description=description,
        fields=_fields(question, arguments, layout.language),
        text=text,
        result=result,
        problem=problem,
    )
    return sparql.page(page, layout, arguments | sparql.chosen_language(asked), status=status)


def _headings(question: SavedQuery, language: str, *, is_default: bool) -> tuple[str, str]:
    """Return title and description of the page; the title names the defaults, and would be untrue of other things."""
    title, description = (in_language(texts, language) for texts in (question.titles, question.descriptions))
    return (title, description) if is_default else (description.removesuffix("."), "")


def _fields(question: SavedQuery, arguments: dict[str, str], language: str) -> list[tuple[str, str, str, str]]:
    return [
        (
            parameter.name,
            in_language(parameter.labels, language),
            arguments.get(parameter.name, parameter.default),
            parameter.default,
        )
        for parameter in question.parameters
    ]
