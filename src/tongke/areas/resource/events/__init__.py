"""Facts that are announced of the resource room, by noun."""
