"""Tests of areas/resource."""
