"""Tests of what makes our data."""
