"""What does HTTP say around an answer?"""

import json
import logging
import secrets
from collections.abc import Sequence
from typing import NamedTuple

from toolbox_graph.errors import MethodNotAllowed, ToolboxError, Unauthorized
from toolbox_graph.negotiation import HTML, Format, find
from toolbox_graph.web.pages import Frame, ProblemPage, render

PROBLEM = Format("json", "application/problem+json", "Problem document", ("application/json",))

QUIET = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'"
"""A policy by which nothing runs, and nothing comes from elsewhere."""

ALONE = f"{QUIET}; frame-ancestors 'none'"
"""The same, and nobody shows the page within another, where a click could be meant for that one."""

OTHERS = (("Referrer-Policy", "same-origin"), ("X-Content-Type-Options", "nosniff"))

SAFETY = (("Content-Security-Policy", ALONE), *OTHERS)
"""What browsers are told of every answer but one."""

SCRIPTED = (("Content-Security-Policy", f"{ALONE}; script-src 'self'; connect-src 'self'"), *OTHERS)
"""What they are told of the page with the query editor: scripts run that come from here, and ask here."""

OPEN = (
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Allow, ETag, Link, Location, Memento-Datetime, Query-Id, RateLimit, RateLimit-Policy, Retry-After, "
        "Server-Timing",
    ),
    ("Timing-Allow-Origin", "*"),
)
"""What scripts of other sites are told: they may read all there is."""


class Message(NamedTuple):
    """An answer that is whole: its status, headers and body."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes


log = logging.getLogger(__name__)

PREFLIGHT = Message(
    204,
    [
        ("Allow", "DELETE, GET, HEAD, OPTIONS, POST, PUT, QUERY"),
        ("Accept-Query", '"application/sparql-query", "application/x-www-form-urlencoded"'),
        ("Access-Control-Allow-Methods", "DELETE, GET, HEAD, POST, PUT, QUERY"),
        ("Access-Control-Allow-Headers", "Accept, Authorization, Content-Type, If-Match, If-None-Match, Query-Id"),
        ("Access-Control-Max-Age", "86400"),
        *OPEN,
    ],
    b"",
)
"""What a browser is told that asks whether scripts of another site may ask (Fetch standard, CORS protocol)."""


def problem(refusal: ToolboxError, *, accept: str, frame: Frame) -> Message:
    """Return a refusal as a page for browsers, as a problem document (RFC 9457) for programs."""
    if find(accept, (PROBLEM, HTML)) is HTML:
        title = str(refusal.problem()["title"])
        body = render(ProblemPage(refusal.status, title, refusal.detail), frame).encode()
        content_type = HTML.content_type
    else:
        body = json.dumps(refusal.problem(), ensure_ascii=False).encode()
        content_type = PROBLEM.media_type
    headers = [("Content-Type", content_type), ("Vary", "Accept, Accept-Language"), *_of(refusal), *OPEN, *SAFETY]
    return Message(refusal.status, headers, body)


def failure(error: Exception, *, accept: str, frame: Frame) -> Message:
    """Return what went wrong as an answer.

    Who calls this holds the error no longer than that: it holds all that was at work, the connection too.
    """
    return problem(error if isinstance(error, ToolboxError) else fault(error), accept=accept, frame=frame)


def fault(error: BaseException) -> ToolboxError:
    """Note a fault of ours under a number, and return the refusal that tells nothing but that."""
    number = secrets.token_hex(4)
    log.error("fault %s", number, exc_info=error)
    return ToolboxError(f"The fault is ours, and has been noted. If you write to us, say the number {number}.")


def _of(refusal: ToolboxError) -> list[tuple[str, str]]:
    headers = []
    if isinstance(refusal, MethodNotAllowed):
        headers.append(("Allow", ", ".join(refusal.allow)))
    if isinstance(refusal, Unauthorized):
        error = f', error="{refusal.members["error"]}"' if "error" in refusal.members else ""
        headers.append(("WWW-Authenticate", f'Bearer realm="toolbox-graph"{error}'))
    if "retry_after" in refusal.members:
        headers.append(("Retry-After", str(refusal.members["retry_after"])))
    return headers
