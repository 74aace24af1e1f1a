"""How does the program speak with agents?"""

import asyncio
from contextlib import AbstractAsyncContextManager

import click

from toolbox_graph.errors import Unusable
from toolbox_graph.terminal import Context, command


@command("mcp", "mcp --data /srv/toolbox", "mcp --url https://example.org/toolbox/", name="mcp")
@click.option("--url", help="Address of a running service to ask instead of a folder, up to the slash after its base.")
def mcp(context: Context, url: str | None) -> None:
    """Offer the catalogue to agents as tools that only read, over standard input and output (MCP)."""
    try:
        from toolbox_graph.agents import asking, tools
    except ModuleNotFoundError as missing:
        raise Unusable(
            f"To speak with agents {missing.name} is needed: pip install 'toolbox-graph[mcp]'"
            " (in a checkout: .venv/bin/pip install --editable '.[mcp]')."
        ) from missing

    async def serve(opening: AbstractAsyncContextManager[asking.Doors]) -> None:
        async with opening as doors:
            await (await tools.create(doors)).run_stdio_async()

    if url:
        asyncio.run(serve(asking.over_http(url if url.endswith("/") else f"{url}/")))
    else:
        # What can be wrong with the folder is told before anybody listens.
        context.repository.close()
        asyncio.run(serve(asking.in_this_process(context.settings)))
