"""What stands in a file with a query?

The query runs as it stands in any editor. Its header is YAML in comments that begin with `#+`, as grlc has it.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from toolbox_graph.errors import Unusable

HEADER = re.compile(r"^#\+ ?(.*)\n", re.MULTILINE)
"""A line of the header."""


class QueryFile(NamedTuple):
    """A query by its name: what its header says, and its text without that."""

    name: str
    header: Mapping[str, Any]
    text: str


def read(path: Path) -> QueryFile:
    """Return what a file with a query holds."""
    text = path.read_text(encoding="utf-8")
    try:
        header = yaml.safe_load("\n".join(HEADER.findall(text)))
    except yaml.YAMLError as problem:
        raise Unusable(f"The header of {path.name} is no YAML: {problem}.") from problem
    return QueryFile(path.stem, header or {}, HEADER.sub("", text).strip() + "\n")
