"""Reads about numbers, by noun."""
