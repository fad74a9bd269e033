"""Drafts: nothing is lost, nothing is readable, and nobody else sees them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.records import AT, begun, definition, fill, look, put_live

from townhall.definitions.actions import take_place, withdraw
from townhall.definitions.queries import Status, live, living
from townhall.submissions import drafts, remembered
from townhall.submissions.locks import Lock
from townhall.submissions.models import Draft, DraftPage
from townhall.submissions.sealing import SealError

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def form():
    return put_live()


@pytest.fixture
def started(form):
    return begun(form)


def save(started, page, values, *, at=AT, item=""):
    return drafts.save_page(look(started, at=at), page, values, item=item, at=at)


def test_a_page_is_read_back_as_typed(started):
    save(started, "pest", {"pest": "wasps"})
    save(started, "nests", {"nests": Decimal(3)})
    answers = look(started).answers
    assert answers.values == {"pest": "wasps", "nests": Decimal(3)}
    assert answers.posted == {"pest", "nests"}


def test_a_page_sent_again_replaces_what_stood_there(started):
    save(started, "you", {"name": "Ann", "email": "ann@example.org"})
    save(started, "you", {"name": "Bob"})
    assert look(started).answers.values == {"name": "Bob"}


def test_two_tabs_on_different_pages_lose_nothing(started):
    one, other = look(started), look(started)
    drafts.save_page(one, "pest", {"pest": "rats"}, at=AT)
    drafts.save_page(other, "you", {"name": "Ann"}, at=AT)
    assert look(started).answers.values == {"pest": "rats", "name": "Ann"}


def test_items_are_kept_apart_and_dropped_whole(started):
    save(started, "people", {"who": "Bob"}, item="1")
    save(started, "people", {"who": "Cat"}, item="2")
    drafts.finish_list(look(started), "others", at=AT)
    assert "others" in look(started).answers.posted
    drafts.drop_item(look(started), "others", "1")
    answers = look(started).answers
    assert [dict(item.values) for item in answers.items["others"]] == [{"who": "Cat"}]
    assert "others" not in answers.posted


def test_saving_a_page_is_one_statement_and_reading_one(started):
    opened = look(started)
    with CaptureQueriesContext(
        connection,
    ) as saving:
        drafts.save_page(opened, "pest", {"pest": "rats"}, at=AT)
    with CaptureQueriesContext(connection) as reading:
        look(started)
    assert (len(saving), len(reading)) == (1, 1)


def test_the_newest_answer_is_the_last_saved(started):
    for page, number in (("pest", 1), ("you", 2), ("pest", 3)):
        save(started, page, {"pest": "rats"} if page == "pest" else {"name": "Ann"})
        assert DraftPage.objects.get(page=page).revision == number


def test_the_secret_is_not_stored(started):
    assert started.token not in str(Draft.objects.values())
    assert len(started.token) >= 43


def test_another_secret_or_service_opens_nothing(started):
    service = started.draft.service
    for token in ("", "x" * 100_000, started.token[:-1], "\ud800", "\0"):
        assert drafts.open_draft(token, service, at=AT) is None
    assert drafts.open_draft(started.token, "other", at=AT) is None


def test_a_page_opens_only_in_its_own_row(started, form, monkeypatch):
    save(started, "pest", {"pest": "rats"})
    DraftPage.objects.update(page="you")
    monkeypatch.setattr(remembered, "MEMORY", remembered.Memory())
    with pytest.raises(SealError):
        look(started)


def test_a_page_of_another_draft_does_not_open(started, form):
    other = begun(form)
    save(other, "pest", {"pest": "rats"})
    DraftPage.objects.update(draft=started.draft.pk)
    with pytest.raises(SealError):
        look(started)


def test_a_draft_keeps_the_version_it_began_on(started):
    put_live(definition(title="Tell us more"), at=AT + MINUTE)
    assert look(started).form.definition.title == "Tell us about a thing"


def test_leaving_clears_everything(started):
    fill(started)
    drafts.leave(started.draft)
    assert drafts.open_draft(started.token, started.draft.service, at=AT) is None
    assert not DraftPage.objects.exists()
    assert not Draft.objects.exists()


def test_a_page_sent_to_a_cleared_draft_is_told_so(started):
    opened = look(started)
    drafts.leave(started.draft)
    assert not drafts.save_page(opened, "pest", {"pest": "rats"}, at=AT)


def test_its_keeping_ends_even_where_the_worker_has_not_come_by(started):
    save(started, "pest", {"pest": "rats"}, at=AT + MINUTE)
    service = started.draft.service
    almost = AT + timedelta(days=28)
    assert drafts.open_draft(started.token, service, at=almost) is not None
    assert drafts.open_draft(started.token, service, at=almost + MINUTE) is None


def test_signs_that_databases_differ_on_are_kept_alike(started):
    """No kind lets NUL or a lone surrogate pass; were one to, both databases do the same."""
    text = "a\0b\ud800\u202e 𝒳 =1+1"
    save(started, "you", {"name": text})
    assert look(started).answers.values["name"] == text


# Idle time


def test_idle_time_counts_from_the_last_page_sent(started):
    save(started, "pest", {"pest": "rats"}, at=AT + 50 * MINUTE)
    opened = look(started, at=AT + 109 * MINUTE)
    assert opened.lock is Lock.OPEN
    assert opened.idle_ends == AT + 110 * MINUTE


def test_without_anything_personal_one_press_goes_on(started):
    save(started, "pest", {"pest": "rats"})
    late = AT + 60 * MINUTE
    opened = look(started, at=late)
    assert opened.lock is Lock.PAUSED
    assert drafts.resume(opened, at=late)
    assert look(started, at=late).lock is Lock.OPEN


def test_a_personal_answer_locks_and_repeating_it_opens(started):
    save(started, "you", {"name": "Ann  O'Example", "email": "ann@example.org"})
    late = AT + 60 * MINUTE
    opened = look(started, at=late)
    assert opened.lock is Lock.LOCKED
    assert not drafts.resume(opened, at=late)
    assert opened.challenge is not None
    assert opened.challenge.question == "email"
    assert not drafts.try_unlock(opened, "bob@example.org", at=late)
    assert drafts.try_unlock(opened, " ANN@example.org", at=late)
    assert look(started, at=late).lock is Lock.OPEN


def test_five_wrong_tries_bar_it(started):
    save(started, "you", {"name": "Ann"})
    late = AT + 61 * MINUTE
    stale = look(started, at=late)
    for _ in range(5):
        assert not drafts.try_unlock(look(started, at=late), "Bob", at=late)
    assert look(started, at=late).lock is Lock.BARRED
    assert not drafts.try_unlock(stale, "Ann", at=late)


def test_a_page_sent_after_the_limit_is_kept_and_opens_nothing(started):
    save(started, "you", {"name": "Ann"})
    late = AT + 75 * MINUTE
    opened = look(started, at=late)
    assert drafts.save_page(opened, "pest", {"pest": "rats"}, at=late)
    again = look(started, at=late)
    assert again.lock is Lock.LOCKED
    assert again.answers.values["pest"] == "rats"


def test_more_time_moves_the_limit(started):
    save(started, "you", {"name": "Ann"})
    for number in range(1, 13):
        drafts.extend(
            look(started, at=AT + number * 55 * MINUTE).draft, at=AT + number * 55 * MINUTE
        )
    assert look(started, at=AT + (12 * 55 + 59) * MINUTE).lock is Lock.OPEN


def test_the_limit_can_be_set(started):
    assert look(started, at=AT + 10 * MINUTE, idle=5 * MINUTE).lock is Lock.PAUSED


def test_nothing_of_a_draft_is_printed(started):
    save(started, "you", {"name": "Canary Jones"})
    opened = look(started)
    assert "Canary" not in repr(opened)
    assert started.token not in repr(started)
    assert "Canary" not in repr(replace(opened))


@pytest.mark.parametrize(
    "available, status",
    [
        ({}, Status.OPEN),
        ({"from": "2030-01-01"}, Status.NOT_YET),
        ({"to": "2020-01-01"}, Status.CLOSED),
        ({"limit": 1}, Status.FULL),
        ({"limit": 2}, Status.OPEN),
    ],
)
def test_a_draft_brings_how_its_service_stands_at_that_moment(available, status):
    started = begun(put_live())
    slug, form = started.draft.service, put_live(definition(available=available))
    take_place(slug, form.version)
    stands = look(started).stands
    assert living(slug, stands, AT) == live(slug, AT) == (slug, form, status)
    withdraw(slug, by="ann", at=AT)
    stands = look(started).stands
    assert living(slug, stands, AT) == live(slug, AT) == (slug, form, Status.WITHDRAWN)
