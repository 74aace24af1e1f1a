"""How much is known of tools, use cases and organizations, of what a reader looks for?"""

from collections.abc import Mapping, Sequence

import pyoxigraph as ox

from toolbox_graph.model import Model, in_language
from toolbox_graph.namespaces import DCTERMS, FOAF, ORG, OWL, SCHEMA, TBG, WD

LICENCE = f"?thing <{DCTERMS.license}>|<{TBG.licenceText}> ?value"
WIKIDATA = f'?thing <{OWL.sameAs}> ?value FILTER(STRSTARTS(STR(?value), "{WD}"))'
FRENCH, SPANISH = (
    f'?thing <{DCTERMS.description}> ?value FILTER(LANG(?value) = "{language}")' for language in ("fr", "es")
)
ASPECTS: Mapping[str, Mapping[str, str]] = {
    "tool": {
        "licence": LICENCE,
        "repository": f"?thing <{SCHEMA.codeRepository}> ?value",
        "website": f"?thing <{FOAF.homepage}> ?value",
        "Wikidata": WIKIDATA,
        "use case": f"?value <{TBG.usesTool}> ?thing",
        "French": FRENCH,
        "Spanish": SPANISH,
    },
    "use-case": {
        "tool": f"?thing <{TBG.usesTool}> ?value",
        "organization": f"?thing <{TBG.carriedOutBy}> ?value",
        "country": f"?thing <{DCTERMS.spatial}> ?value",
        "French": FRENCH,
        "Spanish": SPANISH,
    },
    "organization": {
        "kind": f"?thing <{TBG.organizationKind}>|<{ORG.classification}> ?value",
        "website": f"?thing <{FOAF.homepage}> ?value",
        "country": f"?thing <{DCTERMS.spatial}> ?value",
        "Wikidata": WIKIDATA,
        "French": FRENCH,
        "Spanish": SPANISH,
    },
}
"""What may be known of the things of a kind, and how it is found; a language is one that describes the thing."""


ALL = "all"


def coverage(store: ox.Store, model: Model) -> dict[str, dict[str, int]]:
    """Return how many things of a kind have each aspect, and under `all` how many there are."""
    return {
        kind: {ALL: _count(store, model, kind, "")}
        | {name: _count(store, model, kind, pattern) for name, pattern in aspects.items()}
        for kind, aspects in ASPECTS.items()
    }


def table(counts: Mapping[str, Mapping[str, int]], model: Model) -> list[str]:
    """Return the shares as lines of a table, a column for each kind."""
    titles = [in_language(model.kinds[kind].plural_labels, "en") for kind in counts]
    aspects = dict.fromkeys(name for known in counts.values() for name in known if name != ALL)
    rows = [(name, [_share(known, name) for known in counts.values()]) for name in aspects]
    return [_line(name, cells, titles) for name, cells in [("known of", titles), *rows]]


def _share(known: Mapping[str, int], name: str) -> str:
    return f"{known[name] / known[ALL]:.0%}" if known[ALL] and name in known else "–"


def _line(name: str, cells: Sequence[str], titles: Sequence[str]) -> str:
    return f"  {name:<14}" + "".join(f"  {cell:>{len(title)}}" for cell, title in zip(cells, titles, strict=True))


def _count(store: ox.Store, model: Model, kind: str, pattern: str) -> int:
    found = store.query(f"SELECT (COUNT(DISTINCT ?thing) AS ?n) {{ ?thing a <{model.kinds[kind].iri}> . {pattern} }}")
    assert isinstance(found, ox.QuerySolutions)
    [[number]] = found
    assert isinstance(number, ox.Literal)
    return int(number.value)
