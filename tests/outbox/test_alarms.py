"""Alarms: someone is told after an hour or at a death, and daily until they act."""

from datetime import timedelta

import pytest

from tests.outbox.conftest import START, Clock, Far, again, put
from townhall.outbox import actions, alarms, queries, worker
from townhall.outbox.errors import GiveUp, TryAgain
from townhall.outbox.fittings import Fittings

pytestmark = pytest.mark.django_db(transaction=True)


def watchers(subject: str) -> tuple[str, ...]:
    return ("operator", f"owner:{subject[0]}")


def sweep(clock: Clock) -> int:
    return alarms.raise_alarms(at=clock.at, watchers=watchers)


def fail(fittings: Fittings, far: Far, error: Exception) -> None:
    far.fails_with(error)
    worker.run_until_idle(fittings)


def test_nothing_is_told_while_all_is_well_or_within_the_hour(fittings, far, clock):
    put("s1")
    assert sweep(clock) == 0
    fail(fittings, far, TryAgain("timeout"))
    clock.forward(minutes=59)
    assert sweep(clock) == 0


def test_after_an_hour_each_watcher_is_told_once_for_all(fittings, far, clock, teller):
    rows = [put(f"s{number}")[0] for number in range(3)]
    fail(fittings, far, TryAgain("timeout"))
    clock.forward(hours=1)
    assert sweep(clock) == 3
    assert sweep(clock) == 0
    worker.run_until_idle(fittings)
    assert sorted(call[1] for call in teller.calls) == ["operator", "owner:s"]
    told = [queries.in_trouble(call[0]) for call in teller.calls]
    assert [[one.id for one in standings] for standings in told] == [[row.pk for row in rows]] * 2


def test_a_death_or_a_bounce_is_told_at_once(fittings, far, clock):
    put("s1", "acknowledge")
    fail(fittings, far, GiveUp("bounced"))
    assert sweep(clock) == 1


def test_the_telling_is_repeated_daily_until_someone_acts(fittings, far, clock):
    row = put("s1")[0]
    fail(fittings, far, GiveUp("http_422"))
    counts = []
    for _ in range(3):
        counts.append(sweep(clock))
        clock.forward(hours=23, minutes=59)
        counts.append(sweep(clock))
        clock.forward(minutes=1)
    assert counts == [1, 0, 1, 0, 1, 0]
    actions.discard(row.pk, by="sam", reason="sent by hand", at=clock.at)
    clock.forward(days=2)
    assert sweep(clock) == 0


def test_a_redriven_delivery_that_fails_again_is_told_of_again(fittings, far, clock):
    row = put("s1")[0]
    fail(fittings, far, GiveUp("http_422"))
    assert sweep(clock) == 1
    actions.redrive(row.pk, by="sam", reason="they fixed it", at=clock.at)
    assert sweep(clock) == 0
    worker.run_until_idle(fittings)
    assert sweep(clock) == 1


def test_what_recovered_before_the_telling_was_sent_is_not_in_it(fittings, far, clock, teller):
    put("s1")
    fail(fittings, far, TryAgain("timeout"))
    clock.forward(hours=1)
    sweep(clock)
    far.works()
    worker.run_until_idle(fittings)
    assert queries.in_trouble(teller.calls[0][0]) == []


def test_a_telling_that_fails_raises_no_alarm_about_itself(fittings, far, clock, teller):
    put("s1")
    teller.fails_with(GiveUp("bounced"))
    fail(fittings, far, GiveUp("http_422"))
    sweep(clock)
    worker.run_until_idle(fittings)
    clock.forward(hours=2)
    assert sweep(clock) == 0
    assert [one.subscriber for one in queries.listing(["dead"])] == [
        "deliver:a",
        "tell:operator",
        "tell:owner:s",
    ]


def test_a_redrive_begins_a_new_72_hours(fittings, far, clock):
    row = put("s1")[0]
    fail(fittings, far, GiveUp("http_422"))
    clock.forward(days=30)
    actions.redrive(row.pk, by="sam", reason="they fixed it", at=clock.at)
    fail(fittings, far, TryAgain("timeout"))
    assert again(row).failing_since == clock.at
    assert again(row).next_at > START + timedelta(days=30)
