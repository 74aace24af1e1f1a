"""The bundled catalogue: every fact is there, no trap is, and each identifier is confirmed by a file."""

import csv
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.conftest import TODAY, begun, mirror, origin
from toolbox_graph import catalogue, files, importing, imports
from toolbox_graph.assembly import open_repository
from toolbox_graph.changes import Repository
from toolbox_graph.settings import Settings
from toolbox_graph.sheets.metadata import read_metadata

SHEETS = sorted(files.CATALOGUE.glob("*.csv"))
OMITTED = files.IMPORTERS / "seeds" / "omitted.csv"
WIKIDATA = "http://www.wikidata.org/entity/"
PREFIXES = """
PREFIX dct: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX org: <http://www.w3.org/ns/org#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX tbg: <https://w3id.org/toolbox-graph/ontology#>
"""

FACTS = {f"F{number:03}" for number in range(1, 193)} - {"F117", "F118"}
"""The facts known of the first toolbox; two are left out of the list itself."""

PERSONS = {"F018", "F032", "F033", "F082", "F182", "F183"}
"""The facts about persons, who are not in the catalogue yet."""


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a sheet."""
    with path.open(encoding="utf-8", newline="") as sheet:
        yield from csv.DictReader(sheet)


def facts(path: Path) -> set[str]:
    """Return the facts that a sheet rests on."""
    return {fact for row in rows(path) for fact in re.split(r"\s*;\s*", row.get("Fact") or "") if fact}


def ask(text: str) -> bool:
    """Return the answer to a question of yes or no."""
    return bool(catalogue.query(f"{PREFIXES}ASK {{ {text} }}"))


def column(text: str) -> list[str]:
    """Return the values that a question finds."""
    found = catalogue.query(PREFIXES + text)
    assert isinstance(found, ox.QuerySolutions)
    return [solution[0].value for solution in found]


def test_every_fact_is_in_a_sheet_or_is_left_out_with_a_reason() -> None:
    stated = set().union(*map(facts, SHEETS))
    omitted = {row["Fact"] for row in rows(OMITTED) if row["Reason"]}
    assert stated | omitted == FACTS
    assert not stated & omitted


def test_only_what_concerns_persons_is_left_out() -> None:
    assert {row["Fact"] for row in rows(OMITTED)} == PERSONS


def test_it_keeps_all_shapes(catalogue: Path) -> None:
    repository: Repository = open_repository(Settings(data=catalogue))
    found = repository.check()
    repository.close()
    assert [finding for finding in found if finding.is_violation] == []


HEADERS = {
    "Software": "Name Description-EN Description-FR Tag Tag-Usage Developer Uses UsedBy InteroperableWith Start Website "
    "EmailContact Demo Logo Screenshot Language opensource license License SourceCode bugtracker version versionDate "
    "programmingLanguages stackexchangeTag wikipedia-EN wikidata twitter facebook forum Download Publisher",
    "Platform": "Name Description-EN Tag Provider Partner Software Uses userType Start EmailContact Demo Logo "
    "Screenshot Language twitter facebook forum TOS wikipedia-EN wikidata",
    "Final Use": "Name Description-EN Tag Tool Uses By Partner location scale start stop UserType UserSize URL "
    "additionalURL Repo ContactEmail Twitter Facebook",
    "Organization": "Name Description-EN Description-FR Type Location URL Email Uses",
}
"""What the columns of the first toolbox's spreadsheet were called, in both generations."""


@pytest.mark.parametrize("sheet", HEADERS)
def test_the_sheets_of_the_first_toolbox_have_its_headers(sheet: str) -> None:
    known = read_metadata(files.METADATA)[sheet]
    assert [title for title in HEADERS[sheet].split() if known.find_column(title) is None] == []


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_a_sheet_is_kept_in_the_order_of_its_keys(path: Path) -> None:
    order = [(row.get("Of", ""), row["Key"]) for row in rows(path)]
    assert order == sorted(order)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.stem)
def test_no_column_of_a_sheet_is_empty(path: Path) -> None:
    table = list(rows(path))
    assert [name for name in table[0] if not any(row[name] for row in table)] == []


def test_there_are_249_countries_with_names_in_each_language() -> None:
    assert len(column("SELECT ?c { ?c a schema:Country }")) == 249
    for language in ("en", "fr", "es"):
        named = f'?c a schema:Country ; rdfs:label ?name FILTER(LANG(?name) = "{language}")'
        assert len(column(f"SELECT ?c {{ {named} }}")) == 249


def test_each_country_has_one_wikidata_item() -> None:
    items = column("SELECT ?item { ?c a schema:Country ; owl:sameAs ?item }")
    assert len(items) == len(set(items)) == 249
    assert all(re.fullmatch(rf"{WIKIDATA}Q[1-9]\d*", item) for item in items)


@pytest.mark.parametrize(
    ("key", "item"),
    [("na", "Q1030"), ("dk", "Q35"), ("eh", "Q6250"), ("sj", "Q842829"), ("fr", "Q142"), ("gb", "Q145")],
)
def test_a_country_on_which_registers_differ_has_the_right_item(key: str, item: str) -> None:
    assert ask(f"<id/country/{key}> owl:sameAs <{WIKIDATA}{item}>")


def count(text: str) -> int:
    """Return the number that a question finds."""
    return int(column(f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {text} }}")[0])


@pytest.mark.parametrize(
    ("what", "least"),
    [("tbg:Tool", 100), ("org:Organization", 60), ("tbg:UseCase", 60), ("schema:Collection", 5), ("tbg:Method", 7)],
)
def test_the_catalogue_is_as_large_as_it_was_meant_to_be(what: str, least: int) -> None:
    assert count(f"?x a {what}") >= least


def test_at_least_330_items_of_wikidata_are_named() -> None:
    assert count(f'?s ?p ?x FILTER(STRSTARTS(STR(?x), "{WIKIDATA}Q"))') >= 330


def test_each_item_of_a_collection_of_ours_says_why_it_is_there() -> None:
    assert count("?x a schema:ListItem") >= 30
    assert column("SELECT ?x { ?x a schema:ListItem FILTER NOT EXISTS { ?x rdfs:comment ?note } }") == []


@pytest.mark.parametrize("kind", ["Tool", "UseCase", "HackathonProject", "Criterion"])
def test_everything_is_described_in_english_and_french(kind: str) -> None:
    for language in ("en", "fr"):
        described = f'?s dct:description ?text FILTER(LANG(?text) = "{language}")'
        assert column(f"SELECT ?s {{ ?s a tbg:{kind} FILTER NOT EXISTS {{ {described} }} }}") == []


def test_tools_are_described_in_spanish_too() -> None:
    assert (
        column('SELECT ?s { ?s a tbg:Tool FILTER NOT EXISTS { ?s dct:description ?text FILTER(LANG(?text) = "es") } }')
        == []
    )


TRAPS = {
    "the summit did not begin on the sixth": 'VALUES ?day { "2016-12-06" } <id/event/ogp-global-summit-2016> schema:startDate ?d FILTER(STR(?d) = ?day)',
    "nothing was launched on 12 December": '?s ?p ?d FILTER(STR(?d) = "2016-12-12")',
    "there were not seven organizers a day, and not three participants": "<id/event/ogp-toolbox-hackathon#participants> schema:value 3",
    "Sinar Project is not Canadian": "<id/organization/sinar-project> dct:spatial <id/country/ca>",
    "Wikidata is not French": "<id/tool/wikidata> dct:spatial|schema:countryOfOrigin <id/country/fr>",
    "MaVoix is not laprimaire.org": "<id/organization/ma-voix> ?p <https://laprimaire.org/>",
    "no address lacks its scheme": '?s foaf:homepage|foaf:page|tbg:formerAddress ?o FILTER(!REGEX(STR(?o), "^https?://"))',
    "the toolbox was not launched in 2019": '?s schema:observationAbout|tbg:milestoneOf <id/tool/ogp-toolbox> ; ?p ?d FILTER(STRSTARTS(STR(?d), "2019"))',
    "no count is without a date": "?o schema:observationAbout ?s FILTER NOT EXISTS { ?o schema:observationDate ?d }",
    "Cargografias' old address is that of a use case": "<id/tool/cargografias> tbg:formerAddress ?address",
    "Consul of Madrid is not the Consul of HashiCorp": f"?s ?p <{WIKIDATA}Q28709844>",
    "Consul has no Wikidata item": "<id/tool/consul> owl:sameAs ?item",
    "nobody is named": "?s a <http://xmlns.com/foaf/0.1/Person>",
}  # fmt: skip


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS)
def test_a_trap_of_the_sources_is_not_in_the_graph(text: str) -> None:
    assert not ask(text)


@pytest.mark.parametrize(
    "name", ["Henri Verdier", "Paula Forteza", "Johan Richer", "Poplt", "Chaque politicien", "externalisées"]
)
def test_no_sheet_holds(name: str) -> None:
    assert [path.name for path in SHEETS if name in path.read_text(encoding="utf-8")] == []


def test_the_deprecated_dates_stay_with_their_source() -> None:
    day = 'schema:startDate ?d FILTER(STR(?d) = "2016-12-06")'
    assert ask(f"GRAPH <graph/seeds/ogp-story> {{ <id/event/ogp-global-summit-2016> {day} }}")


CONFIRMING = (
    "countries/country-codes.csv",
    "countries/country-coder-properties.json",
    "countries/rigour-territories.jsonl",
    "gold/reconciliation_public.csv",
    "wikidata_slice/wikidata_slice.jsonl.gz",
    "dev_copies/ror_v2_records.jsonl.gz",
)
"""The files of the mirror that say what an item of Wikidata is."""


def test_every_wikidata_item_is_confirmed_by_a_file_of_the_mirror() -> None:
    content = [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in map(mirror, CONFIRMING)
    ]
    known = {item.decode() for text in content for item in re.findall(rb"\bQ[1-9]\d*\b", text)}
    items = column(f'SELECT DISTINCT ?o {{ ?s ?p ?o FILTER(STRSTARTS(STR(?o), "{WIKIDATA}Q")) }}')
    assert {item.removeprefix(WIKIDATA) for item in items} <= known


@pytest.mark.parametrize("name", ["countries", "licences"])
def test_what_registers_say_is_what_the_sheets_say(tmp_path: Path, name: str) -> None:
    repository = begun(tmp_path / "data")
    [*_, outcome] = [
        imports.import_into(repository, importing.find(each), origin("import"), today=TODAY, mirror=mirror())
        for each in dict.fromkeys(["licences", name])
    ]
    repository.close()
    assert outcome.questions == []
