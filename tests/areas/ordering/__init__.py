"""Tests of areas/ordering."""
