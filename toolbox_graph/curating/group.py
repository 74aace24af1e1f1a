"""Under which name do a curator's commands stand?"""

from toolbox_graph.terminal import examples, main

SLICE = "wikidata.jsonl.gz"
"""A file of items, in examples."""


@main.group(epilog=examples(f"reconcile evaluate gold.csv --slice {SLICE}"))
def reconcile() -> None:
    """Find out which things are meant by names, and how well that works."""
