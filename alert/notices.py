"""News about tocsin itself, for the operator: an alert like any other, so that it is delivered like any other."""

import hashlib
from datetime import datetime

from schemas.alert import Alert, Match, Severity
from schemas.report import Report
from schemas.story import Materiality, Story


def notice(
    destination: str, subject: str, headline: str, detail: str, now: datetime, severity: Severity = Severity.HIGH
) -> Alert:
    """An alert that says what is wrong and what to do. The same subject on one day is one story.

    `subject` is opaque (`destination/east-asia`), `headline` and `detail` are ours and hold no secret.
    """
    day = hashlib.sha256(f"{subject}\n{now:%Y-%m-%d}".encode()).hexdigest()[:16]
    revision = int(now.timestamp())
    story = Story(
        id=f"notice-{day}", revision=revision, headline=headline, first_seen=now, last_seen=now, sources=("tocsin",)
    )
    report = Report(id=f"notice-{day}-{revision}", title=headline, text=detail, lang="en", source="tocsin", fetched=now)
    match = Match(subscription="operator", title="tocsin itself", severity=severity, reasons=(detail[:200],))
    return Alert(
        id=f"{destination}:{story.id}:{revision}", destination=destination, story=story, report=report,
        materiality=Materiality.M2, what=(detail,), severity=severity, matches=(match,), created=now,
    )  # fmt: skip
