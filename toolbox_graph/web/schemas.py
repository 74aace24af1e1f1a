"""Which forms have our answers in JSON, as JSON Schema says it?"""

from collections.abc import Mapping, Sequence
from typing import Any

from toolbox_graph.emptiness import Verdict
from toolbox_graph.errors import URN, ToolboxError
from toolbox_graph.linking.decisions import State

Schema = Mapping[str, Any]

TEXT: Schema = {"type": "string"}
ADDRESS: Schema = {"type": "string", "format": "iri-reference"}
IRI: Schema = {"type": "string", "format": "iri"}
COUNT: Schema = {"type": "integer", "minimum": 0}
LABELS: Schema = {"type": "object", "additionalProperties": TEXT}


def of(name: str) -> Schema:
    """Return a reference to one of the schemas."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(required: Mapping[str, Schema], **more: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **more}}


def _list(items: Schema, **more: str) -> Schema:
    return {"type": "array", "items": items, **more}


def refusals(kind: type[ToolboxError] = ToolboxError) -> Sequence[type[ToolboxError]]:
    """Return all refusals that there are."""
    return [kind, *(refusal for narrower in kind.__subclasses__() for refusal in refusals(narrower))]


def _problem() -> Schema:
    """Return what a refusal looks like (RFC 9457, section 3.1)."""
    types = sorted(f"{URN}{refusal.name}" for refusal in refusals())
    return _object(
        {
            "type": {"type": "string", "enum": types},
            "title": TEXT,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": {"type": "string", "description": "What to do next, in a sentence."},
        },
        parameter={"type": "string", "description": "The parameter that is not as it has to be."},
        formats=_list(TEXT, description="The formats that can be had."),
        allow=_list(TEXT, description="The methods that can be used."),
        line=COUNT,
        column=COUNT,
    )


ITEM = _object({"id": TEXT, "iri": IRI, "kind": TEXT, "label": TEXT, "description": TEXT, "url": ADDRESS})
FACET_VALUE = _object({"value": TEXT, "label": TEXT, "count": COUNT})
TERM = _object({"iri": IRI, "short": TEXT, "label": TEXT, "number": COUNT})
MAYBE: Schema = {"type": ["boolean", "null"]}
VALUE: Schema = {
    "type": "object",
    "properties": {
        "value": TEXT,
        "iri": IRI,
        "lang": TEXT,
        "rank": {"enum": ["preferred", "normal", "deprecated"]},
        "shown": {"type": "boolean"},
        "sources": _list(_object({"iri": IRI}, date={"type": ["string", "null"]})),
    },
}
FACT = _object({"property": IRI, "label": TEXT, "values": _list(of("Value"))})


def reconciliation() -> Mapping[str, Schema]:
    """Return the schemas of the reconciliation service by name."""
    term = _object({"id": TEXT, "name": TEXT}, description=TEXT)
    feature = _object({"id": TEXT, "value": {"type": "number"}})
    candidate = _object(
        {
            "id": TEXT,
            "name": TEXT,
            "score": {"type": "number", "minimum": 0, "maximum": 100},
            "match": {"type": "boolean", "description": "Whether it is certain; this is said of one at most."},
            "type": _list(of("Term")),
            "features": _list(feature),
        },
        description=TEXT,
    )
    return {
        "Term": term,
        "Candidate": candidate,
        "Candidates": {"type": "object", "description": "By the keys of the batch; or `meta` and `rows`."},
        "Results": _object({"results": _list(_object({"candidates": _list(of("Candidate"))}))}),
        "Suggested": _object({"result": _list(of("Term"))}),
        "Proposed": _object({"properties": _list(of("Term")), "type": TEXT, "limit": COUNT}),
        "Flyout": _object({"id": TEXT, "html": TEXT}),
    }


def reviewing() -> Mapping[str, Schema]:
    """Return the schemas of what is proposed and decided by name."""
    line = _object(
        {"number": COUNT, "time": TEXT, "by": TEXT, "state": {"enum": list(map(str, State))}, "thing": TEXT},
        item={"type": "string", "description": "An item of Wikidata, such as Q142."},
        near={"type": "boolean", "description": "The item is nearly the same, not the very same."},
        why=TEXT,
        undoes={"type": "integer", "description": "The number of the line that this one takes back."},
    )
    proposed = {
        "number": COUNT,
        "time": TEXT,
        "candidates": _list(_object({"item": TEXT, "match": {"type": "boolean"}})),
    }
    maybe = {"anyOf": [of("Line"), {"type": "null"}]}
    return {
        "Line": line,
        "Waiting": _object(
            {
                "total": COUNT,
                "items": _list(_object({"thing": TEXT, "label": TEXT, "url": ADDRESS, **proposed})),
                "decided": _list(of("Line")),
            }
        ),
        "Reviewed": _object(
            {
                "thing": TEXT,
                "iri": IRI,
                "state": {"enum": [*map(str, State), None]},
                "after": {**COUNT, "description": "The number of the last line about it, to be sent with a decision."},
                "ours": {"type": "object"},
                "links": _list(TEXT),
                "decision": maybe,
                "rejected": _list(TEXT),
            },
            **proposed,
        ),
        "Written": _object({"decision": of("Line"), "next": {"type": ["string", "null"]}}),
    }


def _links() -> Schema:
    return _object(
        {
            "time": TEXT,
            "source": TEXT,
            "links": COUNT,
            "unknown": COUNT,
            "unasked": COUNT,
            "total": COUNT,
            "findings": _list(
                _object(
                    {
                        "thing": TEXT,
                        "label": TEXT,
                        "item": TEXT,
                        "about": TEXT,
                        "ours": TEXT,
                        "theirs": TEXT,
                        "turn": {"enum": ["ours", "wikidata", "both"]},
                        "line": {"type": "string", "description": "What adds it to Wikidata (QuickStatements)."},
                    }
                )
            ),
        }
    )


def _thing() -> Schema:
    """Return the schema of all that is known of a thing."""
    return _object(
        {
            "iri": IRI,
            "kind": TEXT,
            "labels": LABELS,
            "facts": _list(of("Fact")),
            "parts": _list(_object({"iri": IRI, "property": IRI, "facts": _list(of("Fact"))})),
            "inverse": _list(
                _object(
                    {"property": IRI, "label": TEXT, "total": COUNT},
                    values=_list(_object({"iri": IRI, "labels": LABELS})),
                )
            ),
        },
        names={"type": "object", "additionalProperties": LABELS},
    )


def _explanation() -> Schema:
    """Return the schema of why a query finds nothing."""
    return _object(
        {
            "verdict": {"enum": [verdict.value for verdict in Verdict]},
            "parts": _list(
                _object({"text": TEXT, "line": COUNT, "finds_without": MAYBE, "finds_alone": MAYBE}),
                description="What was left out, part by part; null is for what was not learnt.",
            ),
            "unknown": _list(_object({"term": TEXT, "nearest": {"type": ["string", "null"]}})),
        }
    )


def _features() -> Schema:
    """Return the schema of things on a map (RFC 7946)."""
    return _object(
        {
            "type": {"const": "FeatureCollection"},
            "features": _list(
                _object(
                    {
                        "type": {"const": "Feature"},
                        "geometry": {"type": ["object", "null"]},
                        "properties": {"type": "object"},
                    }
                )
            ),
        }
    )


def schemas() -> Mapping[str, Schema]:
    """Return the schemas by name."""
    return {
        "Problem": _problem(),
        "Position": _object({"position": COUNT}),
        "Item": ITEM,
        "List": _object(
            {
                "total": COUNT,
                "items": _list(of("Item")),
                "facets": {"type": "object", "additionalProperties": _list(FACET_VALUE)},
                "next": {"type": ["string", "null"], "description": "The address of the part that follows."},
            }
        ),
        "Suggestions": _object({"items": _list(of("Item"))}),
        "Questions": _object(
            {"total": COUNT, "items": _list(_object({"label": TEXT, "url": ADDRESS, "description": TEXT}))}
        ),
        "Value": VALUE,
        "Fact": FACT,
        "Thing": _thing(),
        "Terms": _object(
            {"base": IRI, "prefixes": LABELS, "classes": _list(TERM), "properties": _list(TERM)}, countries=LABELS
        ),
        "Explanation": _explanation(),
        **reconciliation(),
        **reviewing(),
        "Links": _links(),
        "RunningQueries": _object(
            {
                "queries": _list(
                    _object({"id": TEXT, "seconds": {"type": "number"}, "limit": {"type": "number"}, "query": TEXT})
                )
            }
        ),
        "SparqlResults": _object({"head": {"type": "object"}}, results={"type": "object"}, boolean={"type": "boolean"}),
        "FeatureCollection": _features(),
    }
