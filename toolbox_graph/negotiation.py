"""Which format and language does a client get?"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from werkzeug.datastructures import LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from toolbox_graph.errors import NotAcceptable

LANGUAGES = ("en", "fr", "es")
"""The languages that pages are written in; English stands in for what is missing in the others."""


class Format(NamedTuple):
    """A way to write an answer; its name is also its file extension and its value of `format`."""

    name: str
    media_type: str
    title: str
    other_media_types: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()

    @property
    def content_type(self) -> str:
        """The media type, with its charset where the media type leaves that open."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type


COMMON = 500
"""Characters of an Accept header that is worth being remembered."""

HTML = Format("html", "text/html", "HTML", ("application/xhtml+xml",))
JSON = Format("json", "application/json", "JSON")
JAVASCRIPT = Format("js", "application/javascript", "JavaScript", ("text/javascript",))
TURTLE = Format(
    "ttl", "text/turtle", "Turtle", ("application/x-turtle", "application/turtle", "text/n3"), ("turtle", "n3")
)
NTRIPLES = Format("nt", "application/n-triples", "N-Triples", ("text/plain",), ("ntriples",))
RDFXML = Format("rdf", "application/rdf+xml", "RDF/XML", ("application/xml", "text/xml"), ("rdfxml",))
JSONLD = Format("jsonld", "application/ld+json", "JSON-LD")
TRIG = Format("trig", "application/trig", "TriG")
MARKDOWN = Format("md", "text/markdown", "Markdown")
GEOJSON = Format("geojson", "application/geo+json", "GeoJSON")
NQUADS = Format("nq", "application/n-quads", "N-Quads", (), ("nquads",))

BIBTEX = Format("bib", "application/x-bibtex", "BibTeX")
"""Nobody has registered a name for it."""

TSV = Format("tsv", "text/tab-separated-values", "TSV")
"""The format in which we read results ourselves: it can be cut after any row."""

RESULTS = (
    Format("json", "application/sparql-results+json", "SPARQL JSON", ("application/json",), ("srj",)),
    Format("xml", "application/sparql-results+xml", "SPARQL XML", ("application/xml", "text/xml"), ("srx",)),
    Format("csv", "text/csv", "CSV"),
    TSV,
)
"""What the answer to a SELECT or an ASK can be written in."""

TABLES = (RESULTS[0]._replace(name="srj", other_media_types=(), other_names=()), *RESULTS[1:])
"""What a table that answers a saved query can be written in; `json` is left for plain JSON."""

GRAPHS = (
    TURTLE,
    NTRIPLES,
    RDFXML._replace(other_names=("rdfxml", "xml")),
    JSONLD._replace(other_media_types=("application/json",), other_names=("json-ld", "json")),
    NQUADS,
    TRIG,
)
"""What the answer to a CONSTRUCT or a DESCRIBE can be written in."""

VOCABULARIES = GRAPHS[:4]
"""What the ontology and the shapes can be written in."""

DOCUMENTS = (HTML, TURTLE, NTRIPLES, RDFXML, JSONLD, TRIG, JSON)
"""What the description of a thing can be written in."""

DUMPS = (TURTLE, NTRIPLES, RDFXML, TRIG, NQUADS)
"""What a whole catalogue can be written in."""

RDFLIB_NAMES = {"ttl": "turtle", "nt": "nt11", "rdf": "xml", "jsonld": "json-ld", "nq": "nt11", "trig": "turtle"}
"""What rdflib calls the formats; it writes files to be read by people, the engine writes them to be quick.

One graph in TriG is written like in Turtle, in N-Quads like in N-Triples.
"""


def find(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """Return the offer that an Accept header prefers (RFC 9110, section 12.5.1), None where it refuses all.

    >>> find("text/csv;q=0.5, application/sparql-results+xml", RESULTS).name
    'xml'
    """
    if not accept:
        return offers[0]
    best = _best if len(accept) <= COMMON else _best.__wrapped__
    return best(accept, tuple(offers))


@lru_cache(maxsize=1000)
def _best(accept: str, offers: tuple[Format, ...]) -> Format | None:
    by_media_type: dict[str, Format] = {}
    for media_types in ([(o.media_type,) for o in offers], [o.other_media_types for o in offers]):
        for offer, names in zip(offers, media_types, strict=True):
            for name in names:
                by_media_type.setdefault(name, offer)
    # Parameters such as charset say nothing that would tell our formats apart.
    wanted = MIMEAccept((value.partition(";")[0].strip(), q) for value, q in parse_accept_header(accept, MIMEAccept))
    best = wanted.best_match(by_media_type)
    return by_media_type[best] if best else None


def choose(accept: str | None, offers: Sequence[Format]) -> Format:
    """Return the offer that an Accept header prefers; our own order settles a tie."""
    offer = find(accept, offers)
    if offer is None:
        raise unacceptable(offers)
    return offer


def named(name: str, offers: Sequence[Format]) -> Format | None:
    """Return the offer that has a name or media type, in any case; the + of one that was not escaped reads as a blank.

    >>> named("text/turtle", GRAPHS).name, named("Turtle", GRAPHS).name, named("png", GRAPHS)
    ('ttl', 'ttl', None)
    >>> named("application/sparql-results json", RESULTS).name
    'json'
    """
    name = name.replace(" ", "+").lower()
    return next((o for o in offers if name in {o.name, o.media_type, *o.other_names, *o.other_media_types}), None)


def unacceptable(offers: Sequence[Format]) -> NotAcceptable:
    """Return the refusal that lists what can be had."""
    names = ", ".join(dict.fromkeys(offer.media_type for offer in offers))
    return NotAcceptable(f"Ask for one of {names}.", formats=list(dict.fromkeys(offer.name for offer in offers)))


def choose_language(asked: str | None, accept_language: str | None) -> str:
    """Return the language of a page: the one that the address asks for, else the one that the reader prefers.

    >>> choose_language(None, "de, fr-CA;q=0.8, en;q=0.5")
    'fr'
    >>> choose_language("es", "fr")
    'es'
    """
    if asked in LANGUAGES:
        return asked
    return _preferred((accept_language or "")[:COMMON])


@lru_cache(maxsize=1000)
def _preferred(accept_language: str) -> str:
    # Someone who asks for fr-CA reads fr; Werkzeug by itself would rather give a language that stands further down.
    wanted = ((tag.partition("-")[0], q) for tag, q in parse_accept_header(accept_language, LanguageAccept))
    return LanguageAccept(wanted).best_match(LANGUAGES) or LANGUAGES[0]
