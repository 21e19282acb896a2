"""Business rules of the party room, by noun: pure functions with codes PTY-xx."""
