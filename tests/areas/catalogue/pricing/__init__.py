"""The price engine and what is read for it."""
