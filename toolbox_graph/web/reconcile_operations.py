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
BEGINNING = [
    parameter("prefix", "What somebody has typed.", {"type": "string", "maxLength": LONGEST}),
    number("cursor", "Suggestions to leave out.", 0, FAR),
    number("offset", "The same, as the draft of version 1.0 has it.", 0, FAR),
    number("limit", "Suggestions to give.", 0, MOST),
    TYPE,
]

SAID = (JSON, JAVASCRIPT)
OBJECT: Schema = {"type": "object"}


def known() -> Mapping[str, Known]:
    """Return what is known of them, by endpoint."""
    asked = [parameter(name, said, schema) for name, (said, schema) in FIELDS.items()]
    form = {"type": "object", "properties": {name: schema for name, (_, schema) in FIELDS.items()}}
    refusals = (400, 404, 405, 406, 408, 413, 429, 500)
    return {
        "reconcile.tell": Known([*asked, CALLBACK, LANG], (JSON, HTML, JAVASCRIPT), OBJECT, (), refusals, tag=TAG),
        "reconcile.answer": Known([LANG], (JSON,), of("Candidates"), (), refusals, {FORM: form}, TAG),
        "reconcile.match": Known([LANG], (JSON,), of("Results"), (), refusals, {JSON.media_type: OBJECT}, TAG),
        "reconcile.extend": Known([LANG], (JSON,), OBJECT, (), refusals, {JSON.media_type: OBJECT}, TAG),
        "reconcile.suggest": Known([*BEGINNING, CALLBACK, LANG], SAID, of("Suggested"), (), refusals, tag=TAG),
        "reconcile.flyout": Known([CALLBACK, LANG], SAID, of("Flyout"), (), refusals, tag=TAG),
        "reconcile.properties": Known(
            [TYPE, number("limit", "How many to give.", 0, 1_000), CALLBACK, LANG],
            SAID,
            of("Proposed"),
            (),
            refusals,
            tag=TAG,
        ),
        "reconcile.preview": Known(
            [LANG, parameter("id", "An id, where the address has none.", TEXT)], (HTML,), OBJECT, (), refusals, tag=TAG
        ),
        "reconcile.view": Known([], leads=(301,), tag=TAG),
    }
