"""What is a catalogue of a given size to measure with?

Scale 1 is as large as the first OGP Toolbox: 1,230 tools, 180 use cases, 500 organizations, about 38,000 triples. Four
sources speak of them. Most tools are in two of them, which agree on most and not on all, as sources do. The same scale
always gives the same statements, and they keep the shapes.
"""

from collections.abc import Callable, Sequence
from itertools import product
from random import Random
from string import ascii_lowercase
from typing import TypeVar

from rdflib import Literal, URIRef
from rdflib.term import Node

from toolbox_graph.importing import Run
from toolbox_graph.namespaces import DCTERMS, FOAF, LICENCES, ORG, OWL, RDF, RDFS, SCHEMA, SKOS, TBG, WD, XSD

Item = TypeVar("Item")

IMPORTER = "bench"
"""The name under which the statements are imported."""

TOOLS, USE_CASES, ORGANIZATIONS, COUNTRIES = 1230, 180, 500, 195

LISTS = ("curated", "community", "harvested")
"""The sources that speak of tools."""

SOURCES = {"register": "2026-03-01", "curated": "2026-06-01", "community": "2026-05-01", "harvested": "2026-04-01"}
"""The sources, and the day on which each was last seen."""

REGIONS = ("002", "005", "011", "014", "015", "030", "039", "145", "151", "154", "155")

FREE = ("MIT", "Apache-2.0", "AGPL-3.0-or-later", "GPL-3.0-only", "EUPL-1.2", "BSD-3-Clause", "MPL-2.0")
"""Licences that the tools have; they have been imported before."""

PROGRAMMING_LANGUAGES = ("Python", "Ruby", "PHP", "Java", "JavaScript", "Go", "Rust", "R", "C#", "Elixir")

SECTORS = ("public", "private", "civil-society")

TEXTS = {
    "en": """
    agenda alert answer archive atlas audit ballot bill budget charter citizen city commons consultation contract
    council data debate decision deputy election forum grant hearing indicator inquiry ledger library map mayor meeting
    minister motion neighbourhood observatory office open parliament petition planning platform portal procurement
    project public question region register report request review rights school search service speech survey tax town
    transparency transport treaty vote ward watch
    """,
    "fr": """
    accès agence alerte annuaire archive assemblée atelier atlas audit avis bibliothèque budget carte citoyen collectif
    commune concertation conseil consultation contrat débat décision délibération député dépense donnée école élection
    enquête espace état forum impôt indicateur initiative loi mairie marché ministère observatoire ouverte parlement
    pétition plateforme portail projet public quartier question rapport recueil région registre réponse séance service
    suivi territoire transparence vote
    """,
    "es": """
    abierto acceso acta agenda alcaldía alerta archivo asamblea atlas auditoría ayuntamiento barrio biblioteca
    candidatura ciudad ciudadanía compras consejo consulta contrato cuenta datos debate decisión diputado elección
    encuesta escuela espacio foro gasto impuesto indicador informe iniciativa ley mapa ministerio observatorio
    parlamento pedido petición plataforma pleno portal presupuesto proyecto público pueblo región registro respuesta
    sesión servicio transparencia voto
    """,
}

WORDS = {language: text.split() for language, text in TEXTS.items()}
"""The words of names and descriptions."""


def catalogue(scale: int) -> Callable[[Run], None]:
    """Return an importer that finds a catalogue of a size."""
    return lambda run: Maker(run, scale).make()


class Maker:
    """States all of a catalogue to a run."""

    def __init__(self, run: Run, scale: int) -> None:
        self._run = run
        self._scale = scale
        self._random = Random(42)  # noqa: S311  # it has to be the same each time, and is no secret
        self._countries = [self._run.mint("country", code) for code in _codes(2, COUNTRIES)]
        self._organizations = self._mint("organization", ORGANIZATIONS)
        self._tools = self._mint("tool", TOOLS)

    def make(self) -> None:
        """State it."""
        for key, day in SOURCES.items():
            self._make_source(key, day)
        for number, country in enumerate(self._countries):
            self._make_country(country, number)
        for number, organization in enumerate(self._organizations):
            self._make_organization(organization, number)
        for number, tool in enumerate(self._tools):
            self._make_tool(tool, number)
        for number, use_case in enumerate(self._mint("use-case", USE_CASES)):
            self._make_use_case(use_case, number)

    def _mint(self, kind: str, count: int) -> list[URIRef]:
        return [self._run.mint(kind, f"{kind}-{number}") for number in range(count * self._scale)]

    def _make_source(self, key: str, day: str) -> None:
        source = self._run.mint("source", key)
        self._state(source, RDF.type, TBG.Source, "curated")
        self._state(source, RDFS.label, Literal(f"The {key} list", "en"), "curated")
        self._state(source, TBG.confirmed, _date(day), "curated")
        self._state(source, FOAF.page, URIRef(f"https://{key}.example.org/"), "curated")

    def _make_country(self, country: URIRef, number: int) -> None:
        code = country.rpartition("/")[2].upper()
        self._state(country, RDF.type, SCHEMA.Country, "register")
        for language in WORDS:
            self._state(country, RDFS.label, self._name(language, number), "register")
        self._state(country, TBG.alpha2Code, Literal(code), "register")
        self._state(country, TBG.alpha3Code, Literal(f"{code}A"), "register")
        self._state(country, TBG.numericCode, Literal(f"{number:03}"), "register")
        self._state(country, TBG.region, TBG[f"region-{self._random.choice(REGIONS)}"], "register")
        self._state(country, OWL.sameAs, WD[f"Q{number + 100}"], "register")

    def _make_organization(self, organization: URIRef, number: int) -> None:
        source = self._random.choice(LISTS)
        self._state(organization, RDF.type, ORG.Organization, source)
        self._make_texts(organization, number, source)
        self._state(organization, FOAF.homepage, URIRef(f"https://organization-{number}.example.org/"), source)
        self._state(organization, ORG.classification, TBG[f"sector-{self._random.choice(SECTORS)}"], source)
        self._state(organization, DCTERMS.spatial, self._often_the_first(self._countries), source)
        if self._chance(0.5):
            self._state(organization, OWL.sameAs, WD[f"Q{1_000_000 + number}"], source)
        if number and self._chance(0.2):
            parent = self._often_the_first(self._organizations[:number])
            self._state(organization, ORG.subOrganizationOf, parent, source)

    def _make_tool(self, tool: URIRef, number: int) -> None:
        first, second = self._random.sample(LISTS, 2)
        about_it = self._tool(number)
        self._state_all(tool, about_it, first)
        self._make_texts(tool, number, first)
        self._make_links(tool, number, first)
        if self._chance(0.6):
            self._repeat_or_differ(tool, about_it, number, second)

    def _tool(self, number: int) -> list[tuple[URIRef, Node]]:
        """Return what several sources may say of a tool in the same words."""
        software = TBG.Software if self._chance(0.7) else TBG.Platform
        year, month = self._random.randint(2005, 2025), self._random.randint(1, 12)
        return [
            (RDF.type, TBG.Tool),
            (RDF.type, software),
            (FOAF.homepage, URIRef(f"https://tool-{number}.example.org/")),
            (SCHEMA.codeRepository, URIRef(f"https://code.example.org/tools/{number}")),
            (SCHEMA.dateCreated, Literal(f"{year}-{month:02}", datatype=XSD.gYearMonth)),
            (SCHEMA.programmingLanguage, Literal(self._random.choice(PROGRAMMING_LANGUAGES))),
            (DCTERMS.license, LICENCES[self._often_the_first(FREE)]),
            (OWL.sameAs, WD[f"Q{50_000_000 + number}"]),
        ]

    def _make_links(self, tool: URIRef, number: int, source: str) -> None:
        self._state(tool, TBG.developer, self._often_the_first(self._organizations), source)
        self._state(tool, SCHEMA.countryOfOrigin, self._often_the_first(self._countries), source)
        for language in self._random.sample(("en", "fr", "es", "pt", "ar"), 2):
            self._state(tool, SCHEMA.inLanguage, Literal(language), source)
        for _ in range(self._random.randint(2, 5)):
            self._state(tool, SCHEMA.keywords, self._text("en", 1, 2), source)
        for _ in range(self._random.randint(2, 7)):
            self._state(tool, SCHEMA.featureList, self._text("en", 3, 8), source)
        if number and self._chance(0.15):
            self._state(tool, TBG.builtOn, self._often_the_first(self._tools[:number]), source)

    def _repeat_or_differ(
        self, tool: URIRef, about_it: Sequence[tuple[URIRef, Node]], number: int, source: str
    ) -> None:
        """State what another source says of a tool: some of the same, some differently."""
        for predicate, value in about_it:
            if predicate == FOAF.homepage and self._chance(0.25):
                self._state(tool, predicate, URIRef(f"https://www.example.net/tool/{number}"), source)
            elif predicate == RDF.type or self._chance(0.6):
                self._state(tool, predicate, value, source)
        self._state(tool, RDFS.label, self._name("en", number), source)
        if self._chance(0.3):
            self._state(tool, DCTERMS.description, self._text("en", 10, 30), source)

    def _make_use_case(self, use_case: URIRef, number: int) -> None:
        source = self._random.choice(LISTS)
        self._state(use_case, RDF.type, TBG.UseCase, source)
        self._make_texts(use_case, number, source)
        self._state(use_case, SCHEMA.startDate, _date(f"{self._random.randint(2008, 2025)}-02-01"), source)
        self._state(use_case, TBG.carriedOutBy, self._often_the_first(self._organizations), source)
        self._state(use_case, DCTERMS.spatial, self._often_the_first(self._countries), source)
        for _ in range(self._random.randint(1, 4)):
            self._state(use_case, TBG.usesTool, self._often_the_first(self._tools), source)

    def _make_texts(self, thing: URIRef, number: int, source: str) -> None:
        self._state(thing, RDFS.label, self._name("en", number), source)
        self._state(thing, DCTERMS.description, self._text("en", 10, 40), source)
        for language in ("fr", "es"):
            if self._chance(0.5):
                self._state(thing, RDFS.label, self._name(language, number), source)
                self._state(thing, DCTERMS.description, self._text(language, 10, 40), source)
        if self._chance(0.25):
            self._state(thing, SKOS.altLabel, self._text("en", 1, 2), source)

    def _state_all(self, thing: URIRef, statements: Sequence[tuple[URIRef, Node]], source: str) -> None:
        for predicate, value in statements:
            self._state(thing, predicate, value, source)

    def _state(self, thing: URIRef, predicate: URIRef, value: Node, source: str) -> None:
        self._run.state(thing, predicate, value, source=source)

    def _name(self, language: str, number: int) -> Literal:
        return Literal(f"{self._text(language, 1, 3).title()} {number}", language)

    def _text(self, language: str, least: int, most: int) -> Literal:
        words = self._random.choices(WORDS[language], k=self._random.randint(least, most))
        return Literal(" ".join(words), language)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _often_the_first(self, items: Sequence[Item]) -> Item:
        """Return one of some items: few of them often, most of them seldom, as it is with countries and tools."""
        return items[int(len(items) * self._random.random() ** 2.5)]


def _codes(length: int, count: int) -> list[str]:
    every = ("".join(letters) for letters in product(ascii_lowercase, repeat=length))
    return [next(every) for _ in range(count)]


def _date(day: str) -> Literal:
    return Literal(day, datatype=XSD.date)
