"""The log: topics, keyed state and positions behind one port; embedded (SQLite), on Kafka, or in memory.

Names of concrete logs are known to `tocsin.log.open` alone.
"""

from tocsin.log.port import Gap, Lag, Log, StageSpec, Work

__all__ = ["Gap", "Lag", "Log", "StageSpec", "Work"]
