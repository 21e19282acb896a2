"""Verbs of blocks, pools, numbers, holds and grades, by noun."""
