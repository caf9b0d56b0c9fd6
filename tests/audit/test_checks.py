"""Each thing that can be wrong with a log is found, and named."""

import json
from collections.abc import Callable

import pytest

from tocsin.audit.checks import findings
from tocsin.audit.ends import ends
from tocsin.audit.facts import Entry, Facts

TARGETS = (("understand", "items", "reports"), ("stories", "reports", "changes"), ("match", "changes", "alerts"))


def entry(
    topic: str, offset: int, writer: str, cause: str, body: dict[str, object], number: int | None = None
) -> Entry:  # fmt: skip
    headers = {"ce_source": f"tocsin/{writer}", "tocsin_src": f"{cause}#0"}
    headers["tocsin_seq"] = str(offset + 1 if number is None else number)
    return Entry(topic, 0, offset, "k", headers, json.dumps(body).encode())


def whole(items: int = 3) -> Facts:
    """A log in which every item was delivered."""
    facts = Facts()
    facts.records["items", 0] = [entry("items", n, "push/0", "tocsin/push/0", {"id": str(n)}) for n in range(items)]
    for stage, source, target in TARGETS:
        facts.records[target, 0] = [
            entry(target, n, f"{stage}/0", f"{source}/0/{n}", {"id": f"{target}{n}"}) for n in range(items)
        ]
    facts.records["receipts", 0] = [
        entry("receipts", n, "deliver/0", "", {"alert": f"alerts{n}", "outcome": "sent"}) for n in range(items)
    ]
    for stage, source, _ in (*TARGETS, ("deliver", "alerts", "")):
        facts.positions[stage, 0] = {source: items}
    facts.ends = {place: len(entries) for place, entries in facts.records.items()}
    facts.written[("push", 0), ("items", 0)] = items
    facts.heard[("understand", 0), "items", "tocsin/push/0"] = items
    return facts


def kinds(facts: Facts) -> set[str]:
    return {finding.kind for finding in (*findings(facts), *ends(facts).findings)}


def test_a_whole_log_is_clean_and_every_item_is_accounted_for() -> None:
    facts = whole()
    assert kinds(facts) == set()
    assert ends(facts).items == {"rang": 3}
    assert ends(facts).alerts == {"sent": 3}


def lose_a_report(facts: Facts) -> None:
    del facts.records["reports", 0][1]


def double_a_report(facts: Facts) -> None:
    facts.records["reports", 0].append(entry("reports", 3, "understand/0", "items/0/1", {"id": "again"}))


def repeat_a_number(facts: Facts) -> None:
    facts.records["items", 0].append(entry("items", 3, "push/0", "", {"id": "3"}, number=2))


def leave_a_gap(facts: Facts) -> None:
    facts.records["items", 0].append(entry("items", 3, "push/0", "", {"id": "3"}, number=9))


def run_ahead(facts: Facts) -> None:
    facts.positions["match", 0] = {"changes": 4}


def acknowledge_too_little(facts: Facts) -> None:
    facts.positions["understand", 0] = {"items": 1}


def miscount_written(facts: Facts) -> None:
    facts.written[("push", 0), ("items", 0)] = 2


def miscount_heard(facts: Facts) -> None:
    facts.heard[("understand", 0), "items", "tocsin/push/0"] = 1


@pytest.mark.parametrize(
    ("hurt", "kind"),
    [
        (lose_a_report, "lost"), (double_a_report, "doubled"), (repeat_a_number, "repeat"), (leave_a_gap, "gap"),
        (run_ahead, "position"), (acknowledge_too_little, "position"), (miscount_written, "state"),
        (miscount_heard, "state"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found(hurt: Callable[[Facts], None], kind: str) -> None:
    facts = whole()
    hurt(facts)
    assert kind in kinds(facts)


def test_an_exact_repeat_is_no_finding_as_long_as_its_reader_dropped_it() -> None:
    facts = whole()
    first = facts.records["items", 0][2]
    facts.records["items", 0].append(Entry("items", 0, 3, first.key, first.headers, first.value))
    facts.ends["items", 0] = 4
    facts.positions["understand", 0] = {"items": 4}
    assert kinds(facts) == set()
    assert ends(facts).items["repeat, dropped by its reader"] == 1
    facts.records["reports", 0].append(entry("reports", 3, "understand/0", "items/0/3", {"id": "again"}))
    assert kinds(facts) == {"doubled"}


def test_a_dead_record_is_an_end() -> None:
    facts = whole()
    del facts.records["reports", 0][1]
    body: dict[str, object] = {"stage": "understand", "topic": "items", "partition": 0, "offset": 1}
    facts.records["dead", 0] = [entry("dead", 0, "understand/0", "items/0/1", body)]
    assert "lost" not in kinds(facts)
    assert ends(facts).items["dead at understand"] == 1


def test_what_was_not_read_yet_is_pending_and_a_change_without_alert_is_filtered() -> None:
    facts = whole()
    facts.records["items", 0].append(entry("items", 3, "push/0", "", {"id": "3"}))
    del facts.records["alerts", 0][2]
    told = ends(facts)
    assert told.items == {"pending at understand": 1, "rang": 2, "filtered": 1}


def test_a_forgotten_item_is_no_loss() -> None:
    facts = whole()
    del facts.records["reports", 0][0]
    gone = facts.records["items", 0][0]
    facts.records["items", 0][0] = Entry(gone.topic, 0, 0, gone.key, gone.headers, None)
    assert ends(facts).items["forgotten at understand"] == 1
    assert "lost" not in kinds(facts)
