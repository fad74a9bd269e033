"""Every read of the outbox that someone else may ask for. Ids, states and error classes only."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Count, Max

from townhall.outbox.models import OPEN, UNFINISHED, Delivery, Event, Heartbeat, State

# The states stand in the statements: SQLite takes a partial index only where it can see that it
# fits, and without it each read would go through every delivery that was ever made.
DEPTH = """
SELECT subscriber, state, COUNT(*) FROM outbox_delivery
WHERE state IN ('waiting', 'leased', 'dead') GROUP BY subscriber, state
"""
OLDEST = """
SELECT id FROM outbox_delivery WHERE state IN ('waiting', 'leased') ORDER BY id LIMIT 1
"""
TROUBLED = """
SELECT id FROM outbox_delivery
WHERE state IN ('waiting', 'leased', 'dead') AND (state = 'dead' OR failing_since <= %s)
  AND (told_at IS NULL OR told_at <= %s) AND subscriber NOT LIKE 'tell:%%'
ORDER BY +id LIMIT 20000
"""
# `+` keeps it from the index of every id. No more than a statement may name (SQLite's limit is
# 32,766): people are told of the rest next time.


@dataclass(frozen=True)
class Standing:
    """How one delivery stands. `since`: failing since then, or None; `told_at`: people were last
    told.
    """

    id: int
    event: str
    subject: str
    subscriber: str
    state: str
    attempts: int
    error_class: str
    at: datetime
    since: datetime | None
    next_at: datetime
    told_at: datetime | None


@dataclass(frozen=True)
class Backlog:
    """How much is still to be delivered, for a health page: counts, and the oldest event's time."""

    open: int
    dead: int
    oldest: datetime | None


@dataclass(frozen=True)
class Worker:
    """A worker that has not said that it stopped; `at`: when it was last heard from."""

    name: str
    release: str
    started_at: datetime
    at: datetime


def undelivered(subject: str | uuid.UUID) -> list[Standing]:
    """What has not reached its subscriber, dead ones included: such a subject is never purged."""
    return _standings(subject=str(subject), state__in=UNFINISHED)


def of_subject(subject: str | uuid.UUID) -> list[Standing]:
    """Every delivery of that subject, oldest first."""
    return _standings(subject=str(subject))


def listing(states: Sequence[str] = UNFINISHED) -> list[Standing]:
    """Every delivery in those states, oldest first."""
    return _standings(state__in=states)


def one(delivery: int) -> Standing | None:
    """One delivery by its number, or None."""
    return next(iter(_standings(pk=delivery)), None)


def troubled(*, failing: datetime, told: datetime) -> list[int]:
    """The numbers of deliveries that are dead or have failed since `failing` or earlier, and of
    which nobody was told after `told`, oldest first. A telling that fails is none of them.
    """
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(TROUBLED, [adapt(failing), adapt(told)])
        return [row[0] for row in cursor.fetchall()]


def in_trouble(alarm: str | uuid.UUID) -> list[Standing]:
    """The deliveries that an alarm tells of and that are in trouble still, oldest first."""
    return [
        standing
        for standing in _standings(alarms=alarm, state__in=UNFINISHED)
        if standing.since is not None
    ]


def tally() -> dict[str, int]:
    """How many deliveries stand in each state; a state that none stands in is not named."""
    rows = Delivery.objects.values_list("state").annotate(n=Count("pk")).order_by("state")
    return dict(rows)


def backlog() -> Backlog:
    """How much is still to be delivered; the oldest is the one that was added first."""
    standing: Counter[str] = Counter()
    for (_, state), number in depth().items():
        standing[state] += number
    with connection.cursor() as cursor:
        cursor.execute(OLDEST)
        row = cursor.fetchone()
    first = Delivery.objects.select_related("event").filter(pk=row[0]).first() if row else None
    return Backlog(
        open=sum(standing[state] for state in OPEN),
        dead=standing[State.DEAD],
        oldest=first.event.at if first else None,
    )


def depth() -> dict[tuple[str, str], int]:
    """How many unfinished deliveries there are for each (subscriber, state)."""
    with connection.cursor() as cursor:
        cursor.execute(DEPTH)
        return {(subscriber, state): number for subscriber, state, number in cursor.fetchall()}


def workers() -> list[Worker]:
    """The workers, the one that was heard from last first."""
    rows = Heartbeat.objects.order_by("-at", "name")
    return [Worker(row.name, row.release, row.started_at, row.at) for row in rows]


def latest_event() -> datetime | None:
    """When the latest event happened, by the clock of whoever wrote it."""
    at: datetime | None = Event.objects.aggregate(at=Max("at"))["at"]
    return at


def _standings(**where: object) -> list[Standing]:
    rows = Delivery.objects.filter(**where).select_related("event").order_by("pk")
    return [_standing(row) for row in rows]


def _standing(row: Delivery) -> Standing:
    return Standing(
        id=row.pk,
        event=row.event.name,
        subject=row.subject,
        subscriber=row.subscriber,
        state=row.state,
        attempts=row.attempts,
        error_class=row.error_class,
        at=row.event.at,
        since=row.failing_since,
        next_at=row.next_at,
        told_at=row.told_at,
    )
