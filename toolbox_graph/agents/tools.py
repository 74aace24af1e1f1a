"""Which tools does an agent get, and what do they do?

There are four, and all of them only read. Each asks one door of the service, with its limits, and tells the answer
within some pages; a refusal says what to do next.
"""

import json
import re
from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import Annotated, Any, Literal

from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from toolbox_graph.agents import telling
from toolbox_graph.agents.asking import Doors
from toolbox_graph.errors import InvalidRequest, MalformedQuery, TooLarge, ToolboxError
from toolbox_graph.namespaces import KEY, Base
from toolbox_graph.negotiation import JSON, MARKDOWN, TSV, TURTLE
from toolbox_graph.store import modifiers
from toolbox_graph.store.lexer import LONG
from toolbox_graph.web.guide import VOCABULARY
from toolbox_graph.web.requests import VERSION

MOST = 5_000_000
"""Bytes of a document that is read whole, such as the ontology."""

ROOM = 8 * telling.LONGEST
"""Bytes of an answer that are read to tell so much of it: most names become shorter."""

THING = re.compile(rf"<?(?:\S*/)?({KEY.pattern})/({KEY.pattern})(?:#\S*)?>?")
"""The name of a thing: whole, relative to the base, or its kind and key alone."""

LONGEST_NAME = 1_000
"""Characters of a name that are looked at."""

READ_ONLY = ToolAnnotations(read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False)

Language = Annotated[Literal["en", "fr", "es"], Field(description="The language of labels and texts.")]
Query = Annotated[
    str,
    Field(description="A SPARQL 1.1 query: SELECT, ASK, CONSTRUCT or DESCRIBE.", json_schema_extra={"maxLength": LONG}),
]

HOW = f"""
Four tools read it, none writes. search finds things by words; describe tells all that is known of one, with sources;
query answers SPARQL; why_empty says which part of a query leaves nothing. Names in answers are written as in queries:
<id/tool/…> and prefixed names can be used as they are. An answer has some {telling.LONGEST:,} characters at most, and
says how to go on where it is cut. Cite the sources that describe names.
""".strip().replace("\n", " ")

SEARCH = """
Find things (tools, use cases, organizations, countries, …) by words, in any language; typing mistakes are forgiven.
Returns JSON: the total, the things with name, kind, label and description, and under narrow_by how many there are of
each value that the search can be narrowed by. Begin here to learn the name of a thing.
""".strip().replace("\n", " ")

DESCRIBE = """
Tell what the catalogue knows of one thing: each property with its values and the numbers of the sources that say so,
what points to it, and the sources. A value with "shown": false is stated by somebody and not what the catalogue holds.
Returns compact JSON in one language, or Turtle with all texts. Where total or more_values says that there are more,
query finds them.
""".strip().replace("\n", " ")

QUERY = """
Answer a SPARQL 1.1 query, read only. A SELECT gives a table in TSV with terms as in SPARQL, an ASK true or false,
CONSTRUCT and DESCRIBE Turtle. Ask for labels too (rdfs:label with a FILTER on LANG), and for no more rows than you
read. An error says where the query is wrong; if nothing is found, ask why_empty.
""".strip().replace("\n", " ")

WHY_EMPTY = """
Tell why a SPARQL query finds nothing: each part of it is left out once, and it is asked whether the rest finds
anything. Returns JSON: the verdict and what it means, the parts with their lines, and the terms that the catalogue does
not know, with what may be meant.
""".strip().replace("\n", " ")

CHOICES = """
Values to narrow by, for each facet, as narrow_by gives them: {"kind": ["tool"], "country": ["fr", "es"]}. Values of one
facet are alternatives; choices in several facets must all hold.
""".strip().replace("\n", " ")

ANSWERS = f"{TSV.media_type}, {TURTLE.media_type}"
"""What a query may be answered in: a table, or statements."""

RESOURCES = (
    ("llms.txt", MARKDOWN.media_type, "What there is, and how to ask for it"),
    ("ontology.ttl", TURTLE.media_type, "All classes and properties, with their definitions"),
)
"""What can be read whole."""

Tool = Callable[..., Awaitable[str]]


async def create(doors: Doors) -> MCPServer[Any]:
    """Return the server with the tools for a service, which tells what there is."""
    guide = (await doors.ask("llms.txt", MARKDOWN.media_type, most=MOST)).text
    introduction = guide.partition("\n## ")[0]
    about, _, vocabulary = introduction.partition(VOCABULARY)
    base = Base(json.loads((await doors.ask("sparql/terms.json", JSON.media_type, most=MOST)).text)["base"])
    server: MCPServer[Any] = MCPServer(
        "toolbox-graph",
        title="Toolbox Graph",
        version=VERSION,
        instructions=f"{about.strip()}\n\n{HOW}",
        log_level="WARNING",
    )
    tools = Tools(doors, base)
    for tool, description in (
        (tools.search, SEARCH),
        (tools.describe, DESCRIBE),
        (tools.query, f"{QUERY}\n\n{VOCABULARY}{vocabulary}"),
        (tools.why_empty, WHY_EMPTY),
    ):
        server.add_tool(_refusing(tool), description=description, annotations=READ_ONLY, structured_output=False)
    for path, media_type, description in RESOURCES:
        resource = server.resource(base.iri + path, name=path, description=description, mime_type=media_type)
        resource(partial(_read, doors, path, media_type))
    return server


async def _read(doors: Doors, path: str, media_type: str) -> str:
    return (await doors.ask(path, media_type, most=MOST)).text


def _refusing(tool: Tool) -> Tool:
    """Return a tool that tells refusals as the protocol has it, so that a program can do better."""

    @wraps(tool)
    async def run(*arguments: Any, **named: Any) -> str:
        try:
            return await tool(*arguments, **named)
        except ToolboxError as refusal:
            raise ToolError(refusal.detail) from refusal

    return run


def _require_short(query: str) -> None:
    if len(query) > LONG:
        raise TooLarge(f"A query may have {LONG:,} characters here; this one has {len(query):,}.", limit=LONG)


class Tools:
    """The tools for a service; the names of its things begin with the base."""

    def __init__(self, doors: Doors, base: Base) -> None:
        self._doors = doors
        self._base = base

    async def search(
        self,
        words: Annotated[str, Field(description="Words to look for; empty for all that the choices leave.")] = "",
        choices: Annotated[dict[str, str | list[str]] | None, Field(description=CHOICES)] = None,
        language: Language = "en",
        limit: Annotated[int, Field(description="How many to tell.", ge=1, le=50)] = 10,
        offset: Annotated[int, Field(description="How many to leave out.", ge=0)] = 0,
    ) -> str:
        """Return what some words and choices find."""
        fixed = {"q": words, "lang": language, "limit": str(limit), "offset": str(offset)}
        # A choice that is called like one of these is told of as any other that there is not.
        parameters = {**{name: value for name, value in (choices or {}).items() if name not in fixed}, **fixed}
        answer = await self._doors.ask("search", JSON.media_type, most=MOST, parameters=parameters)
        return telling.found(json.loads(answer.text), self._base, offset=offset)

    async def describe(
        self,
        thing: Annotated[str, Field(description="Its name: <id/tool/ckan>, tool/ckan, or the whole IRI.")],
        format: Annotated[Literal["json", "turtle"], Field(description="Compact JSON, or Turtle.")] = "json",
        language: Language = "en",
    ) -> str:
        """Return what is known of a thing."""
        named = THING.fullmatch(thing.strip()[:LONGEST_NAME])
        if named is None:
            raise InvalidRequest(
                f"{thing[:100]!r} is no name of a thing, such as tool/ckan: search finds those. Of a term of the"
                " vocabulary the query DESCRIBE tells."
            )
        path = f"id/{named[1]}/{named[2]}"
        if format == "turtle":
            answer = await self._doors.ask(path, TURTLE.media_type, most=ROOM)
            return telling.graph(answer.text, self._base, is_cut=answer.is_cut)
        answer = await self._doors.ask(path, JSON.media_type, most=MOST)
        return telling.thing(json.loads(answer.text), self._base, language)

    async def query(
        self,
        query: Query,
        rows: Annotated[int, Field(description="Solutions to tell at most.", ge=1, le=500)] = 50,
    ) -> str:
        """Return the answer to a query."""
        _require_short(query)
        # One more than is told says whether there are more; what CONSTRUCT makes of its solutions is cut as text.
        most = {"max-rows": str(rows + 1)} if modifiers.form(query) == "select" else {}
        try:
            answer = await self._doors.ask("sparql", ANSWERS, most=ROOM, form={"query": query, **most})
        except MalformedQuery:
            # With a LIMIT that nobody wrote the place of a mistake may be one that nobody sees.
            answer = await self._doors.ask("sparql", ANSWERS, most=ROOM, form={"query": query})
        if answer.media_type == TURTLE.media_type:
            told = telling.graph(answer.text, self._base, is_cut=answer.is_cut)
        else:
            told = telling.table(answer.text, self._base, rows=rows, is_cut=answer.is_cut)
        return "\n".join([told, *answer.hints])

    async def why_empty(self, query: Query) -> str:
        """Return why a query finds nothing."""
        _require_short(query)
        answer = await self._doors.ask("sparql/why-empty", JSON.media_type, most=MOST, form={"query": query})
        return telling.explained(json.loads(answer.text), self._base)
