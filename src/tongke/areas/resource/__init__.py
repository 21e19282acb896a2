"""The room resource: what can be sold with: numbers, SIMs and devices by serial, the network and the places it reaches."""
