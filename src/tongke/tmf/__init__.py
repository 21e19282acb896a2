"""The TM Forum API: one file an Open API, over one kit."""
