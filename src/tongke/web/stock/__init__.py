"""Stock of SIM cards and devices: what lies where, items, deliveries, transfers, stocktakes."""
