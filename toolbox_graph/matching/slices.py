"""How are items of a slice of Wikidata read as candidates?

A slice is a file of JSON lines, also packed with gzip: `id`, `labels` (one for each language), `aliases`,
`descriptions`, the properties `P31` (is a), `P279` (is below), `P17` (country), `P856` (website), `P1324` (repository),
identifiers under their property, and `redirects` or `P2959` (ids that mean the same).
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from toolbox_graph.errors import Unreadable
from toolbox_graph.matching import countries
from toolbox_graph.matching.kinds import classes_of
from toolbox_graph.matching.records import Candidate

GZIP = b"\x1f\x8b"
SOFTWARE = "Q7397"
COUNTRIES = frozenset(classes_of("country"))
KNOWN = {"P31", "P279", "P17", "P856", "P1324", "P2959"}
"""Properties that are no identifiers."""

Item = Mapping[str, Any]


class Slice(NamedTuple):
    """What a slice holds."""

    items: Iterator[Candidate]
    """Read as they are asked for, once: a slice need not fit in memory."""
    below: Mapping[str, Sequence[str]]
    """Classes, each with those right above it."""


def read_slice(path: Path) -> Slice:
    """Return what stands in a slice; refuse a file that is none, saying in which line."""
    codes: dict[str, str] = {}
    below: dict[str, list[str]] = {}
    count = 0
    for item in _lines(path):
        count += 1
        if code := _code(item):
            codes[item["id"]] = code
        if above := item.get("P279"):
            below[item["id"]] = above
    if not count:
        raise Unreadable(f"{path.name} has no items; a slice has one JSON object on each line.")
    return Slice((_candidate(item, codes) for item in _lines(path)), below)


def _lines(path: Path) -> Iterator[Item]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP
    read = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as lines:
            for read, line in enumerate(lines, 1):  # noqa: B007
                if line.strip():
                    yield _item(_json(line))
    except (ValueError, EOFError, RecursionError, gzip.BadGzipFile, zlib.error) as problem:
        raise Unreadable(f"{path.name} cannot be read as a slice, near line {read}: {problem}.") from problem


def _json(line: str) -> Any:
    value = json.loads(line)
    if "\\ud" in line.lower():
        # Halves of characters can be written in JSON, but in no text.
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _item(value: Any) -> Item:
    """Return an item whose parts are of the kind that they should be; a file with others is no slice."""
    if not isinstance(value, dict) or not isinstance(value.get("id"), str):
        raise ValueError("an item is an object with an id")
    for name, part in value.items():
        if not _is_text(name, part):
            raise ValueError(f"{name} of {value['id']} is not of its kind")
    return value


def _is_text(name: str, part: Any) -> bool:
    """Tell whether a part of an item holds texts as its name asks for: by language, in lists, or both."""
    if name in ("labels", "descriptions"):
        return isinstance(part, dict) and all(isinstance(text, str) for text in part.values())
    if name == "aliases":
        return isinstance(part, dict) and all(map(_is_list, part.values()))
    return _is_list(part) if name[:1] == "P" or name == "redirects" else True


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def _code(item: Item) -> str:
    """Return the code of an item that is a country: the one of its flag, which stands among its aliases."""
    texts = [*item.get("labels", {}).values(), *(text for some in item.get("aliases", {}).values() for text in some)]
    flags = {flag for text in texts if (flag := countries.by_flag([text]))}
    if not flags:
        return ""
    # Some have the flag of another as well, and flags have their own.
    own = next((code for text in texts if (code := countries.by_name(text)) in flags), "")
    is_country = len(flags) == 1 and not COUNTRIES.isdisjoint(item.get("P31", ()))
    return own or (flags.pop() if is_country else "")


def _candidate(item: Item, codes: Mapping[str, str]) -> Candidate:
    labels, aliases = item.get("labels", {}), item.get("aliases", {})
    types = list(item.get("P31", ()))
    if item.get("is_software_2021"):
        types.append(SOFTWARE)
    ids = {name: tuple(values) for name, values in item.items() if name[0] == "P" and name not in KNOWN}
    own = codes.get(item["id"])
    return Candidate(
        id=item["id"],
        labels={language: (text,) for language, text in labels.items()},
        aliases=aliases,
        descriptions={language: (text,) for language, text in item.get("descriptions", {}).items()},
        types=tuple(types),
        countries=tuple(codes[country] for country in item.get("P17", ()) if country in codes)
        or ((own,) if own else ()),
        websites=tuple(item.get("P856", ())),
        repositories=tuple(item.get("P1324", ())),
        ids={"P297": (own,), **ids} if own else ids,
        popularity=len(labels) + sum(map(len, aliases.values())),
        same_as=(*item.get("redirects", ()), *item.get("P2959", ())),
    )
