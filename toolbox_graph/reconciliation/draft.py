"""How is the same said in the draft of version 1.0?

Its queries are lists of conditions, its answers lists in their order; what is meant is what 0.2 means, so each is put
into the words of the other (Reconciliation Service API, draft of the W3C community group, 2026).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from toolbox_graph.errors import InvalidRequest, TooLarge
from toolbox_graph.model import Model
from toolbox_graph.reconciliation.asking import BATCH, LIMIT, MOST, PROPERTIES, cleaned, limit_of
from toolbox_graph.reconciliation.manifest import HEIGHT, WIDTH, Root, manifest
from toolbox_graph.reconciliation.schema import Schema
from toolbox_graph.reconciliation.service import Reconciliation

VERSION = "1.0-draft"

SHARED = ("name", "documentation", "logo", "serviceVersion", "batchSize", "defaultTypes")

BY_NAME = ("name", "id")
"""The matches that a text makes: by an id our service finds a thing too."""


def tell(root: Root, model: Model, schema: Schema, language: str) -> dict[str, Any]:
    """Return the manifest."""
    told = manifest(root, model, schema, language)
    settings = [
        {
            "id": entry["name"],
            "name": entry["label"],
            "type": entry["type"],
            "default": entry["default"],
            "helpText": entry["help_text"],
        }
        for entry in told["extend"]["property_settings"]
    ]
    return {
        "versions": [VERSION],
        **{name: told[name] for name in SHARED},
        "lang": language,
        "view": {"url": told["view"]["url"].replace("{{id}}", "{id}")},
        "standardizedScore": True,
        "preview": {"width": WIDTH, "height": HEIGHT},
        "suggest": {"entity": True, "property": True, "type": True},
        "extend": {"proposeProperties": True, "propertySettings": settings},
    }


def answer(body: Mapping[str, Any], service: Reconciliation, root: Root, language: str) -> dict[str, Any]:
    """Return the candidates of each query of a batch, in the order of the queries."""
    queries = body.get("queries")
    if not isinstance(queries, list):
        raise InvalidRequest("A batch has `queries`, a list.", parameter="queries")
    if len(queries) > BATCH:
        raise TooLarge(f"A batch has at most {BATCH} queries, not {len(queries)}; send several.", limit=BATCH)
    found = service.answer({str(number): as_before(query) for number, query in enumerate(queries)}, root, language)
    results = (_candidates(found[str(number)]["result"], query, service, root) for number, query in enumerate(queries))
    return {"results": [{"candidates": candidates} for candidates in results]}


def as_before(query: object) -> dict[str, Any]:
    """Return a query as 0.2 has it.

    >>> as_before({"conditions": [{"matchType": "name", "propertyValue": "CKAN"}]})
    {'query': 'CKAN', 'properties': []}
    """
    conditions = _conditions(query)
    names = [entry.get("propertyValue") for entry in conditions if entry.get("matchType") in BY_NAME]
    values = [
        {"pid": entry.get("propertyId"), "v": entry.get("propertyValue")}
        for entry in conditions
        if entry.get("matchType") == "property" and entry.get("matchQuantifier") != "none"
    ]
    kept = {name: query[name] for name in ("type", "limit") if isinstance(query, Mapping) and name in query}
    if any(map(_is_required, conditions)):
        # Of those that are found some may not have what is required.
        kept["limit"] = MOST
    return {**({"query": names[0]} if names else {}), "properties": values, **kept}


def extended(told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of an extension in lists.

    >>> extended({"meta": [], "rows": {"tool-ckan": {"p": [{"str": "x"}]}}})["rows"]
    [{'id': 'tool-ckan', 'properties': [{'id': 'p', 'values': [{'str': 'x'}]}]}]
    """
    rows = [
        {"id": one, "properties": [{"id": name, "values": values} for name, values in row.items()]}
        for one, row in told["rows"].items()
    ]
    return {"meta": told["meta"], "rows": rows}


def _conditions(query: object) -> Sequence[Mapping[str, Any]]:
    found = query.get("conditions") if isinstance(query, Mapping) else None
    return [entry for entry in found[:PROPERTIES] if isinstance(entry, Mapping)] if isinstance(found, list) else []


def _candidates(
    found: Sequence[Mapping[str, Any]], query: object, service: Reconciliation, root: Root
) -> list[dict[str, Any]]:
    """Return the candidates that have what the query requires."""
    required = list(filter(_is_required, _conditions(query)))
    having = [one for one in found if all(_has(one, condition, service, root) for condition in required)]
    limit = limit_of(query.get("limit")) if isinstance(query, Mapping) else LIMIT
    return [
        {**one, "features": [{**feature, "name": feature["id"]} for feature in one["features"]]}
        for one in having[:limit]
    ]


def _is_required(condition: Mapping[str, Any]) -> bool:
    return condition.get("required") is True and condition.get("matchType") == "property"


def _has(one: Mapping[str, Any], condition: Mapping[str, Any], service: Reconciliation, root: Root) -> bool:
    """Tell whether a candidate has the values of a condition: any of them, all of them, or none."""
    named = condition.get("propertyId")
    known = service.schema.property(named) if isinstance(named, str) else None
    given = condition.get("propertyValue")
    wanted = [_text(value) for value in (given if isinstance(given, list) else [given])]
    if not known:
        return condition.get("matchQuantifier") == "none"
    evidence = service.schema.evidence
    role = evidence.roles.get(known.iri, "")
    # What tells the same may be stated with another property, as countries of tools and of organizations are.
    names = evidence.properties(role) or [known.iri]
    kept = {text for name in names for text in map(_text, service.texts(one["id"], name, root))}
    agreeing = {"id": role, "value": 1} in one["features"]
    match condition.get("matchQuantifier"):
        case "none":
            return not kept & set(wanted)
        case "all":
            return set(wanted) <= kept
    return agreeing or bool(kept & set(wanted))


def _text(value: object) -> str:
    return cleaned(str(value["id"] if isinstance(value, Mapping) and "id" in value else value)).casefold()
