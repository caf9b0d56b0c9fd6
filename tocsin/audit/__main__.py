"""`python -m tocsin.audit URL [--prefix P] [--json]`: exits 0 when all is well, 1 when something is lost or doubled."""

import argparse
import json
import os
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tocsin.audit import kafka, sqlite
from tocsin.audit.checks import findings
from tocsin.audit.ends import ends
from tocsin.audit.facts import Facts, Finding

OPTIONS = "TOCSIN_AUDIT_KAFKA"
"""librdkafka settings as JSON (security.protocol and the like), from the environment: a password is no argument."""


def facts_of(url: str, prefix: str) -> Facts:
    """Read the log of a URL: `sqlite:PATH` or `kafka://host:port,…`."""
    scheme, _, rest = url.partition(":")
    if scheme == "kafka":
        return kafka.read(rest.strip("/"), prefix, json.loads(os.environ.get(OPTIONS, "{}")))
    return sqlite.read(Path(rest))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit says."""

    records: int
    items: dict[str, int]
    alerts: dict[str, int]
    findings: list[Finding]

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing doubled."""
        return not self.findings

    def words(self) -> str:
        """For people."""
        lines = [f"{self.records} records"]
        lines += [f"items: {count} {state}" for state, count in self.items.items()]
        lines += [f"alerts: {count} {state}" for state, count in self.alerts.items()]
        lines += [str(finding) for finding in self.findings]
        return "\n".join(
            [*lines, "nothing lost, nothing doubled" if self.clean else f"{len(self.findings)} finding(s)"]
        )


def verdict(facts: Facts) -> Verdict:
    """Judge the facts."""
    followed = ends(facts)
    return Verdict(
        sum(len(entries) for entries in facts.records.values()),
        dict(sorted(followed.items.items())), dict(sorted(followed.alerts.items())),
        sorted([*findings(facts), *followed.findings]),
    )  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    """Audit a log and print what was found."""
    parser = argparse.ArgumentParser(prog="tocsin audit", description=__doc__)
    parser.add_argument("url", help="sqlite:PATH or kafka://host:port,…")
    parser.add_argument("--prefix", default="tocsin", help="the topics' prefix on Kafka")
    parser.add_argument("--json", action="store_true", dest="as_json")
    given = parser.parse_args(arguments)
    try:
        told = verdict(facts_of(given.url, given.prefix))
    except Exception as error:  # noqa: BLE001 - whatever it is: an audit that cannot read proves nothing
        sys.stderr.write(f"the log cannot be audited: {type(error).__name__}: {error}\n")
        return 1
    as_json = json.dumps({"clean": told.clean, **asdict(told)}, ensure_ascii=False)
    sys.stdout.write((as_json if given.as_json else told.words()) + "\n")
    return 0 if told.clean else 1


if __name__ == "__main__":
    sys.exit(main())
