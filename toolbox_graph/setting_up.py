"""How does the command line get what does not come with the program?"""

from toolbox_graph import browser_parts
from toolbox_graph.errors import Unusable
from toolbox_graph.terminal import Context, command


@command("fetch-editor", name="fetch-editor")
def fetch_editor(context: Context) -> None:
    """Fetch what the query editor is made with in browsers, from the npm registry; without it there is a plain form."""
    try:
        path = browser_parts.ensure()
    except Unusable as refusal:
        raise Unusable(f"{refusal.detail} Without the editor's parts SPARQL has a plain form.") from refusal
    context.result({"folder": str(path)}, f"The parts of the editor lie in {path}")
