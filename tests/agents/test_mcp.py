"""The catalogue for agents: the real command, asked by the real client over standard input and output."""

import asyncio
import json
import os
import re
import sys
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal
from click.testing import CliRunner
from mcp import Client, StdioServerParameters, stdio_client
from mcp.server import MCPServer

from tests.conftest import BASE, DECLARATIONS, PATIENT, Served
from toolbox_graph import cli
from toolbox_graph.agents import asking, command, telling, tools
from toolbox_graph.errors import ENVIRONMENT
from toolbox_graph.negotiation import LANGUAGES

PREFIXES = DECLARATIONS.replace("@prefix", "PREFIX").replace("> .", ">")
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"

HOSTILE = {
    "an update": ("INSERT DATA { <urn:a> <urn:b> <urn:c> }", "Malformed query"),
    "a call of another service": ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", "Federation refused"),
    "an endless query": (ENDLESS, "Query timeout"),
    "a huge query": ("ASK {" + " " * 2_000_000 + "}", "may have 20,000 characters"),
    "a deep query": ("SELECT * " + "{" * 9_000, "Query too deep"),
    "too much memory": ("SELECT (GROUP_CONCAT(?o) AS ?all) { ?s ?p ?o . ?a ?b ?c }", "Query"),
    "no query": ("\0\ud7ff", "Malformed query"),
    "nothing": ("", "Give the query"),
    "a term that is not declared": ("SELECT * { ?s tbg:usesTool ?o }", "begin with PREFIX tbg:"),
}
"""Texts that no good comes of, and what is said of them."""


class Agent:
    """A program that works with the catalogue."""

    def __init__(self, portal: BlockingPortal, client: Client) -> None:
        self._portal = portal
        self.client = client

    def do(self, work: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """Return what the client gets."""
        return self._portal.call(work, *arguments)

    def call(self, tool: str, **arguments: Any) -> str:
        """Return what a tool tells."""
        result = self.do(partial(self.client.call_tool, tool, arguments))
        assert not result.is_error, result.content[0].text
        return str(result.content[0].text)

    def refused(self, tool: str, **arguments: Any) -> str:
        """Return what a tool says that refuses."""
        result = self.do(partial(self.client.call_tool, tool, arguments))
        assert result.is_error
        return str(result.content[0].text)

    def ask(self, query: str, **arguments: Any) -> str:
        """Return what a query finds, with all prefixes declared."""
        return self.call("query", query=PREFIXES + query, **arguments)


@pytest.fixture(scope="module")
def agent(catalogue: Path) -> Iterator[Agent]:
    """An agent with the bundled catalogue, a time limit of a second and memory of 300 MB."""
    environment = {**os.environ, **PATIENT, "TOOLBOX_QUERY_SECONDS": "1", "TOOLBOX_QUERY_MEGABYTES": "300"}
    program = ["-m", "toolbox_graph.cli", "--data", str(catalogue), "mcp"]
    server = StdioServerParameters(command=sys.executable, args=program, env=environment)
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(stdio_client(server))) as client,
    ):
        yield Agent(portal, client)


def test_there_are_four_tools_and_all_say_that_they_only_read(agent: Agent) -> None:
    offered = agent.do(agent.client.list_tools).tools
    assert {tool.name for tool in offered} == {"search", "describe", "query", "why_empty"}
    assert all(tool.annotations.read_only_hint and not tool.annotations.open_world_hint for tool in offered)


def test_texts_can_be_had_in_the_languages_of_the_pages(agent: Agent) -> None:
    [search] = [tool for tool in agent.do(agent.client.list_tools).tools if tool.name == "search"]
    assert search.input_schema["properties"]["language"]["enum"] == list(LANGUAGES)


def test_an_agent_is_told_what_there_is_and_how_things_are_named(agent: Agent) -> None:
    told = str(agent.client.instructions)
    assert f"{BASE.iri}id/{{kind}}/{{key}}" in told
    assert re.search(r"[1-9]\d* tools", told)


def test_the_tool_for_queries_tells_prefixes_and_classes_and_its_example_is_answered(agent: Agent) -> None:
    [told] = [tool.description for tool in agent.do(agent.client.list_tools).tools if tool.name == "query"]
    assert "PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>" in told
    assert re.search(r"`tbg:usesTool` \d+ → `tbg:Tool`", told)
    example = re.findall(r"```sparql\n(.*?)```", told, re.DOTALL)[-1]
    assert agent.call("query", query=example).count("<id/tool/") > 1


def test_the_guide_and_the_ontology_can_be_read_whole(agent: Agent) -> None:
    texts = {}
    for resource in agent.do(agent.client.list_resources).resources:
        texts[resource.name] = agent.do(agent.client.read_resource, resource.uri).contents[0].text
    assert texts["llms.txt"].startswith("# Toolbox Graph")
    assert "tbg:usesTool" in texts["ontology.ttl"]


def test_search_finds_what_was_mistyped_and_tells_the_name_to_go_on_with(agent: Agent) -> None:
    found = json.loads(agent.call("search", words="opnfisca", language="fr"))
    assert (found["items"][0]["name"], found["items"][0]["kind"]) == ("<id/tool/openfisca>", "tool")
    assert found["items"][0]["description"].startswith("Moteur")


def test_search_is_narrowed_by_what_it_tells(agent: Agent) -> None:
    found = json.loads(agent.call("search", words="participatory budget", limit=1))
    kind, number = next(iter(found["narrow_by"]["kind"].items()))
    narrowed = json.loads(agent.call("search", words="participatory budget", choices={"kind": [kind]}, limit=1))
    assert narrowed["total"] == number
    assert narrowed["more"] == "go on with offset=1"


def test_the_parts_of_a_search_follow_each_other(agent: Agent) -> None:
    parts = [
        json.loads(agent.call("search", choices={"kind": "method"}, limit=3, offset=offset)) for offset in (0, 3, 6)
    ]
    names = [item["name"] for part in parts for item in part["items"]]
    assert len(names) == len(set(names)) == parts[0]["total"]
    assert "more" not in parts[-1]


def test_a_search_that_is_not_understood_is_told_what_there_is(agent: Agent) -> None:
    assert "there are tool, use-case" in agent.refused("search", choices={"kind": "gadget"})
    assert "'colour'; there are q, " in agent.refused("search", choices={"colour": "red"})


@pytest.mark.parametrize(
    "name", ["<id/tool/openfisca>", "tool/openfisca", f"{BASE.iri}id/tool/openfisca", "id/tool/openfisca"]
)
def test_a_thing_goes_by_each_form_of_its_name(agent: Agent, name: str) -> None:
    assert json.loads(agent.call("describe", thing=name))["label"] == "OpenFisca"


def test_a_fact_has_a_label_a_value_with_its_name_and_sources(agent: Agent) -> None:
    told = json.loads(agent.call("describe", thing="tool/openfisca"))
    [developer] = [fact for fact in told["facts"] if fact["property"] == "tbg:developer"]
    assert developer["label"] == "developed by"
    [value] = developer["values"]
    assert value["value"] == "Etalab <id/organization/etalab>"
    assert [told["sources"][str(number)] for number in value["sources"]] == [
        "Nominees of the Digital Public Goods registry <id/source/dpg-nominees>, 2026-11-22"
    ]


def test_what_points_to_a_thing_is_told_with_labels(agent: Agent) -> None:
    told = json.loads(agent.call("describe", thing="tool/openfisca", language="fr"))
    [used] = [links for links in told["links_from_others"] if links["property"] == "tbg:usesTool"]
    assert "OpenFisca au Sénégal <id/use-case/openfisca-in-senegal>" in used["values"]


def test_a_thing_in_turtle_can_be_read_as_it_is(agent: Agent) -> None:
    told = agent.call("describe", thing="tool/openfisca", format="turtle")
    statements = list(ox.parse(told, ox.RdfFormat.TURTLE))
    assert ox.NamedNode(BASE.thing("tool", "openfisca")) in {statement.subject for statement in statements}


@pytest.mark.parametrize(
    ("thing", "said"),
    [
        ("tool/ckam", "There is no tool 'ckam'"),
        ("gadget/ckan", "There is no kind 'gadget'"),
        ("What is CKAN?", "search finds those"),
        ("a" * 100_000, "search finds those"),
        ("../../health", "search finds those"),
    ],
    ids=lambda text: text[:20],
)
def test_a_thing_that_is_not_there_is_refused_with_what_to_do(agent: Agent, thing: str, said: str) -> None:
    assert said in agent.refused("describe", thing=thing)


def test_a_table_has_terms_as_queries_write_them(agent: Agent) -> None:
    told = agent.ask(
        "SELECT ?use ?name { ?use tbg:usesTool <id/tool/openfisca> ; rdfs:label ?name } ORDER BY ?use ?name"
    )
    assert told.splitlines()[:2] == ["?use\t?name", '<id/use-case/openfisca-in-senegal>\t"OpenFisca au Sénégal"@fr']
    assert told.endswith("(6 solutions.)")


def test_a_table_that_is_cut_says_how_to_go_on(agent: Agent) -> None:
    query = "SELECT ?country { ?country a schema:Country } ORDER BY ?country"
    first, second = agent.ask(query, rows=3), agent.ask(f"{query} OFFSET 3", rows=3)
    assert first.splitlines()[-1] == (
        "(3 solutions, and there are more: go on with OFFSET 3 and an ORDER BY, or ask for less.)"
    )
    assert not set(first.splitlines()[1:-1]) & set(second.splitlines()[1:-1])


def test_an_ask_is_answered_in_a_word(agent: Agent) -> None:
    assert agent.ask("ASK { <id/tool/openfisca> ?p ?o }") == "true"


def test_a_graph_is_told_with_short_names(agent: Agent) -> None:
    told = agent.ask("CONSTRUCT { ?tool dct:license ?l } WHERE { ?tool a tbg:Tool ; dct:license ?l } LIMIT 5")
    assert re.fullmatch(
        r"(@(base|prefix) .*\n)+(<id/tool/\S+> dct:license <https://spdx.org/licenses/\S+> \.\n?){5}", told
    )


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("query", {"query": "SELECT * { ?s ?p ?o }", "rows": 500}),
        ("query", {"query": "CONSTRUCT WHERE { ?s ?p ?o }"}),
        ("query", {"query": "SELECT (GROUP_CONCAT(?o) AS ?all) { ?s <http://purl.org/dc/terms/description> ?o }"}),
        ("search", {"limit": 50}),
        ("describe", {"thing": "source/toolbox-graph"}),
        ("describe", {"thing": "country/fr"}),
        ("describe", {"thing": "theme/open-data", "format": "turtle"}),
    ],
)
def test_no_answer_is_longer_than_some_pages(agent: Agent, tool: str, arguments: dict[str, Any]) -> None:
    # A table and a graph have a line or some that say what was left out, and what stands for what.
    assert 100 < len(agent.call(tool, **arguments)) <= telling.LONGEST + 1_500


def test_what_finds_nothing_is_told_what_was_perhaps_meant(agent: Agent) -> None:
    told = agent.ask("SELECT ?use { ?use tbg:usesTol ?tool ; rdfs:lable ?name }")
    assert "(No solutions; why_empty says which part of the query leaves nothing.)" in told
    assert "tbg:usesTol is not in this catalogue. Did you mean tbg:usesTool?" in told
    assert "Did you mean rdfs:label?" in told


def test_why_a_query_is_empty_is_told_by_its_parts(agent: Agent) -> None:
    query = "SELECT ?use {\n  ?use tbg:usesTool <id/tool/openfisca> .\n  FILTER(?use = <urn:nobody>)\n}"
    told = json.loads(agent.call("why_empty", query=PREFIXES + query))
    assert (told["verdict"], told["meaning"]) == ("part", telling.MEANINGS["part"])
    assert [part["text"] for part in told["parts"] if part.get("finds_without")] == ["FILTER(?use = <urn:nobody>)"]
    assert {key for part in told["parts"] for key in part} == {"text", "line", "finds_without"}


def test_why_a_query_is_empty_names_terms_as_queries_do(agent: Agent) -> None:
    told = json.loads(agent.call("why_empty", query=f"{PREFIXES}SELECT * {{ ?tool a tbg:Tol }}"))
    assert told["unknown"] == [{"term": "tbg:Tol", "nearest": "tbg:Tool"}]


@pytest.mark.parametrize(("query", "said"), HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("tool", ["query", "why_empty"])
def test_what_harms_is_refused_and_the_next_is_answered(agent: Agent, tool: str, query: str, said: str) -> None:
    assert said in agent.refused(tool, query=query)
    assert agent.ask("ASK { <id/tool/openfisca> ?p ?o }") == "true"


def test_a_refusal_says_where_the_query_is_wrong(agent: Agent) -> None:
    assert "at line 2, column 17, after “WHERE { ?s ?p ??”" in agent.refused(
        "query", query="SELECT *\nWHERE { ?s ?p ?? }"
    )
    assert "at line 2, column 4" in agent.refused("query", query="SELECT *\nWHE")


def test_several_are_answered_while_one_takes_long(agent: Agent) -> None:
    async def together() -> list[str]:
        slow = asyncio.ensure_future(agent.client.call_tool("query", {"query": ENDLESS}))
        quick = [await agent.client.call_tool("query", {"query": "ASK {}"}) for _ in range(3)]
        assert not slow.done()
        answers: list[Any] = [*quick, await slow]
        return [answer.content[0].text for answer in answers]

    *quick, slow = agent.do(together)
    assert quick == ["true"] * 3
    assert "Query timeout" in slow


def told_over_http(address: str, tool: str, arguments: dict[str, Any]) -> str:
    """Return what a tool tells of a service that runs elsewhere."""

    async def ask() -> str:
        async with asking.over_http(address) as doors:
            server: MCPServer[Any] = await tools.create(doors)
            result: Any = await server.call_tool(tool, arguments)
            return str(result.content[0].text)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {"words": "open data", "limit": 3}),
        ("describe", {"thing": "tool/openfisca"}),
        ("query", {"query": "SELECT ?p { <id/tool/openfisca> ?p ?o } ORDER BY ?p"}),
        ("query", {"query": "CONSTRUCT WHERE { <id/tool/openfisca> ?p ?o }"}),
        ("why_empty", {"query": "SELECT * { ?s <urn:nothing> ?o }"}),
    ],
)
def test_a_service_elsewhere_tells_the_same(agent: Agent, served: Served, tool: str, arguments: dict[str, Any]) -> None:
    assert told_over_http(f"{served.address}/", tool, arguments) == agent.call(tool, **arguments)


def test_an_answer_that_is_not_read_to_its_end_costs_no_more(served: Served) -> None:
    told = told_over_http(f"{served.address}/", "query", {"query": "CONSTRUCT WHERE { ?s ?p ?o }"})
    assert told.endswith("# Cut here: there is more. Ask for less, or for a part with LIMIT and OFFSET.")
    assert served.get("/sparql/queries").json()["queries"] == []


def test_without_a_service_the_command_says_so() -> None:
    done = CliRunner().invoke(cli.main, ["mcp", "--url", "http://127.0.0.1:9"])
    assert done.exit_code == ENVIRONMENT
    assert "does not answer" in done.stderr


def test_without_the_extra_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server", None)
    monkeypatch.delitem(sys.modules, "toolbox_graph.agents.tools")
    monkeypatch.delattr(sys.modules[command.__package__], "tools")
    done = CliRunner().invoke(cli.main, ["--data", str(tmp_path), "mcp"])
    assert done.exit_code == ENVIRONMENT
    assert "pip install 'toolbox-graph[mcp]'" in done.stderr
