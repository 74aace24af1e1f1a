"""What is given to a search in a query: which words, in names alone or anywhere, and how many things at most?"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

import pyoxigraph as ox

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.namespaces import FOAF, RDFS, SCHEMA, SKOS, XSD
from toolbox_graph.store.marks import Marks
from toolbox_graph.store.prologue import Names

MOST = 10_000
"""Things that a search gives, the best ones, unless it asks for fewer."""

NAMES = frozenset(
    map(
        str, (RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SCHEMA.name, SCHEMA.alternateName, FOAF.name)
    )
)
"""The properties by which a search is one in names."""

NUMBER = re.compile(r"\d{1,9}", re.ASCII)

ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)

MEANT = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
"""The characters for which escapes in a string stand (SPARQL 1.1 Query, production ECHAR)."""

HOW = 'Ask so: ?thing tbg:matches "words" . or: (?thing ?score) tbg:matches ("words" 10) .'
"""What whoever asks in a way that is not understood is told."""

Term = ox.Literal | ox.NamedNode | ox.Variable | int

Wanted = TypeVar("Wanted")


class Arguments(NamedTuple):
    """What a search is given: words, or the variable that has them; whether names alone are meant; how many things."""

    words: ox.Literal | ox.Variable
    in_names: bool
    limit: int


def arguments(marks: Marks, names: Names, at: int, end: int) -> Arguments:
    """Return what stands between two places of a query; raise InvalidRequest for what means nothing here.

    >>> marks = Marks('(<http://www.w3.org/2000/01/rdf-schema#label> "open" 10)')
    >>> given = arguments(marks, Names([], ""), 0, len(marks.found))
    >>> str(given.words), given.in_names, given.limit
    ('"open"', True, 10)
    """
    is_list = marks.mark(at).text == "(" and marks.after(at) == end
    given = list(terms(marks, names, at + 1, end - 1) if is_list else terms(marks, names, at, end))
    if len(given) > 1 and not is_list:
        raise InvalidRequest(f"What else a search is given than words stands with them in brackets. {HOW}")
    properties = [term.value for term in given if isinstance(term, ox.NamedNode)]
    if unknown := next((name for name in properties if name not in NAMES), None):
        raise InvalidRequest(
            f"There is no index of <{unknown}> alone. A search is one in names (rdfs:label) or, without a property, in "
            f"all that is told of a thing. {HOW}"
        )
    match given[len(properties) :]:
        case [ox.Literal() | ox.Variable() as words]:
            return Arguments(words, bool(properties), MOST)
        case [ox.Literal() | ox.Variable() as words, int(limit)] if 1 <= limit <= MOST:
            return Arguments(words, bool(properties), limit)
        case [_, int(limit)]:
            raise InvalidRequest(f"A search gives 1 to {MOST:,} things, not {limit:,}. {HOW}")
        case [ox.Literal(), *_, ox.Literal() as second]:
            raise InvalidRequest(
                f"A search takes words and a number of things, and nothing like {second.value[:40]!r}: all languages "
                f"are searched together, and what is found is not marked. {HOW}"
            )
    raise InvalidRequest(f"A search takes words and perhaps a number of things. {HOW}")


def terms(marks: Marks, names: Names, at: int, end: int) -> Iterator[Term]:
    """Yield the terms between two places; raise InvalidRequest for what is none."""
    while at < end:
        mark = marks.mark(at)
        at += 1
        if mark.kind == "string":
            following = [each.text for each in marks.found[at : min(at + 3, end)]]
            language = following[0][1:] if following and following[0].startswith("@") else ""
            is_typed = following[:2] == ["^", "^"] and len(following) == 3
            if is_typed and names.of(marks.mark(at + 2)) != str(XSD.string):
                raise InvalidRequest(f"The words of a search are a text, without a type. {HOW}")
            at += 3 if is_typed else bool(language)
            yield _literal(mark.text, language)
        elif mark.kind in {"iri", "name"}:
            yield _named(names.of(mark))
        elif mark.kind == "variable" and mark.text[0] in "?$":
            yield ox.Variable(mark.text[1:])
        elif NUMBER.fullmatch(mark.text):
            yield int(mark.text)
        else:
            raise InvalidRequest(f"A search does not understand {mark.text[:40]!r} here. {HOW}")


def only(kind: type[Wanted], found: Iterable[Term]) -> list[Wanted]:
    """Return terms that have to be of one kind; raise InvalidRequest where one is not."""
    wanted: list[Wanted] = []
    for term in found:
        if not isinstance(term, kind):
            raise InvalidRequest(f"A search does not understand {str(term)[:40]} here. {HOW}")
        wanted.append(term)
    return wanted


def _literal(written: str, language: str) -> ox.Literal:
    """Return the literal that a string of a query stands for."""
    marks = 3 if written.startswith(('"""', "'''")) else 1
    try:
        return ox.Literal(ESCAPE.sub(_character, written[marks:-marks]), language=language or None)
    except (ValueError, OverflowError, KeyError):
        raise InvalidRequest(f"The words {written[:40]} are no text of SPARQL.") from None


def _character(escape: re.Match[str]) -> str:
    number = escape[1] or escape[2]
    return chr(int(number, 16)) if number else MEANT[escape[3]]


def _named(name: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(name)
    except ValueError:
        raise InvalidRequest(f"<{name[:100]}> is no IRI.") from None
