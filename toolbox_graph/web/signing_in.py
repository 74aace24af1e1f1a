"""How does a person in a browser say who they are?

They paste their token once and are signed in for some hours. A program needs none of this.
"""

from typing import Any

from flask import Blueprint, Response, request

from toolbox_graph.web import private, requests
from toolbox_graph.web.private import COOKIE, lead, refuse_foreign, sessions, show, signed_in
from toolbox_graph.web.review_pages import SignInPage
from toolbox_graph.web.sessions import SECONDS

signing_in = Blueprint("signing_in", __name__)
private.guard(signing_in)

HOME = "quality/wikidata/review"
"""Where somebody goes who signs in, unless they wanted to go elsewhere."""


@signing_in.get("/sign-in")
def ask() -> Response:
    """Return the form in which somebody says who they are, or who is signed in."""
    visitor = signed_in()
    name, form = (visitor.account.name, visitor.form) if visitor else ("", "")
    return show(SignInPage(name=name, form=form, onward=private.destination(), problem=""))


@signing_in.post("/sign-in")
def enter() -> Response:
    """Begin a session for whoever has a token, and lead on."""
    refuse_foreign()
    name = sessions().begin(request.form.get("token", "").strip(), private.client())
    sessions().end(request.cookies.get(COOKIE, ""))
    response = lead(private.destination() or HOME)
    response.set_cookie(COOKIE, name, max_age=SECONDS, **_manners())
    return response


@signing_in.get("/sign-out")
def show_out() -> Response:
    """Lead to the page with the button that ends the session: an address that is only looked at ends nothing."""
    return lead("sign-in")


@signing_in.post("/sign-out")
def leave() -> Response:
    """End the session, and lead to where another begins."""
    refuse_foreign(signed_in())
    sessions().end(request.cookies.get(COOKIE, ""))
    response = lead("sign-in")
    response.delete_cookie(COOKIE, **_manners())
    return response


def _manners() -> dict[str, Any]:
    """Return how browsers treat the cookie: no script reads it, no other site has it sent, nor goes it elsewhere."""
    base = requests.service().model.base
    told = request.headers.get("X-Forwarded-Proto", "") if requests.service().settings.proxies else ""
    is_secure = base.iri.startswith("https:") or told == "https"
    return {"path": base.path, "secure": is_secure, "httponly": True, "samesite": "Strict"}
