"""Things found by words and filters, from an index beside the store."""
