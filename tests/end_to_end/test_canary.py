"""The canary flies through a real daemon to a test mailbox, and nobody else hears of it."""

import asyncio
import json
from pathlib import Path

import httpx

from tests.end_to_end.daemon import TOCSIN, running
from tests.end_to_end.test_feed_to_person import until
from tests.servers.ports import free_port
from tests.servers.smtp import MailServer


async def tocsin(directory: Path, *words: str) -> str:
    """What a command says."""
    process = await asyncio.create_subprocess_exec(
        TOCSIN, *words, "-c", directory, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_it_reaches_the_test_mailbox_and_is_measured(tmp_path: Path, smtp: MailServer) -> None:
    port = free_port()
    (tmp_path / "subscriptions").mkdir()
    (tmp_path / "subscriptions" / "all.yaml").write_text(
        "subscriptions:\n  - {id: all, match: 'canary OR tocsin', notify: [mail]}\n"
    )
    (tmp_path / "tocsin.yaml").write_text(
        f"""
state: "{tmp_path / "state"}"
desk: {{listen: "127.0.0.1:{port}"}}
canary: {{every: 1d}}
destinations:
  mail:
    email: {{from: tocsin@example.org, to: [desk@example.org], smtp: "{smtp.url("plain")}"}}
    canary: {{to: [canary@example.org]}}
"""
    )
    async with running(tmp_path) as daemon, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:

        async def measured() -> bool:
            try:
                text = (await http.get("/metrics")).text
            except httpx.TransportError:
                return False
            return all(f'tocsin_canary_seconds{{destination="{name}"}}' in text for name in ("nobody", "mail"))

        await until(measured, 150)
        assert (await http.get("/api/stories")).json() == []
        assert (await http.get("/api/alerts")).json() == []
        assert 'tocsin_deliveries_total{destination="mail",outcome="sent"} 0.0' in (await http.get("/metrics")).text
        assert "canary: ok" in (await http.get("/readyz")).text
    assert await daemon.ended() == 0, daemon.words()
    assert (tmp_path / "state" / "log.json").exists()
    assert not (tmp_path / ".tocsin").exists(), "the configuration may be read-only"
    assert [received.recipients for received in smtp.messages] == [("canary@example.org",)]
    assert "Canary: tocsin tests itself" in smtp.messages[0].message["subject"]
    said = await tocsin(tmp_path, "status", "--json")
    flown = {row["canary"]: row["late"] for row in map(json.loads, said.splitlines()) if "canary" in row}
    assert flown == {"nobody": False, "mail": False}
    assert "canary to mail: the last took" in await tocsin(tmp_path, "status")
    assert await tocsin(tmp_path, "export") == ""
    await tocsin(tmp_path, "audit")
