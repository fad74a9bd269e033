"""The retention run: all of what is due, nothing else, and its key first."""

import argparse
from datetime import timedelta

import pytest
from tests.support.records import AT, begun, definition, fill, look, put_live, submitted

from townhall.outbox.actions import discard
from townhall.outbox.models import Delivery, Event, State
from townhall.retention import commands
from townhall.retention.actions import run
from townhall.retention.keepers import Keeper, install
from townhall.retention.models import Overdue, Purged
from townhall.submissions import drafts, keeping
from townhall.submissions.actions import note_milestone
from townhall.submissions.keeping import KEEPERS
from townhall.submissions.models import Draft, DraftPage, Milestone, Submission, Told

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
TWO_YEARS = timedelta(days=731)


@pytest.fixture
def form():
    return put_live()


def delivered():
    Delivery.objects.update(state=State.DONE)


def test_what_is_not_due_stays(form):
    submitted(form)
    delivered()
    fill(begun(form))
    assert run(KEEPERS, at=AT + 27 * DAY).purged == 0
    assert (Submission.objects.count(), Draft.objects.count()) == (1, 2)


def test_an_unfinished_draft_goes_after_its_own_rule(form):
    started = begun(form)
    drafts.save_page(look(started), "pest", {"pest": "rats"}, at=AT + DAY)
    assert run(KEEPERS, at=AT + 28 * DAY).purged == 0
    assert run(KEEPERS, at=AT + 29 * DAY).purged == 1
    assert not Draft.objects.exists()
    assert not DraftPage.objects.exists()
    row = Purged.objects.get()
    assert (row.what, row.rule) == ("draft", "28 days after last_saved")
    assert (row.subject, row.at) == (str(started.draft.pk), AT + 29 * DAY)


def test_a_submission_goes_with_everything_of_it(form):
    receipt = submitted(form)
    Told.objects.create(submission=receipt.submission, mark="0" * 64, at=AT)
    note_milestone(receipt.submission, "closed", at=AT)
    delivered()
    assert run(KEEPERS, at=AT + TWO_YEARS).purged == 1
    for model in (Submission, Draft, DraftPage, Milestone, Told, Event, Delivery):
        assert not model.objects.exists(), model
    row = Purged.objects.get()
    assert (row.what, row.label, row.rule) == (
        "submission",
        receipt.reference,
        "2 years after submitted",
    )


def test_an_undelivered_one_is_overdue_and_names_its_owner(form, capsys):
    receipt = submitted(form)
    assert run(KEEPERS, at=AT + TWO_YEARS).overdue == 1
    assert run(KEEPERS, at=AT + TWO_YEARS + DAY).overdue == 1
    assert Submission.objects.filter(pk=receipt.submission).exclude(wrapped_key=b"").exists()
    item = Overdue.objects.get()
    assert (item.label, item.owner, item.owner_email) == (
        receipt.reference,
        "Street Scene",
        "street@borough.example",
    )
    assert item.found_at == AT + TWO_YEARS


@pytest.mark.parametrize("state", [State.WAITING, State.LEASED, State.DEAD])
def test_no_undelivered_state_is_purged(form, state):
    submitted(form)
    delivered()
    first = Delivery.objects.order_by("pk").first()
    Delivery.objects.filter(pk=first.pk).update(state=state)
    assert run(KEEPERS, at=AT + TWO_YEARS).purged == 0


def test_discarded_by_a_named_person_it_goes(form):
    submitted(form)
    run(KEEPERS, at=AT + TWO_YEARS)
    for delivery in Delivery.objects.all():
        discard(delivery.pk, by="ann", reason="The address is gone", at=AT)
    assert run(KEEPERS, at=AT + TWO_YEARS).purged == 1
    assert not Overdue.objects.exists()


def test_its_key_is_destroyed_first_and_the_next_run_finishes(form):
    submitted(form)
    delivered()

    def crash(due):
        raise KeyboardInterrupt

    crashing = Keeper(keeping.due_submissions, keeping.destroy_submission_key, crash)
    with pytest.raises(KeyboardInterrupt):
        run([crashing], at=AT + TWO_YEARS)
    assert bytes(Submission.objects.get().wrapped_key) == b""
    assert run(KEEPERS, at=AT + TWO_YEARS).purged == 1


def test_of_two_runs_at_once_one_says_so(form):
    submitted(form)
    delivered()
    fill(begun(form))
    due = [(keeper, one) for keeper in KEEPERS for one in keeper.due(AT + TWO_YEARS)]
    assert run(KEEPERS, at=AT + TWO_YEARS).purged == len(due) == 2
    late = [
        Keeper(lambda at, one=one: iter([one]), kept.destroy_key, kept.delete) for kept, one in due
    ]
    assert run(late, at=AT + TWO_YEARS).purged == 0
    assert Purged.objects.count() == 2


def test_a_rule_may_count_from_what_has_not_happened_yet():
    privacy = {"purpose": "p", "basis": "public task"}
    kept = {"retain": {"submitted": "1 month after closed"}}
    form = put_live(definition(privacy={**privacy, **kept}))
    receipt = submitted(form)
    delivered()
    assert run(KEEPERS, at=AT + 5 * TWO_YEARS).purged == 0
    note_milestone(receipt.submission, "closed", at=AT + DAY)
    note_milestone(receipt.submission, "closed", at=AT + 9 * TWO_YEARS)
    assert run(KEEPERS, at=AT + 30 * DAY).purged == 0
    assert run(KEEPERS, at=AT + 32 * DAY).purged == 1


def test_the_command_lists_what_is_overdue(form, capsys):
    install(KEEPERS)
    submitted(form)

    def given(action):
        named = {"event": None, "reference": [], "json": False}
        return argparse.Namespace(action=action, at=AT + TWO_YEARS, **named)

    assert commands.retention(given("run")) == 1
    out = capsys.readouterr().out
    assert "0 purged, 1 overdue" in out
    assert "Street Scene <street@borough.example>" in out
    delivered()
    assert commands.retention(given("run")) == 0
    capsys.readouterr()
    assert commands.retention(given("overdue")) == 0
    assert capsys.readouterr().out == "Nothing is overdue.\n"
