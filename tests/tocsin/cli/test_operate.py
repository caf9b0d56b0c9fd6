"""The operator's commands on a real embedded log, as typed."""

import asyncio
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from schemas.errors import Unreadable
from schemas.item import Item
from schemas.ports import Task
from schemas.topics import ITEMS
from tests.log.clocks import SetClock
from tocsin.cli import main
from tocsin.log import StageSpec
from tocsin.log.sqlite import SqliteLog


async def fill(path: Path) -> None:
    """Two items; the first died at understand."""
    log = SqliteLog(path, SetClock(), 1)
    await log.open()
    async with log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "k", Item(id="one", title="broken"))
        unit.emit(ITEMS, "k", Item(id="two", title="fine"))
    task = await log.claim(StageSpec("understand", (ITEMS,)), 0)
    (first,) = await log.read(task, limit=1)
    async with log.unit(task) as unit:
        unit.dead(first, Unreadable("not today"))
        unit.acknowledge([first])
    await log.close()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "tocsin.yaml").write_text("log: sqlite:tocsin.db\n")
    asyncio.run(fill(tmp_path / "tocsin.db"))
    return tmp_path


def tocsin(directory: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "-c", str(directory)])


def lines(result: Result) -> list[dict[str, object]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_status_tells_how_far_behind_each_stage_is(directory: Path) -> None:
    found = lines(tocsin(directory, "status", "--json"))
    assert found[0] | {"seconds": 0} == {"stage": "understand", "partition": 0, "behind": 1, "seconds": 0}
    assert found[-1] == {"dead": 1}


def test_a_person_reads_a_table(directory: Path) -> None:
    output = tocsin(directory, "status").output.splitlines()
    assert output[0].split() == ["stage", "partition", "behind", "seconds"]
    assert output[3].split() == ["destination", "waiting", "held", "moving", "oldest,", "s"]
    assert output[4].split() == ["console", "0", "0", "0", "well"]
    assert output[-1] == "dead letters: 1"


def test_dead_letters_are_listed_shown_and_retried(directory: Path) -> None:
    (letter,) = lines(tocsin(directory, "dead", "list", "--json"))
    assert (letter["stage"], letter["error"], letter["place"]) == ("understand", "Unreadable", "items/0/0")
    (shown,) = lines(tocsin(directory, "dead", "show", str(letter["id"]), "--json"))
    assert "not today" in str(shown["detail"])
    read = tocsin(directory, "dead", "show", str(letter["id"])).output
    assert "Unreadable in understand" in read
    assert '"title":"broken"' in read
    assert tocsin(directory, "dead", "retry", str(letter["id"])).output == "1 sent again\n"
    assert tocsin(directory, "dead", "retry", "--all").output == "0 sent again\n"
    (again,) = lines(tocsin(directory, "dead", "retry", str(letter["id"]), "--json"))
    assert again == {"id": letter["id"], "retried": True}


def test_retry_wants_to_know_which(directory: Path) -> None:
    assert tocsin(directory, "dead", "retry").exit_code == 2


def test_replay_counts_and_refuses_what_is_no_duration(directory: Path) -> None:
    assert tocsin(directory, "replay", "--since", "600w").output == "2 items replayed\n"
    result = tocsin(directory, "replay", "--since", "yesterday")
    assert (result.exit_code, "is no duration" in result.output) == (2, True)


def test_forget_takes_the_words_out(directory: Path) -> None:
    assert tocsin(directory, "forget", "one").output == "2 records overwritten\n"
    assert b"broken" not in (directory / "tocsin.db").read_bytes()
    assert tocsin(directory, "forget", "nothing").exit_code == 1


def test_move_carries_everything(directory: Path) -> None:
    result = tocsin(directory, "move", "--from", "sqlite:tocsin.db", "--to", "sqlite:new.db")
    assert "3 records moved; now set log: sqlite:new.db" in result.output
    result = tocsin(directory, "move", "--from", "sqlite:tocsin.db", "--to", "sqlite:new.db")
    assert (result.exit_code, "move needs an empty one" in result.output) == (1, True)


def test_upgrade_says_the_format(directory: Path) -> None:
    assert "the newest this version knows" in tocsin(directory, "upgrade").output
    assert "the newest this version knows" in tocsin(directory, "upgrade", "--finish").output


def test_audit_runs_in_its_own_process(directory: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert tocsin(directory, "audit", "--json").exit_code == 0
    told = json.loads(capfd.readouterr().out)
    assert (told["clean"], told["items"]) == (True, {"dead at understand": 1, "pending at understand": 1})
