"""What does the SPARQL endpoint answer?"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote, urlencode

from rdflib import Graph

from toolbox_graph.assembly import Service
from toolbox_graph.errors import InvalidRequest, MalformedQuery, ToolboxError
from toolbox_graph.hints import Unknown, unknown_terms
from toolbox_graph.namespaces import short
from toolbox_graph.negotiation import HTML, TSV, TURTLE, Format
from toolbox_graph.query import Asked, Request, is_update, read, read_update
from toolbox_graph.settings import Settings
from toolbox_graph.store.engine import Answer, Engine, Limits, Query, at_once, require_malformed
from toolbox_graph.store.generations import Name
from toolbox_graph.store.lexer import LONG
from toolbox_graph.store.quads import iri, value_of
from toolbox_graph.web import caching, editor
from toolbox_graph.web.authorization import limits, writer
from toolbox_graph.web.graphs import written
from toolbox_graph.web.messages import OPEN, SAFETY, SCRIPTED
from toolbox_graph.web.pages import Frame, Page, ResultView, render
from toolbox_graph.web.responses import Response, answered, done, whole
from toolbox_graph.web.sparql_pages import SparqlPage
from toolbox_graph.web.version_views import AT, LANG, Fields, VersionView, view
from toolbox_graph.web.views import Layout

ROWS = 1_000
"""Rows of an answer that a page shows."""

PAGE_BYTES = 1_000_000
"""Bytes of an answer that are read for a page."""

LONGEST_LINK = 4_000
"""Characters of a query that stands in a link: longer ones are not taken everywhere."""

Problem = Mapping[str, object]


class Shown(NamedTuple):
    """What a page shows of an answer, or instead of it, the status of the page, and of which state the answer is."""

    result: ResultView | None = None
    problem: Problem | None = None
    status: int = 200
    state: str = ""


NOTHING_ASKED = Shown()
"""What there is to show where nothing was asked."""


async def respond(request: Request, engine: Engine, service: Service, layout: Layout) -> Response:
    """Answer a request to the endpoint; raise the refusal where there is no answer."""
    if is_update(request):
        update = read_update(request, service.limits)
        await service.writer.update(update, writer(request, service))
        return done(204)
    asked = await _read(request, limits(request, service))
    if asked.for_person:
        shown = await ask_for_page(asked.query, engine, service, layout) if asked.query.text else NOTHING_ASKED
        parameters = {"query": asked.query.text, **kept(asked)}
        parts, examples = editor.view(layout.model), editor.examples(service.questions, layout.model, layout.language)
        body = SparqlPage(asked.query.text, *shown[:2], *_limits(service.settings), examples, parts)
        version = cited(shown, "sparql", list(parameters.items()), service, layout)
        safety = SCRIPTED if parts else SAFETY
        return page(body, layout, parameters, status=shown.status, safety=safety, version=version)
    if asked.query.text:
        try:
            return await answer(asked.query, engine, service, request)
        except MalformedQuery:
            if asked.most is not None:
                await require_malformed(asked.query._replace(text=asked.sent), engine)
            raise
    if asked.query.graph is None or request.method not in {"GET", "HEAD"}:
        raise InvalidRequest("Give the query as the parameter query, or in the body of a POST.")
    return description(await asyncio.to_thread(service.describe_endpoint), asked.query.graph)


async def _read(request: Request, limits: Limits) -> Asked:
    """Return what a request asks; others go on meanwhile where it is long."""
    size = len(request.body) + len(request.query_string)
    return await asyncio.to_thread(read, request, limits) if size > LONG else read(request, limits)


def _limits(settings: Settings) -> tuple[str, str, str, str]:
    """Return how far a query may go, as a page says it."""
    return (
        f"{settings.query_seconds:g} s",
        f"{settings.query_megabytes} MB",
        f"{settings.answer_megabytes} MB",
        f"{settings.client_seconds:g} s",
    )


def description(graph: Graph, file_format: Format) -> Response:
    """Return the description of the service (SPARQL 1.1 Service Description, section 2)."""
    return whole(file_format, written(graph, file_format))


def kept(asked: Asked) -> dict[str, str]:
    """Return the language and the version that the reader chose in the address, as parameters, if there are any."""
    return {name: value for name, value in asked.others.items() if name in {LANG, AT}}


def cited(shown: Shown, path: str, fields: Fields, service: Service, layout: Layout) -> VersionView | None:
    """Return how an answer is cited that a page shows, None where there is none, or a link would be too long."""
    if not shown.state or service.is_playground or sum(len(value) for _, value in fields) > LONGEST_LINK:
        return None
    version = service.version(Name.parse(shown.state).position)
    return view(version, path, fields, layout, is_past=service.is_past)


async def answer(query: Query, engine: Engine, service: Service, request: Request) -> Response:
    """Return the answer to a query for a program; nothing but that it is the same, where the client has it."""
    if tag := caching.known(query, service.state(), request):
        return caching.unchanged(tag)
    begun = await engine.ask(query)
    response = answered(begun.format, begun)
    told = [*caching.to_keep(query, begun), ("Server-Timing", _timing(begun))]
    unknown = await _unknown(query, begun, service)
    response = response._replace(headers=[*response.headers, *told, *_links(unknown)])
    return await caching.withheld(response) if caching.has_any(request) else response


async def _unknown(query: Query, answer: Answer, service: Service) -> list[Unknown]:
    """Return the terms because of which an answer may have found nothing."""
    if not answer.is_empty or len(query.text) > LONG:
        return []
    return await asyncio.to_thread(unknown_terms, query.text, service.reader().generation.store, service.model)


def _links(unknown: Iterable[Unknown]) -> Iterator[tuple[str, str]]:
    """Yield what a program is told of terms that the catalogue does not know (RFC 8288)."""
    for term, nearest in unknown:
        meant = f" Did you mean {_plain(short(nearest))}?" if nearest else ""
        # Without semicolons: widely used readers of links take each for the end of the text.
        title = f"{_plain(short(term))} is not in this catalogue.{meant}"
        yield "Link", f'<{_plain(nearest or term)}>; rel="related"; anchor="{_plain(term)}"; title="{title}"'


def _plain(term: str) -> str:
    """Return an IRI in the characters that a header may have."""
    return quote(term, safe="%!#$&'()*+,/:;=?@[]~")


def _timing(answer: Answer) -> str:
    """Return what an answer has taken until its first piece was there, in milliseconds (Server Timing, section 2)."""
    return ", ".join(f"{what};dur={seconds * 1000:.1f}" for what, seconds in answer.timing.items())


async def ask_for_page(query: Query, engine: Engine, service: Service, layout: Layout) -> Shown:
    """Return the answer to a query as a page shows it, or what there is instead."""
    try:
        begun = await engine.ask(query._replace(results=TSV, graph=TURTLE))
        unknown = [(short(term), short(nearest)) for term, nearest in await _unknown(query, begun, service)]
        why = _why(query, service, layout) if begun.is_empty else ""
        result = replace(await shown_of(begun, layout), unknown=unknown, why=why)
        return Shown(result, state=begun.state)
    except ToolboxError as refusal:
        return Shown(None, refusal.problem(), refusal.status)


def _why(query: Query, service: Service, layout: Layout) -> str:
    """Return where it is told why a query finds nothing; of a long one it is not."""
    if len(query.text) > LONG:
        return ""
    at = {AT: service.reader().name.position} if service.is_past else {}
    return f"{layout.root}sparql/why-empty?{urlencode({'query': query.text, **at})}"


def page(
    body: Page,
    layout: Layout,
    parameters: Mapping[str, str],
    *,
    status: int,
    formats: Sequence[tuple[Format, str]] = (),
    safety: Sequence[tuple[str, str]] = SAFETY,
    version: VersionView | None = None,
) -> Response:
    """Return a page as an answer."""
    html = render(body, Frame(layout.language, layout.root, parameters, formats, version)).encode()
    headers = [("Content-Type", HTML.content_type), ("Vary", "Accept, Accept-Language"), *OPEN, *safety]
    return Response(status, headers, at_once(html), html)


async def shown_of(answer: Answer, layout: Layout) -> ResultView:
    """Return the beginning of an answer in TSV or Turtle, as a page shows it."""
    body = bytearray()
    async with aclosing(answer.pieces) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > PAGE_BYTES:
                break
    is_cut = len(body) > PAGE_BYTES
    text = bytes(body[:PAGE_BYTES]).decode(errors="ignore")
    lines = text.removesuffix("\n").split("\n")[: -1 if is_cut else None]
    if answer.is_graph:
        return ResultView((), (), "\n".join(lines), is_cut)
    return _table(lines, layout, is_cut=is_cut)


def _table(lines: list[str], layout: Layout, *, is_cut: bool) -> ResultView:
    if not lines[0].startswith("?"):
        # The answer to an ASK is one word; that to a SELECT begins with its variables, where it has any.
        return ResultView(("",), ([(lines[0] or str(len(lines) > 1).lower(), "")],), "", is_cut=False)
    columns = [name.removeprefix("?") for name in lines[0].split("\t")]
    rows = [[_cell(term, layout) for term in line.split("\t")] for line in lines[1 : ROWS + 1]]
    return ResultView(columns, rows, "", is_cut or len(lines) > ROWS + 1)


def _cell(term: str, layout: Layout) -> tuple[str, str]:
    """Return the text of a term and where it leads."""
    if term.startswith("<"):
        return layout.name(iri(term)), layout.address(iri(term))
    return (value_of(term) if term.startswith('"') else term), ""
