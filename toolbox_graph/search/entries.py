"""What does the index note of a thing?

Its words by where they stand, its values by facet, and where it stands in each order. A word in a name weighs more than
one in another name, in what it is tied to, or in a text about it; those are the tiers.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import version
from typing import NamedTuple

from tantivy import Document, Schema, SchemaBuilder

from toolbox_graph.listing import place_of
from toolbox_graph.model import Labels, Model, in_language
from toolbox_graph.namespaces import RDF, RDFS, SKOS, TBG
from toolbox_graph.negotiation import LANGUAGES
from toolbox_graph.search.facets import KIND, counting_for, facets
from toolbox_graph.search.words import beginnings, joined, squeezed, stems, words
from toolbox_graph.store.claims import Facts
from toolbox_graph.store.quads import iri, language, node, value_of

FORMAT = f"1, {version('tantivy')}"
"""Changes whenever something else is noted, or in another way, so that an index of before is made anew."""

THING, KEPT, TITLE, WEIGHT = "thing", "kept", "title", "weight"
NAME, ALIAS, TAG, TEXT = TIERS = ("name", "alias", "tag", "text")
NEWEST, MOST_USED, COMPLETENESS = ORDERS = ("newest", "most-used", "completeness")

HERE = "."
"""Stands among the names of all that can be found; no name is so written."""

LABEL, TYPE = map(node, (RDFS.label, RDF.type))
ALIASES = set(map(node, (SKOS.altLabel, SKOS.hiddenLabel, TBG.spdxIdentifier, TBG.alpha3Code)))
SKIPPED = {LABEL, node(SKOS.prefLabel), *ALIASES}
"""Properties whose texts are no texts about a thing."""

MANY_USES = 8
"""Doublings of use from which on more use lifts a thing no further."""

Text = tuple[str, str]
"""A text and its language."""


class Kept(NamedTuple):
    """What the index keeps of a thing to compare with: what it was called, and what it used."""

    called: list[list[str]]
    used: list[str]

    def write(self) -> bytes:
        """Return it as bytes."""
        return json.dumps(self).encode()

    @classmethod
    def read(cls, data: bytes) -> "Kept":
        """Return what was kept."""
        return cls(*json.loads(data))


@cache
def schema(names: tuple[str, ...]) -> Schema:
    """Return the fields of the index, given the names of the facets."""
    builder = SchemaBuilder()
    builder.add_text_field(THING, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field(KEPT, stored=True)
    for field in (TITLE, *TIERS):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="basic")
    for name in names:
        builder.add_text_field(facet_field(name), fast=True, tokenizer_name="raw", index_option="basic")
    for spoken in LANGUAGES:
        builder.add_text_field(place_field(spoken), fast=True, tokenizer_name="raw", index_option="basic")
    for order in ORDERS:
        builder.add_unsigned_field(order, fast=True)
    builder.add_float_field(WEIGHT, fast=True)
    return builder.build()


def facet_field(name: str) -> str:
    """Return the field that holds the values of a facet."""
    return f"facet-{name}"


def place_field(spoken: str) -> str:
    """Return the field by which names are sorted in a language."""
    return f"place-{spoken}"


class Noting:
    """Makes the entries of things; `called` tells what the things and terms are called that a thing leads to."""

    def __init__(self, model: Model, called: Callable[[str], Iterable[Text]]) -> None:
        self._model = model
        self._called = called
        self.facets = facets(model)
        self.schema = schema(tuple(self.facets))
        self._facet_of = {node(name): facet for facet in self.facets.values() for name in facet.properties}
        self._dates = set(map(node, counting_for(NEWEST, model)))
        self.leading = tuple(self._facet_of)
        self.using = tuple(map(node, counting_for(MOST_USED, model)))
        self._known = cache(self._properties)

    def kept(self, facts: Facts) -> Kept:
        """Return what is kept of a thing."""
        used = {value for name, value in facts if name in self.using}
        return Kept([list(text) for text in _texts(facts, {LABEL})], sorted(used))

    def hidden(self, kind: str, key: str, facts: Facts) -> Document:
        """Return the entry of a thing that is not to be found: others may still be tied to it."""
        return Document(**{THING: [f"{kind}/{key}"], KEPT: [self.kept(facts).write()]})

    def entry(self, kind: str, key: str, facts: Facts, uses: int) -> Document:
        """Return the entry of a thing that so many others use."""
        names = _texts(facts, {LABEL}) or [(key, "")]
        known = self._completeness(facts)
        document = self.hidden(kind, key, facts)
        self._add_words(document, key, names, facts)
        self._add_values(document, kind, facts)
        self._add_places(document, f"{kind}/{key}", dict(_by_language(names)), facts, uses, known)
        shortest = min(len(words(text)) or 1 for text, _ in names)
        document.add_float(WEIGHT, weight(uses, known, shortest))
        return document

    def _add_words(self, document: Document, key: str, names: list[Text], facts: Facts) -> None:
        aliases = [*_texts(facts, ALIASES), (key, "")]
        document.add_text(NAME, _all_forms(names))
        document.add_text(ALIAS, _all_forms(aliases))
        document.add_text(TAG, _all_forms(self._ties(facts)))
        document.add_text(TEXT, _all_forms(self._told(facts)))
        titles = [squeezed(text) for text, _ in (*names, *aliases)]
        document.add_text(TITLE, HERE)
        document.add_text(TITLE, joined(form for title in titles for form in (title, *beginnings(title))))

    def _ties(self, facts: Facts) -> Iterator[Text]:
        """Yield what that is called to which a thing is tied by its facets."""
        for name, value in facts:
            if name in self._facet_of:
                yield from self._called(value) if value.startswith("<") else [(value_of(value), language(value))]

    def _told(self, facts: Facts) -> Iterator[Text]:
        """Yield the texts about a thing: what is written in some language."""
        for name, value in facts:
            if name not in SKIPPED and name not in self._facet_of and (spoken := language(value)):
                yield value_of(value), spoken

    def _add_values(self, document: Document, kind: str, facts: Facts) -> None:
        document.add_text(facet_field(KIND), kind)
        for name, value in sorted({self._chosen_by(name, term) for name, term in facts if name in self._facet_of}):
            document.add_text(facet_field(name), value)

    def _chosen_by(self, name: str, term: str) -> tuple[str, str]:
        """Return the facet that a property belongs to, and how a value is written there."""
        facet = self._facet_of[name]
        return facet.name, facet.value(term, self._model)

    def _add_places(self, document: Document, thing: str, names: Labels, facts: Facts, uses: int, known: float) -> None:
        for spoken in LANGUAGES:
            # The name of the thing makes each place another, so that no two things ever change places.
            document.add_text(place_field(spoken), f"{place_of(in_language(names, spoken))}\0{thing}")
        first = place_of(in_language(names, LANGUAGES[0]))
        newest = max((day(value_of(value)) for name, value in facts if name in self._dates), default=0)
        for order, number in zip(ORDERS, (newest, uses, round(known * 1000)), strict=True):
            document.add_unsigned(order, rank(number, first))

    def _completeness(self, facts: Facts) -> float:
        """Return the share of the properties that its shapes know of which a thing has a value."""
        known = self._known(frozenset(iri(value) for name, value in facts if name == TYPE))
        return len(known & {name for name, _ in facts}) / len(known) if known else 0.0

    def _properties(self, classes: frozenset[str]) -> frozenset[str]:
        paths = {rule.path for rule in self._model.rules(classes)}
        return frozenset(node(path) for path in paths if path in self._model.properties)


def _texts(facts: Facts, predicates: set[str]) -> list[Text]:
    return [(value_of(value), language(value)) for name, value in sorted(facts) if name in predicates]


def _by_language(texts: Iterable[Text]) -> Iterator[tuple[str, str]]:
    return ((spoken, text) for text, spoken in texts)


def _all_forms(texts: Iterable[Text]) -> str:
    return joined(form for text, spoken in texts for form in (*words(text), *stems(text, spoken)))


def day(text: str) -> int:
    """Return a date, or its year and month, or its year, as a number that grows with it; 0 for what is none.

    >>> day("2016-12-07"), day("2016-12"), day("2016"), day("soon")
    (20161207, 20161200, 20160000, 0)
    """
    digits = text[:10].replace("-", "")
    return int(digits.ljust(8, "0")) if len(digits) in {4, 6, 8} and digits.isascii() and digits.isdigit() else 0


LETTERS, WIDTH = 6, 5
"""How many letters of a name decide between things that are equal otherwise, and bits for each."""


def rank(number: int, place: str) -> int:
    """Return a number by which the larger stand first, and of equal ones those whose names do.

    >>> rank(3, "zebra") > rank(2, "ant") > rank(2, "bee") > rank(2, "zebra")
    True
    """
    letters = (place + "\0" * LETTERS)[:LETTERS]
    ahead = 0
    for letter in letters:
        ahead = (ahead << WIDTH) + min(max(ord(letter) - ord("a") + 2, 1), 31) * (letter != "\0")
    return (min(number, 0xFFFFFFFF) << LETTERS * WIDTH) + (1 << LETTERS * WIDTH) - 1 - ahead


def weight(uses: int, known: float, length: int) -> float:
    """Return the weight of a thing among those that match as well: much used, well known, shortly named.

    The library multiplies scores by the binary logarithm of two more than this: here from 1 to 1.25.
    """
    lift = 0.15 * min(math.log2(1 + uses) / MANY_USES, 1) + 0.05 * known + 0.05 / length
    return math.exp2(1 + lift) - 2
