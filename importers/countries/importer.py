"""The countries: codes, regions and Wikidata items from registers of countries, names from CLDR."""

import csv
from collections.abc import Iterator
from pathlib import Path

from babel import Locale
from rdflib import Literal

from toolbox_graph.importing import Run
from toolbox_graph.namespaces import RDFS

NEEDS = ("licences",)

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr", "es")

REGISTER = Path("countries", "country-codes.csv")
"""Where a mirror has the register of country codes from which the sheet was made."""


def import_all(run: Run) -> None:
    """Import the sheet of countries, and what CLDR calls them."""
    run.state_sheets(sorted(FOLDER.glob("*.csv")))
    rows = list(_rows(FOLDER / "Country.csv"))
    names = {language: Locale(language).territories for language in LANGUAGES}
    for key in {row["Key"] for row in rows}:
        for language in LANGUAGES:
            name = Literal(names[language][key.upper()], language)
            run.state(run.mint("country", key), RDFS.label, name, source="cldr")
    if run.mirror and (run.mirror / REGISTER).is_file():
        _compare(run, rows, run.mirror / REGISTER)


def _compare(run: Run, rows: list[dict[str, str]], register: Path) -> None:
    """Ask about each country of which the register says by now what the sheet does not."""
    sheet = {row["Key"]: (row["Alpha-3"], row["Numeric"], row["wikidata"]) for row in rows if row["Alpha-3"]}
    for entry in _rows(register):
        key, item = entry["ISO3166-1-Alpha-2"].lower(), entry["wikidata_id"].rpartition("/")[-1]
        stated = entry["ISO3166-1-Alpha-3"], entry["ISO3166-1-numeric"].zfill(3), item
        if sheet.get(key) != stated:
            run.ask(f"{REGISTER.name} says {stated} of country/{key}, the sheet {sheet.get(key)}; which holds?")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as sheet:
        yield from csv.DictReader(sheet)
