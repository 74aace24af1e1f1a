"""How is an item of Wikidata read as a candidate?

Of statements the best rank counts and what is deprecated never does, as in the truthy statements of the query service
(mediawiki.org/wiki/Wikibase/Indexing/RDF_Dump_Format#Truthy_statements).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from toolbox_graph.matching.records import Candidate

COUNTRY, CODE, DUPLICATE, CLASS, ABOVE = "P17", "P297", "P2959", "P31", "P279"
WEBSITE, REPOSITORY = "P856", "P1324"


def candidate(item: Mapping[str, Any], code_of: Callable[[str], str], *, asked: str = "") -> Candidate:
    """Return an item as a candidate; `code_of` tells the code of a country's item, `asked` under which id it came."""
    labels = {language: (entry["value"],) for language, entry in _texts(item, "labels").items()}
    aliases = {language: tuple(one["value"] for one in some) for language, some in _texts(item, "aliases").items()}
    descriptions = {language: (entry["value"],) for language, entry in _texts(item, "descriptions").items()}
    own = values(item, CODE)
    stated = [code for country in values(item, COUNTRY) if (code := code_of(country))]
    leading = [asked] if asked and asked != item["id"] else []
    return Candidate(
        id=item["id"],
        labels=labels,
        aliases=aliases,
        descriptions=descriptions,
        types=tuple(values(item, CLASS)),
        countries=tuple(own or stated),
        websites=tuple(values(item, WEBSITE)),
        repositories=tuple(values(item, REPOSITORY)),
        ids={name: tuple(values(item, name)) for name in identifiers(item)},
        popularity=len(labels) + sum(map(len, aliases.values())),
        same_as=(*leading, *values(item, DUPLICATE)),
    )


def values(item: Mapping[str, Any], name: str) -> list[str]:
    """Return the values of a property that are ids or texts, those of the best rank."""
    return [value for _, value in statements(item, name)]


def statements(item: Mapping[str, Any], name: str) -> list[tuple[str, str]]:
    """Return the statements of the best rank whose values are ids or texts: the id of each, and its value."""
    valid = [one for one in _claims(item).get(name, ()) if one["rank"] != "deprecated"]
    preferred = [one for one in valid if one["rank"] == "preferred"]
    return [(one["id"], text) for one in preferred or valid if (text := _value(one["mainsnak"]))]


def identifiers(item: Mapping[str, Any]) -> Iterator[str]:
    """Yield the properties of an item that hold identifiers of others."""
    for name, statements in _claims(item).items():
        if any(one["mainsnak"].get("datatype") == "external-id" for one in statements):
            yield name


def _value(snak: Mapping[str, Any]) -> str:
    """Return what a statement says, nothing where that is unknown, none, or no text."""
    value = snak.get("datavalue", {}).get("value", "")
    text = value.get("id", "") if isinstance(value, dict) else value
    return text if isinstance(text, str) else ""


def _texts(item: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    # What is empty is written as a list.
    return item.get(name) or {}


def _claims(item: Mapping[str, Any]) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    return item.get("claims") or {}
