"""What do the addresses of the reconciliation service answer?

They are those of the Reconciliation Service API 0.2; clients of 0.1 ask the same ones. The draft of version 1.0 has its
own, below `/reconcile/v1`. A browser that asks for a page gets one for people.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request
from markupsafe import Markup
from werkzeug.routing import BaseConverter

from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.model import Model, in_language
from toolbox_graph.negotiation import HTML, JAVASCRIPT, JSON, choose
from toolbox_graph.reconciliation import asking, draft, things
from toolbox_graph.reconciliation.manifest import WHOLE, WIKIDATA, Root, manifest, roots
from toolbox_graph.reconciliation.service import SUGGESTED, Part
from toolbox_graph.web import requests
from toolbox_graph.web.messages import OPEN, OTHERS, QUIET
from toolbox_graph.web.pages import Frame, render
from toolbox_graph.web.reconcile_pages import PreviewPage, ReconcilePage

reconcile = Blueprint("reconcile", __name__)

LONGEST = 1_000_000
"""Bytes of a request."""

CALLBACK = re.compile(r"[A-Za-z_$][\w$.]{0,99}", re.ASCII)
"""The name of a function of JavaScript, and nothing else that could be run."""

EMBEDDED = (("Content-Security-Policy", f"{QUIET}; frame-ancestors *"), *OTHERS)
"""What browsers are told of a preview: anybody may show it within a page, and nothing in it runs."""

TERMS = ("type", "property")
"""What is suggested beside things."""


def services(model: Model) -> type[BaseConverter]:
    """Return what reads the name of a service in an address, of those that a catalogue has."""
    found = roots(model)

    class Service(BaseConverter):
        regex = "|".join(found)

        def to_python(self, value: str) -> Root:
            return found[value]

    return Service


@reconcile.get("/reconcile")
@reconcile.get("/reconcile/<service:root>")
def tell(root: Root = WHOLE) -> Response:
    """Return what the reconciliation service is, or answer queries and extensions that stand in the address."""
    return _answered(root, request.args) or _told(root)


@reconcile.get("/reconcile/v1")
@reconcile.get("/reconcile/v1/<service:root>")
def tell_draft(root: Root = WHOLE) -> Response:
    """Return what the reconciliation service is, as the draft of version 1.0 has it."""
    return _told(root.drafted)


@reconcile.post("/reconcile")
@reconcile.post("/reconcile/<service:root>")
def answer(root: Root = WHOLE) -> Response:
    """Return the candidates for some names, or the values of some things."""
    request.max_content_length = request.max_form_memory_size = LONGEST
    if answered := _answered(root, request.form):
        return answered
    raise InvalidRequest("Send `queries` or `extend` as a field of a form.", parameter="queries")


def _answered(root: Root, given: Mapping[str, str]) -> Response | None:
    language, service = requests.language(), requests.reader().reconciliation
    if "queries" in given:
        return _json(service.answer(asking.read_batch(given["queries"]), root, language))
    if "extend" in given:
        return _json(service.extend(asking.read_json(given["extend"], "extend"), root, language))
    return None


def _told(root: Root) -> Response:
    """Return the manifest, or the page for people."""
    write = draft.tell if root.is_draft else manifest
    told = write(root, requests.service().model, requests.reader().reconciliation.schema, requests.language())
    is_page = "callback" not in request.args and choose(request.headers.get("Accept"), (JSON, HTML)) is HTML
    return requests.page(_page(root, told)) if is_page else _json(told)


@reconcile.post("/reconcile/v1/match")
@reconcile.post("/reconcile/v1/<service:root>/match")
def match(root: Root = WHOLE) -> Response:
    """Return the candidates for some names, as the draft of version 1.0 has it."""
    return _json(draft.answer(_body(), requests.reader().reconciliation, root, requests.language()))


@reconcile.post("/reconcile/v1/extend")
@reconcile.post("/reconcile/v1/<service:root>/extend")
def extend(root: Root = WHOLE) -> Response:
    """Return the values of some things, as the draft of version 1.0 has it."""
    return _json(draft.extended(requests.reader().reconciliation.extend(_body(), root, requests.language())))


def _body() -> dict[str, Any]:
    request.max_content_length = LONGEST
    return asking.read_json(request.get_data().decode("utf-8", "replace"), "body")


@reconcile.get("/reconcile/suggest/<what>")
@reconcile.get("/reconcile/<service:root>/suggest/<what>")
@reconcile.get("/reconcile/v1/suggest/<what>", endpoint="suggest_draft")
@reconcile.get("/reconcile/v1/<service:root>/suggest/<what>", endpoint="suggest_draft")
def suggest(what: str, root: Root = WHOLE) -> Response:
    """Return the things, types or properties that somebody may mean who is still typing."""
    prefix, part = asking.cleaned(request.args.get("prefix"))[: asking.LONGEST], _part()
    service, language = requests.reader().reconciliation, requests.language()
    if what == "entity":
        return _json({"result": service.suggest(prefix, part, root, language, request.args.get("type"))})
    return _json({"result": service.suggest_terms(_term(what), prefix, part, root, language)})


@reconcile.get("/reconcile/flyout/<what>/<one>")
def flyout(what: str, one: str) -> Response:
    """Return a short text in HTML about a thing, a type or a property."""
    service, language = requests.reader().reconciliation, requests.language()
    found = service.tell(one, language) if what == "entity" else service.tell_term(_term(what), one, language)
    if not found:
        raise NotFound(f"There is nothing with the id {one[:60]!r}.")
    body = Markup("<p><strong>{}</strong></p><p>{}</p>").format(found["name"], found.get("description", ""))
    return _json({"id": one, "html": str(body)})


@reconcile.get("/reconcile/extend/propose")
@reconcile.get("/reconcile/<service:root>/extend/propose")
@reconcile.get("/reconcile/v1/extend/propose", endpoint="properties_draft")
@reconcile.get("/reconcile/v1/<service:root>/extend/propose", endpoint="properties_draft")
def properties(root: Root = WHOLE) -> Response:
    """Return the properties that things of a type have."""
    kind, language, schema = request.args.get("type", ""), requests.language(), requests.reader().reconciliation.schema
    known = schema.kind(kind)
    found = [entry.tell(language) for entry in schema.of([known] if known else root.kinds)]
    limit = requests.number("limit", 0, least=0) or len(found)
    return _json({"type": kind, "limit": limit, "properties": found[:limit]})


@reconcile.get("/reconcile/v1/preview")
@reconcile.get("/reconcile/v1/<service:root>/preview")
def preview_draft(root: Root = WHOLE) -> Response:
    """Return a small page about a thing, as the draft of version 1.0 has it: ids are those of all services."""
    return preview(request.args.get("id", ""))


@reconcile.get("/reconcile/preview/<one>")
def preview(one: str) -> Response:
    """Return a small page about a thing, to be shown within another."""
    found = requests.reader().reconciliation.find(one)
    named = found and things.split(found.id, requests.service().model.kinds)
    if not found or not named:
        raise NotFound(f"There is nothing with the id {one[:60]!r}.")
    language, model = requests.language(), requests.service().model
    told = requests.reader().reconciliation.entity(found, language)
    body = render(
        PreviewPage(
            name=told["name"],
            kind=in_language(model.kinds[named[0]].labels, language),
            description=told.get("description", ""),
            addresses=[one for one in (*found.websites, *found.repositories) if one.startswith(("http:", "https:"))],
            address="/".join(named),
        ),
        Frame(language, requests.root()),
    )
    response = Response(body, content_type=HTML.content_type, headers=[*OPEN, *EMBEDDED])
    response.vary.add("Accept-Language")
    return response


@reconcile.get("/id/<one>")
def view(one: str) -> Response:
    """Lead from the id by which a thing is reconciled to its name."""
    named = things.split(one, requests.service().model.kinds)
    if not named:
        raise NotFound(f"There is nothing with the id {one[:60]!r}.")
    return Response(status=301, headers=[("Location", "/".join(named)), *OPEN])


def _term(what: str) -> str:
    if what not in TERMS:
        raise NotFound(f"There are no suggestions of {what[:60]!r}; there are entity, {', '.join(TERMS)}.")
    return what


def _part() -> Part:
    """Return which suggestions are wanted: `cursor` leaves some out, in the draft `offset`."""
    offset, limit = _number("cursor") or _number("offset"), _number("limit")
    return Part(offset, min(limit, asking.MOST) or SUGGESTED)


def _number(name: str) -> int:
    """Return a parameter that is a number, 0 where it is none: clients send what they like."""
    text = request.args.get(name, "")[:9]
    return int(text) if text.isascii() and text.isdigit() else 0


def _json(told: Any) -> Response:
    """Return an answer as JSON, or as a call of the function that the client names (JSONP)."""
    # Halves of characters, which keys of a batch may have, can only be written as escapes.
    text = json.dumps(told)
    callback = request.args.get("callback")
    if callback is None:
        return requests.document(text.encode(), JSON)
    if not CALLBACK.fullmatch(callback):
        raise InvalidRequest("The parameter callback is the name of a function.", parameter="callback")
    # The comment keeps the answer from being read as anything but a script.
    return requests.document(f"/**/{callback}({text});".encode(), JAVASCRIPT)


def _page(root: Root, told: Any) -> ReconcilePage:
    """Return the page for people."""
    model, language = requests.service().model, requests.language()
    paths = {name: other._replace(is_draft=root.is_draft).path for name, other in roots(model).items()}
    return ReconcilePage(
        name=told["name"],
        address=f"{model.base.iri}{root.path}",
        is_draft=root.is_draft,
        others=[(in_language(kind.plural_labels, language), paths[name]) for name, kind in model.lists.items()],
        through=paths[WIKIDATA],
        same=root._replace(is_draft=not root.is_draft).path,
        batch=told["batchSize"],
    )
