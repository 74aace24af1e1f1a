"""What is somebody told whose query finds nothing?"""

import asyncio
import json
from typing import Any

from toolbox_graph.assembly import Service
from toolbox_graph.emptiness import Explanation, Looked, explain
from toolbox_graph.errors import InvalidRequest, TooLarge
from toolbox_graph.hints import Unknown, unknown_terms
from toolbox_graph.namespaces import short
from toolbox_graph.negotiation import JSON
from toolbox_graph.query import Request, read
from toolbox_graph.store.engine import Engine
from toolbox_graph.store.lexer import LONG
from toolbox_graph.web import sparql
from toolbox_graph.web.authorization import limits
from toolbox_graph.web.responses import Response, whole
from toolbox_graph.web.sparql_pages import WhyEmptyPage
from toolbox_graph.web.views import Layout


async def respond(request: Request, engine: Engine, service: Service, layout: Layout) -> Response:
    """Answer why a query finds nothing; raise the refusal where it is none."""
    asked = read(request, limits(request, service))
    text = asked.query.text
    if not text:
        raise InvalidRequest("Give the query as the parameter query.")
    if len(text) > LONG:
        raise TooLarge(f"A query that is looked into may have {LONG} characters.", limit=LONG)
    explanation = await explain(asked.query, engine)
    unknown = await asyncio.to_thread(unknown_terms, text, service.reader().generation.store, service.model)
    if not asked.for_person:
        body = json.dumps(_document(text, explanation, unknown), ensure_ascii=False).encode()
        return _not_kept(whole(JSON, body))
    page = WhyEmptyPage(
        text=text,
        verdict=explanation.verdict.value,
        parts=[(each.part.text, _line(text, each), *each[1:]) for each in explanation.looked],
        unknown=[(short(term), short(nearest)) for term, nearest in unknown],
    )
    parameters = {"query": text, **sparql.kept(asked)}
    return _not_kept(sparql.page(page, layout, parameters, status=200))


def _document(text: str, explanation: Explanation, unknown: list[Unknown]) -> dict[str, Any]:
    return {
        "verdict": explanation.verdict.value,
        "parts": [
            {
                "text": each.part.text,
                "line": _line(text, each),
                "finds_without": each.finds_without,
                "finds_alone": each.finds_alone,
            }
            for each in explanation.looked
        ],
        "unknown": [{"term": term, "nearest": nearest or None} for term, nearest in unknown],
    }


def _line(text: str, looked: Looked) -> int:
    return text.count("\n", 0, looked.part.start) + 1


def _not_kept(response: Response) -> Response:
    """Return an answer that depends on how much could be learnt in the time."""
    return response._replace(headers=[*response.headers, ("Cache-Control", "no-store")])
