"""The first toolbox's spreadsheet: its sheets as CSV files, with either generation of their headers."""

from toolbox_graph.importing import Run


def import_files(run: Run) -> None:
    """Import the sheets that are named, as one whole: they may point to each other."""
    run.state_spreadsheet(run.files)
