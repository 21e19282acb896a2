"""The network and its coverage: what can be sold where, sites, equipment, ports, planned builds."""
