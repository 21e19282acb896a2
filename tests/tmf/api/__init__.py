"""Tests of the Open APIs, one file each."""
