"""What do the addresses answer at which links to Wikidata are decided?

What is proposed is not public, so all of them ask who comes. A terminal decides by the same functions
(`linking.reviewing`).
"""

import json
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Response, current_app, request

from toolbox_graph.assembly import now
from toolbox_graph.errors import Conflict, InvalidRequest, NotFound, UnsupportedMediaType
from toolbox_graph.linking import reviewing
from toolbox_graph.linking.decisions import Decisions, Line, Standing, about, undone
from toolbox_graph.linking.reviewing import CHOICES
from toolbox_graph.linking.things import Thing, Things
from toolbox_graph.namespaces import KEY
from toolbox_graph.negotiation import JSON
from toolbox_graph.query import FORM, is_number_within
from toolbox_graph.web import private, requests, review_views
from toolbox_graph.web.private import lead, show
from toolbox_graph.web.review_views import ADDRESS, LATELY, Desk

review = Blueprint("review", __name__)
private.guard(review)

SCOPE = "review"

UNDO = "undo"
"""What is said of a decision instead of a thing."""


@review.get(f"/{ADDRESS}")
def waiting() -> Response:
    """Return what is proposed and waits for a decision, the surest first, and what was decided lately."""
    visitor, desk = private.visitor(SCOPE), _desk()
    if private.wanted() is JSON:
        return _json(_listed(desk))
    return show(review_views.list_page(desk, visitor, done=_done()))


@review.get(f"/{ADDRESS}/<kind>/<key>")
def look(kind: str, key: str) -> Response:
    """Return what we know of a thing beside what is known of the items that it may be."""
    visitor, desk = private.visitor(SCOPE), _desk()
    thing = _find(desk, kind, key)
    if private.wanted() is JSON:
        return _json(_told(desk, thing))
    return show(review_views.thing_page(desk, thing, visitor, item=request.args.get("item", ""), done=_done()))


@review.post(f"/{ADDRESS}/<kind>/<key>")
def decide(kind: str, key: str) -> Response:
    """Write down what somebody decides of a thing, or take a decision back, and lead to the next thing that waits."""
    visitor, desk = private.visitor(SCOPE), _desk()
    if visitor.form:
        private.refuse_foreign(visitor)
    is_page, thing, given = private.wanted() is not JSON, _find(desk, kind, key), _given()
    try:
        line = _write(desk, thing, given, visitor.account.name)
    except Conflict as conflict:
        if not is_page:
            raise
        return show(review_views.thing_page(_desk(), thing, visitor, problem=conflict.detail), Conflict.status)
    onward = thing.name if line.undoes else _desk().next(desk.names, thing.name)
    if is_page:
        return lead("/".join(filter(None, [ADDRESS, onward])), done=line.number)
    return _json({"decision": line.as_json(), "next": onward or None})


def _desk() -> Desk:
    service, reader = requests.service(), requests.reader()
    things = Things(reader.generation.store, service.model)
    return Desk(_decisions(), things, service.model, requests.language())


def _decisions() -> Decisions:
    return cast(Decisions, current_app.extensions["toolbox-graph.decisions"])


def _find(desk: Desk, kind: str, key: str) -> Thing:
    if kind not in desk.model.kinds or not KEY.fullmatch(key):
        raise NotFound(f"There is no thing {f'{kind}/{key}'[:80]!r}; name it by kind and key, such as tool/ckan.")
    return desk.things.find(f"{kind}/{key}")


def _done() -> int:
    return requests.number("done", 0, least=0)


def _given() -> Mapping[str, Any]:
    """Return what was sent, as a form or as JSON."""
    if request.mimetype == JSON.media_type:
        given = request.get_json(silent=True)
        if not isinstance(given, dict):
            raise InvalidRequest('Send an object of JSON, such as {"decision": "skip", "after": 12}.')
        return given
    if request.mimetype != FORM:
        raise UnsupportedMediaType(f"Send {JSON.media_type} or {FORM}.")
    return request.form


def _write(desk: Desk, thing: Thing, given: Mapping[str, Any], by: str) -> Line:
    said = _text(given, "decision")
    if said == UNDO:
        return _undo(desk, thing.name, _number(given, "number"), _text(given, "why"), by)
    if said not in CHOICES:
        known = ", ".join([*CHOICES, UNDO])
        raise InvalidRequest(f"A decision is one of {known}, not {said[:40]!r}.", parameter="decision")
    one = desk.standing.get(thing.name, Standing())
    line = reviewing.decision(
        thing, one, CHOICES[said], _text(given, "item"), time=now(), by=by, why=_text(given, "why")
    )
    return desk.decisions.decide(line, after=_number(given, "after"))


def _undo(desk: Desk, name: str, number: int, why: str, by: str) -> Line:
    """Take back what was said of a thing; who does so twice has done it once."""
    gone = undone(desk.lines)
    if number not in {line.number for line in about(desk.lines, name)}:
        raise NotFound(f"There is no decision {number} of {name}.")
    done = [line for line in desk.lines if line.undoes == number and line.by == by and line.number not in gone]
    return done[-1] if done else desk.decisions.undo(number, time=now(), by=by, why=reviewing.cleaned(why))


def _text(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name, "")
    if not isinstance(value, str):
        raise InvalidRequest(f"{name!r} is a text.", parameter=name)
    return value.strip()


def _number(given: Mapping[str, Any], name: str) -> int:
    text = str(given.get(name, ""))
    if not is_number_within(text, 0, requests.LARGEST):
        raise InvalidRequest(f"{name!r} is the number of a line, as this address tells it.", parameter=name)
    return int(text)


def _listed(desk: Desk) -> dict[str, Any]:
    items = [
        {"thing": name, "label": desk.label(name), "url": f"review/{name}", **_proposed(one)}
        for name, one in desk.waiting
    ]
    decided = [line.as_json() for line in reviewing.lately(desk.lines)[:LATELY]]
    return {"total": len(items), "items": items, "decided": decided}


def _proposed(one: Standing) -> dict[str, Any]:
    proposal = one.proposal
    known = {"number": proposal.number, "time": proposal.time} if proposal else {}
    return {**known, "candidates": one.left}


def _told(desk: Desk, thing: Thing) -> dict[str, Any]:
    one = desk.standing.get(thing.name, Standing())
    return {
        "thing": thing.name,
        "iri": thing.iri,
        "state": one.state,
        "after": desk.after(thing.name),
        "ours": reviewing.record(thing, desk.language),
        "links": [item for _, item in thing.links],
        "decision": one.decision.as_json() if one.decision else None,
        "rejected": sorted(one.rejected),
        **_proposed(one),
    }


def _json(told: Any) -> Response:
    return Response(json.dumps(told), content_type=JSON.content_type)
