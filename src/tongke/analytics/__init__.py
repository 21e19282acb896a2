"""Agreed figures over the rooms' published views; knows no room."""
