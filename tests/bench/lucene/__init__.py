"""Lucene Monitor, the peer of the matching benchmark: its program, its jars, and our queries in its terms."""
