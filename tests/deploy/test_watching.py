"""The alert rules and the dashboard, judged by a real Prometheus that scrapes a running tocsin."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.end_to_end.daemon import running
from tests.servers.ports import free_port
from tests.servers.prometheus import PrometheusUnavailable, prometheus, tool
from tocsin.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RULES = DEPLOY / "prometheus" / "tocsin.rules.yaml"
DASHBOARD = json.loads((DEPLOY / "grafana" / "tocsin.json").read_text("utf-8"))
TOKEN = "open sesame"


@pytest.fixture(scope="module")
def promtool() -> Path:
    """The path of promtool; without a Prometheus the test is skipped and says why."""
    try:
        tool("prometheus")
        return tool("promtool")
    except PrometheusUnavailable as error:
        pytest.skip(f"no Prometheus: {error}")


def rules() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(RULES.read_text("utf-8"))["groups"][0]["rules"]
    return found


def expressions() -> Iterator[str]:
    """Every query of the dashboard, its variables filled in."""
    for panel in DASHBOARD["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (note["expr"] for note in DASHBOARD["annotations"]["list"])


def filled(expression: str) -> str:
    return expression.replace("$job", ".*")


def checked(*command: object, folder: Path) -> None:
    done = subprocess.run([str(part) for part in command], cwd=folder, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_rule_fires_for_what_it_is_for_and_not_before(promtool: Path) -> None:
    checked(promtool, "check", "rules", RULES.name, folder=RULES.parent)
    checked(promtool, "test", "rules", "tocsin.rules.test.yaml", folder=RULES.parent)
    tests = yaml.safe_load((RULES.parent / "tocsin.rules.test.yaml").read_text("utf-8"))["tests"]
    assert {test["name"] for test in tests} == {rule["alert"] for rule in rules()}


def test_the_example_of_a_configuration_is_one(promtool: Path) -> None:
    checked(promtool, "check", "config", "--syntax-only", "prometheus.yaml", folder=RULES.parent)


def test_rules_and_dashboard_ask_only_for_what_there_is() -> None:
    metrics = Metrics()
    metrics.begin(["match"], ["console"])
    known = {family.name for family in metrics.registry.collect()} | {"up"}
    asked = " ".join([*expressions(), *(rule["expr"] for rule in rules())])
    for name in set(re.findall(r"\b(?:tocsin|process)_[a-z_]+", asked)):
        assert re.sub(r"_(total|bucket|count|sum)$", "", name) in known, name


def test_panels_have_their_own_places() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    cells = [
        (x, y)
        for place in (panel["gridPos"] for panel in panels)
        for x in range(place["x"], place["x"] + place["w"])
        for y in range(place["y"], place["y"] + place["h"])
    ]
    assert len(set(cells)) == len(cells)
    assert max(x for x, _ in cells) < 24


def scraping(directory: Path, port: int) -> Path:
    """The example configuration, looking at our port every second; and rules that do not wait to be sure."""
    example = yaml.safe_load((RULES.parent / "prometheus.yaml").read_text("utf-8"))
    example["global"] = {"scrape_interval": "1s", "evaluation_interval": "1s"}
    (job,) = example["scrape_configs"]
    job["static_configs"] = [{"targets": [f"127.0.0.1:{port}"]}]
    job["authorization"] = {"credentials_file": str(directory / "token")}
    (directory / "token").write_text(TOKEN)
    impatient = [{**rule, "for": "0s"} for rule in rules()]
    (directory / "tocsin.rules.yaml").write_text(yaml.safe_dump({"groups": [{"name": "now", "rules": impatient}]}))
    (directory / "prometheus.yml").write_text(yaml.safe_dump(example))
    return directory / "prometheus.yml"


async def test_a_prometheus_reads_tocsin_and_rings_when_it_is_gone(promtool: Path, tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "tocsin.yaml").write_text(f'desk: {{listen: "127.0.0.1:{port}", token: {TOKEN}}}\n')
    async with prometheus(tmp_path, scraping(tmp_path, port)) as watcher:
        async with running(tmp_path) as daemon:
            await watcher.until('up{job="tocsin"} == 1')
            await watcher.until("tocsin_lag_seconds")
            for expression in expressions():
                await watcher.ask("query", query=filled(expression))
            assert await watcher.query('sum(tocsin_parts{state="ok"}) > 3')
            assert await watcher.query('tocsin_destination_up{destination="console"} == 1')
            assert "TocsinDown" not in await watcher.firing()
            judged = (await watcher.ask("rules"))["groups"][0]["rules"]
            assert [rule["lastError"] for rule in judged if rule["health"] == "err"] == []
            daemon.kill()
            await daemon.ended()
        await watcher.until('ALERTS{alertname="TocsinDown", alertstate="firing"}')
        assert "TocsinDown" in await watcher.firing()
