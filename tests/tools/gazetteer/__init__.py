"""Tests of how the gazetteer is made."""
