"""The seeds: the bundled sheets, with what is known of the first OGP Toolbox and of those around it."""

from toolbox_graph.importing import CATALOGUE, Run

NEEDS = ("countries", "licences")


def import_all(run: Run) -> None:
    """Import the bundled sheets; which facts they leave out, and why, stands in `omitted.csv`."""
    run.state_sheets(sorted(CATALOGUE.glob("*.csv")))
