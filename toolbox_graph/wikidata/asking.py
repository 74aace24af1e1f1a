"""What can Wikidata be asked for, and how is its answer read?

Three doors: the Action API (mediawiki.org/wiki/Wikibase/API) searches names and gives items, fifty at a time;
Special:EntityData gives one item; SPARQL finds items by their identifiers and addresses, and the classes above others.
No part of a query is of one engine alone, so that Blazegraph and QLever both serve.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

import pyoxigraph as ox

from toolbox_graph.errors import ServiceFailed
from toolbox_graph.namespaces import ITEM, RDFS, SKOS, WD
from toolbox_graph.wikidata.manners import Manners, Request

AT_ONCE = 50
"""Items that one request may name."""
VALUES = 200
"""Values that one query may name."""
HITS = 10
LONGEST = 250
"""Characters of a name that are searched for."""
LAG = "5"
"""Seconds by which the copies of the database may lag before we wait."""
LANGUAGES = ("en", "mul", "fr", "es", "de", "it", "pt", "nl", "pl", "ru", "uk", "ar", "zh", "ja")
SPOKEN = ("en", "mul", "fr", "es", "de", "pt")
"""Languages in which a name is looked up as it stands."""
MOST = 50
"""Items of one name; who has so many is not found by it."""
PREFIXES = f"PREFIX rdfs: <{RDFS}>\nPREFIX skos: <{SKOS}>\nPREFIX wd: <{WD}>\nPREFIX wdt: <http://www.wikidata.org/prop/direct/>\n"

Item = Mapping[str, Any]
Something = TypeVar("Something")


class Wikidata:
    """A Wikibase with its query service; `site` is the address under which `w/api.php` lies."""

    def __init__(self, site: str, sparql: str, manners: Manners) -> None:
        self._site = site.rstrip("/")
        self._sparql = sparql
        self._manners = manners

    def search(self, asked: Sequence[tuple[str, str]]) -> list[list[str]]:
        """Return the ids of the items that are called so, for each name with its language."""
        return self._manners.each(self._search, asked)

    def _search(self, asked: tuple[str, str]) -> list[str]:
        name, language = asked
        answer = self._act(
            action="wbsearchentities", search=name[:LONGEST], language=language, type="item", limit=str(HITS)
        )
        if "error" in answer:
            # A language that it does not know, a name that it does not like.
            return []
        return [hit["id"] for hit in answer.get("search", ())]

    def items(self, ids: Iterable[str]) -> dict[str, Item | None]:
        """Return the items with some ids as they are written, by the id that was asked; None where there is none."""
        wanted = [one for one in dict.fromkeys(ids) if ITEM.fullmatch(one)]
        if len(wanted) == 1:
            return {wanted[0]: self._one(wanted[0])}
        found: dict[str, Item | None] = {}
        for items in self._manners.each(self._fifty, parts(wanted, AT_ONCE)):
            found.update(items)
        return found

    def _one(self, item: str) -> Item | None:
        """Return an item by its own address; one that was merged comes under the id that it was merged into."""
        answer = self._manners.ask(Request(f"{self._site}/wiki/Special:EntityData/{item}.json", {}))
        return next(iter(answer["entities"].values()), None) if answer else None

    def _fifty(self, ids: Sequence[str]) -> dict[str, Item | None]:
        """Return up to fifty items; where one of them makes the whole request fail, look for it by halves."""
        answer = self._act(
            action="wbgetentities",
            ids="|".join(ids),
            props="info|labels|aliases|descriptions|claims",
            languages="|".join(LANGUAGES),
        )
        if "error" not in answer:
            return {one: None if "missing" in item else item for one, item in answer["entities"].items()}
        if answer["error"].get("code") != "no-such-entity":
            raise ServiceFailed(f"Wikidata answered: {answer['error'].get('info', 'an error')}")
        if len(ids) == 1:
            return {ids[0]: None}
        middle = len(ids) // 2
        return self._fifty(ids[:middle]) | self._fifty(ids[middle:])

    def _act(self, **parameters: str) -> Any:
        answer = self._manners.ask(Request(f"{self._site}/w/api.php", {"format": "json", "maxlag": LAG, **parameters}))
        if answer is None:
            raise ServiceFailed(f"There is no Action API at {self._site}/w/api.php.")
        return answer

    def having(self, property_id: str, values: Sequence[str], *, are_addresses: bool = False) -> dict[str, list[str]]:
        """Return the items that have some values of a property, by the value; of addresses each as it is written."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for some in parts(values, VALUES):
            terms = " ".join(str(ox.NamedNode(value) if are_addresses else ox.Literal(value)) for value in some)
            query = f"SELECT ?value ?item {{ VALUES ?value {{ {terms} }} ?item wdt:{property_id} ?value }}"
            for value, item in self._rows(query, "value", "item"):
                found[value].append(item.removeprefix(WD))
        return {value: sorted(set(found[value])) for value in values}

    def called(self, names: Sequence[str]) -> dict[str, list[str]]:
        """Return the items that are called exactly so, or also called so, in a language that we speak, by the name."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for some in parts(names, VALUES // len(SPOKEN)):
            terms = " ".join(str(ox.Literal(name, language=language)) for name in some for language in SPOKEN)
            query = f"SELECT ?name ?item {{ VALUES ?name {{ {terms} }} ?item rdfs:label|skos:altLabel ?name }}"
            for name, item in self._rows(query, "name", "item"):
                found[name].add(item.removeprefix(WD))
        return {name: sorted(found[name], key=lambda item: (len(item), item))[:MOST] for name in names}

    def above(self, classes: Sequence[str]) -> dict[str, list[str]]:
        """Return classes, each with all that are above it, itself among them."""
        found = {one: {one} for one in classes}
        for some in parts(classes, VALUES):
            terms = " ".join(f"wd:{one}" for one in some)
            query = f"SELECT ?class ?above {{ VALUES ?class {{ {terms} }} ?class wdt:P279* ?above }}"
            for one, higher in self._rows(query, "class", "above"):
                found[one.removeprefix(WD)].add(higher.removeprefix(WD))
        return {one: sorted(higher) for one, higher in found.items()}

    def _rows(self, query: str, *names: str) -> Iterator[tuple[str, ...]]:
        answer = self._manners.ask(Request(self._sparql, {"query": PREFIXES + query}, form=True))
        if answer is None:
            raise ServiceFailed(f"There is no query service at {self._sparql}, or it does not take our query.")
        for row in answer["results"]["bindings"]:
            yield tuple(row[name]["value"] for name in names)


def parts(items: Sequence[Something], size: int) -> Iterator[list[Something]]:
    """Yield items, so many at a time."""
    remaining = iter(items)
    while some := list(islice(remaining, size)):
        yield some
