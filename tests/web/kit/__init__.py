"""Tests of the web kit and of the role homes."""
