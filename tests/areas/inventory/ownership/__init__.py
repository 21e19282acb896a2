"""Tests of transfers of ownership."""
