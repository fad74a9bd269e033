"""The worker: no transaction held, every fault survived, an outage drained oldest first."""

import logging
import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from tests.outbox.conftest import START, Clock, Far, again, put
from townhall.outbox import claims, worker
from townhall.outbox.errors import GiveUp, NotYet, TryAgain
from townhall.outbox.fittings import Fittings
from townhall.outbox.models import Delivery, State

pytestmark = pytest.mark.django_db(transaction=True)
CANARY = "canary-7f3a"


def test_it_delivers_with_no_transaction_held(fittings: Fittings, far: Far):
    held: list[bool] = []
    far.does = lambda: held.append(connection.in_atomic_block)
    row = put("s1", "deliver:pests-inbox")[0]
    assert worker.run_until_idle(fittings) == 1
    assert far.calls == [("s1", "pests-inbox", row.key)]
    assert held == [False]
    assert again(row).state == State.DONE


@pytest.mark.parametrize(
    ("error", "state", "error_class"),
    [
        (TryAgain("http_503"), State.WAITING, "http_503"),
        (NotYet("sending"), State.WAITING, "sending"),
        (GiveUp("bounced"), State.DEAD, "bounced"),
        (ValueError(CANARY), State.WAITING, "error:valueerror"),
        (SystemError(CANARY), State.WAITING, "error:systemerror"),
    ],
)
def test_every_ending_is_recorded(fittings, far, error, state, error_class):
    row = put("s1")[0]
    far.fails_with(error)
    worker.run_until_idle(fittings)
    assert (again(row).state, again(row).error_class) == (state, error_class)


def test_a_poisonous_row_leaves_the_rest_alone(fittings: Fittings, far: Far):
    poison = put("s1", "deliver:a")[0]
    put("s2", "deliver:b")

    def poisonous() -> None:
        if far.calls[-1][0] == "s1":
            raise RecursionError

    far.does = poisonous
    assert worker.run_until_idle(fittings) == 2
    assert again(poison).state == State.WAITING
    assert Delivery.objects.filter(state=State.DONE).count() == 1


def test_a_subscriber_that_nobody_handles_waits_for_one(fittings: Fittings):
    row = put("s1", "nobody:x")[0]
    worker.run_until_idle(fittings)
    assert again(row).error_class == "no_handler"


def test_no_word_of_an_exception_reaches_a_log_or_a_row(fittings, far, caplog):
    far.fails_with(ValueError(CANARY))
    put("s1")
    with caplog.at_level(logging.DEBUG):
        worker.run_until_idle(fittings)
    assert "error:valueerror" in {getattr(record, "outcome", "") for record in caplog.records}
    assert CANARY not in caplog.text
    assert CANARY not in str(Delivery.objects.values_list()[0])


def test_a_four_hour_outage_drains_oldest_first(fittings: Fittings, far: Far, clock: Clock):
    far.fails_with(TryAgain("connection"))
    for minute in range(240):
        if minute % 4 == 0:
            put(f"s{minute:03}", at=clock.at)
        worker.run_until_idle(fittings)
        clock.forward(minutes=1)
    assert Delivery.objects.filter(state=State.WAITING).count() == 60
    far.calls.clear()
    far.works()
    clock.forward(minutes=30)
    worker.run_until_idle(fittings)
    assert Delivery.objects.filter(state=State.DONE).count() == 60
    subjects = [call[0] for call in far.calls]
    assert subjects == sorted(subjects)
    assert len(set(subjects)) == 60


def test_tries_go_on_for_72_hours_and_then_it_is_dead(fittings: Fittings, far: Far, clock: Clock):
    far.fails_with(TryAgain("connection"))
    row = put("s1")[0]
    while again(row).state == State.WAITING:
        clock.at = again(row).next_at
        worker.run_until_idle(fittings)
    assert again(row).state == State.DEAD
    assert clock.at == START + timedelta(hours=72)
    assert len(far.calls) > 144


def test_a_killed_workers_row_is_delivered_by_the_next(fittings, far, clock):
    row = put("s1")[0]
    claims.claim(at=clock.at)
    assert worker.run_until_idle(fittings) == 0
    clock.forward(seconds=claims.LEASE.total_seconds())
    assert worker.run_until_idle(fittings) == 1
    assert again(row).state == State.DONE


def until_idle(fittings: Fittings, stop: threading.Event, pace: worker.Pace) -> None:
    worker.run_until_idle(fittings, pace)


# The tests' SQLite is in memory, where a table that is written is refused to others at once,
# however long they would wait; tests/outbox/test_claims.py renews there.
@pytest.mark.postgres
@pytest.mark.parametrize("working", [worker.run, until_idle])
def test_a_lease_never_runs_out_under_a_worker_that_lives(working, fittings, far, clock):
    """Even under one that was told to stop, and finishes what it has in hand."""
    stop, found = threading.Event(), []

    def slow() -> None:
        stop.set()
        for _ in range(4):
            clock.forward(seconds=claims.LEASE.total_seconds() - 1)
            by = time.monotonic() + 5
            while again(row).next_at < clock.at + claims.LEASE and time.monotonic() < by:
                time.sleep(0.005)
            found.append(claims.claim(at=clock.at))

    row = put("s1")[0]
    far.does = slow
    working(fittings, stop, worker.Pace(threads=1, sweep=timedelta(milliseconds=10)))
    assert found == [None] * 4
    assert (again(row).state, len(far.calls)) == (State.DONE, 1)
    assert not [one for one in threading.enumerate() if one.name.startswith("outbox")]


def test_a_database_that_fails_does_not_stop_the_worker(fittings, monkeypatch):
    stop = threading.Event()
    real, failures = claims.claim, []

    def sometimes(**given: object) -> claims.Claim | None:
        if len(failures) < 3:
            failures.append(1)
            raise OperationalError("database is locked")
        return real(**given)

    row = put("s1")[0]
    monkeypatch.setattr(claims, "claim", sometimes)
    fittings.handlers["deliver"].does = stop.set
    pace = worker.Pace(threads=1, idle=timedelta(milliseconds=1), sweep=timedelta(seconds=30))
    worker.run(fittings, stop, pace)
    assert len(failures) == 3
    assert again(row).state == State.DONE


def test_stopping_finishes_what_is_in_hand_and_takes_nothing_more(fittings, far):
    stop = threading.Event()
    far.does = stop.set
    for number in range(5):
        put(f"s{number}")
    worker.run(fittings, stop, worker.Pace(threads=1, sweep=timedelta(seconds=30)))
    assert Delivery.objects.filter(state=State.DONE).count() == 1
    assert not Delivery.objects.filter(state=State.LEASED).exists()
