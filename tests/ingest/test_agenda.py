"""Due feeds come in order, and no host is asked twice at once or too soon."""

from hypothesis import given
from hypothesis import strategies as st

from ingest.agenda import Agenda


def taken(agenda: Agenda, now: float) -> list[str]:
    found = []
    while (due := agenda.take(now)) is not None:
        found.append(due[0])
    return found


def test_what_is_due_comes_earliest_first() -> None:
    agenda = Agenda()
    agenda.plan("b", "h2", 2)
    agenda.plan("a", "h1", 1)
    agenda.plan("c", "h3", 3)
    assert taken(agenda, 2) == ["a", "b"]
    assert agenda.next_at() == 3


def test_a_host_gets_one_request_at_a_time_and_a_gap_between() -> None:
    agenda = Agenda()
    agenda.plan("a", "h", 0)
    agenda.plan("b", "h", 0)
    assert taken(agenda, 0) == ["a"]
    assert agenda.next_at() is None
    agenda.release("h", 5)
    assert taken(agenda, 4.9) == []
    assert agenda.next_at() == 5
    assert taken(agenda, 5) == ["b"]


def test_a_later_plan_replaces_an_earlier_one() -> None:
    agenda = Agenda()
    agenda.plan("a", "h", 1)
    agenda.plan("a", "h", 9)
    assert taken(agenda, 5) == []
    assert taken(agenda, 9) == ["a"]
    assert len(agenda) == 1


def test_a_host_that_asked_for_peace_is_left_alone() -> None:
    agenda = Agenda()
    agenda.plan("a", "h", 0)
    agenda.hold("h", 100)
    agenda.tidy(50)
    assert taken(agenda, 99) == []
    agenda.tidy(100)
    assert taken(agenda, 100) == ["a"]


def test_a_forgotten_feed_holds_up_nobody() -> None:
    agenda = Agenda()
    for url in ("a", "b", "c"):
        agenda.plan(url, "h", 0)
    assert taken(agenda, 0) == ["a"]
    agenda.forget("b")
    agenda.release("h", 1)
    assert taken(agenda, 1) == ["c"]


def test_plans_that_no_longer_hold_do_not_pile_up() -> None:
    agenda = Agenda()
    for at in range(10_000):
        agenda.plan("a", "h", at)
    assert len(agenda._heap) < 100


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.floats(0, 50)), max_size=30))
def test_no_host_is_ever_asked_twice_at_once_or_too_soon_and_every_feed_has_its_turn(
    plans: list[tuple[int, int, float]],
) -> None:
    agenda, hosts = Agenda(), {f"u{url}-{host}": f"h{host}" for url, host, _ in plans}
    for url, host, at in plans:
        agenda.plan(f"u{url}-{host}", f"h{host}", at)
    busy, opens, looked, now = dict[str, float](), dict[str, float](), set[str](), 0.0
    while len(looked) < len(hosts) and now < 1000:
        for name, end in list(busy.items()):
            if end <= now:
                agenda.release(name, now + 2)
                opens[name] = now + 2
                del busy[name]
        while (due := agenda.take(now)) is not None:
            assert due[1] not in busy
            assert opens.get(due[1], 0) <= now
            busy[due[1]] = now + 1
            looked.add(due[0])
        now += 0.5
    assert looked == set(hosts)


def test_a_host_is_claimed_for_a_page_as_it_is_for_a_look() -> None:
    agenda = Agenda()
    assert agenda.claim("h", 0) == 0
    agenda.plan("a", "h", 0)
    assert agenda.take(0) is None
    assert agenda.claim("h", 0) == 1
    agenda.release("h", 2)
    assert agenda.claim("h", 0.5) == 1.5
    assert agenda.take(1) is None
    assert agenda.take(2) == ("a", "h")
