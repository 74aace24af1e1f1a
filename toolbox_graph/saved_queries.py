"""Which questions do we offer, with which parameters?

Each is a file in `queries/`, or in a folder of the operator's, that runs as it stands in any SPARQL editor: a parameter
is a `VALUES ?name { … }` that holds its default, or a variable that is named as grlc has it (`grlc`). Another value is
put there as a term, never as text. The header of ours (`query_files`) also holds the answer, written by hand before the
query first ran.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from toolbox_graph import files, grlc, parameters, query_files
from toolbox_graph.errors import InvalidRequest, NotFound, Unusable
from toolbox_graph.model import Labels
from toolbox_graph.namespaces import Base
from toolbox_graph.parameters import Parameter, word
from toolbox_graph.store import modifiers
from toolbox_graph.store.lexer import tokens

VALUES = re.compile(r"VALUES \?(\w+) (\{[^{}]*\})")
"""Where the value of a parameter stands in a query."""

RESERVED = frozenset(
    {"default-graph-uri", "format", "lang", "limit", "max-rows", "named-graph-uri", "offset", "query", "timeout"}
)
"""Parameters that mean the same for all questions."""

MOST = 10_000
"""Solutions that are given at a time."""

ANYWHERE = "http://localhost/"
"""A base for reading a query of which nothing is asked."""


class SavedQuery(NamedTuple):
    """A question: what it is called and answers, its parameters, its SPARQL text, and the answer that tests expect.

    `facts` are the facts from which the answer was written, `sheets` the sheets in which a person read it; a row of it
    holds things as kind and key, other values as text. `page` is the number of solutions that are given at a time where
    none is asked for, None for all; `methods` are those by which it can be asked, `tags` what it is filed under.
    """

    name: str
    titles: Labels
    descriptions: Labels
    parameters: tuple[Parameter, ...]
    facts: tuple[str, ...]
    sheets: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...]
    text: str
    page: int | None = None
    methods: tuple[str, ...] = ("GET", "HEAD")
    tags: tuple[str, ...] = ()

    @property
    def form(self) -> str:
        """The form of the query: `select`, `ask`, `construct` or `describe`."""
        return modifiers.form(self.text)

    @property
    def columns(self) -> tuple[str, ...]:
        """The variables of its solutions that are no parameters."""
        given = {parameter.place for parameter in self.parameters}
        return tuple(name for name in _columns(self.text) if name not in given)


@cache
def _columns(text: str) -> tuple[str, ...]:
    return modifiers.columns(text, ANYWHERE)


@cache
def saved_queries(*further: Path) -> Mapping[str, SavedQuery]:
    """Return the questions by name, sorted: ours, and those in further folders."""
    paths = {path.stem: path for folder in (files.QUERIES, *further) for path in folder.glob("*.rq")}
    return {name: read(path) for name, path in sorted(paths.items())}


def get(name: str, *further: Path) -> SavedQuery:
    """Return a question by its name."""
    offered = saved_queries(*further)
    if name not in offered:
        raise NotFound(f"There is no question {name!r}; there are {', '.join(offered)}.")
    return offered[name]


def bind(query: SavedQuery, arguments: Mapping[str, str], base: Base) -> str:
    """Return the text of a question with other things or values in the place of its defaults."""
    known = {parameter.name for parameter in query.parameters}
    if unknown := next((name for name in arguments if name not in known), None):
        names = ", ".join(sorted(known)) or "none"
        raise InvalidRequest(
            f"The question has no parameter {unknown[:100]!r}; it has {names}.", parameter=unknown[:100]
        )
    terms = {
        parameter.place: str(parameters.term(parameter, value, base))
        for parameter in query.parameters
        if (value := arguments.get(parameter.name, parameter.default or None)) is not None
    }
    if missing := next((one for one in query.parameters if one.is_required and one.place not in terms), None):
        raise InvalidRequest(
            f"The parameter {missing.name} has to be given, such as {missing.example}.", parameter=missing.name
        )
    return _put(query.text, terms)


def _put(text: str, terms: Mapping[str, str]) -> str:
    """Return a query with terms in the places of variables; what is in a term is never taken for a place."""
    end, pieces = 0, []
    for start, stop, written in sorted(_places(text, terms)):
        pieces += [text[end:start], written]
        end = stop
    return "".join([*pieces, text[end:]])


def _places(text: str, terms: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    for found in VALUES.finditer(text):
        if found[1] in terms:
            yield *found.span(2), f"{{ {terms[found[1]]} }}"
    for token in tokens(text):
        if grlc.is_parameter(token) and token.text[1:] in terms:
            yield token.start, token.end, terms[token.text[1:]]


def read(path: Path) -> SavedQuery:
    """Return the question that a file holds."""
    name, header, text = query_files.read(path)
    own = tuple(_parameter(name, entry) for name, entry in header.get("parameters", {}).items())
    query = SavedQuery(
        name=name,
        titles=header.get("title") or grlc.titles(header, name),
        descriptions=_labels(header.get("description")),
        parameters=(*own, *grlc.parameters(text, header)),
        facts=tuple(header.get("facts", ())),
        sheets=tuple(header.get("sheets", ())),
        expected=tuple(map(_row, header.get("expected", ()))),
        text=text,
        page=header.get("pagination"),
        methods=("GET", "HEAD", "POST") if str(header.get("method")).upper() == "POST" else ("GET", "HEAD"),
        tags=tuple(map(str, header.get("tags") or ())),
    )
    _require_usable(query)
    return query


def _require_usable(query: SavedQuery) -> None:
    """Raise Unusable for a question that could not be asked as its file says."""
    if reserved := next((one.name for one in query.parameters if one.name in RESERVED), None):
        raise Unusable(f"The question {query.name} has a parameter {reserved}, which means something else here.")
    if query.page is not None and not (type(query.page) is int and 1 <= query.page <= MOST):
        raise Unusable(f"The pagination of {query.name} is a number from 1 to {MOST}.")
    try:
        _ = query.columns
        for parameter in query.parameters:
            if parameter.default:
                parameters.term(parameter, parameter.default, Base(ANYWHERE))
    except (SyntaxError, InvalidRequest) as problem:
        raise Unusable(f"The question {query.name} cannot be asked: {problem}") from problem


def _labels(said: Any) -> Labels:
    return said if isinstance(said, dict) else {"en": str(said or "").strip()}


def _parameter(name: str, entry: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name,
        str(entry["kind"]),
        word(entry["default"]),
        entry["label"],
        language=str(entry.get("language", "")),
        choices=tuple(map(word, entry.get("enumerate", ()))),
    )


def _row(cells: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, cells))
