"""Who an item is, within its document and over time."""

from ingest.identity import Marks, aliases, fingerprint, identify, is_telling, item_id, substance
from schemas.item import Item


def marks(guid: str = "", url: str | None = None, title: str = "T", content: str = "c") -> Marks:
    return Marks(guid, url, title, lambda: content)


def test_the_guid_stands_for_the_item() -> None:
    assert identify([marks("g1", "https://e.org/1"), marks("g2", "https://e.org/1")]) == (["g1", "g2"], False)


def test_a_guid_shared_by_different_entries_says_nothing() -> None:
    ids, shared = identify([marks("g", "https://e.org/1", "A"), marks("g", "https://e.org/2", "B")])
    assert ids == ["https://e.org/1", "https://e.org/2"]
    assert shared


def test_an_entry_listed_twice_is_one_item() -> None:
    ids, shared = identify([marks("g", "https://e.org/1", "A"), marks("g", "https://e.org/1", "A")])
    assert ids == ["g", "g"]
    assert not shared


def test_without_guid_and_link_of_its_own_the_content_stands_for_it() -> None:
    ids, _ = identify(
        [marks("", "https://e.org/", "A", "a"), marks("", "https://e.org/", "B", "b"), marks(content="c")]
    )
    assert ids == ["sha256:a", "sha256:b", "sha256:c"]


def test_a_feed_whose_guids_were_worthless_is_not_trusted_again() -> None:
    assert identify([marks("g1", "https://e.org/1")], trust_guids=False)[0] == ["https://e.org/1"]
    assert identify([marks("g1")], trust_guids=False)[0] == ["g1"]


def test_the_same_guid_in_two_feeds_is_two_items() -> None:
    assert item_id("https://a.example/rss", "1") != item_id("https://b.example/rss", "1")
    assert item_id("http://a.example/rss", "1") == item_id("https://a.example/rss", "1")


def test_an_item_is_recognised_after_its_host_or_scheme_changed() -> None:
    old = set(aliases("http://old.example/2026/story-7", "http://old.example/2026/story-7", own_link=True))
    new = set(aliases("https://new.example/2026/story-7", "https://new.example/2026/story-7", own_link=True))
    assert old & new


def test_an_item_is_recognised_by_its_link_after_its_guid_changed() -> None:
    old = set(aliases("17", "http://e.org/2026/story-7", own_link=True))
    assert old & set(aliases("18", "https://e.org/2026/story-7?utm_source=x", own_link=True))
    assert not old & set(aliases("18", "https://e.org/2026/story-7", own_link=False))


def test_a_link_that_many_stories_share_names_none() -> None:
    assert not set(aliases("1", "https://e.org/alerts", own_link=True)) & set(
        aliases("2", "https://e.org/alerts", own_link=True)
    )
    assert [is_telling(path) for path in ("", "/news", "/a/b", "/?id=123", "/the-big-story", "/2026/01/x")] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_a_trivial_edit_does_not_change_the_substance() -> None:
    one = Item(id="1", title="Troops  Sent", text="To\nKursk.")
    assert substance(one) == substance(one.model_copy(update={"title": "troops sent "}))
    assert substance(one) != substance(one.model_copy(update={"text": "To Kursk. Denied."}))


def test_a_fingerprint_is_short_and_the_same_everywhere() -> None:
    assert fingerprint("story") == "8d12770989ebff0a"
    assert fingerprint("\ud800") != fingerprint("x")
