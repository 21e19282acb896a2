"""The business: rooms of one shape, each with a front door."""
