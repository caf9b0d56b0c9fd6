"""The desk in a real browser: Debian's Chromium, driven by Playwright, against the daemon's own server."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, async_playwright

from schemas.ports import Task
from schemas.story import Change, Materiality
from schemas.topics import ALERTS, CHANGES
from tests.alert.build import alert, report, story
from tests.tocsin.desk.face import World
from tocsin import web

CHROMIUM = os.environ.get("TOCSIN_TEST_CHROMIUM") or shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (Debian: apt install chromium)")


@asynccontextmanager
async def browsing(
    path: str = "/", *, width: int = 1000, script: bool = True, busy: bool = False
) -> AsyncIterator[tuple[Page, World]]:
    """A page of a desk with a story in it; at the end the console must have had nothing to complain of."""
    world, wrong = World(), list[str]()
    await (world.busy() if busy else world.filled())
    async with web.serving(world.app, web.bind("127.0.0.1", 0)) as port, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await browser.new_context(viewport={"width": width, "height": 800}, java_script_enabled=script)
        page = await context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.set_default_timeout(90_000)
        await page.goto(f"http://127.0.0.1:{port}{path}")
        yield page, world
        await browser.close()
    assert wrong == []


async def test_from_the_list_to_the_story_and_a_mute() -> None:
    async with browsing() as (page, world):
        await page.get_by_role("link", name="North Korea confirms troop deployment to Russia").click()
        assert (
            await page.get_by_role("heading", level=1).inner_text() == "North Korea confirms troop deployment to Russia"
        )
        arabic = page.locator('h3[lang="ar"]').last
        assert await arabic.evaluate("element => getComputedStyle(element).direction") == "rtl"
        await page.get_by_role("button", name="Mute for desk, 24 hours").click()
        await page.wait_for_load_state()
        assert [action.kind for action in world.acted] == ["mute"]


async def test_every_page_can_be_reached_by_keyboard_and_fits_a_narrow_window() -> None:
    async with browsing(width=320) as (page, _):
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.className") == "skip"
        for name in ("Subscriptions", "Try", "Feeds", "Pipeline", "Explain", "Now"):
            await page.get_by_role("link", name=name, exact=True).focus()
            await page.keyboard.press("Enter")
            await page.get_by_role("heading", level=1, name=name).wait_for()
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


async def test_a_text_is_explained_without_any_script_too() -> None:
    async with browsing("/explain", script=False) as (page, _):
        await page.get_by_label("A text, its first line the title").fill("جنود")
        await page.get_by_role("button", name="Explain").click()
        await page.get_by_text("language of جنود").wait_for()


@pytest.mark.timeout(600)  # eighteen pages, each judged by axe
async def test_no_page_has_an_accessibility_fault_in_light_or_dark() -> None:
    async with browsing(busy=True) as (page, _):
        root = page.url.rstrip("/")
        for scheme in ("light", "dark"):
            await page.emulate_media(color_scheme=scheme)
            for path in ("/", "/?query=actor:XX", "/story/st1", "/subscriptions", "/try?query=actor:KP", "/feeds",
                         "/pipeline", "/explain", "/login"):  # fmt: skip
                await page.goto(root + path)
                found = await Axe().run(page)
                assert found.violations_count == 0, f"{scheme} {path}: {found.generate_report()}"


async def test_a_slip_in_a_query_is_shown_while_it_is_typed() -> None:
    async with browsing("/try") as (page, _):
        await page.get_by_label("A query").press_sequentially("actor:KP AND plce:RU")
        await page.get_by_text("^^^^").wait_for()
        await page.get_by_label("A query").fill("actor:KP type:troop_deployment")
        await page.get_by_text("Read as actor:KP AND event:troop_deployment").wait_for()
        await page.get_by_role("button", name="Try it").click()
        await page.get_by_role("heading", name="1 story in 2 reports").wait_for()


async def test_a_dead_letter_is_sent_again_and_a_subscription_silenced_with_the_keyboard() -> None:
    async with browsing("/pipeline", script=False, busy=True) as (page, world):
        await page.get_by_role("button", name="Send items/0/0 again").press("Enter")
        await page.get_by_text("sent again").wait_for()
        await page.get_by_role("link", name="Subscriptions").press("Enter")
        await page.get_by_role("button", name="Silence Troops").press("Enter")
        await page.wait_for_load_state()
        assert [(action.kind, action.subscription) for action in world.acted] == [("silence", "dprk")]


async def test_a_new_alert_renews_the_list() -> None:
    async with browsing() as (page, world):
        await page.get_by_role("link", name="North Korea confirms troop deployment to Russia").wait_for()
        async with world.log.unit(Task("stories", 0)) as unit:
            fresh = story(key="st9", headline="A story of just now")
            unit.emit(CHANGES, "st9", Change(id="st9/1", story=fresh, report=report(), materiality=Materiality.M2))
            unit.emit(ALERTS, "desk", alert(key="st9"))
        await page.get_by_role("link", name="A story of just now").wait_for()
