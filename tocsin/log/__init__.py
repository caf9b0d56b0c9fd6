"""The embedded and the Kafka log."""
