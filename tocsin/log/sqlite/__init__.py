"""The embedded log: one SQLite file, one writer with group commit, readers apart."""

from tocsin.log.sqlite.log import SqliteLog

__all__ = ["SqliteLog"]
