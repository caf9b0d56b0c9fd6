"""A topic that cannot be relied on is refused with the command that mends it."""

from dataclasses import replace

import pytest

from tocsin.log.kafka.shape import Found, Wanted, faults_of, warnings_of

GOOD = Found("t.items", 6, 3, {"cleanup.policy": "delete", "min.insync.replicas": "2", "retention.ms": "1000"})
WANTED = Wanted(6, {"cleanup.policy": "delete", "retention.ms": "1000"}, 3)


def with_setting(name: str, value: str) -> Found:
    return replace(GOOD, settings={**GOOD.settings, name: value})


def test_a_topic_as_we_make_it_is_good() -> None:
    assert list(faults_of(GOOD, WANTED)) == list(warnings_of(GOOD, WANTED)) == []


def test_one_broker_keeps_one_copy_and_that_is_its_owners_choice() -> None:
    alone = replace(GOOD, copies=1, settings={"cleanup.policy": "delete", "min.insync.replicas": "1"})
    assert list(faults_of(alone, replace(WANTED, copies=None))) == []


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (replace(GOOD, partitions=5), "t.items has 5 partitions where 6 are needed"),
        (with_setting("cleanup.policy", "compact"), "it must be delete: kafka-configs.sh --alter --topic t.items"),
        (replace(GOOD, copies=2), "2 copies where kafka.replication asks for 3"),
        (with_setting("min.insync.replicas", "4"), "only 3 copies, so nothing can be written"),
        (with_setting("min.insync.replicas", "1"), "--topic t.items --add-config min.insync.replicas=2"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(found: Found, words: str) -> None:
    (fault,) = faults_of(found, WANTED)
    assert words in fault


def test_another_retention_than_configured_is_a_warning() -> None:
    (warning,) = warnings_of(with_setting("retention.ms", "5"), WANTED)
    assert "retention.ms=5, the configuration says 1000" in warning
