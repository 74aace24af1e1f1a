"""Which thing, or which term of a list, does a cell name?

A thing is named by its key or by its name, a term by the end of its IRI or by what it is called in any language.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from rdflib import URIRef

from toolbox_graph.model import Model
from toolbox_graph.namespaces import KEY, LICENCES
from toolbox_graph.sheets.cells import NotUnderstood, quoted
from toolbox_graph.sheets.known import Known
from toolbox_graph.sheets.metadata import expand
from toolbox_graph.store.terms import NEVER_IN_ADDRESSES

COMPARED = 1_000_000
"""Names that are looked through for those that are nearly right; then it is only said that something is missing."""


class References:
    """What cells may name: the things of some sheets, those known from elsewhere, and the terms of the ontology."""

    def __init__(self, model: Model, known: Known) -> None:
        self.model = model
        self.known = known
        self._keys: defaultdict[str, set[str]] = defaultdict(set)
        self._named: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._left_to_compare = COMPARED
        self._terms: dict[str, Mapping[str, str]] = {}
        self._licences: set[str] = set()

    def learn_licence(self, identifier: str) -> None:
        """Remember a licence of the SPDX list."""
        self._licences.add(identifier)

    def learn(self, kind: str, key: str, names: Iterable[str]) -> None:
        """Remember a thing and what it is called, so that others can point to it."""
        self._keys[kind].add(key)
        for name in filter(None, names):
            self._named[kind][name.casefold()].add(key)

    def thing(self, kind: str, text: str) -> URIRef:
        """Return the thing of a kind, or the part of it, that a cell names."""
        return URIRef(self.model.base.thing(kind, self._key(kind, text)))

    def is_term(self, prefix: str, text: str) -> bool:
        """Return whether a cell names a term of those whose prefixed names begin alike."""
        return text.casefold() in self._terms_of(prefix)

    def term(self, prefix: str, text: str) -> URIRef:
        """Return the term that a cell names, of those whose prefixed names begin alike, such as `tbg:status-`."""
        found = self._terms_of(prefix).get(text.casefold())
        if found is None:
            keys = ", ".join(sorted({iri.removeprefix(expand(prefix)) for iri in self._terms_of(prefix).values()}))
            raise NotUnderstood(f"{quoted(text)} is none of {keys}.")
        return URIRef(found)

    def licence(self, text: str) -> URIRef:
        """Return the address of a licence by its SPDX identifier."""
        if NEVER_IN_ADDRESSES.search(text) or (
            text not in self._licences and not self.known.exists(str(LICENCES[text]))
        ):
            raise NotUnderstood(
                f"{quoted(text)} is no identifier of the SPDX list; write one such as AGPL-3.0-or-later, or put what "
                "the source says under “Licence, as stated”."
            )
        return LICENCES[text]

    def _terms_of(self, prefix: str) -> Mapping[str, str]:
        if prefix not in self._terms:
            self._terms[prefix] = self._read_terms(expand(prefix))
        return self._terms[prefix]

    def _read_terms(self, prefix: str) -> Mapping[str, str]:
        terms: dict[str, str] = {}
        for iri in sorted(self.model.terms(prefix)):
            for name in (*self.model.labels(iri).values(), iri.removeprefix(prefix)):
                terms[name.casefold()] = iri
        return terms

    def knows(self, kind: str, text: str) -> bool:
        """Return whether a cell names at least one thing of a kind."""
        return bool(self._found(kind, text))

    def _found(self, kind: str, text: str) -> set[str]:
        """Return the keys of the things of a kind that have a key or a name; a key goes before a name."""
        return (
            {text} & self._keys[kind]
            or self._named[kind].get(text.casefold(), set())
            or self._known_key(kind, text)
            or self.known.named(kind, text)
            or self._known_key(kind, text.casefold())
        )

    def _known_key(self, kind: str, text: str) -> set[str]:
        return {text} if KEY.fullmatch(text) and self.known.exists(self.model.base.thing(kind, text)) else set()

    def _key(self, kind: str, text: str) -> str:
        """Return the key of the thing of a kind that a cell names by its key or its name."""
        thing, _, part = text.partition("#")
        found = self._found(kind, thing)
        if len(found) > 1:
            raise NotUnderstood(f"several are called {quoted(thing)}; write the key: {', '.join(sorted(found))}.")
        if not found:
            raise NotUnderstood(f"there is no {kind} {quoted(thing)}; {self._hint(kind, thing)}")
        [key] = found
        return f"{key}#{part}" if part else key

    def _hint(self, kind: str, text: str) -> str:
        names = self._named[kind]
        self._left_to_compare -= len(names) + len(self._keys[kind])
        if self._left_to_compare < 0:
            return "is its row missing?"
        near = get_close_matches(text.casefold(), [*self._keys[kind], *names], n=1)
        return f"did you mean {min(names.get(near[0], near))}?" if near else "is its row missing?"
