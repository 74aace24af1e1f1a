"""Why does a catalogue differ from what the W3C's tests expect?

They expect a store that anybody may fill and empty. A catalogue keeps what its sources said: a token writes to a graph
of its own, what it writes is judged by the shapes, blank nodes get names, and the default graph is made from all.
"""

OWN_GRAPH = "a token writes to its own graph only, and the test's data are in others"
EMPTIED = "nobody empties a catalogue: the statements of other sources stay"
ANOTHER_GRAPH = "a token writes to its own graph only, and the test's is another"
DEFAULT = "nobody writes to the default graph: it is the merge of all sources"
NEW = "a token has one graph, and makes no others"

REASONS = {
    "query_dataset_default_graphs_get": OWN_GRAPH,
    "query_dataset_default_graphs_post": OWN_GRAPH,
    "query_dataset_named_graphs_post": OWN_GRAPH,
    "query_dataset_named_graphs_get": OWN_GRAPH,
    "query_dataset_full": OWN_GRAPH,
    "query_multiple_dataset": OWN_GRAPH,
    "update_dataset_default_graph": EMPTIED,
    "update_dataset_default_graphs": EMPTIED,
    "update_dataset_named_graphs": EMPTIED,
    "update_dataset_full": EMPTIED,
    "update_post_form": EMPTIED,
    "update_post_direct": EMPTIED,
    "update_base_uri": OWN_GRAPH,
    "put_get_repeat_direct": ANOTHER_GRAPH,
    "put_delete_get_delete_direct": ANOTHER_GRAPH,
    "post_get_post_get_direct": ANOTHER_GRAPH,
    "head_existing_direct": ANOTHER_GRAPH,
    "put_get_repeat_indirect": ANOTHER_GRAPH,
    "put_get_default": DEFAULT,
    "put_delete_get_delete_indirect": ANOTHER_GRAPH,
    "post_get_post_get_indirect": ANOTHER_GRAPH,
    "post_get_new_graph": NEW,
    "head_existing_indirect": ANOTHER_GRAPH,
    "put_get_uri_pct_encoded_indirect": ANOTHER_GRAPH,
    "put_get_uri_pct_encoded_twice": ANOTHER_GRAPH,
}
"""The tests that a catalogue need not pass, and why."""
