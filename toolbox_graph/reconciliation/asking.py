"""What does a client ask?

Each query of a batch is read by itself: one that says nothing finds nothing, and takes nothing from the others
(Reconciliation Service API 0.2, section 4). A batch that is no batch is refused.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn

from toolbox_graph.errors import InvalidRequest, TooLarge
from toolbox_graph.evidence import COUNTRY, IDENTIFIER, REPOSITORY, ROLES, WEBSITE
from toolbox_graph.matching import countries
from toolbox_graph.matching.records import Asked
from toolbox_graph.model import Model
from toolbox_graph.reconciliation import things
from toolbox_graph.reconciliation.schema import Schema

BATCH = 50
"""Queries of a batch."""

IDS, PROPERTIES, CELLS = 10_000, 100, 100_000
"""Things and properties of one extension, and how many they are together."""

LONGEST = 500
"""Characters of a name; what is longer is none."""

LIMIT, MOST = 5, 50
"""Candidates of a query, unless it asks for another number, and at most."""

VALUES = 10
"""Values of one property that are looked at."""

NOTHING = "-"
"""The type of no thing, for a type that there is not."""


def read_json(text: str, name: str) -> dict[str, Any]:
    """Return the object that a parameter holds."""
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as problem:
        raise InvalidRequest(f"The parameter {name} is no JSON.", parameter=name) from problem
    if not isinstance(found, dict):
        raise InvalidRequest(f"The parameter {name} is an object of JSON.", parameter=name)
    return found


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def read_batch(text: str) -> dict[str, Any]:
    """Return the queries of a batch by their keys."""
    batch = read_json(text, "queries")
    if len(batch) > BATCH:
        raise TooLarge(f"A batch has at most {BATCH} queries, not {len(batch)}; send several.", limit=BATCH)
    return batch


class Reading:
    """Reads queries, with the types and properties of a catalogue, as asked at an address for some kinds."""

    def __init__(self, schema: Schema, model: Model, kinds: Sequence[str]) -> None:
        self._schema = schema
        self._model = model
        self._kinds = kinds

    def asked(self, query: object) -> Asked | None:
        """Return what a query asks; None where it asks nothing."""
        if not isinstance(query, Mapping):
            return None
        name = cleaned(query.get("query"))
        told = self._told(query.get("properties"))
        if len(name) > LONGEST or not (name or any(told.values())):
            return None
        return Asked(
            name,
            types=self.kinds(query.get("type")),
            websites=told[WEBSITE],
            repositories=told[REPOSITORY],
            country=next(filter(None, map(self._country, told[COUNTRY])), ""),
            ids=told_ids(told),
            limit=limit_of(query.get("limit")),
        )

    def kinds(self, asked: object) -> Sequence[str]:
        """Return the kinds that are asked for, of those of this address; what is none of them nothing is."""
        types = [text for entry in _listed(asked) for text in _texts(entry) if text]
        if not types:
            return self._kinds
        meant = dict.fromkeys(filter(None, map(self._schema.kind, types)))
        return [kind for kind in meant if not self._kinds or kind in self._kinds] or [NOTHING]

    def _told(self, properties: object) -> dict[str, list[str]]:
        """Return the values that tell something, by what they tell; identifiers by their scheme too."""
        told: dict[str, list[str]] = {role: [] for role in ROLES}
        for entry in _listed(properties)[:PROPERTIES]:
            pid, given = (entry.get("pid"), entry.get("v")) if isinstance(entry, Mapping) else (None, None)
            known = self._schema.property(pid) if isinstance(pid, str) else None
            role = known and self._schema.evidence.roles.get(known.iri)
            if known and role:
                values = [text for value in _listed(given)[:VALUES] for text in _texts(value) if text]
                told.setdefault(f"{role} {known.id}" if role == IDENTIFIER else role, []).extend(values)
        return told

    def _country(self, text: str) -> str:
        """Return the code of a country that is named by it, by an id of ours, or in any language."""
        named = things.split(text, [COUNTRY]) or self._model.base.split(text)
        if named and named[0] == COUNTRY:
            return named[1].upper()
        code = text.upper()
        return code if code in things.country_names() else countries.by_name(text)


def told_ids(told: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Return the identifiers among what was told, by their scheme."""
    begin = f"{IDENTIFIER} "
    return {
        name.removeprefix(begin): things.value(values[0])
        for name, values in told.items()
        if name.startswith(begin) and values
    }


def cleaned(text: object) -> str:
    r"""Return a text without what no text has: halves of characters, and NUL.

    >>> cleaned(" a\ud800\0b "), cleaned(5)
    ('a b', '')
    """
    if not isinstance(text, str):
        return ""
    return text.encode("utf-8", "ignore").decode().replace("\0", " ").strip()


def _listed(value: object) -> list[Any]:
    """Return a value that may be given alone as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(value: object) -> Iterator[str]:
    """Yield what a value is in words; clients that merge rows put each on a line of its own."""
    match value:
        case bool():
            return
        case int() | float():
            yield str(value)
        case str():
            yield from (cleaned(line) for line in value.splitlines()[:VALUES] if len(line) <= 4 * LONGEST)
        case {"id": str(one)} if one:
            yield cleaned(one)


def limit_of(limit: object) -> int:
    """Return how many candidates are asked for; what is no such number is not heard.

    >>> limit_of(3), limit_of(10**12), limit_of(0), limit_of("x"), limit_of(True)
    (3, 50, 5, 5, 5)
    """
    is_number = isinstance(limit, int) and not isinstance(limit, bool) and limit > 0
    return min(int(str(limit)), MOST) if is_number else LIMIT
