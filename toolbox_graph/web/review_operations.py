"""How are the addresses described at which links are reviewed?"""

from collections.abc import Mapping

from toolbox_graph.linking.reviewing import CHOICES, LONGEST
from toolbox_graph.namespaces import ITEM
from toolbox_graph.negotiation import HTML, JSON
from toolbox_graph.query import FORM
from toolbox_graph.web import requests
from toolbox_graph.web.operations import ALWAYS, LANG, SIGNED_IN, Known, formatted, number, parameter
from toolbox_graph.web.review import UNDO
from toolbox_graph.web.schemas import TEXT, Schema, of

TAG = "Review"

PAGES = (HTML, JSON)

NUMBER: Schema = {"type": "integer", "minimum": 0, "maximum": requests.LARGEST}
DECISION: Schema = {
    "type": "object",
    "required": ["decision"],
    "properties": {
        "decision": {"enum": [*CHOICES, UNDO]},
        "item": {
            "type": "string",
            "description": "Of which item; without, of the first candidate.",
            "pattern": f"^({ITEM.pattern})?$",
        },
        "why": {"type": "string", "maxLength": LONGEST},
        "after": {
            **NUMBER,
            "description": "`after` of the thing, as it was read: where more was said since, it is 409.",
        },
        "number": {**NUMBER, "description": f"Of the decision that `{UNDO}` takes back."},
    },
    "examples": [{"decision": "accept", "item": "Q64777688", "after": 12}, {"decision": UNDO, "number": 13}],
}
SIGN_IN: Schema = {"type": "object", "required": ["token"], "properties": {"token": TEXT, "next": TEXT}}

ASKED = (*ALWAYS, 401, 403, 429)
SENT = (*ASKED, 408, 413, 415)


def known() -> Mapping[str, Known]:
    """Return what is known of them, by endpoint."""
    done = number("done", "A decision of which the page tells.", 0, requests.LARGEST)
    item = parameter("item", "The candidate that stands beside our record.", TEXT)
    onward = parameter("next", "Where to go then: a path below the base; anything else is nothing.", TEXT)
    some = formatted(PAGES)
    return {
        "review.waiting": Known([done, LANG, some], PAGES, of("Waiting"), (), ASKED, tag=TAG, security=SIGNED_IN),
        "review.look": Known([item, done, LANG, some], PAGES, of("Reviewed"), (), ASKED, tag=TAG, security=SIGNED_IN),
        "review.decide": Known(
            [LANG, some],
            (JSON,),
            of("Written"),
            (303,),
            (*SENT, 409, 503),
            {JSON.media_type: DECISION, FORM: DECISION},
            TAG,
            SIGNED_IN,
        ),
        "signing_in.ask": Known([onward, LANG], (HTML,), refusals=ALWAYS, tag=TAG),
        "signing_in.enter": Known([LANG], leads=(303,), refusals=SENT, sent={FORM: SIGN_IN}, tag=TAG),
        "signing_in.show_out": Known([LANG], leads=(303,), refusals=ALWAYS, tag=TAG),
        "signing_in.leave": Known([LANG], leads=(303,), refusals=SENT, tag=TAG),
    }
