"""Distributions as an installer leaves them: real entry points, no mock."""

import textwrap
from pathlib import Path


def package(site: Path, name: str, code: str, offers: str, version: str = "1.2") -> None:
    """A distribution as an installer leaves it: a module and its dist-info."""
    (site / f"{name}.py").write_text(textwrap.dedent(code), "utf-8")
    facts = site / f"{name}-{version}.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n", "utf-8")
    (facts / "entry_points.txt").write_text(f"[tocsin.taggers]\n{offers}\n", "utf-8")
