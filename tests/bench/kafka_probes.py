"""What aiokafka does with a real Apache Kafka: run as `python -m tests.bench.kafka_probes [NAME…]`.

The answers our design rests on are written down in `docs/kafka-probes.md`; run this again when either version moves.
"""

import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable

import aiokafka

from tests.bench import kafka_faults, kafka_plain, kafka_speed, kafka_transactions
from tests.servers.kafka import JavaKafka, jars, unavailable_reason

Probe = Callable[[JavaKafka], Awaitable[str]]

ONE_BROKER: list[Probe] = [
    kafka_plain.produce_and_consume,
    kafka_plain.group_of_two,
    kafka_plain.static_member,
    kafka_plain.administration,
    kafka_plain.lag_over_markers,
    kafka_transactions.isolation,
    kafka_transactions.commit_of_a_rejected_record,
    kafka_transactions.abort_of_a_rejected_record,
    kafka_transactions.zombie_per_process,
    kafka_transactions.zombie_per_task,
    kafka_transactions.late_commit_same_producer,
    kafka_transactions.late_commit_new_producer,
    kafka_transactions.abandoned_transaction,
    kafka_transactions.offsets_after_takeover,
    kafka_speed.starting_producers,
    kafka_speed.transactions_by_batch,
    kafka_faults.discarding,
    kafka_faults.frozen_and_impatient,
    kafka_faults.frozen_and_patient,
    kafka_faults.killed,
]
THREE_BROKERS: list[Probe] = [kafka_faults.killed, kafka_faults.frozen_and_impatient, kafka_faults.all_killed]
LIMIT_SECONDS = 400


async def run(nodes: int, probes: list[Probe]) -> int:
    """Run probes against one cluster and print each answer; the number that broke."""
    broken = 0
    if not probes:
        return broken
    async with JavaKafka(nodes=nodes) as kafka:
        for probe in probes:
            began = time.monotonic()
            try:
                answer = await asyncio.wait_for(probe(kafka), LIMIT_SECONDS)
            except Exception as error:  # noqa: BLE001 - a probe that breaks is an answer, and the rest go on
                answer, broken = f"BROKE: {error!r}", broken + 1
            name = probe.__name__.replace("_", " ")
            print(f"{name}{f' ({nodes} brokers)' if nodes > 1 else ''}: {answer} [{time.monotonic() - began:.1f} s]")
    return broken


def main(wanted: list[str]) -> int:
    """Every probe, or those named; the exit code says whether all of them gave an answer."""
    if reason := unavailable_reason(hurtable=True):
        print(f"no Kafka to probe: {reason}")
        return 1
    logging.disable(logging.CRITICAL)
    print(f"aiokafka {aiokafka.__version__} on Apache Kafka {jars.version()}")
    broken = 0
    for nodes, probes in ((1, ONE_BROKER), (3, THREE_BROKERS)):
        broken += asyncio.run(run(nodes, [each for each in probes if not wanted or each.__name__ in wanted]))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
