"""Business rules of the resource room, by noun: pure functions."""
