"""What a look makes of a feed's memory: the whole of the ingest stage's decisions, without a clock or a socket."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ingest import schedule
from ingest.canon import host
from ingest.fetch import Ask, Auth, Seen
from ingest.newness import Known, Verdict, judge
from ingest.parse import ParsedFeed
from ingest.state import Policy, Standing, Watch
from schemas.item import Feed, Item

DAY, HOUR = 86400.0, 3600.0
_RETIRE_AFTER = 3
"""Answers of 410 in a row; then once a week, because even the gone have come back."""
_ADOPT_AFTER, _ADOPT_SPAN = 5, 2 * DAY
_RETURN_AFTER = 3
"""Failures of an adopted address, after which the old one is tried again."""
_BLOCKED_WAIT = 6 * HOUR
_OVERRUN_LOOKS, _WINDOW = 10, 5
EXCERPT = 600


@dataclass(frozen=True, slots=True)
class Look:
    """One look that has ended: what the server said, and what could be read of it."""

    url: str
    """The feed's own address, as configured."""
    seen: Seen
    conditional: bool = False
    parsed: ParsedFeed | None = None
    trouble: str = ""
    """Why the document could not be read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a decision may lean on besides the feed's memory."""

    feed: Feed
    policy: Policy
    c: float
    now: float
    jitter: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """A look's consequences."""

    watch: Watch
    verdict: Verdict = field(default_factory=Verdict)
    articles: tuple[Item, ...] = ()
    """Items whose articles are to be fetched."""
    hold: float | None = None
    """Until when the whole host is to be left alone."""


def ask(watch: Watch, now: float, auth: Auth | None = None) -> tuple[Ask, bool]:
    """What to ask for, and whether conditionally: once a day the whole document is wanted, for 304s lie."""
    conditional = bool(watch.etag or watch.last_modified) and now - watch.validated < DAY
    return (
        Ask(
            watch.address,
            etag=watch.etag if conditional else None,
            last_modified=watch.last_modified if conditional else None,
            auth=auth or {},
        ),
        conditional,
    )


def after(watch: Watch, look: Look, plan: Plan, known: Known) -> Outcome:
    """The feed's memory after a look, what goes on, and whether its host is to be left alone."""
    if look.parsed is not None:
        return _read(watch, look, look.parsed, plan, known)
    if look.seen.what == "unchanged" or (look.seen.what == "body" and not look.trouble):
        return _unchanged(watch, look, plan)
    return _failed(watch, look, plan)


def _read(watch: Watch, look: Look, parsed: ParsedFeed, plan: Plan, known: Known) -> Outcome:
    """A document was read."""
    seen, first = look.seen, not watch.seeded
    verdict = judge(watch.url, parsed.items, known, plan.now, first)
    watch = schedule.observed(watch, plan.now, 0 if first else verdict.new)
    if first:
        watch = schedule.guessed(watch, (item.published for item in parsed.items), plan.now)
    watch = watch.but(
        standing="healthy", reason=verdict.reason or seen.reason, etag=seen.etag, last_modified=seen.last_modified,
        validated=plan.now, body_hash=seen.body_hash, fails=0, failing_since=0.0, seeded=True, items=len(parsed.items),
        trust_guids=watch.trust_guids and not parsed.shared_guids, ttl=parsed.hints.ttl or parsed.hints.period,
        skip_hours=tuple(sorted(parsed.hints.skip_hours)), skip_days=tuple(sorted(parsed.hints.skip_days)),
        max_age=seen.max_age, last_item=plan.now if verdict.new or first else watch.last_item,
        overrun=_overrun(watch, verdict, len(parsed.items)),
    )  # fmt: skip
    watch = _moved(watch, seen, plan.now, verdict.overlap)
    return Outcome(_planned(watch, plan), replace(verdict, items=list(_ready(verdict.items, plan))))


def _overrun(watch: Watch, verdict: Verdict, items: int) -> int:
    return _OVERRUN_LOOKS if not verdict.overlap and items >= _WINDOW else max(watch.overrun - 1, 0)


def _ready(items: Iterable[Item], plan: Plan) -> Iterable[Item]:
    """Items as they travel: stamped, and no more of their text than may be kept."""
    fetched = datetime.fromtimestamp(plan.now, UTC)
    for item in items:
        yield item.model_copy(update={"fetched": fetched, "feed": plan.feed.url, "text": kept(item.text, item.store)})


def kept(text: str, store: str) -> str:
    """What of a text may be kept: all, an excerpt that ends with a word, or nothing."""
    if store == "link":
        return ""
    if store == "full" or len(text) <= EXCERPT:
        return text
    cut = text[:EXCERPT].rpartition(" ")[0] or text[:EXCERPT]
    return f"{cut} …"


def _unchanged(watch: Watch, look: Look, plan: Plan) -> Outcome:
    """A 304, or the very bytes of last time."""
    watch = schedule.observed(watch, plan.now, 0)
    watch = watch.but(
        standing="healthy", reason=look.seen.reason, fails=0, failing_since=0.0, max_age=look.seen.max_age,
        validated=watch.validated if look.conditional and look.seen.what == "unchanged" else plan.now,
        etag=look.seen.etag or watch.etag, last_modified=look.seen.last_modified or watch.last_modified,
        overrun=max(watch.overrun - 1, 0),
    )  # fmt: skip
    return Outcome(_planned(_moved(watch, look.seen, plan.now, overlap=True), plan))


def _moved(watch: Watch, seen: Seen, now: float, overlap: bool) -> Watch:
    """A move is believed after it was said often and long enough, and the same news stand there."""
    if not seen.permanent or not overlap:
        return watch.but(moved_to=None, moved_count=0, moved_since=0.0)
    if seen.permanent != watch.moved_to:
        return watch.but(moved_to=seen.permanent, moved_count=1, moved_since=now)
    watch = watch.but(moved_count=watch.moved_count + 1)
    if watch.moved_count >= _ADOPT_AFTER and now - watch.moved_since >= _ADOPT_SPAN:
        return watch.but(adopted=seen.permanent, moved_count=0)
    return watch


def _standing(watch: Watch, look: Look) -> Standing:
    if look.seen.what == "body":
        return "poisoned"
    if look.seen.what == "gone" and watch.fails + 1 >= _RETIRE_AFTER:
        return "gone"
    return "blocked" if look.seen.what == "blocked" else "failing"


def _failed(watch: Watch, look: Look, plan: Plan) -> Outcome:
    """Anything but a readable document or its absence of change."""
    seen = look.seen
    hold = schedule.after_busy(plan.now, plan.now, seen.retry_after, plan.jitter) if seen.what == "busy" else None
    if seen.what == "busy" and watch.seeded and not watch.fails:
        watch = watch.but(reason=seen.reason, last=plan.now, fails=1)
    else:
        watch = watch.but(
            standing=_standing(watch, look), reason=look.trouble or seen.reason, fails=watch.fails + 1,
            failing_since=watch.failing_since or plan.now, etag=None, last_modified=None, body_hash="",
            moved_to=None, moved_count=0,
        )  # fmt: skip
    if watch.adopted and watch.fails >= _RETURN_AFTER:
        watch = watch.but(adopted=None)
    due = schedule.after_bad(
        watch, plan.policy, host(watch.address), plan.now, plan.c, plan.feed.max_delay, plan.jitter
    )
    due = schedule.after_busy(due, plan.now, seen.retry_after, plan.jitter)
    return Outcome(watch.but(next=max(due, plan.now + _least(watch, plan))), hold=hold)


def _least(watch: Watch, plan: Plan) -> float:
    """How long those who do not want us, and the gone, are left alone at the least."""
    if plan.policy.own(host(watch.address)) is not None:
        return 0.0
    return {"gone": 7 * DAY, "blocked": _BLOCKED_WAIT}.get(watch.standing, 0.0)


def _planned(watch: Watch, plan: Plan) -> Watch:
    where = host(watch.address)
    due = schedule.after_good(watch, plan.policy, where, plan.now, plan.c, plan.feed.max_delay, plan.jitter)
    binds = plan.feed.max_delay is None and plan.policy.own(where) is None
    return watch.but(next=schedule.permitted(due, watch) if binds else due)


Jitter = Callable[[], float]
"""Uniform in 0…1."""
