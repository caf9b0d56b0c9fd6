"""Channels are found by their files; options are checked with names a person can mend."""

import pytest

from alert.channels import Services, build, kinds, options_model
from schemas import marked
from schemas.errors import ConfigError
from schemas.settings import Destination
from tocsin.clock import SystemClock


def test_every_file_is_a_kind() -> None:
    assert {"console", "slack", "slack_webhook", "email", "webhook"} <= set(kinds())
    for kind in kinds():
        assert options_model(kind).model_config["extra"] == "forbid"


def test_an_unknown_kind_is_refused_with_a_suggestion() -> None:
    with pytest.raises(ConfigError, match='did you mean "slack"'):
        options_model("slak")


def test_a_wrong_option_has_its_place() -> None:
    text = "destinations:\n  x:\n    email: {from: a@b.c, to: [], smpt: y}\n"
    with pytest.raises(ConfigError) as caught:
        marked.validate(marked.parse(text, "tocsin.yaml"), options_model("email"), ("destinations", "x", "email"))
    assert 'tocsin.yaml:3:34: unknown key "smpt"; did you mean "smtp"?' in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("slack", {"channel": "C0123456789", "token": "secret-token"}),
        ("slack", {"channel": "#general", "token": "xoxb-1"}),
        ("slack_webhook", {"url": "ftp://hooks.example/secret-token"}),
        ("webhook", {"url": "https://x.example", "secret": "secret-token"[:5]}),
    ],
)
def test_bad_options_name_the_destination_and_never_the_secret(kind: str, options: dict[str, str]) -> None:
    with pytest.raises(ConfigError, match="destination desk: ") as caught:
        build("desk", Destination(kind=kind, options=options), Services(SystemClock()))
    assert "secret-token" not in str(caught.value)
