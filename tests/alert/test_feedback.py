"""From "not relevant" to a patch."""

import pytest

from alert.backtest import Seen
from alert.feedback import Edit, Proposal, patch, propose, told
from schemas import marked
from schemas.report import Status
from schemas.subscription import SubscriptionsFile
from tests.alert.world import NOW, change, deployment, one, report


def history(*reports: object) -> list[Seen]:
    return [Seen(NOW, change(each)) for each in reports]  # type: ignore[arg-type]  # reports, shown shorter


RANG = [report("", deployment(), id="good", title="Sent"),
        report("", deployment(status=Status.PLANNED), id="plan", title="Will send", terms=("parade",))]  # fmt: skip


def test_the_least_harmful_edit_comes_first() -> None:
    unwanted = report("", deployment(status=Status.PLANNED), id="x", title="May send", terms=("rumour",))
    proposal = propose(one("event:troop_deployment AND actor:KP"), "x", unwanted, history(*RANG, unwanted))
    assert proposal.example == "May send"
    silencing = [(edit.what, edit.silenced) for edit in proposal.edits]
    assert silencing[0] == ("adds NOT status:planned", ("plan",))
    assert "also silences 1, keeps 1" in "\n".join(told(proposal))


def test_an_alternative_may_be_taken_away() -> None:
    unwanted = report("a parade", id="x", title="A parade")
    proposal = propose(one("actor:KP OR parade"), "x", unwanted, history(*RANG))
    assert [edit.query for edit in proposal.edits] == ["actor:KP"]
    assert proposal.edits[0].silenced == ()


def test_no_small_change_is_said_plainly() -> None:
    proposal = propose(one("parade"), "x", report("parade", id="x"), [])
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
