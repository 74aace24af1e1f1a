"""The seeds: the bundled sheets, with what is known of the first OGP Toolbox and of those around it."""

from toolbox_graph.importing import CATALOGUE, Run


def import_all(run: Run) -> None:
    """Import the bundled sheets."""
    run.state_sheets(sorted(path for path in CATALOGUE.glob("*.csv") if path.name != "Omitted.csv"))
