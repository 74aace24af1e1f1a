"""What does every route need of the request, and give to its answer?"""

from collections.abc import Sequence
from importlib import metadata
from typing import cast
from urllib.parse import urlencode

from flask import Response, current_app, g, request

from toolbox_graph.assembly import Reader, Service
from toolbox_graph.errors import InvalidRequest, NotFound
from toolbox_graph.negotiation import HTML, JAVASCRIPT, JSON, Format, choose, choose_language, named, unacceptable
from toolbox_graph.query import is_number_within
from toolbox_graph.store.journal import Header
from toolbox_graph.web import versions
from toolbox_graph.web.messages import OPEN, SAFETY
from toolbox_graph.web.pages import Frame, Page, render
from toolbox_graph.web.past_pages import PAST
from toolbox_graph.web.version_views import AT, present, view
from toolbox_graph.web.views import Layout

VERSION = metadata.version("toolbox-graph")

LARGEST = 10**12
"""The largest number that a parameter may be; the index counts no further."""


def service() -> Service:
    """Return the service that this application serves, of the version of the data that the request is about."""
    past = request.environ.get("asgi.scope", {}).get(PAST)
    return cast(Service, past or current_app.extensions["toolbox-graph"])


def reader() -> Reader:
    """Return the generation that this request is answered from, the same throughout."""
    if "reader" not in g:
        g.reader = service().reader()
        if request.args.get(AT, str(g.reader.name.position)) != str(g.reader.name.position):
            raise versions.superseded()
    return cast(Reader, g.reader)


def version() -> Header:
    """Return what the journal says of the version of the data that this request is answered from."""
    return service().version(reader().name.position)


def language() -> str:
    """Return the language of this request's page."""
    return choose_language(request.args.get("lang"), request.headers.get("Accept-Language"))


def root() -> str:
    """Return the relative address of the home page."""
    return service().model.base.home(request.path)


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


def below() -> str:
    """Return the path of this request below the base."""
    return request.path.removeprefix(service().model.base.path)


def at() -> str:
    """Return what makes a relative address lead to the version that was asked for; empty where none was."""
    return f"?{urlencode({AT: request.args[AT]})}" if AT in request.args else ""


def page(
    page: Page, *, formats: Sequence[tuple[Format, str]] = (), is_citable: bool = False, state: str = ""
) -> Response:
    """Return a page as the answer to this request; one that is citable tells its version."""
    shown = None
    if is_citable and not service().is_playground:
        fields = list(request.args.items(multi=True))
        shown = view(version(), below(), fields, layout(), is_past=service().is_past)
    body = render(page, Frame(language(), root(), parameters(), formats, shown))
    return document(body.encode(), HTML, formats=formats, state=state)


def parameters() -> dict[str, str | Sequence[str]]:
    """Return what the request was asked with, but the language once."""
    return {**request.args.to_dict(flat=False), **({"lang": request.args["lang"]} if "lang" in request.args else {})}


def _told_of_past(file_format: Format) -> list[tuple[str, str]]:
    """Return what is told with a document of a past version; its data stays as it is, pages become others."""
    if not service().is_past:
        return []
    address = present(root().removeprefix("./") + below(), list(request.args.items(multi=True)))
    return [*versions.told(version(), address), *([] if file_format is HTML else [versions.FOR_EVER])]


def document(
    body: bytes, file_format: Format, *, formats: Sequence[tuple[Format, str]] = (), state: str = ""
) -> Response:
    """Return a document as the answer to this request, with all that HTTP should say of it.

    `state` is the state of what it tells of besides the data.
    """
    response = Response(body, content_type=file_format.content_type, headers=[*OPEN, *SAFETY])
    # Lists for programs name things in the reader's language too.
    spoken = language() if file_format in (HTML, JAVASCRIPT, JSON) else ""
    response.vary.update(["Accept", "Accept-Language"] if spoken else ["Accept"])
    response.set_etag(f"{reader().name}-{VERSION}-{file_format.name}-{spoken}{state}")
    response.headers["Link"] = (
        ", ".join(f'<{address}>; rel="alternate"; type="{other.media_type}"' for other, address in formats)
        or '<https://spdx.org/licenses/CC0-1.0>; rel="license"'
    )
    response.headers.extend(_told_of_past(file_format))
    return cast(Response, response.make_conditional(request))
