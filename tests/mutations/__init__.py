"""Mutations of the code that keeps the promise: each patch takes one safeguard out, and some test must notice.

`python -m tests.mutations [NAME…]` applies them one by one to a copy of the tree and runs the tests named in each.
"""
