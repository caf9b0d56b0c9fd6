"""From "not relevant" to a patch."""

import pytest

from alert.backtest import Seen
from alert.feedback import Edit, Proposal, propose, told
from alert.patch import merged
from alert.patch import patch as diff_of
from schemas import marked
from schemas.item import Item
from schemas.report import Report, Status
from schemas.subscription import SubscriptionsFile
from tests.alert.world import NOW, change, deployment, one, report


def understood(item: Item) -> Report:
    """As if a headline said it all."""
    return Report(id=item.id, title=item.title, events=(deployment(status=Status.PLANNED),) if item.title else ())


def patch(text: str, file: str, proposal: Proposal, edit: Edit | None = None) -> str:
    return diff_of(text, merged(text, proposal, edit), file)


def history(*reports: object) -> list[Seen]:
    return [Seen(NOW, change(each)) for each in reports]  # type: ignore[arg-type]  # reports, shown shorter


RANG = [report("", deployment(), id="good", title="Sent"),
        report("", deployment(status=Status.PLANNED), id="plan", title="Will send", terms=("parade",))]  # fmt: skip


def test_the_least_harmful_edit_comes_first() -> None:
    unwanted = report("", deployment(status=Status.PLANNED), id="x", title="May send", terms=("rumour",))
    proposal = propose(one("event:troop_deployment AND actor:KP"), "x", unwanted, history(*RANG, unwanted), understood)
    assert proposal.example == "May send"
    silencing = [(edit.what, edit.silenced) for edit in proposal.edits]
    assert silencing[0] == ("adds NOT status:planned", ("plan",))
    assert "also silences 1, keeps 1" in "\n".join(told(proposal))


def test_an_alternative_may_be_taken_away() -> None:
    unwanted = report("a parade", id="x", title="A parade")
    proposal = propose(one("actor:KP OR parade"), "x", unwanted, history(*RANG), understood)
    assert [edit.query for edit in proposal.edits] == ["actor:KP"]
    assert proposal.edits[0].silenced == ()


def test_no_small_change_is_said_plainly() -> None:
    proposal = propose(one("parade"), "x", report("parade", id="x"), [], understood)
    assert "no small change" in "\n".join(told(proposal))


@pytest.mark.parametrize(
    "written",
    [
        "subscriptions:\n  - id: a\n    match: x\n  - id: b\n    match: y\n",
        "subscriptions:\n  - id: b\n    match: y\n  - id: a\n    match: x",
        "subscriptions:\n  - id: a\n    match: x\n    examples:\n      fire: [one]\n",
        "subscriptions:\n  - id: a\n    match: x\n    examples:\n      fire: [one]\n      stay_quiet: [two]\n",
        "subscriptions:\n- id: a\n  match: x\n  examples:\n    stay_quiet:\n      - t\n\n- {id: b, match: y}",
        "subscriptions:\n  - match: x\n    id: a  # the first\n",
        "subscriptions:\n  - {id: b, match: y}\n  - {id: a, match: 'x: y', examples: {fire: [e]}}\n\nqueries: {q: z}\n",
        "subscriptions:\n  - {id: a, match: x,\n     notify: [n]}\n  - {id: b, match: y}\n",
        "subscriptions:\n  - id: a\n    match: {all: [{text: x}]}\n    examples: {fire: [one]}\n    notify: [n]\n",
        "subscriptions:\n- id: a\n  match: x\n  examples:\n    stay_quiet: [one,\n      two]\n",
    ],
)
def test_the_patch_adds_the_example_to_the_right_subscription(written: str) -> None:
    changed = _applied(written, patch(written, "s.yaml", Proposal("a", 'He said "no"', ())))
    (subscription,) = [one for one in changed.subscriptions if one.id == "a"]
    assert (
        subscription.examples.stay_quiet[-1:] == ('He said "no"',) or 'He said "no"' in subscription.examples.stay_quiet
    )
    before = marked.validate(marked.parse(written, "s.yaml"), SubscriptionsFile)
    assert [one.match for one in changed.subscriptions] == [one.match for one in before.subscriptions]


@pytest.mark.parametrize(
    "written",
    [
        "subscriptions:\n  - id: a\n    match: x\n    notify: [n]\n",
        "subscriptions:\n  - id: a\n    match: >-\n      x OR\n      y\n    notify: [n]\n  - id: b\n    match: z\n",
        "subscriptions:\n  - match: |\n      x\n    id: a\n    notify: [n]\n",
    ],
)
def test_a_chosen_edit_is_in_the_patch(written: str) -> None:
    edit = Edit('x AND NOT "y: z"', "", (), 0)
    changed = _applied(written, patch(written, "s.yaml", Proposal("a", "no", (edit,)), edit))
    (subscription,) = [one for one in changed.subscriptions if one.id == "a"]
    assert (subscription.match, subscription.notify) == (edit.query, ("n",))


def test_a_denial_is_a_line_more_behind_the_query_as_its_author_wrote_it() -> None:
    written = "subscriptions:\n  - id: a\n    match: >-\n      x AND\n      (y OR z)\n    notify: [n]\n"
    edit = Edit("x AND (y OR z) AND NOT film", "", (), 0, "AND NOT film")
    changed = patch(written, "s.yaml", Proposal("a", "no", (edit,)), edit)
    taken = [line for line in changed.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert taken == [], "nothing of the author's is taken away"
    assert "+      AND NOT film" in changed.splitlines()
    assert _applied(written, changed).subscriptions[0].match == edit.query


def test_the_example_is_as_long_as_it_must_be_to_ring() -> None:
    quiet = report("Soldiers are on their way.", deployment(), id="x", title="News")
    subscription = one("event:troop_deployment AND way")
    assert propose(subscription, "x", quiet, [], understood).example == "News\nSoldiers are on their way."


def test_an_edit_of_an_or_puts_it_in_parentheses() -> None:
    unwanted = report("a parade band", id="x", terms=("band",))
    proposal = propose(one('"a  parade" OR actor:KP'), "x", unwanted, [], understood)
    assert '("a parade" OR actor:KP) AND NOT band' in [edit.query for edit in proposal.edits]


def test_what_cannot_be_changed_line_by_line_stays() -> None:
    written = "subscriptions: [{id: a, match: x}, {id: b, match: y}]\n"
    assert patch(written, "s.yaml", Proposal("b", "no", ())) == ""


def test_an_example_that_stands_there_needs_no_patch() -> None:
    written = 'subscriptions:\n  - id: a\n    match: x\n    examples: {stay_quiet: ["no"]}\n'
    assert patch(written, "s.yaml", Proposal("a", "no", ())) == ""


def _applied(written: str, diff: str) -> SubscriptionsFile:
    """What the file is once the lines of a one-file diff are put in."""
    import subprocess
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "s.yaml").write_text(written)
        subprocess.run(["git", "apply", "--unidiff-zero", "-"], cwd=place, input=diff, text=True, check=True)
        text = (Path(place) / "s.yaml").read_text()
    return marked.validate(marked.parse(text, "s.yaml"), SubscriptionsFile)
