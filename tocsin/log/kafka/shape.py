"""Whether a topic that is already there can be relied on; if not, why, and the command that mends it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

SAFE_COPIES: Final = 3
"""From so many copies on, a record must be in two of them before it counts as written."""
SETTINGS: Final = ("cleanup.policy", "min.insync.replicas", "retention.ms")
"""What is asked of the cluster."""


@dataclass(frozen=True, slots=True)
class Found:
    """A topic as the cluster describes it; `copies` are those of the partition with the fewest."""

    name: str
    partitions: int
    copies: int
    settings: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a topic must be. `copies` is what the operator asked for, None where the cluster decides."""

    partitions: int
    settings: Mapping[str, str]
    copies: int | None = None


def faults_of(found: Found, wanted: Wanted) -> Iterator[str]:
    """Everything that keeps the log from trusting a topic, each with what to do."""
    if found.partitions != wanted.partitions:
        yield (
            f"{found.name} has {found.partitions} partitions where {wanted.partitions} are needed; delete it if it is "
            "empty, or choose another kafka.topic_prefix"
        )
    policy = wanted.settings["cleanup.policy"]
    if (has := found.settings.get("cleanup.policy", policy)) != policy:
        yield f"{found.name} has cleanup.policy={has}; it must be {policy}: {_alter(found, f'cleanup.policy={policy}')}"
    if wanted.copies is not None and found.copies < wanted.copies:
        yield (
            f"{found.name} has {found.copies} copies where kafka.replication asks for {wanted.copies}; "
            "add copies with kafka-reassign-partitions.sh, or lower kafka.replication"
        )
    yield from _insync(found)


def _insync(found: Found) -> Iterator[str]:
    least = int(found.settings.get("min.insync.replicas", "0"))
    if least > found.copies:
        yield (
            f"{found.name} has min.insync.replicas={least} but only {found.copies} copies, so nothing can be written: "
            f"{_alter(found, f'min.insync.replicas={max(1, found.copies - 1)}')}"
        )
    elif found.copies >= SAFE_COPIES and least == 1:
        yield (
            f"{found.name} has min.insync.replicas=1: a broker that dies may take along what only it had; "
            f"{_alter(found, 'min.insync.replicas=2')}"
        )


def warnings_of(found: Found, wanted: Wanted) -> Iterator[str]:
    """What works but is not as configured: the cluster keeps records longer or shorter than promised."""
    keep = wanted.settings.get("retention.ms")
    has = found.settings.get("retention.ms", keep)
    if keep is not None and has != keep:
        mend = _alter(found, f"retention.ms={keep}")
        yield f"{found.name} has retention.ms={has}, the configuration says {keep}: {mend}"


def _alter(found: Found, setting: str) -> str:
    return f"kafka-configs.sh --alter --topic {found.name} --add-config {setting}"
