"""Claiming a delivery and recording how it ended, each in a short transaction of its own.

A claim is a lease: while it runs nobody else takes the row, and when it has run out (a worker was
killed) the row may be claimed again. A worker that lives renews it, so that what takes minutes (a
mail server thinks a mail over) is held for as long as it takes, and what a killed worker held is
free soon. What a claimant records counts only while it still holds the lease.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from townhall.outbox.backoff import LIMIT, next_try, wait
from townhall.outbox.crashpoints import crashpoint
from townhall.outbox.errors import DeliveryError
from townhall.outbox.models import Delivery, State
from townhall.store.transactions import AllOrNothing

LEASE = timedelta(minutes=2)
"""Several times as long as a worker goes between renewals, so that it may fail at some of them."""

LONGEST = timedelta(minutes=10)
"""How long a claim is renewed: longer than any sender's own time limit. A call that hangs beyond
that would hold its row unseen for ever; so it is tried again, and people are told.
"""

AT_ONCE = 2
"""How many deliveries one subscriber may have in hand, so that one that hangs cannot hold every
thread.
"""

CLAIM = """
UPDATE outbox_delivery SET
    state = 'leased', next_at = %(until)s, lease_token = %(token)s, attempts = attempts + 1,
    first_tried_at = COALESCE(first_tried_at, %(at)s),
    failing_since = CASE state WHEN 'leased' THEN COALESCE(failing_since, %(at)s)
                               ELSE failing_since END,
    error_class = CASE state WHEN 'leased' THEN 'worker_stopped' ELSE error_class END
WHERE id = (
    SELECT due.id FROM outbox_delivery AS due
    WHERE due.state IN ('waiting', 'leased') AND due.next_at <= %(at)s
      AND NOT EXISTS (
        SELECT 1 FROM outbox_delivery AS earlier
        WHERE earlier.subject = due.subject AND earlier.subscriber = due.subscriber
          AND earlier.id < due.id AND earlier.state IN ('waiting', 'leased', 'dead'))
      AND %(at_once)s > (
        SELECT COUNT(*) FROM outbox_delivery AS busy
        WHERE busy.subscriber = due.subscriber AND busy.state = 'leased' AND busy.next_at > %(at)s)
    ORDER BY due.id LIMIT 1 {lock})
RETURNING id
"""
# Oldest first among what is due. SQLite has one writer and needs no lock but the transaction's own.

DUE = """
SELECT 1 FROM outbox_delivery WHERE state IN ('waiting', 'leased') AND next_at <= %s LIMIT 1
"""
# The states stand in the statement: SQLite takes a partial index only where it sees that it fits.

CLAIM_BY_VENDOR = {
    "sqlite": CLAIM.format(lock=""),
    "postgresql": CLAIM.format(lock="FOR UPDATE OF due SKIP LOCKED"),
}


@dataclass(frozen=True)
class Claim:
    """A delivery that this process holds since `at`, and the token that proves it."""

    delivery: Delivery
    token: str
    at: datetime


def anything_due(at: datetime) -> bool:
    """Whether a claim could find something. A plain read, so an idle worker never takes the write
    lock.
    """
    with connection.cursor() as cursor:
        cursor.execute(DUE, [connection.ops.adapt_datetimefield_value(at)])
        return cursor.fetchone() is not None


def claim(*, at: datetime, lease: timedelta = LEASE, at_once: int = AT_ONCE) -> Claim | None:
    """Take the oldest delivery that is due and not held back, or None, and commit.

    What it speaks of is on the disk then, too: on SQLite it was written to the same log before.
    Raises OperationalError where the disk refuses.
    """
    token = uuid.uuid4().hex
    adapt = connection.ops.adapt_datetimefield_value
    values = {"at": adapt(at), "until": adapt(at + lease), "token": token, "at_once": at_once}
    with AllOrNothing():
        with connection.cursor() as cursor:
            cursor.execute(CLAIM_BY_VENDOR[connection.vendor], values)
            row = cursor.fetchone()
        if row is None:
            return None
        delivery = Delivery.objects.get(pk=row[0])
        crashpoint("outbox.before_claim_commit")
    crashpoint("outbox.claimed")
    return Claim(delivery, token, at)


def renew(held: Iterable[Claim], *, at: datetime, lease: timedelta = LEASE) -> None:
    """Hold them for another lease, but none that passed to somebody else or that takes too long."""
    ours = [one for one in held if at - one.at < LONGEST]
    if not ours:
        return
    with transaction.atomic():
        Delivery.objects.filter(
            pk__in=[one.delivery.pk for one in ours],
            lease_token__in=[one.token for one in ours],
            state=State.LEASED,
        ).update(next_at=at + lease)


def finish(held: Claim, *, at: datetime) -> bool:
    """Record that it was delivered. False where the lease had passed to somebody else."""
    return _record(held, state=State.DONE, finished_at=at, failing_since=None, error_class="")


def give_up(held: Claim, error_class: str, *, at: datetime) -> bool:
    """Record that no later try can help: it is dead until a person acts."""
    since = held.delivery.failing_since or at
    return _record(held, state=State.DEAD, failing_since=since, error_class=error_class)


def put_off(held: Claim, error: DeliveryError, *, at: datetime, jitter: float) -> bool:
    """Record a failed try and when the next is; after 72 hours of failing, that it is dead."""
    since = held.delivery.failing_since or at
    due = next_try(since, held.delivery.attempts, at=at, jitter=jitter, after=error.after)
    if due is None:
        return give_up(held, error.error_class, at=at)
    return _record(
        held,
        state=State.WAITING,
        next_at=due,
        failing_since=since,
        error_class=error.error_class,
    )


def ask_later(held: Claim, error: DeliveryError, *, at: datetime, jitter: float) -> bool:
    """Record that the far end has it and has not settled it; for 72 hours that is not a failure."""
    first = held.delivery.first_tried_at
    if first is not None and at - first >= LIMIT:
        return put_off(held, error, at=at, jitter=jitter)
    due = at + max(wait(held.delivery.attempts, jitter), error.after or timedelta())
    return _record(
        held,
        state=State.WAITING,
        next_at=due,
        failing_since=None,
        error_class=error.error_class,
    )


def _record(held: Claim, **change: object) -> bool:
    with transaction.atomic():
        rows = Delivery.objects.filter(
            pk=held.delivery.pk, state=State.LEASED, lease_token=held.token
        ).update(lease_token="", **change)
        crashpoint("outbox.before_record_commit")
    crashpoint("outbox.recorded")
    return rows == 1
