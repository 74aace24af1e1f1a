"""What do we know of a thing that tells which thing is meant by a name?

As what the values of a property tell stands in the ontology (`tbg:evidence`): as a website, a repository, a country or
an identifier. What is the same in Wikidata stands there too (`ontology/alignments/wikidata.ttl`). Who matches things,
by the Reconciliation API or with Wikidata, reads them here.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from rdflib import URIRef

from toolbox_graph.matching import kinds
from toolbox_graph.model import Model
from toolbox_graph.namespaces import ITEM, RDFS, SKOS, TBG, WD, Base
from toolbox_graph.store.lookup import Term

WEBSITE, REPOSITORY, COUNTRY, IDENTIFIER = ROLES = ("website", "repository", "country", "identifier")
"""As what values tell which thing is meant; a country is a kind of things too."""

MATCHES = (SKOS.exactMatch, SKOS.closeMatch)


class Told(NamedTuple):
    """What is told of one thing: addresses, the codes of its countries (ISO 3166-1), identifiers by their property."""

    websites: Sequence[str]
    repositories: Sequence[str]
    countries: Sequence[str]
    ids: Mapping[str, Sequence[str]]


class Evidence(NamedTuple):
    """Our properties: as what their values tell, and which property of Wikidata says the same."""

    roles: Mapping[str, str]
    in_wikidata: Mapping[str, str]

    @classmethod
    def of(cls, model: Model) -> "Evidence":
        """Return what the ontology says of it."""
        roles = {str(term): str(role) for term, role in model.ontology.subject_objects(TBG.evidence)}
        same = {name: other for name in roles for other in matches(model, name) if not ITEM.fullmatch(other)}
        return cls(roles, same)

    def properties(self, role: str) -> list[str]:
        """Return the properties whose values tell so."""
        return [name for name, known in self.roles.items() if known == role]

    def read(self, kind: str, key: str, facts: Iterable[tuple[str, Term]], base: Base) -> Told:
        """Return what the facts of a thing, each property and value, tell; a country is in itself."""
        values: dict[str, dict[str, list[str]]] = {role: {} for role in ROLES}
        for name, value in sorted((name, term.value) for name, term in facts if name in self.roles):
            values[self.roles[name]].setdefault(name, []).append(value)
        codes = [key.upper()] if kind == COUNTRY else _codes(_every(values[COUNTRY]), base)
        return Told(_every(values[WEBSITE]), _every(values[REPOSITORY]), list(codes), values[IDENTIFIER])


def matches(model: Model, iri: str) -> list[str]:
    """Return the items or properties of Wikidata that mean the same as a term of the ontology, or nearly.

    >>> matches(Model.of(Base("https://example.org/")), "http://xmlns.com/foaf/0.1/homepage")
    ['P856']
    """
    found = (str(other) for match in MATCHES for other in model.ontology.objects(URIRef(iri), match))
    return sorted(other.removeprefix(WD) for other in found if other.startswith(WD))


def classes(model: Model, kind: str) -> tuple[str, ...]:
    """Return the classes of Wikidata of which the things of a kind are; there are none where any may be.

    >>> classes(Model.of(Base("https://example.org/")), "licence")
    ('Q79719',)
    """
    every = model.ontology.transitive_subjects(RDFS.subClassOf, URIRef(model.kinds[kind].iri))
    return kinds.alike(item for term in every for item in matches(model, str(term)))


def _every(values: Mapping[str, Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(value for some in values.values() for value in some))


def _codes(countries: Iterable[str], base: Base) -> Iterator[str]:
    """Yield the codes of some countries of ours, which are their keys."""
    for name in countries:
        if (named := base.split(name)) and named[0] == COUNTRY:
            yield named[1].upper()
