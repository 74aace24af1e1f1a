"""How is one operation described, as OpenAPI has it?"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from toolbox_graph.negotiation import HTML, LANGUAGES, Format
from toolbox_graph.web import requests
from toolbox_graph.web.messages import PROBLEM
from toolbox_graph.web.schemas import Schema, of, refusals

Described = dict[str, Any]

ALWAYS = (400, 404, 405, 406, 500)
"""The refusals that any address may give."""

ASKING = (400, 401, 404, 405, 406, 413, 415, 429, 500, 502, 503, 504)
"""The refusals of what asks the engine."""

WRITING = (400, 401, 403, 404, 405, 406, 408, 409, 413, 415, 422, 500, 503, 504)
"""The refusals of what writes."""

WITH_TOKEN: Sequence[Described] = [{"token": []}]
WITH_OR_WITHOUT: Sequence[Described] = [{}, *WITH_TOKEN]
"""Who may do something: the bearer of a token, or anybody, whom a token allows more."""

SIGNED_IN: Sequence[Described] = [*WITH_TOKEN, {"session": []}]
"""The bearer of a token, or somebody who has signed in with one in a browser."""

ELSEWHERE: Described = {
    "302": {
        "description": "It is there: the version that a date means.",
        "headers": {"Location": {"description": "A relative reference.", "schema": {"type": "string"}}},
    }
}

DONE: Described = {"204": {"description": "It is done."}}


ANYTHING: Schema = {}
NOTHING: Mapping[str, Schema] = {}


class Known(NamedTuple):
    """What is known of a page: its parameters, formats and JSON, where it leads instead, and what is sent to it."""

    parameters: Sequence[Described] = ()
    formats: Sequence[Format] = ()
    json: Schema = ANYTHING
    leads: Sequence[int] = ()
    refusals: Sequence[int] = ALWAYS
    sent: Mapping[str, Schema] = NOTHING
    tag: str = "Pages"
    security: Sequence[Described] = ()


def parameter(name: str, description: str, schema: Schema, *, where: str = "query", **more: Any) -> Described:
    """Return a parameter."""
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, "description": description, "schema": schema, **required, **more}


def number(name: str, description: str, least: int, most: int, **more: int) -> Described:
    """Return a parameter that is a whole number."""
    return parameter(name, description, {"type": "integer", "minimum": least, "maximum": most, **more})


def formatted(offers: Iterable[Format]) -> Described:
    """Return the parameter by which a format is chosen."""
    names = list(dict.fromkeys(offer.name for offer in offers))
    return parameter("format", "The format; goes before the header Accept.", {"type": "string", "enum": names})


LANG = parameter("lang", f"The language: {', '.join(LANGUAGES)}; else that of Accept-Language.", {"type": "string"})
AT = parameter(
    "at",
    "A version of the data, by its position; of a date the last one. Without it the newest is meant.",
    {"type": "string", "pattern": r"^(0|[1-9][0-9]{0,11}|[0-9]{4}-[0-9]{2}-[0-9]{2})$", "examples": ["12"]},
)
OFFSET = number("offset", "How many to leave out.", 0, requests.LARGEST, default=0)


def content(offers: Iterable[Format], schemas: Mapping[Format, Schema]) -> Described:
    """Return the media types of an answer, with the schemas of those that have one."""
    return {offer.media_type: {"schema": schemas[offer]} if offer in schemas else {} for offer in offers}


def refused(statuses: Iterable[int]) -> Described:
    """Return the refusals of an operation, by status."""
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in statuses}


def answered(
    offers: Sequence[Format], schemas: Mapping[Format, Schema], statuses: Sequence[int] = ALWAYS
) -> Mapping[str, Any]:
    """Return the answers of an operation that has some in these formats, and refusals."""
    return {
        "200": {"description": "Here it is.", "content": content(offers, schemas)},
        "304": {"description": "You have it."},
        **refused(statuses),
    }


def operation(name: str, summary: str, tag: str, responses: Mapping[str, Any], **more: Any) -> Described:
    """Return an operation."""
    return {"operationId": name, "summary": summary, "tags": [tag], **more, "responses": responses}


def problems() -> Described:
    """Return the refusals by status, each with what our refusals of that status say."""
    by_status: dict[int, list[str]] = {}
    for refusal in refusals():
        said = (refusal.__doc__ or "").partition("\n")[0] if refusal.name != "internal-error" else "The fault is ours."
        by_status.setdefault(refusal.status, []).append(f"`{refusal.name}`: {said}")
    body = {PROBLEM.media_type: {"schema": of("Problem")}, HTML.media_type: {}}
    return {
        str(status): {"description": "\n".join(said), "content": body} for status, said in sorted(by_status.items())
    }
