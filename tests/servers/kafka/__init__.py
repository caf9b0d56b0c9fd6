"""A real Apache Kafka for tests: the one you name, else Docker's, else one made of Maven's jars on Java.

    reason = unavailable_reason()                # None, or why this machine has no Kafka
    async with open_kafka() as kafka: ...        # any Kafka: kafka.bootstrap
    async with JavaKafka(nodes=3) as kafka: ...  # one that may be hurt: kill, stop, pause, resume, restart, pid

`TOCSIN_TEST_KAFKA=host:port` names a running one, whose topics the tests will litter. With `TOCSIN_REQUIRE_KAFKA=1`
tests that need a Kafka fail where they would be skipped (see `tests/servers/kafka_fixtures.py`).
"""

from tests.servers.kafka.choice import GivenKafka, Kafka, open_kafka, unavailable_reason
from tests.servers.kafka.errors import KafkaDidNotStart, KafkaUnavailable
from tests.servers.kafka.java import JavaKafka

__all__ = [
    "GivenKafka",
    "JavaKafka",
    "Kafka",
    "KafkaDidNotStart",
    "KafkaUnavailable",
    "open_kafka",
    "unavailable_reason",
]
