"""What a unit writes: plain statements inside the writer's transaction."""

import sqlite3
from collections.abc import Sequence

from pydantic_core import to_json

from schemas.errors import Fenced
from schemas.ports import Task
from schemas.topics import TOPICS, Topic
from tocsin.log.base import Held
from tocsin.log.cursor import Settlement
from tocsin.log.headers import SEQUENCE
from tocsin.log.unit import BufferedUnit, Output


def take_over(connection: sqlite3.Connection, task: Task, topics: Sequence[Topic]) -> Held:
    """Raise the task's epoch, write down positions that are new, and read where it stands."""
    at = (task.stage, task.partition)
    connection.execute(
        "INSERT INTO tasks VALUES(?,?,1,0) ON CONFLICT(stage, part) DO UPDATE SET epoch=epoch+1", at
    )  # fmt: skip
    names = [topic.name for topic in topics]
    connection.executemany("INSERT OR IGNORE INTO positions VALUES(?,?,?,0)", [(*at, name) for name in names])
    epoch = connection.execute("SELECT epoch FROM tasks WHERE stage=? AND part=?", at).fetchone()[0]
    positions = dict(connection.execute("SELECT topic, next FROM positions WHERE stage=? AND part=?", at).fetchall())
    heard = connection.execute("SELECT topic, writer, seq FROM heard WHERE stage=? AND part=?", at).fetchall()
    return Held(epoch, {name: positions[name] for name in names}, {(topic, who): seq for topic, who, seq in heard})


def apply(
    connection: sqlite3.Connection, unit: BufferedUnit, settlement: Settlement, epoch: int | None, basis: int | None
) -> None:
    """Write a unit. `epoch` is the owner's; an outsider's unit that looked at state gives the `basis` it saw instead.

    Raises `Fenced` when the task is another's by now, or when another outsider was quicker.
    """
    task, at = unit.task, (unit.task.stage, unit.task.partition)
    row = connection.execute("SELECT epoch, units FROM tasks WHERE stage=? AND part=?", at).fetchone() or (0, 0)
    if epoch is not None and epoch != row[0]:
        raise Fenced(f"{task} was taken over (epoch {row[0]}, ours is {epoch})")
    if basis is not None and basis != row[1]:
        raise Fenced(f"another process wrote as {task} in the meantime")
    connection.execute(
        "INSERT INTO tasks VALUES(?,?,0,1) ON CONFLICT(stage, part) DO UPDATE SET units=units+1", at
    )  # fmt: skip
    _change_state(connection, unit)
    _append(connection, unit)
    connection.executemany(
        "INSERT OR REPLACE INTO positions VALUES(?,?,?,?)",
        [(*at, topic, after) for topic, after in settlement.positions.items()],
    )
    connection.executemany(
        "INSERT OR REPLACE INTO heard VALUES(?,?,?,?,?)",
        [(*at, topic, writer, seq) for (topic, writer), seq in settlement.heard.items()],
    )


def _change_state(connection: sqlite3.Connection, unit: BufferedUnit) -> None:
    at = (unit.task.stage, unit.task.partition)
    gone = [(*at, key) for key, text in unit.changes.items() if text is None]
    kept = [(*at, key, text) for key, text in unit.changes.items() if text is not None]
    if gone:
        connection.executemany("DELETE FROM state WHERE stage=? AND part=? AND key=?", gone)
    if kept:
        connection.executemany("INSERT OR REPLACE INTO state VALUES(?,?,?,?)", kept)


def _append(connection: sqlite3.Connection, unit: BufferedUnit) -> None:
    by_place: dict[tuple[str, int], list[Output]] = {}
    for output in unit.outputs:
        by_place.setdefault(output.place, []).append(output)
    for place, outputs in by_place.items():
        _append_to(connection, unit, place, outputs)


def _append_to(
    connection: sqlite3.Connection, unit: BufferedUnit, place: tuple[str, int], outputs: list[Output]
) -> None:  # fmt: skip
    head, last = connection.execute("SELECT next, ts FROM heads WHERE topic=? AND part=?", place).fetchone() or (0, 0)
    row = (unit.task.stage, unit.task.partition, *place)
    written = connection.execute(
        "SELECT seq FROM written WHERE stage=? AND part=? AND topic=? AND dest=?", row
    ).fetchone()  # fmt: skip
    number = written[0] if written else 0
    ts = max(last, round(unit.now.timestamp() * 1000))  # a clock set back must not break the order of time
    if TOPICS[place[0]].compacted:
        connection.executemany(
            "DELETE FROM log WHERE topic=? AND part=? AND key=?", [(*place, output.key) for output in outputs]
        )
    connection.executemany(
        "INSERT INTO log(topic, part, off, ts, key, headers, value) VALUES(?,?,?,?,?,?,?)",
        [
            (*place, head + nth, ts, out.key, _headers(out, number + nth + 1), out.value)
            for nth, out in enumerate(outputs)
        ],
    )
    connection.execute("INSERT OR REPLACE INTO heads VALUES(?,?,?,?)", (*place, head + len(outputs), ts))
    connection.execute("INSERT OR REPLACE INTO written VALUES(?,?,?,?,?)", (*row, number + len(outputs)))


def _headers(output: Output, number: int) -> str:
    return to_json({**output.headers, SEQUENCE: str(number)}).decode()
