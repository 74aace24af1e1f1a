"""How does a thing of the catalogue become a candidate?

Its id is kind and key with a hyphen between, `tool-ckan`: clients put ids into addresses as they are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache, partial
from itertools import product

import pyoxigraph as ox

from toolbox_graph.evidence import COUNTRY, Evidence
from toolbox_graph.matching import addresses, countries
from toolbox_graph.matching.records import Candidate
from toolbox_graph.model import Model, local_name
from toolbox_graph.namespaces import DCTERMS, ITEM, KEY, LICENCES, OWL, RDFS, SKOS, WD, short
from toolbox_graph.search import entries
from toolbox_graph.store import quads
from toolbox_graph.store.lookup import Term, having, shown, subjects

REMEMBERED = 10_000
"""Things that are remembered as candidates; to read one takes as long as to compare ten."""

CODE = 3
"""Letters of a code of a country."""

LABEL, DESCRIPTION, REPLACED_BY = map(str, (RDFS.label, DCTERMS.description, DCTERMS.isReplacedBy))
ALIASES = frozenset(map(quads.iri, entries.ALIASES))
LINKS = (str(OWL.sameAs), str(SKOS.exactMatch))
"""Properties that lead to the same in Wikidata."""

WIKIDATA = str(WD)

Texts = defaultdict[str, list[str]]


class Things:
    """The things of one generation as candidates."""

    def __init__(self, store: ox.Store, model: Model) -> None:
        self.model = model
        self.evidence = Evidence.of(model)
        self._store = store
        # What is cached must not hold the things: it would keep the generation open until Python looks for circles.
        self.candidate = lru_cache(REMEMBERED)(partial(_candidate, store, model, self.evidence))

    def find(self, one: str) -> Candidate | None:
        """Return the thing with an id, or the one that took its place; None where there is none."""
        thing = iri(one, self.model)
        if thing is None:
            return None
        moved = next((term.value for name, term in shown(self._store, thing) if name == REPLACED_BY), thing)
        return self.candidate(moved)

    def with_value(self, predicate: str, terms: Collection[Term]) -> Iterator[str]:
        """Yield the things that have one of some values."""
        for term in terms:
            yield from having(self._store, predicate, term)

    def item(self, thing: Candidate) -> str:
        """Return the item of Wikidata that is the same as a thing; nothing where none is known."""
        found = (value for name in LINKS for value in thing.ids.get(scheme(name), ()))
        return next((value for value in found if ITEM.fullmatch(value)), "")

    def of_item(self, item: str) -> Candidate | None:
        """Return the thing that is the same as an item of Wikidata; None where none is known."""
        if not ITEM.fullmatch(item):
            return None
        found = (self.candidate(thing) for name in LINKS for thing in subjects(self._store, name, f"{WIKIDATA}{item}"))
        return next((thing for thing in found if thing), None)


def identifier(kind: str, key: str) -> str:
    """Return the id under which a thing is reconciled."""
    return f"{kind}-{key}"


def split(one: str, kinds: Collection[str]) -> tuple[str, str] | None:
    """Return kind and key of an id; a kind may have hyphens itself.

    >>> split("use-case-mes-aides", ["tool", "use-case"]), split("nothing", ["tool"])
    (('use-case', 'mes-aides'), None)
    """
    for kind in kinds:
        key = one.removeprefix(f"{kind}-")
        if key != one and KEY.fullmatch(key):
            return kind, key
    return None


def iri(one: str, model: Model) -> str | None:
    """Return the name of the thing that an id, or the name itself, means."""
    named = split(one, model.kinds) or model.base.split(one)
    return model.base.thing(*named) if named and named[0] in model.kinds else None


def scheme(predicate: str) -> str:
    """Return what identifiers of a property are called."""
    return short(predicate)


def value(text: str) -> str:
    """Return an identifier so that it is the same in an address and alone; a code in small and in large letters.

    >>> value("http://www.wikidata.org/entity/Q142"), value("fr"), value("Apache-2.0")
    ('Q142', 'FR', 'Apache-2.0')
    """
    bare = (local_name(text) if "://" in text else text).strip()
    return bare.upper() if len(bare) <= CODE or ITEM.fullmatch(bare.upper()) else bare


def terms(text: str) -> list[Term]:
    """Return the values that an identifier may be in the store."""
    return [ox.Literal(text), *_names([f"{WIKIDATA}{text}", f"{LICENCES}{text}"])]


def websites(text: str) -> list[Term]:
    """Return the addresses that lead to the page of one: with and without encryption, `www.` and slash.

    >>> len(websites("http://ckan.org/#top")), websites("nonsense")
    (9, [])
    """
    site = addresses.site(text)
    if site is None:
        return []
    ways = product(("https", "http"), ("", "www."), ("", "/"))
    return list(_names([text, *(f"{how}://{www}{site.page}{slash}" for how, www, slash in ways)]))


def repositories(text: str) -> list[Term]:
    """Return the addresses of the repository of which an address is one."""
    key = addresses.repository(text)
    if not key:
        return []
    return list(_names([text, *(f"https://{key}{ending}" for ending in ("", "/", ".git"))]))


def _names(texts: Collection[str]) -> Iterator[Term]:
    for text in texts:
        try:
            yield ox.NamedNode(text)
        except ValueError:  # it is no name
            continue


def _candidate(store: ox.Store, model: Model, evidence: Evidence, thing: str) -> Candidate | None:
    """Return a thing as a candidate; None where there is none, or it was replaced."""
    named = model.base.split(thing)
    labels, aliases, descriptions = Texts(list), Texts(list), Texts(list)
    texts = {**dict.fromkeys(ALIASES, aliases), LABEL: labels, DESCRIPTION: descriptions}
    facts = list(shown(store, thing))
    if not named or not facts or any(name == REPLACED_BY for name, _ in facts):
        return None
    for name, term in facts:
        if name in texts:
            texts[name][getattr(term, "language", None) or ""].append(term.value)
    kind, key = named
    if kind == COUNTRY:
        aliases["mul"] += country_names().get(key.upper(), ())
    told = evidence.read(kind, key, facts, model.base)
    return Candidate(
        identifier(kind, key),
        labels or {"": [key]},
        aliases,
        descriptions,
        types=(kind,),
        countries=told.countries,
        websites=told.websites,
        repositories=told.repositories,
        ids={scheme(name): list(map(value, given)) for name, given in told.ids.items()},
    )


@cache
def country_names() -> Mapping[str, list[str]]:
    """Return what countries are called in many languages, by their codes."""
    found: dict[str, list[str]] = {}
    for name, code in countries.names().items():
        found.setdefault(code, []).append(name)
    return found
