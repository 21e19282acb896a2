"""Records of the room ordering."""
