"""A destination that cannot work is refused before anything starts, in its place."""

from pathlib import Path

import pytest

from tocsin.checking import destination_faults
from tocsin.config import load_config

MAIL = "email: {from: a@example.org, to: [b@example.org], smtp: 'smtp://127.0.0.1:25'}"


def faults(directory: Path, text: str) -> list[str]:
    (directory / "tocsin.yaml").write_text(text)
    return [str(fault) for fault in destination_faults(load_config(directory))]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"destinations:\n  d:\n    {MAIL}\n    fallback: e\n", 'tocsin.yaml:4:15: there is no destination "e"'),
        ("operator: nobody\n", 'tocsin.yaml:1:11: there is no destination "nobody"'),
        ("desk: {listen: '0.0.0.0:1'}\n", "tocsin.yaml:1:16: the desk can be reached from outside"),
        (f"canary: {{}}\ndestinations:\n  d:\n    {MAIL}\n    canary: {{to: []}}\n", "tocsin.yaml:5:13: to: "),
        (f"destinations:\n  d:\n    {MAIL}\n    canary: {{to: [c@example.org]}}\n", "there is no canary to send here"),
        ("destinations:\n  'canary:x': {console: {}}\n", 'names that begin with "canary:" are tocsin\'s own'),
    ],
)
def test_what_is_wrong_is_said_in_its_place(text: str, said: str, tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, text)
    assert said in fault


def test_a_good_test_target_is_good(tmp_path: Path) -> None:
    text = f"canary: {{every: 5m}}\ndestinations:\n  d:\n    {MAIL}\n    canary: {{to: [c@example.org]}}\n"
    assert faults(tmp_path, text) == []
