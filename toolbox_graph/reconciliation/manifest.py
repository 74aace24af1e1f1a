"""What does the service say of itself?

All addresses are absolute, below the base of the data: clients are told them once and ask from elsewhere, through
whatever proxy stands before the service (Reconciliation Service API 0.2, section 3).
"""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any, NamedTuple

from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import TBG, WD
from toolbox_graph.reconciliation.asking import BATCH
from toolbox_graph.reconciliation.schema import Schema

ADDRESS = "reconcile"
WIKIDATA, DRAFT = "wikidata", "v1"

WIDTH, HEIGHT = 430, 240
"""Of a preview, in pixels."""


class Root(NamedTuple):
    """An address of the service: for all kinds, for one, or through to Wikidata; in 0.2, or in the draft of 1.0."""

    name: str = ""
    kinds: Sequence[str] = ()
    is_through: bool = False
    is_draft: bool = False

    @property
    def path(self) -> str:
        """Where it is, below the base."""
        return "/".join(filter(None, (ADDRESS, DRAFT if self.is_draft else "", self.name)))

    @property
    def drafted(self) -> "Root":
        """The same in the draft."""
        return self._replace(is_draft=True)


WHOLE = Root()
"""For all kinds."""


def roots(model: Model) -> Mapping[str, Root]:
    """Return the addresses beside that for all kinds, by name."""
    of_kinds = {kind.plural: Root(kind.plural, (kind.name,)) for kind in model.kinds.values()}
    return {**of_kinds, WIKIDATA: Root(WIKIDATA, is_through=True)}


def manifest(root: Root, model: Model, schema: Schema, language: str) -> dict[str, Any]:
    """Return the manifest of the service at an address."""
    base, here = model.base.iri, f"{model.base.iri}{root.path}"
    return {
        "versions": ["0.1", "0.2"],
        "name": _name(root, model, language),
        "identifierSpace": str(WD) if root.is_through else f"{base}id/",
        "schemaSpace": str(TBG),
        "view": {"url": "https://www.wikidata.org/wiki/{{id}}" if root.is_through else f"{base}id/{{{{id}}}}"},
        "documentation": f"{base}{ADDRESS}",
        "logo": f"{base}static/icon.svg",
        "serviceVersion": version("toolbox-graph"),
        "batchSize": BATCH,
        "defaultTypes": [_type(schema, kind, language) for kind in root.kinds or schema.types],
        "preview": {"url": f"{base}{ADDRESS}/preview/{{{{id}}}}", "width": WIDTH, "height": HEIGHT},
        "suggest": {what: _suggest(what, here, base) for what in ("entity", "type", "property")},
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/extend/propose"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": "Limit",
                    "type": "number",
                    "default": 0,
                    "help_text": "How many values to give of each; 0 gives all.",
                }
            ],
        },
    }


def _type(schema: Schema, kind: str, language: str) -> dict[str, str]:
    return {"id": kind, "name": in_language(schema.types[kind].labels, language)}


def _suggest(what: str, here: str, base: str) -> dict[str, str]:
    return {
        "service_url": here,
        "service_path": f"/suggest/{what}",
        "flyout_service_url": f"{base}{ADDRESS}",
        "flyout_service_path": f"/flyout/{what}/${{id}}",
    }


def _name(root: Root, model: Model, language: str) -> str:
    if root.is_through:
        return "Toolbox Graph → Wikidata"
    kinds = ", ".join(in_language(model.kinds[kind].plural_labels, language) for kind in root.kinds)
    return f"Toolbox Graph: {kinds}" if kinds else "Toolbox Graph"
