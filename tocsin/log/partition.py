"""Which partition a key belongs to: Kafka's own partitioner, so that a log can move to Kafka and back."""

from functools import lru_cache
from typing import Final

from schemas.topics import TOPICS, Topic

_MASK: Final = 0xFFFFFFFF
_M: Final = 0x5BD1E995
_SEED: Final = 0x9747B28C


def murmur2(data: bytes) -> int:
    """Kafka's murmur2 of the bytes, as an unsigned 32-bit number (org.apache.kafka.common.utils.Utils)."""
    length = len(data)
    h = _SEED ^ length
    whole = length & ~3
    for at in range(0, whole, 4):
        k = int.from_bytes(data[at : at + 4], "little") * _M & _MASK
        k = (k ^ (k >> 24)) * _M & _MASK
        h = (h * _M & _MASK) ^ k
    if length != whole:
        h = (h ^ int.from_bytes(data[whole:], "little")) * _M & _MASK
    h = (h ^ (h >> 13)) * _M & _MASK
    return h ^ (h >> 15)


@lru_cache(4096)
def partition_of(key: str, partitions: int) -> int:
    """The partition of a key among so many."""
    return 0 if partitions == 1 else (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def width(topic: Topic, partitions: int) -> int:
    """How many partitions a topic has where an ordinary one has `partitions`."""
    return 1 if topic.single else partitions


def topic_named(name: str) -> Topic:
    """The topic of a name without prefix. Raises KeyError for one that is not in the table."""
    return TOPICS[name]
