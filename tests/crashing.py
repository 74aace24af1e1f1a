"""A writer that makes one change after the other, and says of each that it was acknowledged, until it is killed.

python -m tests.crashing FOLDER commit|import
"""

import sys
from pathlib import Path

from rdflib import Literal

from tests.conftest import BASE, TODAY, origin
from toolbox_graph.assembly import open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.importing import Importer, Run
from toolbox_graph.imports import import_into
from toolbox_graph.namespaces import RDF, RDFS, TBG
from toolbox_graph.settings import Settings
from toolbox_graph.store.journal import Draft
from toolbox_graph.store.quads import Quad, node

TOOLS = 200
"""Tools that one import states."""


def commits(repository: Repository, number: int) -> None:
    """Commit one new tool."""
    tool, graph = node(BASE.thing("tool", f"tool-{number}")), node(BASE.graph("house", "alpha"))
    added = [Quad(tool, node(str(RDF.type)), node(str(name)), graph) for name in (TBG.Tool, TBG.Software)]
    added.append(Quad(tool, node(str(RDFS.label)), f'"Tool {number}"@en', graph))
    repository.commit(Draft(origin(), [], sorted(added)), since=10**9)


def imports(repository: Repository, number: int) -> None:
    """Import tools that all carry one number, and none of the time before."""

    def import_all(run: Run) -> None:
        for key in range(TOOLS):
            tool = run.mint("tool", f"tool-{key}")
            run.state(tool, RDF.type, TBG.Tool, source="alpha")
            run.state(tool, RDF.type, TBG.Software, source="alpha")
            run.state(tool, RDFS.label, Literal(f"Tool {number}", "en"), source="alpha")

    import_into(repository, Importer("crashing", import_all), origin("import", "crashing"), today=TODAY)


def write_until_killed(folder: Path, way: str) -> None:
    """Write, and tell of each change once it was acknowledged."""
    repository = open_repository(Settings(data=folder))
    repository.bring_up_to_date()
    number = repository.journal.last().position
    print("ready", flush=True)
    while True:
        number += 1
        {"commit": commits, "import": imports}[way](repository, number)
        print(number, flush=True)


if __name__ == "__main__":
    write_until_killed(Path(sys.argv[1]), sys.argv[2])
