"""How is Wikidata itself a source of candidates?

First what identifies is asked for, identifiers and addresses in batches, then names; then the items that were found.
All that is answered is kept. Offline, only what was kept is known.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from toolbox_graph.errors import NotFound
from toolbox_graph.matching.addresses import repository, site
from toolbox_graph.matching.records import Asked, Candidate
from toolbox_graph.namespaces import ITEM
from toolbox_graph.store.terms import is_whole
from toolbox_graph.wikidata.asking import LONGEST, Wikidata
from toolbox_graph.wikidata.kept import Kept
from toolbox_graph.wikidata.reading import ABOVE, COUNTRY, REPOSITORY, WEBSITE, candidate, statements, values

NAMES = 3
"""Names of a thing that are looked up."""

CHOSEN = 100
"""Candidates that a question may have."""

Key = TypeVar("Key")


class Live:
    """Wikidata as a source of candidates; without `wikidata`, what was kept of it."""

    def __init__(self, wikidata: Wikidata | None, kept: Kept) -> None:
        self._site = wikidata
        self._kept = kept

    def close(self) -> None:
        """Close what is kept."""
        self._kept.close()

    def expect(self, batch: Sequence[Asked]) -> None:
        """Ask for all that some questions need, in as few requests as can be."""
        things = [item for item in self._items(self._ids(batch)).values() if item]
        self._items({country for item in things for country in values(item, COUNTRY)})
        self._above({one for item in things for one in _classes(item)})

    def near(self, asked: Asked) -> list[Candidate]:
        """Return the items that have an identifier, an address or a name of the question."""
        return list({one.id: one for one in self.by_id(self._ids([asked])[:CHOSEN]).values()}.values())

    def by_id(self, ids: Sequence[str]) -> dict[str, Candidate]:
        """Return the items with some ids, or that these lead to."""
        items = self._items(one for one in ids if ITEM.fullmatch(one))
        return {one: candidate(item, self._code, asked=one) for one, item in items.items() if item}

    def statements(self, one: str, name: str) -> list[tuple[str, str]]:
        """Return what an item states of a property, each value with the id of its statement."""
        item = self._items([one]).get(one)
        return statements(item, name) if item else []

    def suggest(self, prefix: str, *, types: Sequence[str] = (), limit: int = 10) -> list[Candidate]:
        """Return the items of which a name begins so, in Wikidata's order."""
        found = self.by_id(self._found([(prefix, "en")])[prefix, "en"]).values()
        return [one for one in found if not types or set(types) & self.classes_above(one.types)][:limit]

    def classes_above(self, types: Sequence[str]) -> frozenset[str]:
        """Return these classes and all that are above them; an item that is below none stands alone."""
        return frozenset().union(*self._above(types).values())

    def _ids(self, batch: Sequence[Asked]) -> list[str]:
        """Return the items that some questions may mean, those with an identifier first."""
        found = []
        for scheme in sorted({scheme for asked in batch for scheme in asked.ids}):
            found.append(self._having(scheme, {asked.ids[scheme] for asked in batch if scheme in asked.ids}))
        websites = {one for asked in batch for address in asked.websites for one in spellings(address)}
        found.append(self._having(WEBSITE, websites, are_addresses=True))
        clones = {one for asked in batch for address in asked.repositories for one in repository_spellings(address)}
        found.append(self._having(REPOSITORY, clones, are_addresses=True))
        found.append(self._called(name for asked in batch for name in _names(asked)))
        searched = self._found([(name, asked.language or "en") for asked in batch for name in _names(asked)[:1]])
        return list(dict.fromkeys(one for some in (*found, searched) for ids in some.values() for one in ids))

    def _having(self, scheme: str, given: Iterable[str], *, are_addresses: bool = False) -> Mapping[Any, list[str]]:
        return self._answers(
            {one: f"{scheme} {one}" for one in sorted(given)},
            lambda site, missing: site.having(scheme, missing, are_addresses=are_addresses),
        )

    def _called(self, names: Iterable[str]) -> Mapping[Any, list[str]]:
        return self._answers({name: f"called {name}" for name in names}, lambda site, missing: site.called(missing))

    def _found(self, names: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
        return self._answers(
            {(name, language): f"search {language} {name}" for name, language in names},
            lambda site, missing: dict(zip(missing, site.search(missing), strict=True)),
        )

    def _items(self, ids: Iterable[str]) -> dict[str, Any]:
        return self._answers({one: f"item {one}" for one in ids}, lambda site, missing: site.items(missing))

    def _above(self, classes: Iterable[str]) -> dict[str, list[str]]:
        """Return classes with all above them; of an item that is known to be below nothing no one is asked."""
        wanted = [one for one in dict.fromkeys(classes) if ITEM.fullmatch(one)]
        known = self._kept.get(f"item {one}" for one in wanted)
        lone = {one for one in wanted if (item := known.get(f"item {one}")) and not values(item, ABOVE)}
        asked = self._answers(
            {one: f"above {one}" for one in wanted if one not in lone}, lambda site, missing: site.above(missing)
        )
        return {one: [one] for one in lone} | asked

    def _code(self, country: str) -> str:
        """Return the code of a country's item, nothing where it has none (P297, ISO 3166-1)."""
        item = self._items([country]).get(country)
        return next(iter(values(item, "P297")), "") if item else ""

    def _answers(
        self, wanted: Mapping[Key, str], ask: Callable[[Wikidata, list[Key]], Mapping[Key, Any]]
    ) -> dict[Key, Any]:
        """Return the answers to some questions: those that are kept, and those that Wikidata gives to the others."""
        kept = self._kept.get(wanted.values())
        missing = [key for key, asked in wanted.items() if asked not in kept]
        if missing:
            if self._site is None:
                raise NotFound(f"No answer is kept to {wanted[missing[0]]!r}; ask once without --offline.")
            answers = ask(self._site, missing)
            fresh = {wanted[key]: answers.get(key) for key in missing}
            self._kept.put(fresh)
            kept |= fresh
        return {key: kept[asked] for key, asked in wanted.items()}


def _classes(item: Mapping[str, Any]) -> Iterator[str]:
    yield from values(item, "P31")
    if values(item, ABOVE):
        yield item["id"]


def _names(asked: Asked) -> list[str]:
    """Return the names that are looked up, the main one first, which alone is searched for."""
    return [" ".join(name.split())[:LONGEST] for name in asked.names[:NAMES]]


def spellings(address: str) -> list[str]:
    """Return the ways in which an address may be written down, as equality of addresses is one of letters.

    >>> spellings("https://www.example.org/")[1:5]
    ['http://example.org', 'http://example.org/', 'http://www.example.org', 'http://www.example.org/']
    """
    found = site(address)
    if found is None:
        return []
    bare = found.page.rstrip("/")
    written = [
        f"{scheme}://{host}{end}" for scheme in ("http", "https") for host in (bare, f"www.{bare}") for end in ("", "/")
    ]
    return [one for one in dict.fromkeys((address, *written)) if is_whole(one)]


def repository_spellings(address: str) -> list[str]:
    """Return the ways in which the address of a repository may be written down.

    >>> repository_spellings("git@github.com:House/door.git")
    ['https://github.com/house/door', 'https://github.com/house/door.git', 'https://github.com/house/door/']
    """
    key = repository(address)
    written = [f"https://{key}", f"https://{key}.git", f"https://{key}/"] if key else []
    stated = spellings(address) if address.startswith("http") else []
    return list(dict.fromkeys((*stated, *filter(is_whole, written))))
