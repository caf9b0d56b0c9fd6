"""The Kafka log's own code over a cluster that exists only in memory, in virtual time, with faults at every step."""
