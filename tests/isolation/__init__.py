"""Nobody finds what belongs to others: a matrix made from the addresses themselves."""
