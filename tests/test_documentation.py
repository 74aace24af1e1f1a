"""The documentation: it names all that the code offers, its links lead somewhere, and its examples can be read."""

import ast
import re
from dataclasses import Field, fields
from pathlib import Path
from typing import Any

import click
import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE
from tests.test_catalogue import HEADERS
from toolbox_graph.cli import main
from toolbox_graph.errors import ToolboxError
from toolbox_graph.model import Kind, Model
from toolbox_graph.namespaces import short
from toolbox_graph.settings import PREFIX, Settings
from toolbox_graph.web.door import Door

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
README = PROJECT / "README.md"
NOT_OURS = {"build", "dist", "node_modules", "toolbox-data"}

LONGEST_README = 140
"""Lines: what is longer nobody reads at the door."""

COMMON = {"--data", "--help", "--json", "--version"}
"""Options that are explained once, for all commands."""

DECISION = ["Context", "Decision", "Why", "What it costs"]
"""The parts of each decision."""

LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]*))?\)")
PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
MACHINE = re.compile(r"(?<![\w.}])/(?:home|root|tmp|Users|work)/")
"""A path of somebody's machine."""


def documents() -> list[Path]:
    """Return the documents of the project."""
    return sorted(path for path in PROJECT.rglob("*.md") if _is_ours(path.relative_to(PROJECT)))


def _is_ours(path: Path) -> bool:
    return not any(part.startswith(".") or part in NOT_OURS for part in path.parts)


def name(path: Path) -> str:
    """Return what a document is called in the report of a test."""
    return path.relative_to(PROJECT).as_posix()


def read(path: Path) -> str:
    """Return what a document says."""
    return path.read_text(encoding="utf-8")


def sections(path: Path) -> dict[str, str]:
    """Return the parts of a document by their headings of the second order."""
    _, *parts = re.split(r"^## ", read(path), flags=re.MULTILINE)
    return {part.partition("\n")[0].strip("` "): part.partition("\n")[2] for part in parts}


def options(command: click.Command) -> set[str]:
    """Return the options of a command."""
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")}


def refusals(kind: type[ToolboxError] = ToolboxError) -> list[type[ToolboxError]]:
    """Return all refusals."""
    return [kind, *(refusal for narrower in kind.__subclasses__() for refusal in refusals(narrower))]


def anchors(path: Path) -> set[str]:
    """Return the fragments that the headings of a document can be reached by."""
    headings = re.findall(r"^#+ (.+)$", read(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("command", main.commands)
def test_each_command_is_explained_with_an_example(command: str) -> None:
    assert f"    toolbox-graph {command}" in sections(DOCS / "command-line.md")[command]


@pytest.mark.parametrize(
    ("command", "option"),
    [(command, option) for command, entry in main.commands.items() for option in sorted(options(entry) - COMMON)],
)
def test_each_option_is_explained_with_its_command(command: str, option: str) -> None:
    assert f"`{option}" in sections(DOCS / "command-line.md")[command]


@pytest.mark.parametrize("option", sorted(COMMON))
def test_the_options_of_all_commands_are_explained_at_the_head(option: str) -> None:
    assert f"`{option}" in read(DOCS / "command-line.md").partition("\n## ")[0]


def test_no_command_is_explained_that_is_not_there() -> None:
    assert sections(DOCS / "command-line.md").keys() == main.commands.keys()


@pytest.mark.parametrize("code", sorted({refusal.exit_code for refusal in refusals()}))
def test_each_exit_code_is_explained(code: int) -> None:
    assert f"| {code} |" in read(DOCS / "command-line.md")


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda setting: setting.name)
def test_each_setting_is_explained_with_its_default(setting: Field[Any]) -> None:
    default = "none" if setting.default == "" else f"`{setting.default}`"
    assert f"| `{PREFIX}{setting.name.upper()}` | {default} |" in read(DOCS / "settings.md")


@pytest.mark.parametrize("refusal", refusals(), ids=lambda refusal: refusal.name)
def test_each_problem_is_explained_with_its_status(refusal: type[ToolboxError]) -> None:
    assert sections(DOCS / "problems.md")[refusal.name].strip().startswith(f"Status {refusal.status}")


def test_no_problem_is_explained_that_is_not_there() -> None:
    assert sections(DOCS / "problems.md").keys() == {refusal.name for refusal in refusals()}


def test_each_address_is_explained(client: FlaskClient) -> None:
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(rule)) for rule in client.application.url_map.iter_rules()}
    explained = set(re.findall(r"`(/[^`]*)`", read(DOCS / "interface.md")))
    assert rules <= explained


@pytest.mark.parametrize(
    "address",
    [
        "/sparql",
        "/sparql/why-empty",
        "/sparql/queries",
        "/sparql/queries/{name}",
        "/queries/{name}",
        "/graph-store",
        "/graph-store/{name}",
        "/graph/{name}",
    ],
)
def test_each_address_that_flask_does_not_answer_is_explained(client: FlaskClient, address: str) -> None:
    door = Door(client.application.extensions["toolbox-graph"])
    assert door.answers(address)
    assert f"| `{address}` |" in read(DOCS / "interface.md")


@pytest.mark.parametrize("kind", Model(BASE).kinds.values(), ids=lambda kind: kind.name)
def test_each_kind_is_named_with_its_list(kind: Kind) -> None:
    assert {f"`{kind.name}`", f"`{kind.plural}`"} <= set(re.findall(r"`[^`]*`", read(DOCS / "interface.md")))


@pytest.mark.parametrize("path", documents(), ids=name)
def test_relative_links_lead_somewhere(path: Path) -> None:
    links = [(path.parent / target if target else path, fragment) for target, fragment in LINK.findall(read(path))]
    assert [str(target) for target, _ in links if not target.exists()] == []
    assert [fragment for target, fragment in links if fragment and fragment not in anchors(target)] == []


@pytest.mark.parametrize("path", documents(), ids=name)
def test_examples_in_python_can_be_read(path: Path) -> None:
    for example in PYTHON.findall(read(path)):
        assert ast.parse(example).body


@pytest.mark.parametrize("path", documents(), ids=name)
def test_no_path_of_a_machine_is_told(path: Path) -> None:
    assert MACHINE.findall(read(path)) == []


@pytest.mark.parametrize("path", [path for path in documents() if DOCS in path.parents], ids=name)
def test_each_document_can_be_reached_from_the_readme(path: Path) -> None:
    assert path.resolve() in reachable()


def reachable() -> set[Path]:
    """Return the documents that links lead to, beginning at the README."""
    found: set[Path] = set()
    to_read = {README.resolve()}
    while to_read:
        path = to_read.pop()
        found.add(path)
        targets = {(path.parent / target).resolve() for target, _ in LINK.findall(read(path)) if target.endswith(".md")}
        to_read |= targets - found
    return found


def test_the_readme_is_short() -> None:
    assert len(read(README).splitlines()) <= LONGEST_README


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("[0-9]*.md")), ids=name)
def test_each_decision_has_the_same_parts(path: Path) -> None:
    assert list(sections(path)) == DECISION


@pytest.mark.parametrize("path", sorted((DOCS / "decisions").glob("[0-9]*.md")), ids=name)
def test_each_decision_bears_its_number(path: Path) -> None:
    assert read(path).startswith(f"# {int(path.name[:4])}. ")


TERM = re.compile(r"`((?:tbg|schema|dct|foaf|org|owl|doap|dcat|rdfs):\w+)`")


def test_the_words_of_the_first_toolbox_lead_to_terms_that_there_are() -> None:
    known = {short(str(term)) for term in Model(BASE).ontology.subjects()}
    assert set(TERM.findall(read(DOCS / "from-the-first-toolbox.md"))) <= known


def test_each_column_of_the_first_toolbox_is_told_of() -> None:
    told = read(DOCS / "from-the-first-toolbox.md").casefold()
    headers = {header for titles in HEADERS.values() for header in titles.split()} - {"Name"}
    assert {header for header in headers if header.casefold() not in told} == set()
