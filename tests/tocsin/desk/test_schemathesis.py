"""The API against its own document, by somebody who tries everything: schemathesis, over real HTTP."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.tocsin.desk.face import World, locked
from tocsin import web

SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")
ROOT = Path(__file__).parents[3]


async def tried(directory: Path, *options: str) -> None:
    """Run it in a directory of its own against a desk with a token; what it says is shown when it finds something."""
    world = await World(locked()).filled()
    async with web.serving(world.app, web.bind("127.0.0.1", 0)) as port:
        process = await asyncio.create_subprocess_exec(
            SCHEMATHESIS, "run", f"http://127.0.0.1:{port}/api/openapi.json", "--no-color",
            "--header", "Authorization: Bearer open sesame", *options,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.tocsin.desk.schemathesis_hooks", "PYTHONPATH": str(ROOT)},
            cwd=directory, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()[-6000:]


@pytest.mark.timeout(600)  # some hundred requests
async def test_what_is_sent_as_the_document_says_is_taken_and_what_is_not_is_refused(tmp_path: Path) -> None:
    await tried(
        tmp_path, "--phases", "coverage,fuzzing", "--max-examples", "5", "--seed", "1", "--generation-deterministic"
    )


@pytest.mark.long
async def test_the_same_with_many_more_tries_and_in_any_order(tmp_path: Path) -> None:
    await tried(tmp_path, "--max-examples", "100")
