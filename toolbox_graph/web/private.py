"""What holds for the addresses that only those may ask who have an account?

A program shows its token with each request, a browser the cookie of a session. No other address looks at that cookie,
so whoever is signed in sees the same catalogue as everybody.
"""

import re
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request

from toolbox_graph.errors import Forbidden, NotFound, ToolboxError, Unauthorized
from toolbox_graph.negotiation import HTML, JSON, Format, find
from toolbox_graph.web import messages, requests
from toolbox_graph.web.authorization import allowed, refuse_in_address, token_in
from toolbox_graph.web.pages import Frame, Page, render
from toolbox_graph.web.review_pages import DeskPage, SignInPage
from toolbox_graph.web.sessions import Sessions, Visitor

COOKIE = "toolbox-session"

CLIENT = "toolbox-graph.client"
"""Under which name the door tells who asks."""

LONGEST = 10_000
"""Bytes of a form."""

BELOW = re.compile(r"[a-z0-9-]+(/[a-z0-9-]+)*")
"""A path below the base, and nothing that could lead elsewhere."""

FOREIGN = "This form was sent by another site, or has become old; open the page anew and send it from there."

KEYS = f"{messages.ALONE}; script-src 'self'"
"""The policy of a page with keys, whose script is ours."""


def guard(blueprint: Blueprint) -> None:
    """Have all that holds here hold for some addresses."""
    blueprint.before_request(_check)
    blueprint.after_request(_keep_nothing)
    blueprint.register_error_handler(Unauthorized, _ask_who)


def _check() -> None:
    refuse_in_address(request.query_string.decode("ascii", "replace"))
    if requests.service().is_playground:
        raise NotFound("A playground has no tokens, and nothing to review.")
    request.max_content_length = request.max_form_memory_size = LONGEST


def _keep_nothing(response: Response) -> Response:
    """Say that nobody keeps the answer, and that scripts of other sites may not read it."""
    for name, _ in messages.OPEN:
        response.headers.pop(name, None)
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(["Accept", "Accept-Language", "Authorization", "Cookie"])
    return response


def _ask_who(refusal: ToolboxError) -> Response:
    """Answer a browser that nobody is signed in with with the form for that."""
    frame = Frame(requests.language(), requests.root(), requests.parameters())
    accept = request.headers.get("Accept", "")
    message = messages.problem(refusal, accept=accept, frame=frame)
    if find(accept, (messages.PROBLEM, HTML)) is not HTML:
        return Response(message.body, message.status, headers=list(message.headers))
    onward = destination() if "next" in request.values else requests.below()
    response = show(SignInPage(name="", form="", onward=onward, problem=refusal.detail), refusal.status)
    response.headers["WWW-Authenticate"] = dict(message.headers)["WWW-Authenticate"]
    return response


def visitor(scope: str) -> Visitor:
    """Return who asks, by the token that a request bears, else by the session; raise the refusal where they may not."""
    if header := request.headers.get("Authorization", ""):
        return Visitor(allowed(sessions().account(token_in(header), client()), scope))
    found = signed_in()
    if found is None:
        raise Unauthorized("Sign in with your token; programs send it in the header “Authorization: Bearer …”.")
    allowed(found.account, scope)
    return found


def signed_in() -> Visitor | None:
    """Return who is signed in."""
    return sessions().find(request.cookies.get(COOKIE, ""))


def refuse_foreign(visitor: Visitor | None = None) -> None:
    """Raise Forbidden where a form does not come from a page of ours that the visitor was given."""
    if not _is_from_here() or (visitor and not visitor.has_given(request.form.get("form", ""))):
        raise Forbidden(FOREIGN)


def _is_from_here() -> bool:
    """Tell whether a browser says that a page of ours sends this; what is no browser says nothing."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in ("same-origin", "none")
    ours = {urlsplit(requests.service().model.base.iri).netloc, request.headers.get("Host", "")}
    return origin is None or urlsplit(origin).netloc in ours


def sessions() -> Sessions:
    """Return the sessions of this application."""
    return cast(Sessions, current_app.extensions["toolbox-graph.sessions"])


def client() -> str:
    """Return from where somebody asks; by which program says nothing here, for who guesses tokens names any."""
    told = request.environ.get("asgi.scope", {}).get(CLIENT) or request.remote_addr or ""
    return str(told).partition(" ")[0]


def destination() -> str:
    """Return the path below the base to which somebody wants to go, as they say in `next`; nothing where it is none."""
    asked = request.values.get("next", "").removeprefix(requests.service().model.base.path)
    return asked if BELOW.fullmatch(asked) else ""


def lead(path: str, **more: object) -> Response:
    """Lead to a path below the base, in the language that the reader chose."""
    told = "&".join(f"{name}={value}" for name, value in more.items() if value)
    frame = Frame(requests.language(), requests.root(), requests.parameters())
    address = frame.to(f"{requests.root()}{path}{'?' if told else ''}{told}")
    return Response(status=303, headers=[("Location", address)])


def show(page: Page, status: int = 200) -> Response:
    """Return a page that nobody else sees."""
    body = render(page, Frame(requests.language(), requests.root(), requests.parameters()))
    policy = KEYS if isinstance(page, DeskPage) else messages.ALONE
    safety = [("Content-Security-Policy", policy), *messages.OTHERS]
    return Response(body, status, content_type=HTML.content_type, headers=safety)


def wanted() -> Format:
    """Return the format that is wanted; a program that shows a token and says nothing else gets JSON."""
    offers = (JSON, HTML) if "Authorization" in request.headers else (HTML, JSON)
    return requests.wanted(offers)
