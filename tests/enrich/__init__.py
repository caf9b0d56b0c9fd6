"""Tests of the room that understands."""
