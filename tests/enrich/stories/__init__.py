"""Tests of enrich.stories."""
