"""Enrich: what does it say, and which story is it?"""
