"""A bundle of the first toolbox's cards: the JSON that its API took at `/cards/bundle`."""

from toolbox_graph.importing import Run


def import_files(run: Run) -> None:
    """Import the bundle that is named."""
    for path in run.files:
        run.state_bundle(path)
