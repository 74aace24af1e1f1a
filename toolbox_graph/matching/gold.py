"""How is a list of names with the right answers read?

A gold file is CSV (RFC 4180, UTF-8) with a row for each name: `kind`, `source`, `name`, `aliases` (separated by ` | `),
`lang`, `website`, `repository`, `country` (ISO 3166-1, two letters) and `qid`, the id of what is meant. Other columns
are not read.
"""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from toolbox_graph.errors import Unreadable
from toolbox_graph.matching.kinds import classes_of
from toolbox_graph.matching.records import Asked

COLUMNS = ("kind", "source", "name", "aliases", "lang", "website", "repository", "country", "qid")
SEPARATOR = " | "
COUNTRY_CODE = "P297"
"""The property of Wikidata for the code of a country."""


class Gold(NamedTuple):
    """A question with its answer."""

    kind: str
    source: str
    asked: Asked
    answer: str


def read_gold(path: Path) -> list[Gold]:
    """Return the rows of a gold file; refuse a file that is none, saying what is missing."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise Unreadable(f"{path.name} lacks the columns {', '.join(missing)}.")
            rows = [_gold(path, reader.line_num, row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as problem:
        raise Unreadable(f"{path.name} is not CSV in UTF-8: {problem}.") from problem
    if not rows:
        raise Unreadable(f"{path.name} has no rows below its header.")
    return rows


def _gold(path: Path, line: int, row: Mapping[str, str | None]) -> Gold:
    values = {column: (row[column] or "").strip() for column in COLUMNS}
    for column in ("kind", "name", "qid"):
        if not values[column]:
            raise Unreadable(f"{path.name} has no {column} in line {line}.")
    return Gold(values["kind"], values["source"], _asked(values), values["qid"])


def _asked(values: Mapping[str, str]) -> Asked:
    # A country's own code is an identifier of it; of all else the country is a property.
    own = {COUNTRY_CODE: values["country"]} if values["kind"] == "country" and values["country"] else {}
    return Asked(
        name=values["name"],
        aliases=tuple(alias for alias in values["aliases"].split(SEPARATOR) if alias),
        language=values["lang"],
        types=tuple(classes_of(values["kind"])),
        websites=tuple(filter(None, [values["website"]])),
        repositories=tuple(filter(None, [values["repository"]])),
        country=values["country"],
        ids=own,
    )
