"""Benchmarks: `python -m tests.bench`; never timed tests."""
