"""The licences of the SPDX list: identifiers, names, and which of them the Open Source Initiative approved."""

import csv
import json
from pathlib import Path

from toolbox_graph.importing import Run

FOLDER = Path(__file__).parent

LIST = Path("licences", "spdx.json")
"""Where a mirror has the list from which the sheet was made."""


def import_all(run: Run) -> None:
    """Import the sheet of licences."""
    run.state_sheets(sorted(FOLDER.glob("*.csv")))
    if run.mirror and (run.mirror / LIST).is_file():
        _compare(run, run.mirror / LIST)


def _compare(run: Run, path: Path) -> None:
    """Ask about each licence of which the list says by now what the sheet does not."""
    with (FOLDER / "Licence.csv").open(encoding="utf-8", newline="") as sheet:
        rows = {row["SPDX identifier"]: (row["Name"], row["OSI approved"]) for row in csv.DictReader(sheet)}
    for identifier, entry in json.loads(path.read_text(encoding="utf-8")).items():
        stated = entry["name"], str(entry["osiApproved"]).lower()
        if rows.get(identifier) != stated:
            run.ask(f"{LIST.name} says {stated} of {identifier}, the sheet {rows.get(identifier)}; which holds?")
