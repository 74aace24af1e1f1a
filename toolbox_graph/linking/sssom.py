"""How are decisions written for programs that compare mappings?

SSSOM/TSV, the Simple Standard for Sharing Ontological Mappings, version 1.1 (mapping-commons.github.io/sssom): a head
in YAML, each of its lines a comment, then a table. What was rejected stands there too, with the modifier `Not`, so that
nobody has to find it out again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import yaml

from toolbox_graph.linking.decisions import Line, Standing, State
from toolbox_graph.linking.publishing import relation
from toolbox_graph.model import Labels, in_language
from toolbox_graph.namespaces import OWL, SKOS, WD, Base, short

COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label",
    "mapping_justification", "reviewer_label", "confidence", "mapping_date", "mapping_tool", "mapping_tool_version",
    "object_source", "comment",
)  # fmt: skip

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
SEMAPV = "https://w3id.org/semapv/vocab/"

JUSTIFICATIONS = {
    "identifier": "MappingChaining",
    "address": "CompositeMatching",
    "name": "LexicalMatching",
    "meaning": "LexicalMatching",
    "given": "MappingReview",
}
"""How each class of evidence is called there; what no evidence decided, a person did."""


def write(
    standing: Mapping[str, Standing], labels: Mapping[str, Labels], base: Base, *, version: str, lines: Iterable[Line]
) -> str:
    """Return all that was accepted and rejected as a set of mappings."""
    rows = sorted(_rows(standing, labels, list(lines)), key=lambda row: (row["subject_id"], row["object_id"]))
    text = io.StringIO()
    for line in yaml.safe_dump(_head(base, version), sort_keys=False, allow_unicode=True).splitlines():
        text.write(f"# {line}\n")
    table = csv.DictWriter(text, COLUMNS, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_MINIMAL)
    table.writeheader()
    table.writerows({**row, "mapping_tool": "toolbox-graph", "mapping_tool_version": version} for row in rows)
    return text.getvalue()


def _head(base: Base, version: str) -> dict[str, Any]:
    return {
        "sssom_version": "1.1",
        "curie_map": {
            "ours": f"{base.iri}id/",
            "owl": str(OWL),
            "semapv": SEMAPV,
            "skos": str(SKOS),
            "wd": str(WD),
            "wikidata": "http://www.wikidata.org/",
        },
        "mapping_set_id": f"{base.iri}graph/reconciliation/reconciliation",
        "mapping_set_title": "Toolbox Graph and Wikidata",
        "mapping_set_version": version,
        "license": LICENCE,
        "subject_source": f"{base.iri}id/",
    }


def _rows(
    standing: Mapping[str, Standing], labels: Mapping[str, Labels], lines: list[Line]
) -> Iterator[dict[str, Any]]:
    rejections = {(line.thing, line.item): line for line in lines if line.state is State.REJECTED}
    for thing, one in standing.items():
        if one.decision and one.decision.state is State.ACCEPTED:
            yield _row(one.decision, one, labels.get(thing, {}), near=one.decision.near)
        for item in sorted(one.rejected):
            yield _row(rejections[thing, item], one, labels.get(thing, {})) | {"predicate_modifier": "Not"}


def _row(line: Line, one: Standing, labels: Labels, *, near: bool = False) -> dict[str, Any]:
    candidates = one.proposal.candidates if one.proposal else ()
    judged: Mapping[str, Any] = next((entry for entry in candidates if entry["item"] == line.item), {})
    kind = line.thing.partition("/")[0]
    why = "; ".join(filter(None, (judged.get("why", ""), line.why)))
    return {
        "subject_id": f"ours:{line.thing}",
        "subject_label": _cell(in_language(labels, "en")),
        "predicate_id": short(relation(kind, near=near)),
        "object_id": f"wd:{line.item}",
        "object_label": _cell(judged.get("label", "")),
        "mapping_justification": f"semapv:{_justification(judged)}",
        "reviewer_label": line.by,
        "confidence": judged.get("confidence", "") if line.state is State.ACCEPTED else "",
        "mapping_date": line.time[:10],
        "object_source": "wikidata:",
        "comment": _cell(why),
    }


def _justification(judged: Mapping[str, Any]) -> str:
    if not judged.get("match"):
        return "ManualMappingCuration"  # The matcher was not sure; a person was.
    return JUSTIFICATIONS.get(str(judged["evidence"]), "ManualMappingCuration")


def _cell(text: str) -> str:
    return " ".join(text.split())
