"""The log on Kafka: one transaction per unit, one producer per task, state in compacted changelogs."""

from tocsin.log.kafka.access import Access
from tocsin.log.kafka.log import KafkaLog

__all__ = ["Access", "KafkaLog"]
