"""Changing the key that wraps: every data key is wrapped again, in batches, while all goes on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from townhall.audit.actions import record
from townhall.submissions import keys
from townhall.submissions.models import Draft, Sealed, Submission
from townhall.submissions.sealing import SealError

BATCH = 200


@dataclass(frozen=True)
class Rotated:
    """How many data keys were wrapped again, and how many no key in the environment opens."""

    wrapped: int
    unreadable: int


def rotate(*, by: str, at: datetime, batch: int = BATCH) -> Rotated:
    """Wrap every data key under the current key, and audit who began it, ``by``, and when.

    Every record is looked at, those under the current id too: another key may have had that id.

    Answers are not touched: only their keys' wrapping changes, one row at a time and only where the
    row still holds what was read, so that web pages and worker go on meanwhile.
    """
    record("keys.rotated", which=keys.ring().current, who=by, at=at)
    done = [_rotate_all(model, batch) for model in (Draft, Submission)]
    return Rotated(sum(one.wrapped for one in done), sum(one.unreadable for one in done))


def in_use() -> set[str]:
    """Give the ids of the keys that some record still needs."""
    drafts = Draft.objects.exclude(wrapped_key=b"").values_list("key_id", flat=True)
    submissions = Submission.objects.exclude(wrapped_key=b"").values_list("key_id", flat=True)
    return {*drafts.distinct(), *submissions.distinct()}


def _rotate_all(model: type[Draft] | type[Submission], batch: int) -> Rotated:
    wrapped = unreadable = 0
    last = None
    while rows := list(_after(model, last)[:batch]):
        for row in rows:
            if keys.ring().is_under_current(row.wrapped, row.place):
                continue
            if _rotate_one(model, row):
                wrapped += 1
            else:
                unreadable += 1
        last = rows[-1].pk
    return Rotated(wrapped, unreadable)


def _after(
    model: type[Draft] | type[Submission], last: object
) -> QuerySet[Draft] | QuerySet[Submission]:
    rows: QuerySet[Draft] | QuerySet[Submission]
    rows = model.objects.exclude(wrapped_key=b"").only("key_id", "wrapped_key", *model.bound)
    return (rows if last is None else rows.filter(pk__gt=last)).order_by("pk")


def _rotate_one(model: type[Draft] | type[Submission], row: Sealed) -> bool:
    ring = keys.ring()
    try:
        again = ring.wrap(ring.unwrap(row.wrapped, row.place), row.place)
    except SealError:
        return False
    held = model.objects.filter(pk=row.pk, key_id=row.key_id, wrapped_key=row.wrapped_key)
    held.update(key_id=again.key_id, wrapped_key=again.sealed)
    return True
