"""How are the addresses of the reconciliation service described?"""

from collections.abc import Mapping

from toolbox_graph.negotiation import HTML, JAVASCRIPT, JSON
from toolbox_graph.query import FORM
from toolbox_graph.reconciliation.asking import BATCH, IDS, LONGEST, MOST
from toolbox_graph.reconciliation.service import FAR
from toolbox_graph.web.operations import LANG, Known, number, parameter
from toolbox_graph.web.schemas import TEXT, Schema, of

TAG = "Reconciliation"

QUERIES: Schema = {"type": "string", "contentMediaType": "application/json", "examples": ['{"q0":{"query":"CKAN"}}']}
EXTEND: Schema = {
    "type": "string",
    "contentMediaType": "application/json",
    "examples": ['{"ids":["tool-ckan"],"properties":[{"id":"foaf:homepage"}]}'],
}
FIELDS = {
    "queries": (f"A batch of at most {BATCH} queries by keys of the client's choice.", QUERIES),
    "extend": (f"At most {IDS:,} `ids`, and `properties` whose values are wanted.", EXTEND),
}

CALLBACK = parameter(
    "callback", "A function of JavaScript that is called with the answer (JSONP).", {"type": "string", "maxLength": 100}
)
TYPE = parameter("type", "A kind of things.", TEXT)
PREFIX = parameter("prefix", "What somebody has typed.", {"type": "string", "maxLength": LONGEST})

SAID = (JSON, JAVASCRIPT)
OBJECT: Schema = {"type": "object"}
REFUSALS = (400, 404, 405, 406, 408, 413, 429, 500)

PROPOSING = Known([TYPE, number("limit", "How many to give.", 0, 1_000), CALLBACK, LANG], SAID, of("Proposed"))


def known() -> Mapping[str, Known]:
    """Return what is known of them, by endpoint."""
    asked = [parameter(name, said, schema) for name, (said, schema) in FIELDS.items()]
    form = {"type": "object", "properties": {name: schema for name, (_, schema) in FIELDS.items()}}
    found = {
        "tell": Known([*asked, CALLBACK, LANG], (JSON, HTML, JAVASCRIPT), OBJECT),
        "tell_draft": Known([CALLBACK, LANG], (JSON, HTML, JAVASCRIPT), OBJECT),
        "answer": Known([LANG], (JSON,), of("Candidates"), sent={FORM: form}),
        "match": Known([LANG], (JSON,), of("Results"), sent={JSON.media_type: OBJECT}),
        "extend": Known([LANG], (JSON,), OBJECT, sent={JSON.media_type: OBJECT}),
        "suggest": _beginning("cursor"),
        "suggest_draft": _beginning("offset"),
        "flyout": Known([CALLBACK, LANG], SAID, of("Flyout")),
        "properties": PROPOSING,
        "properties_draft": PROPOSING,
        "preview": Known([LANG], (HTML,), OBJECT),
        "preview_draft": Known([parameter("id", "An id.", TEXT), LANG], (HTML,), OBJECT),
    }
    described = {f"reconcile.{name}": about._replace(refusals=REFUSALS, tag=TAG) for name, about in found.items()}
    return {**described, "reconcile.view": Known([], leads=(301,), tag=TAG)}


def _beginning(skip: str) -> Known:
    """Return what is known of suggestions; `skip` is how the version calls those that are left out."""
    skipped = number(skip, "Suggestions to leave out.", 0, FAR)
    return Known(
        [PREFIX, skipped, number("limit", "Suggestions to give.", 0, MOST), TYPE, CALLBACK, LANG], SAID, of("Suggested")
    )
