"""Data exchange: files in, over the areas' bulk verbs, every row either in or explained; reject files out."""
