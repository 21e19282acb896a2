"""Tests of web/desk."""
