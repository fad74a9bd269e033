"""Every change to the outbox that someone else may ask for."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from django.db import transaction

from townhall.audit.actions import record
from townhall.outbox.models import UNFINISHED, Delivery, Event, State
from townhall.store.ids import new_id
from townhall.store.statements import Change, here, inserting
from townhall.store.together import Step, Together

_EVENT = ("id", "name", "subject", "at")
_DELIVERY = (
    *("event", "subscriber", "subject", "state"),
    *("attempts", "next_at", "lease_token", "error_class"),
)
_WAITING = State.WAITING.value
_ADD_EVENT = Change(Event, inserting(Event, *_EVENT), *_EVENT)


@lru_cache(maxsize=32)
def _adding(rows: int) -> Together:
    """Write the statements that add an event with so many deliveries."""
    takes = _DELIVERY * rows
    return Together(
        Step(Event, inserting(Event, *_EVENT), _EVENT),
        Step(Delivery, inserting(Delivery, *_DELIVERY, rows=rows), takes),
    )


class NothingToChange(LookupError):
    """No delivery with that number is in a state that a person may change."""


class StillUndelivered(Exception):
    """A subject has deliveries that were neither made nor discarded by a named person."""


def add(
    name: str, subject: str | uuid.UUID, subscribers: Sequence[str], *, at: datetime
) -> uuid.UUID:
    """Write an event and one waiting delivery for each subscriber, inside the caller's transaction.

    `subject` is the id of what it happened to; a subscriber is a handler's name, alone or with an
    argument: `acknowledge`, `deliver:pests-inbox`. The order of events of one subject is kept for
    each subscriber. Gives the event's id. Raises RuntimeError outside a transaction: an event that
    is not committed with its cause may be lost.
    """
    if not here().in_atomic_block:
        raise RuntimeError("an event is added in the transaction of what caused it")
    event, named = new_id(), str(subject)
    deliveries: list[object] = []
    for subscriber in dict.fromkeys(subscribers):
        deliveries += (event, subscriber, named, _WAITING, 0, at, "", "")
    written = (event, name, named, at)
    if deliveries:
        _adding(len(deliveries) // len(_DELIVERY)).run(written, deliveries)
    else:
        _ADD_EVENT.run(*written)
    return event


@transaction.atomic
def redrive(delivery: int, *, by: str, reason: str, at: datetime) -> None:
    """Try a failing or dead delivery again now, with a new 72 hours and under the same key.

    Raises NothingToChange unless it is dead or waiting, and ValueError without a reason.
    """
    fresh = {"state": State.WAITING, "next_at": at, "failing_since": None, "told_at": None}
    _change(delivery, (State.DEAD, State.WAITING), fresh | {"first_tried_at": None})
    _note("deliveries.redriven", delivery, by=by, reason=reason, at=at)


@transaction.atomic
def discard(delivery: int, *, by: str, reason: str, at: datetime) -> None:
    """Decide that a failing or dead delivery shall never be made; its successors may then go.

    Raises NothingToChange unless it is dead or waiting, and ValueError without a reason.
    """
    _change(delivery, (State.DEAD, State.WAITING), {"state": State.DISCARDED, "finished_at": at})
    _note("deliveries.discarded", delivery, by=by, reason=reason, at=at)


@transaction.atomic
def release_all(*, by: str, at: datetime) -> int:
    """Let every delivery that somebody holds be made now: after a restore, nobody holds any.

    Each keeps its idempotency key. Returns how many there were.
    """
    held = Delivery.objects.filter(state=State.LEASED)
    count = held.update(state=State.WAITING, next_at=at, lease_token="")
    if count:
        record("deliveries.released", which="deliveries", who=by, at=at, detail={"count": count})
    return count


@transaction.atomic
def forget(subject: str | uuid.UUID) -> int:
    """Delete every event and delivery of a subject that is being purged. Returns how many events.

    Raises StillUndelivered while a delivery of it is waiting, in hand or dead.
    """
    deliveries = Delivery.objects.select_for_update().filter(subject=str(subject))
    if any(delivery.state in UNFINISHED for delivery in deliveries):
        raise StillUndelivered(str(subject))
    events = Event.objects.filter(subject=str(subject))
    count = events.count()
    events.delete()
    return count


def _change(delivery: int, states: tuple[State, ...], change: dict[str, object]) -> None:
    if not Delivery.objects.filter(pk=delivery, state__in=states).update(**change):
        raise NothingToChange(f"delivery {delivery} is neither waiting nor dead")


def _note(what: str, delivery: int, *, by: str, reason: str, at: datetime) -> None:
    if not reason.strip():
        raise ValueError("a reason is needed")
    row = Delivery.objects.get(pk=delivery)
    detail = {"subscriber": row.subscriber, "error_class": row.error_class, "subject": row.subject}
    record(what, which=f"delivery:{delivery}", who=by, at=at, reason=reason, detail=detail)
