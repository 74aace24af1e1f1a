"""What does every route need of the request, and give to its answer?"""

from collections.abc import Sequence
from importlib.metadata import version
from typing import cast

from flask import Response, current_app, g, request

from toolbox_graph.assembly import Reader, Service
from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.negotiation import HTML, JSON, Format, choose, choose_language, named, unacceptable
from toolbox_graph.query import is_number_within
from toolbox_graph.web.messages import OPEN, SAFETY
from toolbox_graph.web.pages import Frame, Page, render
from toolbox_graph.web.views import Layout

VERSION = version("toolbox-graph")

LARGEST = 10**12
"""The largest number that a parameter may be; the index counts no further."""


def service() -> Service:
    """Return the service that this application serves."""
    return cast(Service, current_app.extensions["toolbox-graph"])


def reader() -> Reader:
    """Return the generation that this request is answered from, the same throughout."""
    if "reader" not in g:
        g.reader = service().reader()
    return cast(Reader, g.reader)


def language() -> str:
    """Return the language of this request's page."""
    return choose_language(request.args.get("lang"), request.headers.get("Accept-Language"))


def root() -> str:
    """Return the relative address of the home page."""
    below = request.path.removeprefix(service().model.base.path)
    return "../" * below.count("/") or "./"


def layout() -> Layout:
    """Return what lays things out for this request's reader."""
    return Layout(service().model, language(), root())


def wanted(offers: Sequence[Format]) -> Format:
    """Return the format that the request asks for: by `format`, else by its Accept header."""
    name = request.args.get("format")
    if name is None:
        return choose(request.headers.get("Accept"), offers)
    offer = named(name, offers)
    if offer is None:
        raise unacceptable(offers)
    return offer


def by_extension(extension: str, offers: Sequence[Format]) -> Format:
    """Return the format that the end of an address names."""
    offer = next((offer for offer in offers if offer.name == extension), None)
    if offer is None:
        names = ", ".join(offer.name for offer in offers)
        raise NotFound(f"There is no format {extension!r}; there are {names}.")
    return offer


def number(name: str, default: int, *, least: int, most: int = LARGEST) -> int:
    """Return a parameter that is a number."""
    text = request.args.get(name, str(default))
    if not is_number_within(text, least, most):
        raise InvalidRequest(f"The parameter {name} is a number from {least} to {most}, not {text[:40]!r}.")
    return int(text)


def page(page: Page, *, formats: Sequence[tuple[Format, str]] = ()) -> Response:
    """Return a page as the answer to this request."""
    body = render(page, Frame(language(), root(), parameters(), formats))
    return document(body.encode(), HTML, formats=formats)


def parameters() -> dict[str, str | Sequence[str]]:
    """Return what the request was asked with, but the language once."""
    return {**request.args.to_dict(flat=False), **({"lang": request.args["lang"]} if "lang" in request.args else {})}


def document(body: bytes, file_format: Format, *, formats: Sequence[tuple[Format, str]] = ()) -> Response:
    """Return a document as the answer to this request, with all that HTTP should say of it."""
    response = Response(body, content_type=file_format.content_type, headers=[*OPEN, *SAFETY])
    # Lists for programs name things in the reader's language too.
    spoken = language() if file_format in (HTML, JSON) else ""
    response.vary.update(["Accept", "Accept-Language"] if spoken else ["Accept"])
    response.set_etag(f"{reader().name}-{VERSION}-{file_format.name}-{spoken}")
    response.headers["Link"] = (
        ", ".join(f'<{address}>; rel="alternate"; type="{other.media_type}"' for other, address in formats)
        or '<https://spdx.org/licenses/CC0-1.0>; rel="license"'
    )
    return cast(Response, response.make_conditional(request))
