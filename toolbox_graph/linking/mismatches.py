"""How is a disagreement written for the Mismatch Finder, where people of Wikidata look at it?

CSV with the columns that mismatch-finder.toolforge.org takes (github.com/wmde/wikidata-mismatch-finder,
docs/UserGuide.md). A row tells of one statement of Wikidata by its id; what Wikidata does not say at all is not told.
"""

import csv
import io
from collections.abc import Iterable
from typing import NamedTuple

COLUMNS = (
    "item_id", "statement_guid", "property_id", "wikidata_value", "meta_wikidata_value", "external_value",
    "external_url", "type",
)  # fmt: skip

LONGEST = 1500
"""Characters that a value may have."""


class Mismatch(NamedTuple):
    """A statement of Wikidata, by its id, and what we say instead, at an address."""

    statement: str
    property: str
    theirs: str
    ours: str
    address: str

    def row(self) -> dict[str, str]:
        """Return it as a row; the id of a statement begins with that of its item."""
        return {
            "item_id": self.statement.partition("$")[0].upper(),
            "statement_guid": self.statement,
            "property_id": self.property,
            "wikidata_value": self.theirs,
            "external_value": self.ours,
            "external_url": self.address,
            "type": "statement",
        }


def write(mismatches: Iterable[Mismatch]) -> str:
    """Return the file; what is too long is left out."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    rows = (mismatch.row() for mismatch in mismatches)
    table.writerows(row for row in rows if max(map(len, row.values())) <= LONGEST)
    return text.getvalue()
