"""The partitioner must be Kafka's to the bit, else a moved log would split its keys."""

from aiokafka.partitioner import murmur2 as theirs
from hypothesis import given
from hypothesis import strategies as st

from tocsin.log.partition import murmur2, partition_of


@given(st.binary(max_size=64))
def test_murmur2_is_kafkas(data: bytes) -> None:
    assert murmur2(data) == theirs(data) & 0xFFFFFFFF


@given(st.text(), st.integers(1, 64))
def test_a_partition_exists(key: str, partitions: int) -> None:
    if key.isascii():
        assert 0 <= partition_of(key, partitions) < partitions
