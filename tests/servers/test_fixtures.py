"""A server that cannot run here is a reason to skip, or to fail where it was required."""

from pathlib import Path

import pytest

from .fixtures import require
from .slack import EmulatorUnavailable
from .slack.install import install_emulator


def test_a_missing_server_skips_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_REQUIRE_X", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no such program"):
        require("no such program", "TOCSIN_REQUIRE_X")


def test_a_missing_server_that_was_required_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_REQUIRE_X", "1")
    with pytest.raises(pytest.fail.Exception, match="TOCSIN_REQUIRE_X=1, but no such program"):
        require("no such program", "TOCSIN_REQUIRE_X")


def test_a_server_that_is_there_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_REQUIRE_X", "1")
    require(None, "TOCSIN_REQUIRE_X")


def test_without_node_the_reason_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EmulatorUnavailable, match="`node` is not on the PATH"):
        install_emulator()


def test_a_failed_install_says_why_and_leaves_nothing(
    slack_session: object, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "npm"))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:9/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    with pytest.raises(EmulatorUnavailable, match="npm could not install emulate"):
        install_emulator()
    left = (tmp_path / "cache" / "tocsin-tests").iterdir()
    assert [path.name for path in left] == ["emulate-0.11.2.lock"]
