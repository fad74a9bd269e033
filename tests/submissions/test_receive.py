"""Receiving: once, whole, proven again, and never what was not asked."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.support.definitions import page, radios
from tests.support.records import (
    ANSWERS,
    AT,
    TODAY,
    begun,
    definition,
    fill,
    look,
    put_live,
    submitted,
)

from townhall.audit.models import Entry
from townhall.definitions import actions as definitions
from townhall.engine.route import Step
from townhall.outbox.models import Delivery
from townhall.submissions import actions, drafts, queries
from townhall.submissions.actions import Refused, Why, receive
from townhall.submissions.models import Draft, DraftPage, Submission
from townhall.submissions.references import read_reference
from townhall.submissions.sealing import SealError

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def form():
    return put_live()


def refused(draft, *, at=AT, today=TODAY):
    with pytest.raises(Refused) as caught:
        receive(draft, today=today, at=at)
    return caught.value


def ready(form, answers=ANSWERS, *, at=AT):
    started = begun(form, at=at)
    fill(started, answers, at=at)
    return started


def read(receipt):
    return queries.read_answers(receipt.submission, by="ann", reason="case 1", at=AT).answers


def test_gives_a_reference_that_can_be_read_out(form):
    receipt = submitted(form)
    assert read_reference(receipt.reference) == receipt.reference
    assert (receipt.at, receipt.version) == (AT, form.version)


def test_keeps_the_answers_on_the_route_and_no_others(form):
    started = ready(form, {"pest": "wasps", "nests": Decimal(2), "name": "Ann"})
    drafts.save_page(look(started), "pest", {"pest": "rats"}, at=AT)
    answers = read(receive(started.draft, today=TODAY, at=AT))
    assert answers.values == {"pest": "rats", "name": "Ann"}
    assert answers.items == {"others": ({"who": "Bob"},)}


def test_tells_each_destination_whose_condition_holds_and_the_resident(form):
    submitted(form)
    assert set(Delivery.objects.values_list("subscriber", flat=True)) == {
        "deliver:inbox",
        "acknowledge",
    }
    receipt = submitted(form, {"pest": "wasps", "nests": Decimal(1), "name": "Ann"})
    told = Delivery.objects.filter(subject=str(receipt.submission))
    assert {"deliver:inbox", "deliver:wasps"} < set(told.values_list("subscriber", flat=True))


def test_the_same_draft_gives_the_same_receipt(form):
    started = ready(form)
    first = receive(started.draft, today=TODAY, at=AT)
    again = receive(started.draft, today=TODAY, at=AT + timedelta(days=3))
    assert first == again == queries.receipt(started.draft)
    assert Submission.objects.count() == 1
    assert Delivery.objects.count() == 2


def test_destroys_the_draft_and_leaves_its_header_for_a_refresh(form):
    started, other = ready(form), ready(form)
    receive(started.draft, today=TODAY, at=AT)
    assert not DraftPage.objects.filter(draft=started.draft.pk).exists()
    assert bytes(Draft.objects.get(pk=started.draft.pk).wrapped_key) == b""
    assert look(other).answers.values
    opened = look(started)
    assert opened.submitted
    assert opened.answers.values == {}
    assert not drafts.save_page(opened, "pest", {"pest": "rats"}, at=AT)


def test_writes_one_audit_row(form):
    receipt = submitted(form)
    entry = Entry.objects.get(what="receive")
    assert entry.which == str(receipt.submission)


def test_an_unfinished_draft_goes_back_to_its_page(form):
    started = begun(form)
    drafts.save_page(look(started), "pest", {"pest": "wasps"}, at=AT)
    found = refused(started.draft)
    assert (found.why, found.step) == (Why.INCOMPLETE, Step("nests"))
    assert look(started).answers.values == {"pest": "wasps"}


def test_what_holds_no_longer_is_proven_again_with_its_own_today():
    day = {"id": "day", "ask": "When?", "type": "date", "min": "today"}
    form = put_live(definition(pages=[page("day", day)], deliver=[], acknowledge=None))
    started = begun(form)
    drafts.save_page(look(started), "day", {"day": TODAY}, at=AT)
    found = refused(started.draft, today=TODAY + timedelta(days=1))
    assert (found.why, found.step) == (Why.INCOMPLETE, Step("day"))
    assert [problem.question for problem in found.problems] == ["day"]
    assert receive(started.draft, today=TODAY, at=AT)


def test_an_exit_is_not_received():
    pages = [page("pest", radios("pest", "Rats")), {"page": "no", "exit": "We cannot help"}]
    form = put_live(definition(pages=pages, deliver=[], acknowledge=None))
    started = begun(form)
    drafts.save_page(look(started), "pest", {"pest": "rats"}, at=AT)
    assert refused(started.draft).why is Why.EXIT


def test_after_the_idle_limit_an_answer_comes_first(form):
    started = ready(form)
    assert refused(started.draft, at=AT + HOUR).why is Why.LOCKED


def test_a_cleared_draft_is_gone(form):
    started = ready(form)
    drafts.leave(started.draft)
    assert refused(started.draft).why is Why.GONE


def test_the_limit_holds():
    form = put_live(definition(available={"limit": 2}))
    late = ready(form)
    assert submitted(form)
    assert submitted(form)
    assert refused(late.draft).why is Why.FULL
    assert look(late).answers.values["pest"] == "rats"
    assert Submission.objects.count() == 2


def test_a_refused_draft_takes_no_place():
    form = put_live(definition(available={"limit": 1}))
    assert refused(begun(form).draft).why is Why.INCOMPLETE
    assert submitted(form)


def test_who_had_begun_has_an_hour_after_the_close():
    made = definition(available={"to": "2026-12-07"})
    form = put_live(made)
    closing = AT.replace(day=8, hour=0)
    early, late = ready(form, at=closing), ready(form, at=closing + HOUR)
    assert receive(early.draft, today=TODAY, at=closing + 59 * HOUR / 60)
    assert refused(late.draft, at=closing + HOUR).why is Why.CLOSED


def test_a_draft_finishes_after_a_new_version_or_a_withdrawal(form):
    started = ready(form)
    put_live(definition(title="Tell us more"))
    definitions.withdraw(started.draft.service, by="ann", at=AT)
    assert receive(started.draft, today=TODAY, at=AT).version == form.version


def test_withdraw_now_stops_it_with_the_reason(form):
    started = ready(form)
    service = started.draft.service
    definitions.withdraw(service, by="ann", at=AT, reason="Wrong number. Call us.", now=True)
    found = refused(started.draft)
    assert (found.why, found.reason) == (Why.STOPPED, "Wrong number. Call us.")
    assert look(started).answers.values["pest"] == "rats"


def test_two_equal_references_are_never_given(form, monkeypatch):
    made = iter(["AAA", "AAA", "BBB"])
    monkeypatch.setattr(actions, "new_reference", lambda draw, *, test: next(made))
    assert submitted(form).reference == "AAA"
    assert submitted(form).reference == "BBB"


def test_reading_answers_leaves_an_audit_row(form):
    receipt = submitted(form)
    read(receipt)
    entry = Entry.objects.get(what="read")
    assert (entry.who, entry.reason, entry.which) == ("ann", "case 1", str(receipt.submission))


def test_answers_open_only_in_their_own_row(form):
    one, other = submitted(form), submitted(form)
    row = Submission.objects.get(pk=other.submission)
    Submission.objects.filter(pk=one.submission).update(
        sealed=row.sealed, wrapped_key=row.wrapped_key
    )
    with pytest.raises(SealError):
        read(one)


def test_the_confirmation_is_shown_until_idle_time_ends(form):
    started = ready(form)
    receive(started.draft, today=TODAY, at=AT)
    shown = queries.confirmation(started.draft, at=AT + 59 * HOUR / 60)
    assert shown is not None
    assert shown.answers.values["name"] == "Ann Example"
    assert queries.confirmation(started.draft, at=AT + HOUR) is None
    assert "Ann" not in repr(shown)
