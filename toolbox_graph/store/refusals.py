"""What does a client read when its query gets no answer?"""

import logging
import re
import signal
from difflib import get_close_matches
from typing import Any

from toolbox_graph.errors import (
    AnswerTooLarge,
    FederationRefused,
    InvalidRequest,
    MalformedQuery,
    QueryMemoryExceeded,
    QueryTimeout,
    QueryTooDeep,
    ToolboxError,
)
from toolbox_graph.namespaces import PREFIXES
from toolbox_graph.negotiation import GRAPHS, RESULTS, unacceptable
from toolbox_graph.store.engine import Query
from toolbox_graph.store.lexer import tokens, unescaped
from toolbox_graph.store.sandbox import EXIT_MEMORY
from toolbox_graph.store.service_clauses import calls

log = logging.getLogger(__name__)

UNKNOWN_FUNCTION = re.compile(r"The custom function (<[^>]*>) is not supported")

NOT_IN_THIS_FORMAT = "does not support RDF 1.2"
"""What the engine says of a statement about a statement that is to be written in JSON-LD."""

PREFIXED = re.compile(r"([\w-]*):[^\s:]*$")
"""A prefixed name at the end of a text."""

LONGEST_NAME = 200
"""Characters of a prefixed name that is looked at."""

RULES = {
    "variable that is unbound": "A variable of SELECT has to stand in GROUP BY, or within an aggregate such as COUNT.",
    "not authorized with GROUP BY": "Where there is GROUP BY, name the variables of SELECT in the place of *.",
    "Duplicated variable name": "Two columns of SELECT have the same name.",
    "overrides an existing variable": "AS needs a name that no variable of the pattern has.",
    "IRI parsing failed": "What stands there between < and > is no IRI: that has no blanks.",
    "not allowed in DELETE DATA": "DELETE DATA has neither variables nor blank nodes; take DELETE … WHERE.",
    "not allowed in DELETE WHERE": "DELETE WHERE has no blank nodes; take variables.",
    "not allowed in INSERT DATA": "INSERT DATA has no variables; take INSERT … WHERE.",
}
"""What the engine says of a broken rule, in part, and what to do about it."""

UPDATES = frozenset(["insert", "delete", "load", "clear", "create", "drop", "copy", "move", "add", "with"])
"""With which word an update begins, behind what it declares."""

BEGINNING = 2_000
"""Characters in which that word has to come for us to see it."""

AROUND = 20
"""Characters shown before and after the place where a query stops being SPARQL."""


def from_payload(payload: dict[str, Any], query: Query) -> ToolboxError:
    """Return the refusal that a worker has sent.

    >>> from toolbox_graph.store.engine import Limits
    >>> query = Query("SELECT * {", None, None, Limits(10, 1000))
    >>> from_payload({"name": "malformed-query", "line": 1, "column": 11, "expected": ""}, query).detail
    'This is not SPARQL at line 1, column 11, after “SELECT * {”.'
    """
    match payload["name"]:
        case "malformed-query":
            return _malformed(query.text, payload["line"], payload["column"], payload["expected"])
        case "unreadable":
            return InvalidRequest(payload["detail"])
        case "not-acceptable":
            return unacceptable(GRAPHS if payload["form"] == "graph" else RESULTS)
        case "not-in-this-format":
            return _unwritable(query, payload["form"])
        case "answer-too-large":
            limit = query.limits.answer_bytes
            return AnswerTooLarge(
                f"The answer is longer than {limit // 1_000_000} MB; ask for a part with LIMIT.", limit=limit
            )
    if NOT_IN_THIS_FORMAT in payload["trace"]:
        return _unwritable(query, "graph")
    if unknown := UNKNOWN_FUNCTION.search(payload["trace"]):
        return InvalidRequest(f"There is no function {unknown[1]} here.")
    log.error("a query failed: %s", payload["trace"])
    return ToolboxError("The query failed for a reason that is ours; it has been noted.")


def _unwritable(query: Query, form: str) -> ToolboxError:
    """Return the refusal of an answer that the format that was asked for cannot hold: the others may."""
    chosen, offers = (query.graph, GRAPHS) if form == "graph" else (query.results, RESULTS)
    return unacceptable([each for each in offers if each != chosen])


def refuse_calls(text: str) -> None:
    """Raise FederationRefused where a query calls another service.

    A worker could not anyway; but of a call that fails within EXISTS the engine makes an answer, and a wrong one.
    """
    if calls(unescaped(text)):
        raise FederationRefused("This service calls no other: take SERVICE out, and join the answers on your side.")


def timeout(query: Query, waited: float = 0.0) -> QueryTimeout:
    """Return the refusal of a query whose time is over, of which it may have waited for a worker a good part."""
    limit = query.limits.seconds
    is_busy = waited > limit / 2
    hint = (
        "Many ask just now; try again later." if is_busy else "Say more of what you look for, or ask for less (LIMIT)."
    )
    detail = f"The query ran longer than {limit:g} s and was ended. {hint}"
    return QueryTimeout(detail, limit=limit, elapsed=limit, waited=round(waited, 3), hint=hint)


def from_exit_code(code: int, query: Query) -> ToolboxError:
    """Return the refusal of a query that ended its worker."""
    if code in {-signal.SIGSEGV, -signal.SIGBUS}:
        return QueryTooDeep("The query is nested too deeply to be read; write it with fewer brackets.")
    if code in {-signal.SIGABRT, -signal.SIGKILL, EXIT_MEMORY}:
        return QueryMemoryExceeded("The query took too much memory and was ended; sort, group or join less at a time.")
    if code == -signal.SIGALRM:
        return timeout(query)
    log.error("a worker ended with %d", code)
    return ToolboxError("The query failed for a reason that is ours; it has been noted.")


def _malformed(text: str, line: int, column: int, expected: str) -> MalformedQuery:
    """Return the refusal of what is no SPARQL; the engine's list of all it had expected would help nobody."""
    lines = text.split("\n")
    there = lines[line - 1] if 0 < line <= len(lines) else ""
    before, behind = there[: column - 1], there[column - 1 :]
    around = (("after", before[-AROUND:].strip()), ("before", behind[:AROUND].strip()))
    shown = "".join(f", {side} “{words}”" for side, words in around if words)
    hint = _about_prefix(before) if "Prefix not found" in expected else _about_rule(expected) or _about_update(text)
    return MalformedQuery(f"This is not SPARQL at line {line}, column {column}{shown}.{hint}", line=line, column=column)


def _about_rule(expected: str) -> str:
    """Return which rule is broken by what can be read, which the engine sees when it is through.

    >>> _about_rule("expected one of SELECT * is not authorized with GROUP BY, [_]")
    ' Where there is GROUP BY, name the variables of SELECT in the place of *.'
    """
    return next((f" {hint}" for words, hint in RULES.items() if words in expected), "")


def _about_update(text: str) -> str:
    """Return where an update is to be sent; nothing of what is none.

    >>> _about_update("PREFIX ex: <http://example.org/> INSERT DATA { ex:a ex:b 1 }")
    ' It is an update: send it by POST, as the parameter update, with a token.'
    """
    words = (token.word for token in tokens(text[:BEGINNING]))
    first = next((word for word in words if word and word not in {"base", "prefix"}), "")
    return " It is an update: send it by POST, as the parameter update, with a token." if first in UPDATES else ""


def _about_prefix(before: str) -> str:
    """Return what to do about the prefix at the end of a text, which is not declared.

    >>> _about_prefix("SELECT * { ?s foa:name")
    ' The prefix foa: is not declared; did you mean PREFIX foaf: <http://xmlns.com/foaf/0.1/>?'
    """
    used = PREFIXED.search(before[-LONGEST_NAME:])
    name = used[1] if used else ""
    if name in PREFIXES:
        return f" The prefix {name}: is not declared; begin with PREFIX {name}: <{PREFIXES[name]}>."
    near = get_close_matches(name, PREFIXES, n=1)
    meant = f"; did you mean PREFIX {near[0]}: <{PREFIXES[near[0]]}>?" if near else "."
    return f" The prefix {name}: is not declared{meant}"
