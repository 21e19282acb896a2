"""People and organisations, and what they are to the operator: the one customer record."""
