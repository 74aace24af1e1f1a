"""What did the last check of the links to Wikidata find?"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from toolbox_graph.linking.decisions import FOLDER
from toolbox_graph.store.disk import replace

OURS, THEIRS, BOTH = "ours", "wikidata", "both"
"""Whose turn it is to mend something."""


class Finding(NamedTuple):
    """A disagreement: of which thing and item, in what, what each side says, whose turn it is, and the line to send."""

    thing: str
    label: str
    item: str
    about: str
    ours: str
    theirs: str
    turn: str = OURS
    line: str = ""


class Report(NamedTuple):
    """What a check found: when, in which source, of how many links; how many of these the source does not know.

    `unasked` are further links, of which the source has no answer to give by now.
    """

    time: str
    source: str
    links: int
    unknown: int
    findings: Sequence[Finding]
    unasked: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return it as programs read it."""
        return {**self._asdict(), "findings": [finding._asdict() for finding in self.findings]}


def keep(report: Report, data: Path) -> None:
    """Keep a report as the last one of a data folder."""
    path = data / FOLDER / "check.json"
    path.parent.mkdir(exist_ok=True)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    replace(draft, path)


def last(data: Path) -> Report | None:
    """Return the last report of a data folder, None where nothing was checked yet."""
    path = data / FOLDER / "check.json"
    if not path.exists():
        return None
    value: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Report(**{**value, "findings": [Finding(**finding) for finding in value["findings"]]})
