"""What do the addresses of prepared questions answer?"""

from dataclasses import replace

from toolbox_graph import saved_queries
from toolbox_graph.errors import MethodNotAllowed
from toolbox_graph.model import in_language
from toolbox_graph.query import Request, read
from toolbox_graph.saved_queries import SavedQuery
from toolbox_graph.store.engine import Engine, Limits
from toolbox_graph.web import sparql
from toolbox_graph.web.pages import QueryPage
from toolbox_graph.web.views import Layout


async def respond(name: str, request: Request, engine: Engine, limits: Limits, layout: Layout) -> sparql.Response:
    """Answer a prepared question; raise the refusal where there is no answer."""
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("Ask this address with GET.", allow=["GET", "HEAD"])
    question = saved_queries.get(name)
    asked = read(request, limits)
    arguments = {key: value.strip() for key, value in asked.others.items() if key != "lang" and value.strip()}
    defaults = {parameter.name: parameter.default for parameter in question.parameters}
    text = saved_queries.bind(question, defaults | arguments, layout.model.base)
    query = replace(asked.query, text=text)
    if not asked.for_person:
        return await sparql.answer(query, engine)
    result, problem, status = await sparql.ask_for_page(query, engine, layout)
    page = QueryPage(
        title=in_language(question.titles, layout.language),
        description=in_language(question.descriptions, layout.language),
        fields=_fields(question, arguments, layout.language),
        text=text,
        result=result,
        problem=problem,
    )
    return sparql.page(page, layout, arguments | sparql.chosen_language(asked), status=status)


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
