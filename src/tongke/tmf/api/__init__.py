"""One file an Open API: documents as the official file shapes them, over the rooms' queries and verbs."""
