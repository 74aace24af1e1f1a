"""What do the addresses of the reconciliation service answer?

They are those of the Reconciliation Service API 0.2; clients of 0.1 ask the same ones. A browser that asks for a page
gets one for people.
"""

import json
import re
from typing import Any

from flask import Blueprint, Response, request
from markupsafe import Markup

from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.model import in_language
from toolbox_graph.negotiation import HTML, JAVASCRIPT, JSON, choose
from toolbox_graph.reconciliation import asking, draft, things
from toolbox_graph.reconciliation.manifest import DRAFT, Root, manifest, roots
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


@reconcile.get("/reconcile")
@reconcile.get("/reconcile/<root>")
def tell(root: str = "") -> Response:
    """Return what the reconciliation service is, or answer queries and extensions that stand in the address."""
    return _answered(_root(root), request.args)


@reconcile.post("/reconcile")
@reconcile.post("/reconcile/<root>")
def answer(root: str = "") -> Response:
    """Return the candidates for some names, or the values of some things."""
    request.max_content_length = request.max_form_memory_size = LONGEST
    return _answered(_root(root), request.form)


def _answered(root: Root, given: Any) -> Response:
    language, service = requests.language(), requests.reader().reconciliation
    if "queries" in given:
        return _json(service.answer(asking.read_batch(given["queries"]), root, language))
    if "extend" in given:
        return _json(service.extend(asking.read_json(given["extend"], "extend"), root, language))
    if request.method == "POST":
        raise InvalidRequest("Send `queries` or `extend` as a field of a form.", parameter="queries")
    write = draft.tell if root.is_draft else manifest
    told = write(root, requests.service().model, service.schema, language)
    is_page = "callback" not in request.args and choose(request.headers.get("Accept"), (JSON, HTML)) is HTML
    return requests.page(_page(root, told)) if is_page else _json(told)


@reconcile.post("/reconcile/v1/match")
def match() -> Response:
    """Return the candidates for some names, as the draft of version 1.0 has it."""
    service, root = requests.reader().reconciliation, _root(DRAFT)
    return _json(draft.answer(_body(), service, root, requests.language()))


@reconcile.post("/reconcile/v1/extend")
def extend() -> Response:
    """Return the values of some things, as the draft of version 1.0 has it."""
    service, root = requests.reader().reconciliation, _root(DRAFT)
    return _json(draft.extended(service.extend(_body(), root, requests.language())))


def _body() -> dict[str, Any]:
    request.max_content_length = LONGEST
    return asking.read_json(request.get_data().decode("utf-8", "replace"), "body")


@reconcile.get("/reconcile/suggest/<what>")
@reconcile.get("/reconcile/<root>/suggest/<what>")
def suggest(what: str, root: str = "") -> Response:
    """Return the things, types or properties that somebody may mean who is still typing."""
    prefix, part = asking.cleaned(request.args.get("prefix"))[: asking.LONGEST], _part()
    service, language, at = requests.reader().reconciliation, requests.language(), _root(root)
    if what == "entity":
        return _json({"result": service.suggest(prefix, part, at, language, request.args.get("type"))})
    return _json({"result": service.suggest_terms(_term(what), prefix, part, at, language)})


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
@reconcile.get("/reconcile/<root>/extend/propose")
def properties(root: str = "") -> Response:
    """Return the properties that things of a type have."""
    kind, language, schema = request.args.get("type", ""), requests.language(), requests.reader().reconciliation.schema
    known = schema.kind(kind)
    found = [entry.tell(language) for entry in schema.of([known] if known else _root(root).kinds)]
    limit = requests.number("limit", 0, least=0) or len(found)
    return _json({"type": kind, "limit": limit, "properties": found[:limit]})


@reconcile.get("/reconcile/v1/preview")
@reconcile.get("/reconcile/preview/<one>")
def preview(one: str = "") -> Response:
    """Return a small page about a thing, to be shown within another."""
    one = one or request.args.get("id", "")
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


def _root(name: str) -> Root:
    found = roots(requests.service().model)
    if name not in found:
        raise NotFound(f"There is no service {name[:60]!r}; there are {', '.join(filter(None, found))}.")
    return found[name]


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
    others = [
        (in_language(model.lists[name].plural_labels, language), other.path)
        for name, other in roots(model).items()
        if name in model.lists
    ]
    return ReconcilePage(
        name=told["name"], address=f"{model.base.iri}{root.path}", others=others, batch=told["batchSize"]
    )
