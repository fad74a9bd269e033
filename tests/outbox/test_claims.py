"""Claims: one holder at a time, oldest first, order within a subject and a subscriber."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.outbox.conftest import START, again, put
from townhall.outbox import actions, claims
from townhall.outbox.errors import GiveUp, NotYet, TryAgain
from townhall.outbox.models import Delivery, State

pytestmark = pytest.mark.django_db(transaction=True)
LATER = START + timedelta(hours=100)


def test_an_event_is_refused_outside_the_transaction_of_its_cause():
    with pytest.raises(RuntimeError):
        actions.add("submission.received", "s1", ["acknowledge"], at=START)


def test_an_event_has_one_delivery_for_each_subscriber_and_no_more():
    rows = put("s1", "deliver:a", "acknowledge", "deliver:a")
    assert [row.subscriber for row in rows] == ["deliver:a", "acknowledge"]
    assert len({row.key for row in rows}) == 2


def test_a_rolled_back_cause_leaves_no_event():
    with transaction.atomic():
        actions.add("submission.received", "s1", ["acknowledge"], at=START)
        transaction.set_rollback(True)
    assert not Delivery.objects.exists()


def test_the_oldest_is_claimed_first_and_only_once():
    first, second = put("s1")[0], put("s2")[0]
    assert claims.claim(at=START, at_once=9).delivery == first
    assert claims.claim(at=START, at_once=9).delivery == second
    assert claims.claim(at=START, at_once=9) is None


def test_nothing_is_claimed_before_it_is_due():
    put("s1", at=START + timedelta(seconds=1))
    assert claims.claim(at=START) is None
    assert not claims.anything_due(START)


def test_a_lease_that_has_run_out_may_be_claimed_again_under_the_same_key():
    put("s1")
    lost = claims.claim(at=START, lease=timedelta(seconds=30))
    assert claims.claim(at=START + timedelta(seconds=29)) is None
    held = claims.claim(at=START + timedelta(seconds=30))
    assert held.delivery.key == lost.delivery.key
    assert (held.delivery.attempts, held.delivery.error_class) == (2, "worker_stopped")


def test_a_claimant_whose_lease_passed_on_records_nothing():
    put("s1")
    lost = claims.claim(at=START, lease=timedelta(seconds=1))
    held = claims.claim(at=START + timedelta(seconds=2))
    assert not claims.give_up(lost, "http_422", at=START)
    assert claims.finish(held, at=START)
    assert not claims.finish(lost, at=START)
    assert again(held.delivery).state == State.DONE


def test_a_lease_that_is_renewed_runs_from_then_on():
    put("s1")
    held = claims.claim(at=START)
    late = START + claims.LEASE - timedelta(seconds=1)
    claims.renew([held], at=late)
    assert claims.claim(at=late + claims.LEASE - timedelta(seconds=1)) is None
    assert claims.finish(held, at=late + claims.LEASE)
    assert again(held.delivery).state == State.DONE


def test_what_is_over_or_passed_on_is_not_held_again():
    done, lost = put("s1")[0], put("s2")[0]
    first, second = (claims.claim(at=START, lease=timedelta(seconds=1)) for _ in range(2))
    claims.finish(first, at=START)
    taken = claims.claim(at=START + timedelta(seconds=1))
    assert taken.delivery == lost
    before = [(row.state, row.next_at, row.lease_token) for row in map(again, (done, lost))]
    claims.renew([first, second], at=START + timedelta(seconds=60))
    assert before == [(row.state, row.next_at, row.lease_token) for row in map(again, (done, lost))]


def test_a_call_that_hangs_does_not_hold_its_row_for_ever():
    row = put("s1")[0]
    held, at = claims.claim(at=START), START
    while claims.claim(at=at) is None:
        claims.renew([held], at=at)
        at += timedelta(seconds=20)
    assert claims.LONGEST <= at - START <= claims.LONGEST + claims.LEASE
    assert again(row).error_class == "worker_stopped"


@pytest.mark.parametrize("state", [State.WAITING, State.DEAD])
def test_a_failing_row_holds_back_its_own_successors_and_nobody_else(state):
    failing, successor = put("s1")[0], put("s1")[0]
    others = [*put("s1", "acknowledge"), *put("s2")]
    Delivery.objects.filter(pk=failing.pk).update(state=state, next_at=LATER)
    claimed = [claims.claim(at=START, at_once=9) for _ in range(3)]
    assert [held and held.delivery for held in claimed] == [*others, None]
    Delivery.objects.filter(pk=failing.pk).update(state=State.DISCARDED)
    assert claims.claim(at=START, at_once=9).delivery == successor


def test_one_subscriber_never_holds_more_than_its_share_of_the_hands():
    for number in range(4):
        put(f"s{number}", "deliver:slow")
    put("s9", "deliver:quick")
    names = [held.delivery.subscriber for held in iter(lambda: claims.claim(at=START), None)]
    assert names == ["deliver:slow", "deliver:slow", "deliver:quick"]


def test_failures_are_put_off_and_after_72_hours_dead():
    put("s1")
    held = claims.claim(at=START)
    claims.put_off(held, TryAgain("timeout"), at=START, jitter=0.5)
    row = again(held.delivery)
    assert (row.state, row.error_class, row.failing_since) == (State.WAITING, "timeout", START)
    held = claims.claim(at=START + timedelta(hours=71, minutes=59))
    claims.put_off(held, TryAgain("timeout"), at=START + timedelta(hours=71), jitter=0.9)
    held = claims.claim(at=START + timedelta(hours=72))
    claims.put_off(held, TryAgain("timeout"), at=START + timedelta(hours=72), jitter=0.9)
    assert again(held.delivery).state == State.DEAD


def test_what_the_far_end_has_and_has_not_settled_is_no_failure_for_72_hours():
    put("s1")
    claims.ask_later(claims.claim(at=START), NotYet("sending"), at=START, jitter=0.5)
    assert Delivery.objects.get().failing_since is None
    late = START + timedelta(hours=73)
    claims.ask_later(claims.claim(at=late), NotYet("sending"), at=late, jitter=0.5)
    assert Delivery.objects.get().failing_since == late


def test_giving_up_keeps_when_the_trouble_began():
    put("s1")
    claims.put_off(claims.claim(at=START), TryAgain("timeout"), at=START, jitter=0.5)
    late = START + timedelta(hours=5)
    claims.give_up(claims.claim(at=late), GiveUp("http_422").error_class, at=late)
    row = Delivery.objects.get()
    assert (row.state, row.failing_since, row.error_class) == (State.DEAD, START, "http_422")


def test_a_claim_is_one_statement_that_uses_the_small_indexes():
    put("s1")
    with CaptureQueriesContext(connection) as seen:
        claims.claim(at=START)
    updates = [query["sql"] for query in seen if "UPDATE" in query["sql"]]
    assert len(updates) == 1
    assert "RETURNING" in updates[0]
    if connection.vendor == "postgresql":
        assert "SKIP LOCKED" in updates[0]


@pytest.mark.parametrize("word", ["", "Has Space", "line\nbreak", "a" * 61, "pérez"])
def test_an_error_class_is_a_slug_and_nothing_else(word: str):
    with pytest.raises(ValueError, match="slug"):
        TryAgain(word)
