"""What is a client told of its running queries, and how does it end one?"""

import json
import re
import time

from toolbox_graph.assembly import Service
from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, NotFound
from toolbox_graph.negotiation import JSON
from toolbox_graph.query import Request
from toolbox_graph.store.running import Run, Running
from toolbox_graph.web.authorization import authorized
from toolbox_graph.web.responses import Response, done, whole

ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
"""What a client may call a query."""

SHOWN = 1_000
"""Characters of a query that are told."""


def require_id(query_id: str) -> None:
    """Raise InvalidRequest for a name that no query can have."""
    if not ID.fullmatch(query_id):
        raise InvalidRequest("The header Query-Id has up to 64 letters, digits, hyphens, dots and underscores.")


def respond(rest: str, request: Request, running: Running, service: Service) -> Response:
    """Answer a request for the running queries (`queries`), or for one of them (`queries/ID`)."""
    owner = authorized(request, service.accounts, "admin") if request.authorization else None
    runs = running.of(None if owner else request.client)
    _, _, query_id = rest.partition("/")
    if not query_id:
        if request.method not in {"GET", "HEAD"}:
            raise MethodNotAllowed("Ask for the running queries with GET.", allow=["GET", "HEAD"])
        return whole(JSON, json.dumps({"queries": [_told(run) for run in runs]}, ensure_ascii=False).encode())
    if request.method != "DELETE":
        raise MethodNotAllowed("End a query with DELETE.", allow=["DELETE"])
    return _cancel(query_id, runs)


def _cancel(query_id: str, runs: list[Run]) -> Response:
    named = [run for run in runs if run.query.id == query_id]
    if not named:
        raise NotFound("You run no query of this name.")
    for run in named:
        run.cancel()
    return done(204)


def _told(run: Run) -> dict[str, object]:
    return {
        "id": run.query.id,
        "seconds": round(time.monotonic() - run.begun, 3),
        "limit": run.query.limits.seconds,
        "query": run.query.text[:SHOWN],
    }
