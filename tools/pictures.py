"""Pictures of a mail as a real browser shows it: `python -m tools.pictures docs/pictures` (needs Debian's chromium).

The story is made up, in our own words; names come from the real gazetteer.
"""

import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alert.words import mail
from alert.words.compose import Waiting, Wording, compose, digest
from alert.words.document import Digest, Document
from alert.words.facts import Reader
from enrich.understand import Understander
from schemas.alert import Alert, Match, Severity
from schemas.materiality import facts
from schemas.report import Event, EventQuantity, Report, Status
from schemas.story import Materiality, Statement, Story

NOW = datetime(2026, 3, 14, 8, 12, tzinfo=UTC)
TITLE = "بيونغ يانغ تؤكد لأول مرة إرسال جنود إلى كورسك"
TEXT = (
    "قالت وكالة الأنباء المركزية الكورية إن القوات أُرسلت بأمر من القيادة."
    " وقدّرت سول عددهم بنحو 14 ألف جندي، وهو رقم لم تؤكده بيونغ يانغ."
)
LINKS = {"acknowledge": "https://desk.example/act/a", "mute": "https://desk.example/act/m",
         "feedback": "https://desk.example/act/f"}  # fmt: skip


def span(words: str) -> tuple[int, int]:
    """Where words stand in the report."""
    start = f"{TITLE}\n{TEXT}".index(words)
    return start, start + len(words)


def story(key: str = "s1", **more: object) -> Story:
    """The made-up story."""
    count = EventQuantity(value=14000, min=14000, max=14000, unit="soldiers", modifier="about", said_by=("seoul",))
    usual = {
        "type": "troop_deployment", "status": Status.CONFIRMED, "actors": ("KP",), "targets": ("RU",),
        "places": ("RU", "kursk-oblast"), "date": "2026-03-14", "quantities": (count,), "said_by": ("KP", "seoul"),
        "statements": (Statement(by="seoul", status=Status.CLAIMED, report="r0"),
                       Statement(by="KP", status=Status.CONFIRMED, report="r1")),
        "sources": ("Example Arabic", "Volna", "Hanguk Wire"), "languages": ("ar", "ru", "ko"), "reports": 4,
        "first_seen": NOW - timedelta(hours=9), "last_seen": NOW,
    }  # fmt: skip
    return Story.model_validate({"id": key, "revision": 4, **usual, **more})


def alert(one: Story, severity: Severity = Severity.HIGH) -> Alert:
    """An alert of it."""
    event = Event(type="troop_deployment", main=True, status=Status.CONFIRMED, actors=("KP",))
    report = Report(id="r1", title=TITLE, text=TEXT, url="https://news.example/ar/1", lang="ar",
                    source="Example Arabic", published=NOW - timedelta(minutes=3), events=(event,))  # fmt: skip
    wish = Match(
        subscription="dprk", title="North Korean troops abroad", severity=severity,
        reasons=("event: troop_deployment", "actor: North Korea", "soldiers >= 1000 (14000)"),
        spans=(span("تؤكد"), span("إرسال جنود"), span("كورسك"), span("14 ألف جندي")),
    )  # fmt: skip
    return Alert(id="a", destination="desk-mail", story=one, report=report, materiality=Materiality.M3,
                 severity=severity, matches=(wish,), created=NOW)  # fmt: skip


def pages(understander: Understander) -> dict[str, Document | Digest]:
    """File name → what is shown."""
    english, arabic = Reader("en", understander, "Europe/Paris"), Reader("ar", understander, "Asia/Amman")
    before = facts(story(status=Status.CLAIMED, sources=("Volna",)), ("Volna",))
    url = "https://desk.example"
    others = [
        story("s2", status=Status.DENIED, type="airstrike", actors=("UA",), targets=(), quantities=()),
        story(
            "s3", status=Status.REPORTED, type="ceasefire", actors=("AM", "AZ"), targets=(), quantities=(), places=()
        ),
    ]
    many = [Waiting(alert(story())), *(Waiting(alert(one, Severity.NORMAL)) for one in others)]
    return {
        "mail": compose(alert(story()), Wording(english, told=before, public_url=url)),
        "mail-arabic": compose(alert(story()), Wording(arabic, told=before, public_url=url)),
        "mail-digest": digest(many, Wording(english, public_url=url), "desk-mail", "the subscription wants a digest"),
    }


def shoot(page: Path, picture: Path, *, dark: bool) -> None:
    """Let Chromium draw a page."""
    flags = [
        "--headless=new",
        "--no-sandbox",
        "--hide-scrollbars",
        "--window-size=720,640",
        "--force-device-scale-factor=1",
    ]
    if dark:
        flags.append("--blink-settings=preferredColorScheme=0")
    command = ["chromium", *flags, f"--screenshot={picture}", page.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own command


def main() -> None:
    """Draw all of them."""
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        for name, content in pages(Understander.load(())).items():
            page = Path(directory) / f"{name}.html"
            page.write_text(mail.html(content, LINKS if isinstance(content, Document) else None), "utf-8")
            shoot(page, target / f"{name}.png", dark=False)
            if name == "mail":
                shoot(page, target / "mail-dark.png", dark=True)


if __name__ == "__main__":
    main()
