"""A pipeline of real stages with toy decisions, to be killed: every message type, every topic, state in each stage."""
