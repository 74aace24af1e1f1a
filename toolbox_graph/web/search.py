"""What do the addresses of the search answer?"""

import json
from collections.abc import Iterable

from flask import Blueprint, Response, request

from toolbox_graph.errors import InvalidRequest
from toolbox_graph.listing import Item
from toolbox_graph.model import in_language
from toolbox_graph.negotiation import HTML, JSON
from toolbox_graph.search.finding import RELEVANCE
from toolbox_graph.search.matching import LONGEST
from toolbox_graph.web import listed, requests
from toolbox_graph.web.pages import SearchPage

search = Blueprint("search", __name__)

PARAMETERS = ("q", "sort", "limit", "offset", "lang", "format")
"""What a search can be asked with, beside the facets."""

FOUND, SUGGESTED = 20, 10
"""Things in one part of the list, and things suggested, unless another number is asked for."""


@search.get("/search")
def find() -> Response:
    """Return the things that some words and choices mean, with counts of what the search can be narrowed by."""
    offer = requests.wanted((HTML, JSON))
    index, language, text = requests.reader().search, requests.language(), _text()
    _refuse_unknown((*PARAMETERS, *index.facets))
    chosen = listed.choices(index.facets.values())
    sort = listed.sort(listed.default_sort(text))
    limit = requests.number("limit", FOUND, least=1, most=listed.MOST_LISTED)
    offset = requests.number("offset", 0, least=0)
    found = index.find(text, chosen, sort=sort, language=language, limit=limit, offset=offset)
    items = _items(found.things)
    facets = listed.views(index.counts(text, chosen), chosen, index.facets)
    following = listed.after(offset, limit, found.total)
    if offer is JSON:
        return requests.document(listed.as_json(items, found.total, facets, following), JSON)
    kinds = requests.service().model.kinds
    return requests.page(
        SearchPage(
            text=text,
            # Where none was chosen none is, so that other words bring the order that suits them.
            sort=request.args.get("sort", "").replace(RELEVANCE, ""),
            facets=[view for view in facets if view.values],
            items=[
                (
                    item.label,
                    f"{item.kind}/{item.key}",
                    in_language(kinds[item.kind].labels, language),
                    item.description,
                )
                for item in items
            ],
            total=found.total,
            first=offset + 1,
            previous=listed.before(offset, limit),
            following=following,
        ),
        formats=[(JSON, f"{listed.part(offset, limit)}&format=json")],
    )


@search.get("/search/suggest")
def suggest() -> Response:
    """Return the things that somebody may mean who is still typing."""
    _refuse_unknown(("q", "limit", "lang"))
    limit = requests.number("limit", SUGGESTED, least=1, most=100)
    items = _items(requests.reader().search.suggest(_text(), limit=limit))
    return requests.document(json.dumps({"items": listed.rows(items)}, ensure_ascii=False).encode(), JSON)


def _text() -> str:
    text = request.args.get("q", "").strip()
    if len(text) > LONGEST:
        raise InvalidRequest(f"The parameter q may have {LONGEST} characters; this one has {len(text)}.", parameter="q")
    return text


def _refuse_unknown(known: tuple[str, ...]) -> None:
    for name in request.args:
        if name not in known:
            raise InvalidRequest(
                f"There is no parameter {name[:40]!r}; there are {', '.join(known)}.", parameter=name[:40]
            )


def _items(things: Iterable[tuple[str, str]]) -> list[Item]:
    listing, language = requests.reader().listing, requests.language()
    return [listing.item(kind, key, language) for kind, key in things]
