"""What do the columns of a sheet mean?

It is said once, in `catalogue/csv-metadata.json`, in the W3C's words for it (Metadata Vocabulary for Tabular Data),
so that other programs can read the sheets too. Two things are ours: the datatype `tbg:partialDate`, for dates of
which the day or the month is unknown, and the column `Source`, whose values name the graphs in which a row's
statements stand.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote

from toolbox_graph.errors import Unusable
from toolbox_graph.namespaces import PREFIXES


class Column(NamedTuple):
    """What the cells of a column mean: a property, and how the text of a cell becomes its values.

    A column without a property says something of the row, not of the thing; one with `about`, of something else. A
    virtual one has no cells: its template alone gives its value.
    """

    name: str
    titles: tuple[str, ...]
    about: str
    predicate: str
    template: str
    language: str | None
    datatype: str
    separator: str | None
    required: bool
    virtual: bool


class Sheet(NamedTuple):
    """What the rows of a sheet are about, as a template, and its columns."""

    name: str
    about: str
    columns: tuple[Column, ...]

    def find_column(self, title: str) -> Column | None:
        """Return the column that a header names, whatever its case, spaces and signs.

        >>> sheet = Sheet("Tool", "", (Column("uses", ("Used by",), "", "", "", None, "string", None, False, False),))
        >>> sheet.find_column(" usedBY ").name
        'uses'
        """
        return next((column for column in self.columns if plain(title) in map(plain, column.titles)), None)

    def named(self, name: str) -> Column | None:
        """Return the column of a name."""
        return next((column for column in self.columns if column.name == name), None)


def read_metadata(path: Path) -> dict[str, Sheet]:
    """Return the sheets that a metadata file describes, by name."""
    try:
        tables = json.loads(path.read_text(encoding="utf-8"))["tables"]
    except json.JSONDecodeError as problem:
        raise Unusable(f"{path.name} is no JSON at line {problem.lineno}.") from problem
    return {sheet.name: sheet for sheet in map(_sheet, tables)}


def plain(title: str) -> str:
    """Return a title as it is compared with others: its letters and digits.

    >>> plain("Wikipedia (EN)") == plain("wikipedia-en")
    True
    """
    return "".join(filter(str.isalnum, title.casefold()))


def expand(name: str) -> str:
    """Return the IRI that a prefixed name stands for; anything else stays as it is.

    >>> expand("foaf:homepage"), expand("https://example.org/")
    ('http://xmlns.com/foaf/0.1/homepage', 'https://example.org/')
    """
    prefix, _, rest = name.partition(":")
    return PREFIXES[prefix] + rest if prefix in PREFIXES else name


def _sheet(table: Mapping[str, Any]) -> Sheet:
    schema = table["tableSchema"]
    return Sheet(Path(unquote(table["url"])).stem, schema["aboutUrl"], tuple(map(_column, schema["columns"])))


def _column(column: Mapping[str, Any]) -> Column:
    titles = column.get("titles", ())
    return Column(
        name=column["name"],
        titles=(titles,) if isinstance(titles, str) else tuple(titles),
        about=column.get("aboutUrl", ""),
        predicate=expand(column.get("propertyUrl", "")),
        template=column.get("valueUrl", ""),
        language=column.get("lang"),
        datatype=column.get("datatype", "string"),
        separator=column.get("separator"),
        required=column.get("required", False),
        virtual=column.get("virtual", False),
    )
