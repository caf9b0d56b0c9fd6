"""What must be true of a run, whatever happened in it."""

from collections import Counter, defaultdict

from schemas.codec import decode_as
from schemas.item import Item
from schemas.ports import Record
from schemas.topics import CHANGES, ITEMS, RECEIPTS, Topic
from tests.log.simulation.cluster import Cluster
from tests.log.simulation.mill import NAMES, PARTITIONS, Outcome
from tocsin.log.headers import SEQUENCE, WRITER
from tocsin.log.kafka.wire import Raw


def faults_of(outcome: Outcome) -> list[str]:
    """Everything wrong with a run, in words; empty when nothing was lost, doubled or put out of order."""
    wrong: list[str] = []
    for topic in (CHANGES, RECEIPTS):
        wrong += _once_each(outcome, topic) + _in_order(outcome.cluster, topic)
    for topic in (ITEMS, CHANGES, RECEIPTS):
        wrong += _unbroken(outcome.cluster, topic)
    return wrong + _state_is_a_fold(outcome) + _positions_are_behind(outcome.cluster)


def _records(cluster: Cluster, topic: Topic) -> list[Raw]:
    return [raw for number in range(PARTITIONS) for raw in cluster.committed((NAMES.topic(topic.name), number))]


def _item(raw: Raw) -> Item:
    return decode_as(Record(ITEMS.name, 0, 0, "", raw.value), Item)


def _once_each(outcome: Outcome, topic: Topic) -> list[str]:
    found = Counter(_item(raw).id for raw in _records(outcome.cluster, topic))
    wanted = Counter(item.id for item in outcome.items)
    lost, doubled = wanted - found, found - wanted
    return [f"{topic.name}: {name} lost" for name in lost] + [f"{topic.name}: {name} doubled" for name in doubled]


def _in_order(cluster: Cluster, topic: Topic) -> list[str]:
    """The numbers the stages gave, in the order of the log: 1, 2, 3… within each key."""
    numbers: dict[bytes, list[int]] = defaultdict(list)
    for raw in _records(cluster, topic):
        numbers[raw.key].append(int(_item(raw).title.split()[-1]))
    return [
        f"{topic.name}: {key!r} counted {found}"
        for key, found in numbers.items() if found != list(range(1, len(found) + 1))
    ]  # fmt: skip


def _unbroken(cluster: Cluster, topic: Topic) -> list[str]:
    rows: dict[tuple[int, bytes], list[int]] = defaultdict(list)
    for raw in _records(cluster, topic):
        headers = dict(raw.headers)
        rows[raw.partition, headers[WRITER]].append(int(headers[SEQUENCE]))
    return [
        f"{topic.name}/{place}: sequence {found}"
        for place, found in rows.items() if found != list(range(1, len(found) + 1))
    ]  # fmt: skip


def _state_is_a_fold(outcome: Outcome) -> list[str]:
    """Each stage's state counts its inputs, no more and no less."""
    counted: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for task, texts in outcome.states.items():
        counted.update({f"{task.stage} {key[1:]}": int(text) for key, text in texts.items() if key.startswith("s")})
    for stage, topic in (("grind", ITEMS), ("bake", CHANGES)):
        wanted.update(f"{stage} {raw.key.decode()}" for raw in _records(outcome.cluster, topic))
    return [] if counted == wanted else [f"state {dict(counted)} is no fold over the inputs {dict(wanted)}"]


def _positions_are_behind(cluster: Cluster) -> list[str]:
    return [
        f"{group} stands at {at} of {place}"
        for (group, place), at in cluster.groups.items() if at > cluster.stable(place)
    ]  # fmt: skip
