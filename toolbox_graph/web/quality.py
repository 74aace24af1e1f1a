"""What do the pages about the quality of the catalogue answer?"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Response

from toolbox_graph.linking.reports import BOTH, OURS, THEIRS, Finding, Report, last
from toolbox_graph.namespaces import WD
from toolbox_graph.negotiation import HTML, JSON
from toolbox_graph.web import requests
from toolbox_graph.web.pages import Page

quality = Blueprint("quality", __name__)

SHOWN = 500
"""Disagreements that a page lists; programs get all."""

NOT_YET = Report("", "", 0, 0, ())


@dataclass(frozen=True)
class LinksPage(Page):
    """The last check of links to Wikidata: `time`, `source`, how many `links`, how many `unknown` there.

    `ours` is what we have to mend, `theirs` what Wikidata has; `lines` are those for QuickStatements. Of `total`
    disagreements some are listed. Of `unasked` further links nothing is known.
    """

    template = "quality_wikidata.html"
    time: str
    source: str
    links: int
    unknown: int
    unasked: int
    total: int
    ours: Sequence["Disagreement"]
    theirs: Sequence["Disagreement"]
    lines: Sequence[str]


@dataclass(frozen=True)
class Disagreement:
    """A thing and an item with their addresses, what they differ in, and what each side says of it."""

    label: str
    address: str
    item: str
    item_address: str
    about: str
    ours: str
    theirs: str


@quality.get("/quality/wikidata")
def wikidata() -> Response:
    """Return where the last check found us and Wikidata to disagree, and whose turn it is."""
    report = last(requests.service().settings.data) or NOT_YET
    if requests.wanted((HTML, JSON)) is JSON:
        body = {**report.as_json(), "total": len(report.findings)}
        return requests.document(json.dumps(body, ensure_ascii=False).encode(), JSON, state=report.time)
    return requests.page(_page(report), formats=[(JSON, "?format=json")], state=report.time)


def _page(report: Report) -> LinksPage:
    ours = [finding for finding in report.findings if finding.turn in (OURS, BOTH)]
    theirs = [finding for finding in report.findings if finding.turn in (THEIRS, BOTH)]
    return LinksPage(
        time=report.time,
        source=report.source,
        links=report.links,
        unknown=report.unknown,
        unasked=report.unasked,
        total=len(report.findings),
        ours=list(map(_shown, ours[:SHOWN])),
        theirs=list(map(_shown, theirs[:SHOWN])),
        lines=[finding.line for finding in theirs[:SHOWN] if finding.line],
    )


def _shown(finding: Finding) -> Disagreement:
    return Disagreement(
        finding.label,
        requests.root() + finding.thing,
        finding.item,
        WD + finding.item,
        finding.about,
        finding.ours,
        finding.theirs,
    )
