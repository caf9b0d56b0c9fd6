"""What travels between the rooms, and what a user may write: messages, topics, ports, errors.

This package is the floor of the house: it imports nothing of ours and does no I/O.
"""
