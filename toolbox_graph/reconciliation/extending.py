"""Which values have some things of some properties?

Every id has a row and every row all properties, with an empty list where nothing is known: OpenRefine puts values into
columns by counting, so that one that is left out moves all that follow (Reconciliation Service API 0.2, section 7).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import pyoxigraph as ox

from toolbox_graph.errors import InvalidRequest, TooLarge
from toolbox_graph.evidence import IDENTIFIER
from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.namespaces import TBG, XSD
from toolbox_graph.reconciliation import things
from toolbox_graph.reconciliation.asking import CELLS, IDS, PROPERTIES, cleaned
from toolbox_graph.reconciliation.schema import Schema
from toolbox_graph.store.lookup import Term, values

Cell = Mapping[str, Any]

LARGEST = 2**31
"""What integers of clients in Java stay below."""

INTEGERS = {str(XSD[name]) for name in ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")}
NUMBERS = {str(XSD[name]) for name in ("decimal", "double", "float")}
DATE, DATE_TIME = str(XSD.date), str(XSD.dateTime)


class Extension:
    """Reads values from one generation; `identify` tells which thing an id means, as its IRI."""

    def __init__(self, store: ox.Store, model: Model, schema: Schema, labels: Callable[[str], Labels]) -> None:
        self._store = store
        self._model = model
        self._schema = schema
        self._labels = labels

    def extend(self, query: Mapping[str, Any], identify: Callable[[str], str], language: str) -> dict[str, Any]:
        """Return the rows of an extension, and what its columns are."""
        ids, asked = _ids(query), _properties(query)
        if len(ids) * len(asked) > CELLS:
            raise TooLarge(
                f"An extension has at most {CELLS:,} values of ids and properties; send several.", limit=CELLS
            )
        named = {one: identify(cleaned(one)) for one in ids}
        rows = {
            one: {name: self._cells(thing, name, settings, language) for name, settings in asked}
            for one, thing in named.items()
        }
        return {"meta": [self._meta(name, language) for name, _ in asked], "rows": rows}

    def texts(self, thing: str, name: str) -> set[str]:
        """Return the values that a thing has of a property, as texts, and as ids of things."""
        return {str(text) for cell in self._cells(thing, name, {}, "") for text in cell.values()}

    def _meta(self, name: str, language: str) -> dict[str, str]:
        known = self._schema.property(name)
        return {"id": name, "name": known.tell(language)["name"] if known else name}

    def _cells(self, thing: str, name: str, settings: Mapping[str, Any], language: str) -> list[Cell]:
        known = self._schema.property(name)
        if not known or not thing:
            return []
        role = self._schema.evidence.roles.get(known.iri)
        found = in_words(sorted(values(self._store, thing, known.iri), key=str), language)
        cells = [self._cell(term, language, is_identifier=role == IDENTIFIER) for term in found]
        return cells[: _limit(settings) or None]

    def _cell(self, term: Term, language: str, *, is_identifier: bool) -> Cell:
        if isinstance(term, ox.Literal):
            return literal(term)
        if named := self._model.base.split(term.value):
            return {"id": things.identifier(*named), "name": in_language(self._labels(term.value), language)}
        if term.value.startswith(str(TBG)):
            return {"str": in_language(self._labels(term.value), language)}
        return {"str": things.value(term.value) if is_identifier else term.value}


def in_words(terms: Sequence[Term], language: str) -> Sequence[Term]:
    """Return the values in a language where there are several, else those in English, else all."""
    for wanted in (language, "en"):
        if found := [term for term in terms if getattr(term, "language", None) == wanted]:
            return found
    return terms


def literal(term: ox.Literal) -> Cell:
    """Return a text, a number or a time as clients read it.

    >>> literal(ox.Literal(3)), literal(ox.Literal("2016-12-07", datatype=ox.NamedNode(DATE)))
    ({'int': 3}, {'date': '2016-12-07T00:00:00Z'})
    """
    datatype, text = term.datatype.value, term.value
    if datatype in INTEGERS and abs(int(text)) < LARGEST:
        return {"int": int(text)}
    if datatype in NUMBERS and math.isfinite(float(text)):
        return {"float": float(text)}
    if datatype == DATE:
        return {"date": f"{text[:10]}T00:00:00Z"}
    return {"date": text} if datatype == DATE_TIME else {"str": text}


def _ids(query: Mapping[str, Any]) -> list[str]:
    ids = query.get("ids")
    if not isinstance(ids, list):
        raise InvalidRequest("An extension has `ids`, a list of texts.", parameter="extend")
    if len(ids) > IDS:
        raise TooLarge(f"An extension has at most {IDS} ids, not {len(ids)}; send several.", limit=IDS)
    # What is no text is no id; it takes nothing from the others.
    return list(dict.fromkeys(one for one in ids if isinstance(one, str)))


def _properties(query: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    return list(dict(_each(query.get("properties"))).items())


def _each(properties: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not isinstance(properties, list):
        raise InvalidRequest("An extension has `properties`, a list of objects.", parameter="extend")
    if len(properties) > PROPERTIES:
        raise TooLarge(f"An extension has at most {PROPERTIES} properties; send several.", limit=PROPERTIES)
    for entry in properties:
        match entry:
            case {"id": str(name), **rest}:
                settings = rest.get("settings")
                yield name, settings if isinstance(settings, dict) else {}
            case _:
                raise InvalidRequest("A property of an extension has an `id`.", parameter="extend")


def _limit(settings: Mapping[str, Any]) -> int:
    limit = str(settings.get("limit", ""))[:9]
    return int(limit) if limit.isascii() and limit.isdigit() else 0
