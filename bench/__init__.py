"""Benchmarks: each measures a promise of the house against a reference, in the same run, interleaved."""
