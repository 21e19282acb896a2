"""Tests of the pages of this folder."""
