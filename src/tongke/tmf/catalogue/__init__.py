"""What the Open APIs of the catalogue share: official shapes, their mapping onto the catalogue room, and hooks to its verbs."""
