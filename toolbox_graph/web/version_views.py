"""How is the version of the data cited that a page shows?"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox

from toolbox_graph.namespaces import XSD
from toolbox_graph.store.journal import Header
from toolbox_graph.web.views import Layout, in_words

AT, LANG = "at", "lang"

DATE = ox.NamedNode(str(XSD.date))

Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class VersionView:
    """How the version of the data is cited that a page shows: its `position`, its `day`, and its `permalink`.

    At the address `bibtex` is the entry for BibTeX; `present` leads to the newest version, empty where that is shown.
    """

    position: int
    day: str
    permalink: str
    bibtex: str
    present: str


def view(version: Header, path: str, fields: Fields, layout: Layout, *, is_past: bool) -> VersionView:
    """Return how the version is cited that a page shows, which stands at a path below the base."""
    lasting = [field for field in fields if field[0] not in {AT, LANG}]
    at = (AT, str(version.position))
    spoken = [field for field in fields if field[0] == LANG]
    return VersionView(
        position=version.position,
        day=in_words(ox.Literal(version.origin.time[:10], datatype=DATE), layout.language),
        permalink=_address(f"{layout.model.base.iri}{path}", [*lasting, at]),
        bibtex=_address(f"{layout.root}cite", [("of", _address(f"/{path}", lasting)), at, *spoken]),
        present=present(f"{layout.root}{path}", fields) if is_past else "",
    )


def present(path: str, fields: Fields) -> str:
    """Return the address of the present version of what a request asks for.

    >>> present("../tool/ckan", [("at", "3"), ("lang", "fr")])
    '../tool/ckan?lang=fr'
    """
    return _address(path, [field for field in fields if field[0] != AT])


def _address(path: str, fields: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(fields))
    return f"{path}?{query}" if query else path
