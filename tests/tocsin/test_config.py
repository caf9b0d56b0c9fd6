"""A configuration directory is read whole, or refused with every fault in its place."""

from pathlib import Path

import pytest

from schemas.errors import ConfigError
from tocsin.config import load_config


def write(directory: Path, **files: str) -> Path:
    for name, text in files.items():
        path = directory / (name.replace("__", "/") + ".yaml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return directory


def test_an_empty_file_is_a_whole_configuration(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, tocsin=""))
    assert config.settings.log == "sqlite:tocsin.db"
    assert config.settings.destinations["console"].kind == "console"


def test_faults_of_all_files_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, tocsin="logg: x\n", feeds="feeds:\n  - url: ftp://x\n")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    first, second = (str(fault) for fault in caught.value.faults)
    assert first.startswith("feeds.yaml:2:10: feeds.0.url")
    assert second == 'tocsin.yaml:1:1: unknown key "logg"; did you mean "log"?'


def test_a_password_in_a_feeds_address_becomes_its_credentials_and_leaves_the_address(tmp_path: Path) -> None:
    written = "feeds:\n- {url: 'https://anna:pw@news.example/rss'}\n"
    (feed,) = load_config(write(tmp_path, tocsin="", feeds=written)).feeds
    assert feed.url == "https://news.example/rss"
    assert feed.auth is not None
    assert feed.auth["basic"].get_secret_value() == "anna:pw"
    assert "pw" not in repr(feed)
    twice = "feeds:\n- {url: 'https://anna:pw@news.example/rss', auth: {bearer: x}}\n"
    with pytest.raises(ConfigError, match="keep one"):
        load_config(write(tmp_path, tocsin="", feeds=twice))


def test_secrets_come_from_the_environment_and_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_TOKEN", "s3cret")
    (tmp_path / "pw").write_text("hush\n")
    text = 'desk: {token: "${DESK_TOKEN}"}\nkafka: {password: "{file:pw}"}\n'
    config = load_config(write(tmp_path, tocsin=text))
    assert config.settings.desk.token is not None
    assert config.settings.desk.token.get_secret_value() == "s3cret"
    assert config.settings.kafka.password is not None
    assert config.settings.kafka.password.get_secret_value() == "hush"
    assert "s3cret" not in repr(config.settings)
    assert config.secret_files == (tmp_path / "pw",)


def test_a_missing_secret_is_a_fault_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, tocsin='desk:\n  token: "${NO_SUCH_SECRET}"\n')
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert str(caught.value).startswith("tocsin.yaml:2:10: the environment has no NO_SUCH_SECRET")


def test_a_feed_written_twice_is_refused(tmp_path: Path) -> None:
    feeds = "feeds:\n  - url: https://a.example/x\n  - url: https://a.example/x\n"
    with pytest.raises(ConfigError, match=r"feeds.yaml:3:10: this feed stands in line 2 already"):
        load_config(write(tmp_path, tocsin="", feeds=feeds))


def test_opml_adds_feeds_that_are_not_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "more.opml").write_text(
        '<opml version="2.0"><body><outline text="War"><outline text="B" xmlUrl="https://b.example/x"/>'
        '<outline text="A" xmlUrl="https://a.example/x"/></outline></body></opml>'
    )
    config = load_config(write(tmp_path, tocsin="", feeds="feeds:\n  - url: https://a.example/x\n"))
    assert [(feed.url, feed.category) for feed in config.feeds] == [
        ("https://a.example/x", None),
        ("https://b.example/x", "War"),
    ]


def test_an_opml_file_that_is_none_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "more.opml").write_bytes(b"\x00")
    with pytest.raises(ConfigError, match=r"more\.opml"):
        load_config(write(tmp_path, tocsin=""))


def test_subscriptions_are_kept_as_text_by_name(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, tocsin="", subscriptions__army="subscriptions: []\n"))
    assert config.subscriptions == {"subscriptions/army.yaml": "subscriptions: []\n"}


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"- a list\n", b"a: [\n"])
def test_what_is_no_configuration_is_a_fault(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tocsin.yaml").write_bytes(content)
    with pytest.raises(ConfigError, match=r"tocsin\.yaml"):
        load_config(tmp_path)


def test_a_missing_directory_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="tocsin init"):
        load_config(tmp_path / "none")
