"""Which questions do we offer, with which parameters?

Each is a file in `queries/` that runs as it stands in any SPARQL editor: a parameter is a `VALUES ?name { … }` that
holds its default, and another value is put there as a term, never as text. The header (`query_files`) also holds the
answer, written by hand before the query first ran.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph import files, query_files
from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.model import Labels
from toolbox_graph.namespaces import KEY, Base

VALUES = re.compile(r"(VALUES \?(\w+) )\{[^{}]*\}")
"""Where the value of a parameter stands in a query."""

TEXT = "text"
"""The kind of a parameter that is no thing but a word, such as the code of a language."""

LONGEST = 100
"""Characters of a word."""


class Parameter(NamedTuple):
    """What a question can be asked about: a thing of some kind or a word, and the one that it is by default."""

    name: str
    kind: str
    default: str
    labels: Labels


class SavedQuery(NamedTuple):
    """A question: what it is called and answers, its parameters, its SPARQL text, and the answer that tests expect.

    `facts` are the facts from which the answer was written, `sheets` the sheets in which a person read it; a row of it
    holds things as kind and key, other values as text.
    """

    name: str
    titles: Labels
    descriptions: Labels
    parameters: tuple[Parameter, ...]
    facts: tuple[str, ...]
    sheets: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...]
    text: str


@cache
def saved_queries() -> Mapping[str, SavedQuery]:
    """Return the questions by name, sorted."""
    return {path.stem: _read(path) for path in sorted(files.QUERIES.glob("*.rq"))}


def get(name: str) -> SavedQuery:
    """Return a question by its name."""
    if name not in saved_queries():
        raise NotFound(f"There is no question {name!r}; there are {', '.join(saved_queries())}.")
    return saved_queries()[name]


def bind(query: SavedQuery, arguments: Mapping[str, str], base: Base) -> str:
    """Return the text of a question with other things or words in the place of its defaults."""
    known = {parameter.name: parameter for parameter in query.parameters}
    terms = {}
    for name, value in arguments.items():
        if name not in known:
            names = ", ".join(known) or "none"
            raise InvalidRequest(f"The question has no parameter {name!r}; it has {names}.", parameter=name)
        terms[name] = _term(known[name], value, base)
    # In one pass: a word may look like a place for another.
    return VALUES.sub(lambda match: f"{match[1]}{{ {terms[match[2]]} }}" if match[2] in terms else match[0], query.text)


def _term(parameter: Parameter, value: str, base: Base) -> ox.NamedNode | ox.Literal:
    if parameter.kind != TEXT:
        return ox.NamedNode(_thing(parameter, value, base))
    if not value.isprintable() or len(value) > LONGEST:
        raise InvalidRequest(
            f"The parameter {parameter.name} is a word such as {parameter.default}, of {LONGEST} characters at most.",
            parameter=parameter.name,
        )
    return ox.Literal(value)


def _thing(parameter: Parameter, value: str, base: Base) -> str:
    """Return the IRI of the thing that a parameter names: by its key, by kind and key, or by its IRI."""
    kind, key = base.split(value) or value.rpartition("/")[::2]
    if kind not in {parameter.kind, ""} or not KEY.fullmatch(key):
        raise InvalidRequest(
            f"The parameter {parameter.name} is a {parameter.kind}, such as {parameter.default}, not {value!r}.",
            parameter=parameter.name,
        )
    return base.thing(parameter.kind, key)


def _read(path: Path) -> SavedQuery:
    name, header, text = query_files.read(path)
    return SavedQuery(
        name=name,
        titles=header["title"],
        descriptions=header["description"],
        parameters=tuple(_parameter(name, entry) for name, entry in header.get("parameters", {}).items()),
        facts=tuple(header.get("facts", ())),
        sheets=tuple(header.get("sheets", ())),
        expected=tuple(map(_row, header["expected"])),
        text=text,
    )


def _parameter(name: str, entry: Mapping[str, object]) -> Parameter:
    labels = entry["label"]
    assert isinstance(labels, dict)
    return Parameter(name, str(entry["kind"]), str(entry["default"]), labels)


def _row(cells: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, cells))
