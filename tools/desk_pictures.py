"""Pictures of the desk over the sample wire, in a real browser: `python -m tools.desk_pictures docs/pictures`."""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright

ADDRESS = "127.0.0.1:18765"
STORY = "North Korea confirms troop deployment to Russia"
PAGES = {
    "desk-now": "/", "desk-try": "/try?query=event:troop_deployment+OR+event:ceasefire", "desk-pipeline": "/pipeline",
}  # fmt: skip
PATIENCE = 120_000
"""Milliseconds until the wire has told everything."""


async def shoot(page: Page, picture: Path) -> None:
    """The first screen of a page."""
    await page.screenshot(path=picture, clip={"x": 0, "y": 0, "width": 1000, "height": 760})


async def main() -> None:
    """Run the demo, wait for its main story, draw."""
    target = Path(sys.argv[1])
    tocsin = Path(sys.executable).with_name("tocsin")
    demo = await asyncio.create_subprocess_exec(tocsin, "demo", "--listen", ADDRESS, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = await browser.new_page(viewport={"width": 1000, "height": 760})
            page.set_default_timeout(PATIENCE)
            while True:
                try:
                    await page.goto(f"http://{ADDRESS}/")
                    break
                except Exception:  # noqa: BLE001 - the demo is starting
                    await asyncio.sleep(1)
            await page.get_by_role("link", name=STORY).first.wait_for()
            await asyncio.sleep(60)  # let the rest of the wire come in
            for name, path in PAGES.items():
                await page.goto(f"http://{ADDRESS}{path}")
                await shoot(page, target / f"{name}.png")
            await page.goto(f"http://{ADDRESS}/")
            await page.get_by_role("link", name=STORY).first.click()
            await page.wait_for_load_state()
            await shoot(page, target / "desk-story.png")
            await browser.close()
    finally:
        demo.terminate()
        await demo.wait()


if __name__ == "__main__":
    asyncio.run(main())
