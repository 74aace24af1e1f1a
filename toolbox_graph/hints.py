"""Which terms of a query does the catalogue not know, and which may be meant?"""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

import pyoxigraph as ox

from toolbox_graph.model import Model, local_name
from toolbox_graph.namespaces import PREFIXES
from toolbox_graph.store.lexer import tokens, unescaped
from toolbox_graph.store.prologue import Names, prologue

OTHERS = frozenset({"wd", "xsd"})
"""Prefixes whose names are no terms that a catalogue would list: there are too many."""

VOCABULARIES = tuple(namespace for prefix, namespace in PREFIXES.items() if prefix not in OTHERS)

LIKENESS = 0.7
"""How much alike two names have to be for one to be a slip of the pen for the other."""

MOST = 5
"""Terms that are told of."""


class Unknown(NamedTuple):
    """A term that the catalogue does not know, and the one that may be meant, if there is one."""

    term: str
    nearest: str


def unknown_terms(text: str, store: ox.Store, model: Model) -> list[Unknown]:
    """Return the first terms of the vocabularies in a query that stand neither in the ontology nor in the data."""
    found = list(tokens(unescaped(text)))
    declared = prologue(found)
    names = Names(declared, model.base.iri)
    used = dict.fromkeys(names.of(token) for token in found[len(declared) :] if token.kind in {"iri", "name"})
    strange = [term for term in used if _is_of_vocabulary(term) and term not in model.vocabulary]
    unknown = islice((term for term in strange if not _is_in(store, term)), MOST)
    return [Unknown(term, nearest(term, model.vocabulary)) for term in unknown]


def _is_of_vocabulary(term: str) -> bool:
    return any(
        spelled.startswith(namespace) and spelled != namespace
        for spelled in (term, _otherwise(term))
        for namespace in VOCABULARIES
    )


def _otherwise(term: str) -> str:
    """Return a term with https in the place of http, or the other way round, as schema.org is often written."""
    scheme, _, rest = term.partition("://")
    return f"{'http' if scheme == 'https' else 'https'}://{rest}"


def _is_in(store: ox.Store, term: str) -> bool:
    """Return whether a term stands anywhere in the data; what is no IRI does not."""
    try:
        node = ox.NamedNode(term)
    except ValueError:
        return False
    places = ((None, node, None), (None, None, node), (node, None, None))
    return any(True for place in places for _ in store.quads_for_pattern(*place))


def nearest(term: str, known: Iterable[str]) -> str:
    """Return the known term that is most likely meant: one of the same vocabulary, else one of the same name.

    >>> nearest("http://schema.org/nmae", ["http://schema.org/name", "http://xmlns.com/foaf/0.1/name"])
    'http://schema.org/name'
    >>> nearest("http://schema.org/prefLabel", ["http://www.w3.org/2004/02/skos/core#prefLabel"])
    'http://www.w3.org/2004/02/skos/core#prefLabel'
    >>> nearest("https://schema.org/nmae", ["http://schema.org/name"])
    'http://schema.org/name'
    """
    if not any(term.startswith(namespace) for namespace in VOCABULARIES):
        term = _otherwise(term)
    name = local_name(term)
    namespace = term.removesuffix(name)
    same = {local_name(each).casefold(): each for each in sorted(known) if each.startswith(namespace)}
    if close := get_close_matches(name.casefold(), same, n=1, cutoff=LIKENESS):
        return same[close[0]]
    # The shortest is most often the one that is not of a vocabulary built on another.
    alike = (each for each in known if local_name(each).casefold() == name.casefold())
    return min(alike, key=lambda each: (len(each), each), default="")
