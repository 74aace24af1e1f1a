"""Which types and properties are there for who reconciles?

The types are our kinds; the properties are those of the ontology, by their short names. Who has a spreadsheet writes
what stands above a column, so labels in any language, and the properties of Wikidata that say the same, are understood.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from rdflib import URIRef

from toolbox_graph.evidence import ROLES, Evidence
from toolbox_graph.model import Labels, Model, in_language, local_name
from toolbox_graph.namespaces import RDFS, SKOS, WD, short


class Entry(NamedTuple):
    """A type or a property: its id here, its IRI, what it is called, and what it means."""

    id: str
    iri: str
    labels: Labels
    definitions: Labels

    def tell(self, language: str) -> dict[str, str]:
        """Return it as clients read it."""
        told = {"id": self.id, "name": in_language(self.labels, language) or self.id}
        description = in_language(self.definitions, language)
        return told | ({"description": description} if description else {})


class Schema:
    """The types and properties of a catalogue."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self.evidence = Evidence.of(model)
        self.types = {
            kind.name: Entry(kind.name, kind.iri, kind.labels, _definitions(model, kind.iri))
            for kind in model.kinds.values()
        }
        self._of_kind = {kind.name: self._paths(kind.iri) for kind in model.kinds.values()}
        used = frozenset[str]().union(*self._of_kind.values())
        known = (entry for name, entry in model.properties.items() if name in used)
        self.properties = {
            short(one.iri): Entry(short(one.iri), one.iri, one.labels, _definitions(model, one.iri)) for one in known
        }
        self._by_name = dict(reversed(list(self._names())))

    def kind(self, text: str) -> str:
        """Return the kind that a type means: by its name, that of its list, or its IRI; nothing where it is none."""
        meant = (k.name for k in self._model.kinds.values() if text in {k.name, k.plural, k.iri, short(k.iri)})
        return next(meant, "")

    def property(self, text: str) -> Entry | None:
        """Return the property that a text means: by its short name, its IRI, or what it is called in any language."""
        return self._by_name.get(text) or self._by_name.get(text.strip().casefold())

    def of(self, kinds: Collection[str]) -> list[Entry]:
        """Return the properties that things of some kinds may have, or of all, in their order."""
        wanted = frozenset[str]().union(*(self._of_kind[kind] for kind in kinds or self._of_kind))
        return [entry for entry in self.properties.values() if entry.iri in wanted]

    def _paths(self, class_iri: str) -> frozenset[str]:
        narrower = map(str, self._model.ontology.transitive_subjects(RDFS.subClassOf, URIRef(class_iri)))
        return frozenset(rule.path for rule in self._model.rules([class_iri, *narrower]))

    def _names(self) -> Iterator[tuple[str, Entry]]:
        """Yield what properties can be called, the surest names first."""
        entries = self.properties.values()
        for entry in entries:
            yield from ((entry.id, entry), (entry.iri, entry))
        for role in ROLES:
            yield from ((role, entry) for entry in entries if self.evidence.roles.get(entry.iri) == role)
        for relation in (SKOS.exactMatch, SKOS.closeMatch):
            for entry in entries:
                others = map(str, self._model.ontology.objects(URIRef(entry.iri), relation))
                yield from ((other.removeprefix(str(WD)), entry) for other in others if other.startswith(str(WD)))
        for entry in entries:
            yield from ((label.casefold(), entry) for label in entry.labels.values())
            yield local_name(entry.iri).casefold(), entry


@lru_cache(maxsize=4)
def schema_of(model: Model) -> Schema:
    """Return the types and properties of a catalogue; they stay as they are as long as the program runs."""
    return Schema(model)


def beginning(entries: Sequence[Entry], prefix: str, language: str) -> list[Entry]:
    """Return the entries of which the id or a name begins so, first those whose name in the language does."""
    begin = prefix.strip().casefold()
    fitting = [entry for entry in entries if any(text.startswith(begin) for text in _texts(entry))]
    return sorted(fitting, key=lambda entry: not in_language(entry.labels, language).casefold().startswith(begin))


def _texts(entry: Entry) -> Iterator[str]:
    yield entry.id.casefold()
    yield local_name(entry.iri).casefold()
    for label in entry.labels.values():
        yield label.casefold()
        yield from label.casefold().split()


def _definitions(model: Model, iri: str) -> Mapping[str, str]:
    texts = model.ontology.objects(URIRef(iri), SKOS.definition)
    return {getattr(text, "language", None) or "": str(text) for text in texts}
