"""Tests of web/printing."""
