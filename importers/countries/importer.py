"""The countries: codes, regions and Wikidata items from registers of countries, names from CLDR."""

import csv
from pathlib import Path

from babel import Locale
from rdflib import Literal

from toolbox_graph.importing import Run
from toolbox_graph.namespaces import RDFS

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "fr", "es")


def import_all(run: Run) -> None:
    """Import the sheet of countries, and what CLDR calls them."""
    run.state_sheets(sorted(FOLDER.glob("*.csv")))
    names = {language: Locale(language).territories for language in LANGUAGES}
    with (FOLDER / "Country.csv").open(encoding="utf-8", newline="") as sheet:
        for key in {row["Key"] for row in csv.DictReader(sheet)}:
            for language in LANGUAGES:
                name = Literal(names[language][key.upper()], language)
                run.state(run.mint("country", key), RDFS.label, name, source="cldr")
