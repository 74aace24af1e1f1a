"""The architecture: imports go down, importers know little, the top level is the one that was agreed on."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "toolbox_graph"

FLOORS = (
    {"cli"},
    {"curating"},
    {"agents", "contributing", "rebuilding", "setting_up", "tokens"},
    {"terminal", "web"},
    {"assembly", "catalogue"},
    {"imports", "overview", "playground", "writes"},
    {"changes"},
    {"trial"},
    {"reconciliation"},
    {
        "accounts",
        "citing",
        "context",
        "describing",
        "documents",
        "exports",
        "findings",
        "graph_store",
        "importing",
        "linking",
        "plain_answers",
        "remarks",
        "search",
    },
    {
        "validation",
        "coverage",
        "derivation",
        "emptiness",
        "entities",
        "evidence",
        "geojson",
        "hints",
        "listing",
        "self_description",
        "service_description",
        "saved_queries",
        "query",
        "sheets",
    },
    {"grlc", "model", "updates"},
    {"parameters", "wikidata"},
    {"matching", "store"},
    {"browser_parts", "namespaces", "negotiation", "query_files", "settings"},
    {"errors", "files", "progress"},
)
"""The modules and packages, from the roof to the ground."""

LONGEST = 300
"""Lines that a module may have: what is longer answers two questions."""


def modules() -> list[Path]:
    """Return the files of the package."""
    return sorted(PACKAGE.rglob("*.py"))


def imported(path: Path) -> set[str]:
    """Return the names of our modules that a file imports, such as `store.quads`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "toolbox_graph":
            package = (node.module or "").removeprefix("toolbox_graph").lstrip(".")
            found |= {_module(package, alias.name) for alias in node.names}
    return found - {""}


def _module(package: str, name: str) -> str:
    inner = f"{package}.{name}".lstrip(".")
    return inner if (PACKAGE / inner.replace(".", "/")).with_suffix(".py").exists() else package


def name_of(path: Path) -> str:
    """Return the name of a module within the package."""
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def floor(module: str) -> int:
    """Return the floor on which a module stands, counted from the roof."""
    return next(number for number, names in enumerate(FLOORS) if module.split(".")[0] in names)


@pytest.mark.parametrize("path", [path for path in modules() if name_of(path)], ids=name_of)
def test_imports_go_down(path: Path) -> None:
    here = name_of(path)
    package = here.split(".")[0]
    assert {
        other for other in imported(path) if floor(other) <= floor(here) and other.split(".")[0] != package
    } <= set()


def test_no_import_goes_round() -> None:
    graph = {name_of(path): imported(path) for path in modules()}
    done: set[str] = set()
    while ready := {name for name, others in graph.items() if name not in done and others <= done}:
        done |= ready
    assert done == graph.keys()


@pytest.mark.parametrize("path", sorted((PROJECT / "importers").rglob("*.py")), ids=lambda path: path.parent.name)
def test_an_importer_knows_what_it_works_with_and_nothing_else(path: Path) -> None:
    assert imported(path) <= {"importing", "namespaces"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_answers_one_question(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", [path for path in modules() if path.name != "__init__.py"], ids=name_of)
def test_a_module_says_which_question_it_answers(path: Path) -> None:
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    assert said
    assert "utils" not in path.stem


def test_only_the_door_to_flask_knows_requests_of_flask() -> None:
    knowing = {name_of(path) for path in modules() if "flask" in path.read_text(encoding="utf-8")}
    assert {name.split(".")[0] for name in knowing} <= {"web"}


def test_only_what_speaks_with_agents_needs_the_packages_of_an_extra() -> None:
    packages = re.compile(r"^\s*(?:from|import) (?:mcp|mcp_types|httpx2|pydantic)\b", re.MULTILINE)
    knowing = {name_of(path) for path in modules() if packages.search(path.read_text(encoding="utf-8"))}
    assert knowing == {"agents.asking", "agents.tools"}


def test_the_package_is_one_and_the_top_level_is_the_agreed_one() -> None:
    agreed = {
        "ontology",
        "shapes",
        "toolbox_graph",
        "importers",
        "queries",
        "server.py",
        "tests",
        "pyproject.toml",
        "README.md",
    }
    assert agreed <= {path.name for path in PROJECT.iterdir()}
    wheel = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel["packages"] == ["toolbox_graph"]
    assert all(place.startswith("toolbox_graph/") for place in wheel["force-include"].values())
