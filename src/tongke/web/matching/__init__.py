"""Pages for duplicates, merges and trees of customers."""
