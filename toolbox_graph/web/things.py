"""What do the addresses of things and their lists answer?"""

from urllib.parse import quote, urlencode

from flask import Blueprint, Response, request

from toolbox_graph import documents, remarks
from toolbox_graph.entities import Description
from toolbox_graph.errors import Gone, NotFound
from toolbox_graph.model import in_language
from toolbox_graph.namespaces import DCTERMS, KEY
from toolbox_graph.negotiation import DOCUMENTS, HTML, JSON
from toolbox_graph.search.facets import KIND
from toolbox_graph.store.lookup import values
from toolbox_graph.web import listed, requests
from toolbox_graph.web.messages import OPEN
from toolbox_graph.web.pages import FacetView, ListPage, ThingPage
from toolbox_graph.web.version_views import AT, LANG

things = Blueprint("things", __name__)

REPLACED_BY = str(DCTERMS.isReplacedBy)
DESCRIPTION = str(DCTERMS.description)

LISTS = (HTML, JSON)
"""What a list can be written in."""


@things.get("/id/<kind>/<key>")
def identify(kind: str, key: str) -> Response:
    """Lead from the name of a thing to its page or to its data (Cool URIs for the Semantic Web, section 4.2)."""
    if moved := _moved(kind, key):
        return _redirect(301, f"../../id/{'/'.join(moved)}")
    _require(kind, key)
    offer = requests.wanted(DOCUMENTS)
    name = key if offer is HTML else f"{key}.{offer.name}"
    response = _redirect(303, f"../../{kind}/{name}")
    response.vary.add("Accept")
    return response


@things.get("/<kind>/<name>")
def describe(kind: str, name: str) -> Response:
    """Return the page of a thing, or a document about it."""
    key, dot, extension = name.partition(".")
    if moved := _moved(kind, key):
        return _redirect(301, f"../{'/'.join(moved)}{dot}{extension}")
    _require(kind, key)
    offer = requests.by_extension(extension, DOCUMENTS) if dot else requests.wanted(DOCUMENTS)
    description = requests.reader().describer.find(kind, key)
    assert description, "the index knows the things that the store does"
    formats = [(other, f"{key}.{other.name}{requests.at()}") for other in DOCUMENTS if other is not HTML]
    if offer is HTML:
        return requests.page(_page(description), formats=formats, is_citable=True)
    position = requests.reader().name.position
    body = documents.write(description, offer, model=requests.service().model, position=position)
    return requests.document(body, offer, formats=formats)


@things.get("/<plural>")
def list_things(plural: str) -> Response:
    """Return a part of the list of all things of a kind."""
    name, dot, extension = plural.partition(".")
    kind = requests.service().model.lists.get(name)
    if kind is None or (dot and extension != JSON.name):
        raise NotFound(f"There is no page {plural!r}; begin at the home page.")
    offer = JSON if dot else requests.wanted(LISTS)
    limit = requests.number("limit", 50, least=1, most=listed.MOST_LISTED)
    offset = requests.number("offset", 0, least=0)
    listing, language = requests.reader().listing, requests.language()
    items = listing.items(kind.name, language, limit=limit, offset=offset)
    total = listing.counts().get(kind.name, 0)
    following = listed.after(offset, limit, total)
    if offer is JSON:
        return requests.document(listed.as_json(items, total, _facets(kind.name), following), JSON)
    return requests.page(
        ListPage(
            title=in_language(kind.plural_labels, language),
            narrowing=f"search?kind={kind.name}",
            items=[(item.label, f"{item.kind}/{item.key}", item.description) for item in items],
            total=total,
            first=offset + 1,
            previous=listed.before(offset, limit),
            following=following,
        ),
        formats=[(JSON, f"{name}.json{requests.at()}")],
        is_citable=True,
    )


def _facets(kind: str) -> list[FacetView]:
    """Return by what all things of a kind can be narrowed, beside the kind."""
    index = requests.reader().search
    chosen = {KIND: frozenset({kind})}
    return [view for view in listed.views(index.counts("", chosen), chosen, index.facets) if view.name != KIND]


@things.get("/<language>/<section>/<int:number>")
def former(language: str, section: str, number: int) -> Response:
    """Lead from an address of the first OGP Toolbox, in whichever language, to the thing that stood there."""
    thing = requests.reader().listing.find_former(section, str(number))
    if thing is None:
        raise NotFound(f"We do not know what stood at {language}/{section}/{number} in the first OGP Toolbox.")
    return _redirect(301, f"../../id/{'/'.join(thing)}")


def _require(kind: str, key: str) -> None:
    """Raise the refusal that fits if there is no such thing."""
    model, listing = requests.service().model, requests.reader().listing
    if kind not in model.kinds:
        raise NotFound(f"There is no kind {kind!r}; there are {', '.join(model.kinds)}.")
    match listing.is_withdrawn(kind, key):
        case True:
            raise Gone(f"The {kind} {key!r} was withdrawn; the history says when and why.")
        case None:
            raise NotFound(f"There is no {kind} {key!r}; the list of all is at {model.kinds[kind].plural}.")


def _moved(kind: str, key: str) -> tuple[str, str] | None:
    """Return kind and key of the thing that took the place of another."""
    model = requests.service().model
    thing = model.base.thing(kind, key)
    if not KEY.fullmatch(f"{kind}{key}"):
        return None
    replacing = next(values(requests.reader().generation.store, thing, REPLACED_BY), None)
    other = model.base.split(replacing.value) if replacing else None
    # Who was replaced in turn, or never was, leads nowhere.
    return other if other and requests.reader().listing.is_withdrawn(*other) is False else None


def _redirect(status: int, location: str) -> Response:
    """Return a redirect to a relative reference; the language and the version that were asked for stay."""
    asked = {name: request.args[name] for name in (LANG, AT) if request.args.get(name)}
    response = Response(status=status, headers=OPEN)
    response.headers["Location"] = location + (f"?{urlencode(asked, quote_via=quote)}" if asked else "")
    return response


def _page(description: Description) -> ThingPage:
    """Return the page of a thing."""
    layout = requests.layout()
    kind = layout.model.kinds[description.kind]
    return ThingPage(
        name=in_language(description.labels, layout.language),
        kind=in_language(kind.labels, layout.language),
        list_address=f"{layout.root}{kind.plural}",
        iri=description.iri,
        descriptions=layout.values(description.values(DESCRIPTION)),
        groups=layout.groups(description),
        tables=layout.tables(description.parts),
        links=tuple(map(layout.links, description.links)),
        missing=[in_language(said, layout.language) for said in remarks.missing(description, layout.model)],
        notes=layout.notes,
        json_ld=documents.as_schema_org(description, layout.model, layout.language),
    )
