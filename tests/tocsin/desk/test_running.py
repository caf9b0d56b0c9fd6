"""Is tocsin well? Stages over time, destinations, the canary, dead letters with a way back."""

from datetime import timedelta

from alert.delivery.state import Condition, Pending, Row, RowState, Silence
from schemas.alert import Outcome, Receipt
from schemas.base import Message
from schemas.errors import Unreadable
from schemas.item import Item
from schemas.ports import Task
from schemas.settings import Canary
from schemas.topics import ITEMS, RECEIPTS
from tests.alert.build import DAWN, alert
from tests.tocsin.desk.face import World
from tocsin.health import State
from tocsin.log.port import StageSpec
from tocsin.operate.standing import DELIVER

UNDERSTAND = StageSpec("understand", (ITEMS,))


async def read(world: World, path: str = "/pipeline") -> str:
    async with world.http() as http:
        answer = await http.get(path)
        assert answer.status_code == 200
        return answer.text


async def deliver_knows(world: World, **state: Message) -> None:
    task = await world.log.claim(DELIVER, 0)
    async with world.log.unit(task) as unit:
        for number, (kind, value) in enumerate(state.items()):
            unit.put(f"{kind.rstrip('0123456789')}/desk/{number}", value.model_dump(mode="json", exclude_defaults=True))


async def one_dies(world: World) -> Task:
    async with world.log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "k", Item(id="1", title="<b>broken</b>"))
    task = await world.log.claim(UNDERSTAND, 0)
    (record,) = await world.log.read(task, wait=1.0)
    async with world.log.unit(task) as unit:
        unit.dead(record, Unreadable("<script>not today</script>"))
        unit.acknowledge([record])
    return task


async def test_a_dead_letter_is_shown_and_sent_again_by_a_button() -> None:
    world = await World().filled()
    task = await one_dies(world)
    page = await read(world)
    assert "<b>Unreadable</b> in understand" in page
    assert "<script>not" not in page
    id = page.split('action="/dead/')[1].split("/")[0]
    async with world.http() as http:
        foreign = await http.post(f"/dead/{id}/retry", headers={"sec-fetch-site": "cross-site"})
        assert foreign.status_code == 403
        assert await world.log.read(task, wait=0.0) == ()
        answer = await http.post(f"/dead/{id}/retry")
        assert (answer.status_code, answer.headers["location"]) == (303, "/pipeline")
        assert (await http.post("/dead/nothing/retry")).status_code == 404
    (again,) = await world.log.read(task, wait=1.0)
    assert b"broken" in (again.value or b"")
    assert "sent again" in await read(world)


async def test_destinations_show_what_waits_what_is_held_and_what_is_wrong() -> None:
    world = await World().filled()
    waiting = Pending(alert=alert(), kind="root", due=DAWN, since=DAWN)
    row = Row(id="r", destination="desk", kind="root", parts=(waiting,), started=DAWN, attempt=3, reason="busy",
              state=RowState.UNCERTAIN)  # fmt: skip
    until = DAWN + timedelta(hours=2)
    await deliver_knows(
        world, pending=waiting, pending2=waiting.model_copy(update={"held": True}), row=row
    )  # fmt: skip
    task = Task("deliver", 0)
    silence = Silence(id="s", subscription="dprk", until=until, by="anna", note="a drill")
    async with world.log.unit(task) as unit:
        condition = Condition(destination="desk", silences=(silence,))
        unit.put("condition/desk", condition.model_dump(mode="json", exclude_defaults=True))
    page = await read(world)
    desk = page.split('<th scope="row">desk</th>')[1].split("</tr>")[0]
    for shown in ("<td>1</td><td>1</td><td>1, 1 uncertain</td>", "tried 3 times: busy", "silent until 04-28 08:00"):
        assert shown in desk, desk
    assert '<td class="well">well' in page.split('<th scope="row">mail</th>')[1]
    world.health.set("destination mail", State.DEGRADED, "it does not answer")
    ill = await read(world)
    assert "it does not answer" in ill.split('<th scope="row">mail</th>')[1]
    assert '<p class="ill">destination mail: degraded, it does not answer</p>' in ill


async def test_lag_and_pace_are_drawn_over_time() -> None:
    world = await World().filled()
    await one_dies(world)
    for minute in range(3):
        world.trends.note(DAWN + timedelta(minutes=minute), {"understand": minute}, {"understand": minute * 60})
    page = await read(world)
    assert 'aria-label="Seconds behind over time, at most 2"' in page
    assert 'aria-label="Records a second over time"' in page
    assert page.count("<polyline") == 2


async def test_the_canary_is_shown_where_there_is_one() -> None:
    world = await World().filled()
    assert "Canary" not in await read(world)
    world.pages.settings = world.pages.settings.model_copy(update={"canary": Canary()})
    assert "none has arrived yet" in await read(world)
    receipt = Receipt(
        id="c", alert="c", destination="canary:nobody", story="c", revision=1, report="c", outcome=Outcome.SENT,
        reason="", fetched=DAWN, at=DAWN + timedelta(seconds=2),
    )  # fmt: skip
    async with world.log.unit(Task("deliver", 0)) as unit:
        unit.emit(RECEIPTS, "canary:nobody", receipt)
    assert "nobody: the last took 2.0 s" in await read(world)
    assert "canary" not in await read(world, "/")


async def test_feeds_have_a_strip_of_their_day() -> None:
    world = await World().filled()
    async with world.log.unit(Task("push")) as unit:
        unit.emit(ITEMS, "k", Item(id="1", title="a", feed="https://news.example/feed"))
    page = await read(world, "/feeds")
    assert page.count("<rect") == 24
    assert "28 Apr 06:00 UTC: 1" in page
    assert page.count('class="none"') == 23
