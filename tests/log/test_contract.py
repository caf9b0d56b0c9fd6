"""What every log promises, asked of each of them."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import JsonValue

from schemas.alert import DeadLetter
from schemas.codec import decode_as
from schemas.errors import Fenced, Unreadable
from schemas.item import Feed, Item
from schemas.ports import Record, Runtime, Task, Unit
from schemas.topics import ACTIONS, ALERTS, CHANGES, DEAD, FEEDS, ITEMS, REPORTS, Topic
from tests.log.clocks import SetClock
from tests.log.conftest import Opener
from tests.log.waiting import eventually
from tocsin.log import Lag, Log, StageSpec
from tocsin.log.append import append
from tocsin.log.partition import partition_of

PUSH = Task("push", 0)
READER = StageSpec("reader", (ITEMS,))
HERE = partition_of("a.example", 3)


async def push(log: Log, *ids: str, key: str = "a.example") -> None:
    async with log.unit(PUSH) as unit:
        for name in ids:
            unit.emit(ITEMS, key, Item(id=name, title=f"title of {name}"))


async def take(log: Log, task: Task, count: int) -> list[Record]:
    """The next records, in however many reads they come."""
    found: list[Record] = []
    async with asyncio.timeout(30):
        while len(found) < count:
            found += await log.read(task, count - len(found))
    return found


async def past(log: Log, topic: Topic, count: int, **wanted: Any) -> list[Record]:
    """History once it shows so many records."""

    async def look() -> list[Record]:
        return [record async for record in log.history(topic, **wanted)]

    return await eventually(look, lambda found: len(found) >= count)


def ids(records: Sequence[Record]) -> list[str]:
    return [decode_as(record, Item).id for record in records]


async def test_what_a_unit_emits_is_read_in_order(log: Log) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1", "2")
    await push(log, "3")
    assert ids(await take(log, task, 3)) == ["1", "2", "3"]


async def test_a_key_goes_to_the_partition_kafka_would_choose(log: Log) -> None:
    await push(log, "1", key="a.example")
    found = await past(log, ITEMS, 1)
    assert [(record.partition, record.offset, record.key) for record in found] == [(HERE, 0, "a.example")]


async def test_a_dropped_unit_leaves_nothing(log: Log) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1")
    batch = await take(log, task, 1)

    async def fail() -> None:
        async with log.unit(task) as unit:
            unit.put("k", 1)
            unit.emit(REPORTS, "", Item(id="x"))
            unit.acknowledge(batch)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await log.rewind(task)
    assert ids(await take(log, task, 1)) == ["1"]
    async with log.unit(task) as unit:
        assert unit.get("k") is None
    assert [record async for record in log.history(REPORTS)] == []


async def test_outputs_state_and_positions_outlive_the_process(another: Opener) -> None:
    log = await another()
    task = await log.claim(READER, HERE)
    await push(log, "1", "2")
    batch = await take(log, task, 1)
    async with log.unit(task) as unit:
        unit.put("seen", [*ids(batch)])
        unit.acknowledge(batch)
    await log.close()
    log = await another()
    task = await log.claim(READER, HERE)
    assert ids(await take(log, task, 1)) == ["2"]
    async with log.unit(task) as unit:
        assert unit.get("seen") == ["1"]


async def test_reads_see_the_units_own_writes(log: Log) -> None:
    task = await log.claim(READER, 0)
    async with log.unit(task) as unit:
        unit.put("a/1", 1)
        unit.put("a/2", {"x": [None, True, "é"]})
        unit.put("b", 3)
    async with log.unit(task) as unit:
        unit.delete("a/1")
        unit.delete("never there")
        unit.put("a/3", 3)
        assert unit.get("a/1") is None
        assert unit.get("a/2") == {"x": [None, True, "é"]}
        assert list(unit.scan("a/")) == [("a/2", {"x": [None, True, "é"]}), ("a/3", 3)]
        assert [key for key, _ in unit.scan()] == ["a/2", "a/3", "b"]
        assert [key for key, _ in unit.scan(until="a/3")] == ["a/2"]
        assert [key for key, _ in unit.scan(limit=2)] == ["a/2", "a/3"]


async def test_state_belongs_to_its_task(log: Log) -> None:
    first, second = await log.claim(READER, 0), await log.claim(READER, 1)
    async with log.unit(first) as unit:
        unit.put("k", "first")
    async with log.unit(second) as unit:
        assert unit.get("k") is None


async def test_keys_are_ordered_by_code_point_and_any_prefix_scans(log: Log) -> None:
    keys = ["", "a", "aا", "a\U0001f514", "a\uffff", "b", "\U0010ffff", "\U0010ffffx", "\ud7ff"]
    task = await log.claim(READER, 0)
    async with log.unit(task) as unit:
        for key in keys:
            unit.put(key, key)
    async with log.unit(task) as unit:
        assert [key for key, _ in unit.scan()] == sorted(keys)
        for prefix in keys:
            assert [key for key, _ in unit.scan(prefix)] == sorted(k for k in keys if k.startswith(prefix))


async def test_a_long_scan_pages_without_loss(log: Log) -> None:
    task = await log.claim(READER, 0)
    async with log.unit(task) as unit:
        for number in range(1203):
            unit.put(f"{number:05}", number)
    async with log.unit(task) as unit:
        assert [value for _, value in unit.scan()] == list(range(1203))
        assert len(list(unit.scan(limit=700))) == 700


async def test_a_value_put_is_the_value_then_not_later(log: Log) -> None:
    task = await log.claim(READER, 0)
    async with log.unit(task) as unit:
        value: list[JsonValue] = [1]
        unit.put("k", value)
        value.append(2)
        assert unit.get("k") == [1]


async def test_a_unit_is_dead_after_its_block(log: Log) -> None:
    async with log.unit(PUSH) as unit:
        pass
    with pytest.raises(RuntimeError):
        unit.put("k", 1)


async def test_read_returns_empty_handed_after_its_wait(log: Log) -> None:
    task = await log.claim(READER, HERE)
    assert await log.read(task, wait=0.0) == ()


async def test_a_commit_wakes_a_waiting_reader(log: Log) -> None:
    task = await log.claim(READER, HERE)
    waiting = asyncio.create_task(log.read(task, wait=60.0))
    await asyncio.sleep(0)
    await push(log, "1")
    async with asyncio.timeout(10):
        assert ids(await waiting) == ["1"]


async def test_what_is_read_is_not_read_again_until_rewound(log: Log) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1", "2")
    assert ids(await take(log, task, 1)) == ["1"]
    assert ids(await take(log, task, 1)) == ["2"]
    await log.rewind(task)
    assert ids(await take(log, task, 2)) == ["1", "2"]


async def test_a_position_never_passes_a_record_that_is_not_done_with(log: Log) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1", "2", "3")
    batch = await take(log, task, 3)
    async with log.unit(task) as unit:
        unit.acknowledge([batch[1]])
    await log.rewind(task)
    assert ids(await take(log, task, 3)) == ["1", "2", "3"]


async def test_a_former_owner_is_fenced(another: Opener) -> None:
    log = await another()
    task = await log.claim(READER, 0)
    async with log.unit(task) as held:
        held.put("k", "before")

    async def freeze_and_wake() -> None:
        async with log.unit(task) as zombie:
            zombie.put("k", "zombie")
            zombie.emit(REPORTS, "", Item(id="zombie"))
            await takes_over(another, log)

    with pytest.raises(Fenced):
        await freeze_and_wake()
    peeked = await log.peek(task)
    assert peeked.get("k") == "before"
    assert [record async for record in log.history(REPORTS)] == []


async def takes_over(another: Opener, log: Log) -> None:
    """A second process claims the task, past the owner lock where there is one."""
    rival = await another()
    if owner := getattr(rival, "_owner", None):
        rival._owner = getattr(log, "_owner", owner)  # type: ignore[attr-defined] # the lock is tested elsewhere
    await rival.claim(READER, 0)


async def test_outsiders_of_several_processes_take_turns(another: Opener) -> None:
    logs = [await another(), await another()]

    def count(unit: Unit) -> int:
        seen = unit.get("count")
        unit.put("count", number := (seen if isinstance(seen, int) else 0) + 1)
        unit.emit(ITEMS, "a.example", Item(id=str(number)))
        return number

    assert [await append(logs[turn % 2], PUSH, count) for turn in range(5)] == [1, 2, 3, 4, 5]
    items = await past(logs[0], ITEMS, 5)
    assert [record.headers["tocsin_seq"] for record in items] == ["1", "2", "3", "4", "5"]


async def test_headers_tell_who_wrote_what_of_what_in_which_place_of_the_row(log: Log, clock: SetClock) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1", "2")
    batch = await take(log, task, 2)
    async with log.unit(task) as unit:
        for record in batch:
            unit.emit(CHANGES, "story", Item(id=f"c{record.offset}"), record)
            unit.emit(CHANGES, "story", Item(id=f"d{record.offset}"), record)
    first, second, third, _ = await past(log, CHANGES, 4)
    assert first.headers["ce_id"] == "c0"
    assert first.headers["ce_type"] == "tocsin.changes.v1"
    assert first.headers["ce_source"] == f"tocsin/reader/{HERE}"
    assert first.headers["ce_time"] == clock.now().isoformat()
    assert [r.headers["tocsin_seq"] for r in (first, second, third)] == ["1", "2", "3"]
    assert [r.headers["tocsin_src"] for r in (first, second, third)] == [
        f"items/{HERE}/0#0", f"items/{HERE}/0#1", f"items/{HERE}/1#0",
    ]  # fmt: skip
    assert first.timestamp == clock.now()


async def test_a_trace_is_passed_on(log: Log) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1")
    (record,) = await take(log, task, 1)
    async with log.unit(task) as unit:
        unit.emit(CHANGES, "story", Item(id="c"), record)
    (change,) = await past(log, CHANGES, 1)
    old, new = record.headers["traceparent"].split("-"), change.headers["traceparent"].split("-")
    assert (old[0], old[1], old[3]) == (new[0], new[1], new[3])
    assert old[2] != new[2]


async def test_sequence_numbers_go_on_after_a_restart(another: Opener) -> None:
    await push(await another(), "1", "2")
    log = await another()
    await push(log, "3")
    assert [record.headers["tocsin_seq"] for record in await past(log, ITEMS, 3)] == ["1", "2", "3"]


async def test_a_dead_letter_keeps_the_bytes_and_says_why(log: Log) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1")
    (record,) = await take(log, task, 1)
    async with log.unit(task) as unit:
        unit.dead(record, Unreadable("no such thing"))
        unit.acknowledge([record])
    (found,) = await past(log, DEAD, 1)
    letter = decode_as(found, DeadLetter)
    assert (letter.topic, letter.offset, letter.stage, letter.error) == ("items", 0, "reader", "Unreadable")
    assert "no such thing" in letter.detail
    assert letter.headers == dict(record.headers)


async def test_a_message_no_topic_would_take_is_refused_at_once(log: Log) -> None:
    async with log.unit(PUSH) as unit:
        with pytest.raises(Unreadable):
            unit.emit(ITEMS, "a.example", Item(id="1", text="x" * 1_000_001))


async def test_history_merges_partitions_in_order_of_time(log: Log, clock: SetClock) -> None:
    for number in range(12):
        await push(log, str(number), key=f"host{number % 5}")
        clock.move(10)
    forwards = await past(log, ITEMS, 12)
    assert ids(forwards) == [str(number) for number in range(12)]
    assert ids([r async for r in log.history(ITEMS, newest_first=True, limit=3)]) == ["11", "10", "9"]
    since, until = forwards[3].timestamp, forwards[6].timestamp
    assert ids([r async for r in log.history(ITEMS, since=since, until=until)]) == ["3", "4", "5"]
    newest = [r async for r in log.history(ITEMS, since=since, until=until, newest_first=True)]
    assert ids(newest) == ["5", "4", "3"]
    assert ids([r async for r in log.history(ITEMS, key="host1")]) == ["1", "6", "11"]


async def test_a_clock_set_back_leaves_time_in_order(log: Log, clock: SetClock) -> None:
    await push(log, "1")
    clock.move(-3600)
    await push(log, "2")
    first, second = await past(log, ITEMS, 2)
    assert first.timestamp == second.timestamp
    assert ids([first, second]) == ["1", "2"]


async def test_history_longer_than_a_page_is_whole(log: Log) -> None:
    await push(log, *(str(number) for number in range(450)))
    assert len(await past(log, ITEMS, 450)) == 450
    assert len([record async for record in log.history(ITEMS, newest_first=True)]) == 450


async def test_of_a_compacted_topic_the_last_of_each_key_stays(log: Log) -> None:
    async with log.unit(PUSH) as unit:
        unit.emit(FEEDS, "h", Feed(url="https://h/1"))
        unit.emit(FEEDS, "h", Feed(url="https://h/2"))
        unit.emit(FEEDS, "gone", Feed(url="https://gone/"))
    async with log.unit(PUSH) as unit:
        unit.emit(FEEDS, "h", Feed(url="https://h/3"))
        unit.emit(FEEDS, "gone", None)

    async def urls() -> list[str]:
        return [decode_as(record, Feed).url async for record in log.history(FEEDS)]

    await eventually(urls, lambda found: found == ["https://h/3"])


async def test_lag_counts_what_is_not_acknowledged_and_its_age(log: Log, clock: SetClock) -> None:
    task = await log.claim(READER, HERE)
    await push(log, "1")
    clock.move(30)
    await push(log, "2", "3")
    clock.move(5)
    assert [(lag.task, lag.seconds) for lag in await lagging(log, 3)] == [(task, 35.0)]
    batch = await take(log, task, 1)
    async with log.unit(task) as unit:
        unit.acknowledge(batch)
    assert [lag.seconds for lag in await lagging(log, 2)] == [5.0]
    rest = await take(log, task, 2)
    async with log.unit(task) as unit:
        unit.acknowledge(rest)
    await eventually(log.lag, lambda lags: [(lag.records, lag.seconds) for lag in lags] == [(0, 0.0)])


async def lagging(log: Log, least: int) -> list[Lag]:
    """The lag once it counts as many records; Kafka counts the ends of transactions too."""
    return await eventually(log.lag, lambda lags: sum(lag.records for lag in lags) >= least)


async def test_two_inputs_are_read_by_one_task_within_the_limit(log: Log) -> None:
    spec = StageSpec("deliver", (ALERTS, ACTIONS))
    task = await log.claim(spec, partition_of("desk", 3))
    async with log.unit(PUSH) as unit:
        for number in range(4):
            unit.emit(ALERTS, "desk", Item(id=f"alert{number}"))
            unit.emit(ACTIONS, "desk", Item(id=f"action{number}"))
    found = await take(log, task, 1)
    assert len(found) == 1
    rest = await take(log, task, 7)
    assert sorted(record.topic for record in [*found, *rest]) == ["actions"] * 4 + ["alerts"] * 4


async def test_a_stage_has_a_task_for_each_partition_of_its_inputs(log: Log) -> None:
    assert [task.partition for task in log.tasks(READER)] == [0, 1, 2]
    assert log.tasks(StageSpec("stories", (REPORTS,))) == (Task("stories", 0),)
    assert log.tasks(StageSpec("clock")) == (Task("clock", 0),)
    with pytest.raises(ValueError, match="differ in partitions"):
        log.tasks(StageSpec("odd", (REPORTS, ITEMS)))


async def test_run_stage_works_every_task_until_cancelled(log: Log) -> None:
    seen: set[Task] = set()
    all_there = asyncio.Event()

    async def work(task: Task, runtime: Runtime) -> None:
        seen.add(task)
        if len(seen) == 3:
            all_there.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(log.run_stage(READER, work))
    async with asyncio.timeout(30):
        await all_there.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    with pytest.raises(Fenced):
        await log.read(Task("reader", 0))


async def test_a_cancelled_commit_is_whole_or_not_at_all(log: Log) -> None:
    async def work() -> None:
        async with log.unit(PUSH) as unit:
            unit.put("k", 1)
            unit.emit(ITEMS, "a.example", Item(id="1"))

    for delay in range(12):
        running = asyncio.create_task(work())
        for _ in range(delay):
            await asyncio.sleep(0)
        running.cancel()
        await asyncio.wait([running])
        state = await log.peek(PUSH)
        written = await past(log, ITEMS, int(state.get("k") is not None))
        assert bool(written) == (state.get("k") is not None)


async def test_a_reader_who_knows_where_it_stood_gets_what_is_new(log: Log) -> None:
    await push(log, "1", "2")
    await past(log, ITEMS, 2)
    stood = (await log.ends(ITEMS))[HERE]
    assert await log.after(ITEMS, HERE, stood) == []
    await push(log, "3", "4")

    async def look() -> Sequence[Record]:
        return await log.after(ITEMS, HERE, stood)

    assert ids(await eventually(look, lambda found: len(found) == 2)) == ["3", "4"]
    assert ids(await log.after(ITEMS, HERE, 0, limit=1)) == ["1"]
    assert sum(await log.ends(ITEMS)) == await log.written(ITEMS)
