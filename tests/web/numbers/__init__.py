"""Tests of the number desk's pages."""
