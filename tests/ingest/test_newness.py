"""New, updated or known: what a document brings, seen against the feed's memory."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ingest.newness import DAY, Mark, Verdict, judge
from schemas.item import Item

FEED = "https://e.org/rss"


def item(number: int, text: str = "", host: str = "https://e.org", guid: str = "") -> Item:
    url = f"{host}/2026/story-{number}"
    title = f"This is the headline number {number}"
    return Item(id=guid or url, url=url, title=title, text=text or f"Text {number}")


class Memory:
    """The feed's memory over several looks."""

    def __init__(self) -> None:
        self.marks: dict[str, Mark] = {}
        self.now = 1000 * DAY

    def look(self, *items: Item, first: bool = False) -> Verdict:
        verdict = judge(FEED, items, self.marks.get, self.now, first)
        self.marks |= {name: Mark.from_json(mark.to_json()) for name, mark in verdict.marks.items()}
        self.now += 3600
        return verdict


def told(verdict: Verdict) -> list[str]:
    return [f"{each.kind} {each.title.split()[-1]}" for each in verdict.items]


def test_the_first_sight_fills_back_and_what_comes_later_is_new() -> None:
    memory = Memory()
    first = memory.look(item(1), item(2), first=True)
    assert [each.alertable for each in first.items] == [False, False]
    later = memory.look(item(3), item(1), item(2))
    assert told(later) == ["new 3"]
    assert later.items[0].alertable
    assert (later.new, later.known, later.overlap) == (1, 2, True)


def test_nothing_is_told_twice_whatever_the_order_or_the_date() -> None:
    memory = Memory()
    memory.look(item(1), item(2), first=True)
    assert told(memory.look(item(2), item(1), item(1))) == []


def test_an_edit_is_an_update_of_the_same_item_and_a_trivial_one_is_nothing() -> None:
    memory = Memory()
    (one,) = memory.look(item(1), first=True).items
    (two,) = memory.look(item(1, "Now the minister denies it")).items
    assert (two.kind, two.id) == ("update", one.id)
    assert told(memory.look(item(1, "now the  MINISTER denies it"))) == []


def test_updates_of_one_item_do_not_flood() -> None:
    memory = Memory()
    memory.look(item(1), first=True)
    memory.look(item(1, "one"))
    memory.now -= 3600 - 60
    assert told(memory.look(item(1, "two"))) == []
    assert told(memory.look(item(1, "two"))) == ["update 1"]


def test_a_changed_guid_or_scheme_is_no_news() -> None:
    memory = Memory()
    memory.look(item(1), item(2, guid="g-2"), first=True)
    assert told(memory.look(item(1, host="http://e.org"), item(2, guid="g-two"))) == []
    assert told(memory.look(item(2, "More", guid="g-two"))) == ["update 2"]


def test_a_mass_change_of_ids_and_addresses_emits_nothing_new() -> None:
    memory = Memory()
    memory.look(*[item(number) for number in range(20)], first=True)
    moved = [
        item(number, guid=f"new-{number}").model_copy(update={"url": f"https://m.example/x/{number}/y-z-w"})
        for number in range(20)
    ]
    verdict = memory.look(item(99), *moved)
    assert told(verdict) == ["new 99"]
    assert "new ids" in verdict.reason
    assert told(memory.look(item(99), *moved)) == []


def test_a_few_entries_whose_guids_and_addresses_change_at_once_are_known_by_headline_and_second() -> None:
    def moved(number: int, **dated: datetime) -> Item:
        return item(number, host="https://www.e.org/new", guid=f"new-{number}").model_copy(update=dated)

    at = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    memory = Memory()
    memory.look(*[item(number).model_copy(update={"published": at}) for number in (1, 2)], first=True)
    assert told(memory.look(moved(1, published=at), moved(2, published=at + timedelta(days=1)))) == ["new 2"]
    assert told(memory.look(moved(1, published=at))) == []


def test_two_items_with_one_headline_and_second_are_two_while_both_are_there() -> None:
    at = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)
    one, two = (item(7, guid=guid).model_copy(update={"published": at, "url": None}) for guid in ("a", "b"))
    memory = Memory()
    memory.look(one, first=True)
    assert told(memory.look(two, one)) == ["new 7"]
    midnight = at.replace(hour=0, minute=0)
    three, four = (item(8, guid=guid).model_copy(update={"published": midnight, "url": None}) for guid in ("c", "d"))
    assert told(memory.look(three)) == ["new 8"]
    assert told(memory.look(four)) == ["new 8"]


def test_a_template_that_changes_under_every_entry_is_no_update() -> None:
    memory = Memory()
    memory.look(*[item(number) for number in range(10)], first=True)
    changed = [item(number, f"Text {number}. Subscribe to our letter!") for number in range(10)]
    assert told(memory.look(*changed)) == []
    assert told(memory.look(*changed)) == []
    assert told(memory.look(*changed[:9], item(9, "Denied"))) == ["update 9"]


def test_a_document_without_anything_known_says_so() -> None:
    memory = Memory()
    memory.look(item(1), item(2), first=True)
    assert not memory.look(item(3), item(4)).overlap


def test_two_entries_that_share_a_link_are_two_items() -> None:
    memory = Memory()
    memory.look(first=True)
    a, b = (item(number).model_copy(update={"url": "https://e.org/2026/live-page-1"}) for number in (1, 2))
    assert told(memory.look(a, b)) == ["new 1", "new 2"]


def test_the_day_of_last_sight_is_renewed_rarely() -> None:
    memory = Memory()
    memory.look(item(1), first=True)
    assert memory.look(item(1)).marks == {}
    memory.now += 8 * DAY
    assert memory.look(item(1)).marks


@given(st.lists(st.lists(st.integers(0, 30), max_size=12), max_size=8))
def test_every_item_is_told_exactly_once(looks: list[list[int]]) -> None:
    memory, seen = Memory(), list[str]()
    for index, numbers in enumerate(looks):
        seen += [each.id for each in memory.look(*[item(n) for n in numbers], first=index == 0).items]
    assert len(seen) == len(set(seen)) == len({n for numbers in looks for n in numbers})
