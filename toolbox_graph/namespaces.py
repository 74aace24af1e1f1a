"""What are things called: prefixes, identifiers, graphs?"""

import re
import unicodedata
from typing import NamedTuple
from urllib.parse import urlsplit

from rdflib import DCAT, DCTERMS, DOAP, FOAF, ORG, OWL, PROV, RDF, RDFS, SH, SKOS, XSD, Namespace

from toolbox_graph.errors import InvalidRequest

__all__ = [
    "DCAT", "DCTERMS", "DOAP", "FOAF", "LICENCES", "ORG", "OWL", "PREFIXES", "PROV", "RDF", "RDFS", "SCHEMA", "SH",
    "SHAPES", "SKOS", "SPDX", "TBG", "VOID", "WD", "XSD", "Base", "short", "slug",
]  # fmt: skip

TBG = Namespace("https://w3id.org/toolbox-graph/ontology#")
SHAPES = Namespace("https://w3id.org/toolbox-graph/shapes#")
SCHEMA = Namespace("http://schema.org/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
LICENCES = Namespace("https://spdx.org/licenses/")
VOID = Namespace("http://rdfs.org/ns/void#")
WD = Namespace("http://www.wikidata.org/entity/")

PREFIXES = {
    "adms": "http://www.w3.org/ns/adms#",
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": str(DCAT),
    "dct": str(DCTERMS),
    "doap": str(DOAP),
    "foaf": str(FOAF),
    "org": str(ORG),
    "owl": str(OWL),
    "prov": str(PROV),
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": str(RDF),
    "rdfs": str(RDFS),
    "schema": str(SCHEMA),
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": str(SH),
    "shapes": str(SHAPES),
    "sioc": "http://rdfs.org/sioc/ns#",
    "skos": str(SKOS),
    "spdx": str(SPDX),
    "tbg": str(TBG),
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "void": str(VOID),
    "wd": str(WD),
    "xsd": str(XSD),
}


def short(iri: str) -> str:
    """Return an IRI with its prefix, or whole where no prefix fits.

    >>> short("http://www.wikidata.org/entity/Q142"), short("https://example.org/x")
    ('wd:Q142', 'https://example.org/x')
    """
    fitting = ((prefix, namespace) for prefix, namespace in PREFIXES.items() if iri.startswith(namespace))
    return next((f"{prefix}:{iri.removeprefix(namespace)}" for prefix, namespace in fitting), iri)


ADDRESS = re.compile(r"https?://[a-z0-9.\-]+(:\d{1,5})?(/([!$&'()*+,\-./0-9:;=@A-Z_a-z~]|%[0-9A-F]{2})*)?")
"""An address without user, query and fragment (RFC 3986, appendix A), its host in small letters."""

KEY = re.compile(r"[a-z0-9-]+")
"""A key, such as `ckan` or `use-case-7`."""

ITEM = re.compile(r"Q[1-9][0-9]{0,9}")
"""The id of an item of Wikidata, such as `Q142`."""


def slug(text: str) -> str:
    """Return a text as a key: small letters without accents, digits, and hyphens between words.

    >>> slug("Institut Fictif du Numérique")
    'institut-fictif-du-numerique'
    """
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "-".join(re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c))))


class Base(NamedTuple):
    """The address under which everything of one catalogue is named; a property of the data, not of the process."""

    iri: str

    @classmethod
    def parse(cls, text: str) -> "Base":
        """Return the base that a text names; it ends with a slash, so that names can follow it.

        >>> Base.parse("https://example.org/toolbox").iri
        'https://example.org/toolbox/'
        """
        if not ADDRESS.fullmatch(text):
            raise InvalidRequest(f"A base is an http or https address such as https://example.org/, not {text!r}.")
        return cls(text if text.endswith("/") else f"{text}/")

    @property
    def path(self) -> str:
        """The path of the base, `/` for a host of its own."""
        return urlsplit(self.iri).path

    def home(self, path: str) -> str:
        """Return the relative address that leads from a path of this base to its home page.

        >>> Base("https://example.org/kg/").home("/kg/tool/ckan"), Base("https://example.org/kg/").home("/kg/tools")
        ('../', './')
        """
        return "../" * path.removeprefix(self.path).count("/") or "./"

    def thing(self, kind: str, key: str) -> str:
        """Return the IRI of a thing."""
        return f"{self.iri}id/{kind}/{key}"

    def graph(self, *names: str) -> str:
        """Return the IRI of a graph: `graph("seeds", "s1")` is what the importer `seeds` has from the source `s1`."""
        return "/".join([f"{self.iri}graph", *names])

    @property
    def merge(self) -> str:
        """The name of the default graph, for those who want to name it: it shows all others, merged."""
        return self.graph("catalogue")

    def split(self, iri: str) -> tuple[str, str] | None:
        """Return kind and key of the thing that an IRI names or belongs to, None where it is none of ours.

        >>> Base("http://127.0.0.1:8000/").split("http://127.0.0.1:8000/id/tool/ckan#claim-1")
        ('tool', 'ckan')
        """
        prefix = f"{self.iri}id/"
        if not iri.startswith(prefix):
            return None
        kind, _, key = iri[len(prefix) :].partition("#")[0].partition("/")
        return (kind, key) if KEY.fullmatch(kind) and KEY.fullmatch(key) else None
