"""Tests of the TM Forum API and of the tools for assistants."""
