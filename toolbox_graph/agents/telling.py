"""How is an answer told to who has to read all of it?

What comes from a door is long: it has everything. Here is left what somebody needs who works with a text of some pages:
names as they are written in queries, each source once, texts in one language, and how to go on where something is left
out.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from toolbox_graph.model import in_language
from toolbox_graph.namespaces import PREFIXES, Base
from toolbox_graph.store.lexer import tokens

LONGEST = 20_000
"""Characters of what is told, but for a line that says what was left out."""

LONGEST_CELL = 1_000
"""Characters of one value in a table."""

NOTES = (300, 100, 30)
"""Characters of a description in a list: the most with which all of it is short enough."""

VALUES = (50, 20, 8, 3, 1)
"""Values of one property that are told of a thing: the most with which all of it is short enough."""

CHOICES = 6
"""Values of a facet that are told."""

LOCAL = re.compile(r"[A-Za-z_](?:[\w-]*\w)?", re.ASCII)
"""The end of a name that can be written with a prefix as it is."""

LITERAL = re.compile(r'"(.*)"(@[\w-]+|\^\^<[^<>]*>|)')
"""A text as TSV has it, and its language or datatype."""

DECLARED = re.compile(r"(?:@prefix [^\n]*\n)*")
"""The prefixes that a document in Turtle begins with."""

MEANINGS = {
    "found": "The query finds something.",
    "afterwards": "Its patterns find something; HAVING, LIMIT or OFFSET leave nothing of it.",
    "part": "Without a part that has finds_without true, it would find something: look at those.",
    "together": "No single part is to blame. A pattern that has finds_alone false is nowhere in the catalogue;"
    " if there is none, the parts do not fit together.",
    "unknown": "It was not learnt in the time that there is, or the query could not be taken apart.",
}
"""What the verdicts on a query mean."""


def name(iri: str, base: Base) -> str:
    """Return an IRI as queries write it.

    >>> name("https://example.org/id/tool/ckan", Base("https://example.org/"))
    '<id/tool/ckan>'
    >>> name("http://schema.org/name", Base("https://example.org/")), name("urn:x", Base("https://example.org/"))
    ('schema:name', '<urn:x>')
    """
    if iri.startswith(base.iri):
        return f"<{iri.removeprefix(base.iri)}>"
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and LOCAL.fullmatch(iri.removeprefix(namespace)):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"


def shortened(text: str, most: int) -> str:
    """Return a text, or its beginning and how long it is."""
    return text if len(text) <= most else f"{text[:most].rstrip()}… ({len(text):,} characters)"


def written(value: Any) -> str:
    """Return something as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def found(listed: Mapping[str, Any], base: Base, *, offset: int) -> str:
    """Return what a search found, with as much of the descriptions as there is room for."""
    return _fitting(_found(listed, base, offset, most) for most in NOTES)


def _found(listed: Mapping[str, Any], base: Base, offset: int, most: int) -> dict[str, Any]:
    items = [
        {
            "name": name(item["iri"], base),
            "kind": item["kind"],
            "label": item["label"],
            "description": shortened(item["description"], most),
        }
        for item in listed["items"]
    ]
    more = {"more": f"go on with offset={offset + len(items)}"} if listed["next"] else {}
    return {"total": listed["total"], "items": items, **more, "narrow_by": _choices(listed["facets"])}


def _fitting(forms: Iterable[dict[str, Any]]) -> str:
    """Return the first of some forms that is short enough, else the beginning of the last."""
    text = ""
    for text in map(written, forms):
        if len(text) <= LONGEST:
            return text
    return shortened(text, LONGEST)


def _choices(facets: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """Return by what a search can be narrowed: of each facet the most frequent values, with their numbers."""
    counted = {
        facet: {one["value"]: one["count"] for one in sorted(values, key=lambda one: -one["count"])[:CHOICES]}
        for facet, values in facets.items()
    }
    return {facet: values for facet, values in counted.items() if len(values) > 1}


def thing(document: Mapping[str, Any], base: Base, language: str) -> str:
    """Return what is known of a thing, with as many values of each property as there is room for."""
    return _fitting(_thing(document, base, language, most) for most in VALUES)


def _thing(document: Mapping[str, Any], base: Base, language: str, most: int) -> dict[str, Any]:
    teller = Teller(document["names"], base, language, most)
    told = {
        "name": name(document["iri"], base),
        "kind": document["kind"],
        "label": in_language(document["labels"], language),
        "facts": [teller.fact(fact) for fact in document["facts"]],
        "parts": [
            {"name": name(part["iri"], base), "property": name(part["property"], base),
             "facts": [teller.fact(fact) for fact in part["facts"]]}
            for part in document["parts"][:most]
        ],
        "links_from_others": [teller.links(links) for links in document["inverse"]],
    }  # fmt: skip
    if len(document["parts"]) > most:
        told["more_parts"] = len(document["parts"]) - most
    return {key: value for key, value in told.items() if value} | {"sources": teller.sources}


class Teller:
    """Tells the facts of one thing, and remembers the sources that they name."""

    def __init__(self, names: Mapping[str, Mapping[str, str]], base: Base, language: str, most: int) -> None:
        self._names = names
        self._base = base
        self._language = language
        self._most = most
        self._numbers: dict[str, int] = {}
        self.sources: dict[int, str] = {}

    def fact(self, fact: Mapping[str, Any]) -> dict[str, Any]:
        """Return a property with its values, those in the language where there are some."""
        values = list(_in_language(fact["values"], self._language))
        told = {
            "property": name(fact["property"], self._base),
            "label": fact["label"],
            "values": [self._value(value) for value in values[: self._most]],
        }
        return told | ({"more_values": len(values) - self._most} if len(values) > self._most else {})

    def links(self, links: Mapping[str, Any]) -> dict[str, Any]:
        """Return what points to the thing by one property."""
        shown = [
            f"{in_language(one['labels'], self._language)} {name(one['iri'], self._base)}"
            for one in links["values"][: self._most]
        ]
        told = {"property": name(links["property"], self._base), "label": links["label"], "values": shown}
        return told | ({"total": links["total"]} if links["total"] > len(shown) else {})

    def _value(self, value: Mapping[str, Any]) -> dict[str, Any]:
        # A source may say it in several graphs.
        sources = list(dict.fromkeys(self._source(one) for one in value["sources"]))
        told: dict[str, Any] = {"value": self._text(value), "sources": sources}
        if value.get("lang") not in {None, self._language}:
            told["lang"] = value["lang"]
        if value["rank"] != "normal":
            told["rank"] = value["rank"]
        return told if value["shown"] else told | {"shown": False}

    def _text(self, value: Mapping[str, Any]) -> str:
        if "iri" not in value:
            return shortened(value["value"], LONGEST_CELL)
        label = in_language(self._names.get(value["iri"], {}), self._language)
        return f"{label} {name(value['iri'], self._base)}".strip()

    def _source(self, source: Mapping[str, Any]) -> int:
        if source["iri"] not in self._numbers:
            number = self._numbers[source["iri"]] = len(self._numbers) + 1
            label = in_language(self._names.get(source["iri"], {}), self._language)
            self.sources[number] = f"{label} {name(source['iri'], self._base)}, {source['date']}"
        return self._numbers[source["iri"]]


def _in_language(values: Sequence[Mapping[str, Any]], language: str) -> Iterator[Mapping[str, Any]]:
    """Yield the values that a reader wants: of texts those in their language, else in English, else all."""
    tags = {value.get("lang", "") for value in values}
    wanted = next((tag for tag in (language, "en") if tag in tags), None)
    return (value for value in values if wanted is None or value.get("lang", "") in {"", wanted})


def table(text: str, base: Base, *, rows: int, is_cut: bool) -> str:
    """Return a table in TSV: so many rows of it as are wanted and there is room for; one that is cut ends in a row."""
    head, *lines = text.removesuffix("\n").split("\n")
    if not head.startswith("?"):
        return head
    told, room = [head], LONGEST - len(head)
    for line in lines[: min(rows, max(len(lines) - is_cut, 1))]:
        row = "\t".join(_cell(cell, base) for cell in line.split("\t"))
        room -= len(row) + 1
        if room < 0 and len(told) > 1:
            break
        told.append(row)
    return "\n".join([*told, _counted(len(told) - 1, len(lines))])


def _counted(shown: int, there: int) -> str:
    """Return how many solutions are told, and what to do for others."""
    if there == 0:
        return "(No solutions; why_empty says which part of the query leaves nothing.)"
    if shown < there:
        return f"({shown} solutions, and there are more: go on with OFFSET {shown} and an ORDER BY, or ask for less.)"
    return f"({shown} solution{'' if shown == 1 else 's'}.)"


def _cell(cell: str, base: Base) -> str:
    """Return a term as queries write it, shortened where it is long."""
    if cell.startswith("<"):
        return name(cell[1:-1], base)
    literal = LITERAL.fullmatch(cell)
    if literal is None:
        return shortened(cell, LONGEST_CELL)
    text, end = literal.groups()
    return f'"{shortened(text, LONGEST_CELL)}"' + (f"^^{name(end[3:-1], base)}" if end.startswith("^^") else end)


def graph(text: str, base: Base, *, is_cut: bool) -> str:
    """Return statements in Turtle with short names, or so many of them as there is room for."""
    told = _with_short_names(DECLARED.sub("", text, count=1), base)
    if is_cut or len(told) > LONGEST:
        cut = told[:LONGEST].rpartition("\n")[0]
        told = f"{cut}\n# Cut here: there is more. Ask for less, or for a part with LIMIT and OFFSET."
    return "\n".join([*_declarations(told, base), told.strip()])


def _with_short_names(text: str, base: Base) -> str:
    pieces, end = [], 0
    for token in tokens(text):
        if token.kind == "iri":
            pieces += [text[end : token.start], name(token.text[1:-1], base)]
            end = token.end
    return "".join([*pieces, text[end:]])


def _declarations(text: str, base: Base) -> Iterator[str]:
    """Yield the base and the prefixes that some statements are written with."""
    yield f"@base <{base.iri}> ."
    used = {token.text.partition(":")[0] for token in tokens(text) if token.kind == "name"}
    yield from (f"@prefix {prefix}: <{PREFIXES[prefix]}> ." for prefix in sorted(used & PREFIXES.keys()))


def explained(explanation: Mapping[str, Any], base: Base) -> str:
    """Return why a query finds nothing; of a part only what was learnt."""
    told = {
        "verdict": explanation["verdict"],
        "meaning": MEANINGS[explanation["verdict"]],
        "parts": [{key: value for key, value in part.items() if value is not None} for part in explanation["parts"]],
        "unknown": [
            {key: name(iri, base) for key, iri in term.items() if iri is not None} for term in explanation["unknown"]
        ],
    }
    return written({key: value for key, value in told.items() if value})
