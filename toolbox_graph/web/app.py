"""How do the pages and documents become one application?

Things are looked up by path; by which host a client reached us never matters, and what leads on is a relative
reference.
"""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WerkzeugMethodNotAllowed
from werkzeug.routing import RequestRedirect

from toolbox_graph.assembly import Service
from toolbox_graph.errors import InvalidRequest, MethodNotAllowed, NotFound, TooLarge, ToolboxError
from toolbox_graph.linking.decisions import Decisions
from toolbox_graph.web import messages, requests
from toolbox_graph.web.about import about
from toolbox_graph.web.citing import citing
from toolbox_graph.web.described import described
from toolbox_graph.web.editor import editor
from toolbox_graph.web.openapi import openapi
from toolbox_graph.web.pages import Frame
from toolbox_graph.web.quality import quality
from toolbox_graph.web.reconcile import reconcile, services
from toolbox_graph.web.review import review
from toolbox_graph.web.search import search
from toolbox_graph.web.sessions import Sessions
from toolbox_graph.web.signing_in import signing_in
from toolbox_graph.web.static_files import static, versioned
from toolbox_graph.web.things import things

BLUEPRINTS = (about, citing, described, editor, openapi, quality, reconcile, review, search, signing_in, things)


def create_app(service: Service, clock: Callable[[], float] = time.monotonic) -> Flask:
    """Return the pages and documents of a service as a WSGI application; `clock` says when sessions end.

    It has no SPARQL endpoint: WSGI cannot break an answer off (`door`).
    """
    app = Flask(__name__, static_folder=None)
    app.extensions["toolbox-graph"] = service
    app.extensions["toolbox-graph.sessions"] = Sessions(service.accounts, clock)
    app.extensions["toolbox-graph.decisions"] = Decisions(service.settings.data)
    # Where Werkzeug merges slashes it leads to an address with a host.
    app.url_map.merge_slashes = False
    app.url_map.converters["service"] = services(service.model)
    prefix = service.model.base.path.rstrip("/")
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix or None)
    app.add_url_rule(f"{prefix}/static/<path:name>", view_func=static)
    app.add_url_rule(f"{prefix}/static/<asked>/<name>", view_func=versioned)
    app.register_error_handler(ToolboxError, refuse)
    app.register_error_handler(HTTPException, refuse_as_usual)
    app.register_error_handler(Exception, refuse_unexpectedly)
    return app


def refuse(refusal: ToolboxError) -> Response:
    """Answer with a refusal."""
    frame = Frame(requests.language(), requests.root(), requests.parameters())
    message = messages.problem(refusal, accept=request.headers.get("Accept", ""), frame=frame)
    return Response(message.body, status=message.status, headers=list(message.headers))


def refuse_as_usual(error: HTTPException) -> Response:
    """Answer with the refusal for what Flask found wrong."""
    if isinstance(error, RequestRedirect):
        # Werkzeug names the host that the client did.
        return Response(status=308, headers=[("Location", urlsplit(error.new_url).path), *messages.OPEN])
    if isinstance(error, WerkzeugMethodNotAllowed):
        allowed = sorted(set(error.valid_methods or ()) - {"OPTIONS"})
        return refuse(MethodNotAllowed(f"Ask this address with {' or '.join(allowed)}.", allow=allowed))
    if error.code == TooLarge.status:
        return refuse(TooLarge("The request is longer than this address reads; send several."))
    if error.code == NotFound.status:
        return refuse(NotFound("There is nothing at this address; begin at the home page."))
    return refuse(InvalidRequest("The request is not one that HTTP allows."))


def refuse_unexpectedly(error: Exception) -> Response:
    """Answer where the fault is ours: note it under a number, and tell nothing but that."""
    return refuse(messages.fault(error))
