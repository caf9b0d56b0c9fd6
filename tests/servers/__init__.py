"""Real servers the tests talk to."""
