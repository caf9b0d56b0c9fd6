"""Ingest: what is new out there?"""
