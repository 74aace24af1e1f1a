"""How are things listed, for people and for programs?"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import request

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.listing import Item
from toolbox_graph.model import in_language
from toolbox_graph.search.counting import Choices, Counts
from toolbox_graph.search.facets import KIND, Facet
from toolbox_graph.search.finding import RELEVANCE, SORTS
from toolbox_graph.web import paging, requests
from toolbox_graph.web.pages import FacetView, ValueChoice

MOST = 50
"""Values that may be chosen of one facet."""

MOST_LISTED = 500
"""Things in one part of a list."""


def choices(facets: Iterable[Facet]) -> Choices:
    """Return the values that the request chooses, by facet; values that no thing has are chosen in vain."""
    chosen = {facet.name: _chosen(facet) for facet in facets}
    return {name: values for name, values in chosen.items() if values}


def _chosen(facet: Facet) -> frozenset[str]:
    model = requests.service().model
    given = (text for text in request.args.getlist(facet.name) if text.strip())
    values = frozenset(facet.meant(text, model) for text in given)
    if len(values) > MOST:
        raise InvalidRequest(f"Choose at most {MOST} values of {facet.name}.", parameter=facet.name)
    if facet.name == KIND and (unknown := values - model.kinds.keys()):
        raise InvalidRequest(
            f"There is no kind {min(unknown)[:40]!r}; there are {', '.join(model.kinds)}.", parameter=KIND
        )
    return values


def sort(default: str) -> str:
    """Return the order that the request asks for."""
    name = request.args.get("sort") or default
    if name not in SORTS:
        raise InvalidRequest(f"There is no order {name[:40]!r}; there are {', '.join(SORTS)}.", parameter="sort")
    return name


def part(offset: int, limit: int) -> str:
    """Return the address of another part of this list, relative to this one's."""
    return paging.address(request.args.items(multi=True), paging.Part(limit, offset))


def before(offset: int, limit: int) -> str:
    """Return the address of the part before one, empty where that is the first."""
    return part(max(offset - limit, 0), limit) if offset else ""


def after(offset: int, limit: int, total: int) -> str:
    """Return the address of the part after one, empty where that is the last."""
    return part(offset + limit, limit) if offset + limit < total else ""


def rows(items: Iterable[Item]) -> list[dict[str, str]]:
    """Return things as programs read them in a list."""
    base, root = requests.service().model.base, requests.root().removeprefix("./")
    return [
        {
            "id": f"{item.kind}-{item.key}",
            "iri": base.thing(item.kind, item.key),
            "kind": item.kind,
            "label": item.label,
            "description": item.description,
            "url": f"{root}{item.kind}/{item.key}",
        }
        for item in items
    ]


def as_json(items: Iterable[Item], total: int, views: Sequence[FacetView], following: str) -> bytes:
    """Return a part of a list for programs."""
    counted = {
        view.name: [{"value": one.value, "label": one.label, "count": one.count} for one in view.values]
        for view in views
    }
    listed: dict[str, Any] = {"total": total, "items": rows(items), "facets": counted, "next": following or None}
    return json.dumps(listed, ensure_ascii=False).encode()


def views(counts: Counts, chosen: Choices, facets: Mapping[str, Facet]) -> list[FacetView]:
    """Return facets as a reader sees them: values by how many things have them, then by name; kinds in their order."""
    return [_view(facets[name], found, chosen.get(name, frozenset())) for name, found in counts.items()]


def _view(facet: Facet, found: Mapping[str, int], chosen: frozenset[str]) -> FacetView:
    model, language = requests.service().model, requests.language()
    labels = requests.reader().describer.labels
    values = [
        # What no thing has may be anything that somebody has written.
        ValueChoice(value, facet.label(value, model, language, labels) if count else value, count, value in chosen)
        for value, count in found.items()
    ]
    if facet.name == KIND:
        values.sort(key=lambda one: list(model.kinds).index(one.value))
    else:
        values.sort(key=lambda one: (-one.count, one.label.casefold(), one.value))
    return FacetView(facet.name, in_language(facet.labels, language), values, bool(chosen))


def default_sort(text: str) -> str:
    """Return the order in which things stand when none is asked for: without words none is nearer than another."""
    return RELEVANCE if text else "most-used"
