"""Tests of areas/contact_centre."""
