"""Records of the room resource."""
