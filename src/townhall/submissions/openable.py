"""Whether the keys that we hold open what is stored: a few of the oldest and newest records say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from townhall.submissions import keys
from townhall.submissions.models import Draft, Sealed, Submission
from townhall.submissions.sealing import SealError

Rows = QuerySet[Draft] | QuerySet[Submission]

ENDS = 3
"""Records at each end: of several, one that was changed is not taken for another key."""


@dataclass(frozen=True)
class Looked:
    """What some records of each key id told, all by the ids of keys, in order.

    ``absent``: TOWNHALL_KEYS does not hold it. ``other``: it holds another key by that id, as of
    the oldest or of the newest none opens. ``partly``: some open, and one beside them does not.
    ``useless``: nothing that was looked at opens, for either reason. ``records`` were looked at.
    """

    records: int = 0
    absent: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    partly: tuple[str, ...] = ()
    useless: tuple[str, ...] = ()


@dataclass(frozen=True)
class End:
    """Which of the oldest, or of the newest, records of a key id open, by their places."""

    id: str
    opened: frozenset[bytes]
    shut: frozenset[bytes]


def another_key(name: str) -> str:
    """Say that another key is held by the id of one that sealed what is stored, and what to do."""
    return (
        f"TOWNHALL_KEYS holds another key as “{name}” than the one that sealed stored answers: "
        "they cannot be opened. Put back the key that sealed them, by that name; give a new key a "
        "name of its own (docs/running.md, “A key by the same name”)."
    )


def look() -> Looked:
    """Try the keys of the oldest and the newest drafts and submissions of each key id."""
    received = Submission.objects.all()
    # Of a draft that was received no key is left; the others are found by an index.
    begun = Draft.objects.filter(submission=None)
    return told([*_ends(received, "received_at"), *_ends(begun, "started_at")])


def look_at(service: str) -> Looked:
    """Try the same of what one service received."""
    return told([*_ends(Submission.objects.filter(service=service), "received_at")])


def _ends(rows: Rows, since: str) -> Iterator[End]:
    # By service, as an index has them in the order of receipt: to sort all of them takes long.
    each = [rows.filter(service=one) for one in _hop(rows, "service")]
    for name in _hop(rows, "key_id"):
        for order, last in ((since, False), (f"-{since}", True)):
            found = [one for of in each for one in _first(of.filter(key_id=name), order)]
            found.sort(key=attrgetter(since), reverse=last)
            yield end_of(name, found[:ENDS])


def _hop(rows: Any, column: str) -> Iterator[str]:
    """Give each value of a column once, by hops in its index: to read every row takes long."""
    values = rows.order_by(column).values_list(column, flat=True)
    value = values.first()
    while value is not None:
        yield value
        value = values.filter(**{f"{column}__gt": value}).first()


def _first(rows: Any, order: str) -> Sequence[Sealed]:
    """Read what the key's place is made of, and not the answers."""
    kept = rows.exclude(wrapped_key=b"").order_by(order)
    return list(kept.only("key_id", "wrapped_key", order.strip("-"), *rows.model.bound)[:ENDS])


def end_of(name: str, found: Sequence[Sealed]) -> End:
    """Try the keys of records at one end."""
    opened = frozenset(one.place for one in found if _opens(one))
    return End(name, opened, frozenset(one.place for one in found) - opened)


def _opens(row: Sealed) -> bool:
    try:
        keys.ring().unwrap(row.wrapped, row.place)
    except SealError:
        return False
    return True


def told(ends: Sequence[End]) -> Looked:
    """Say what the ends of all key ids come to."""
    held = keys.ring().keys
    names = sorted({end.id for end in ends if end.opened | end.shut})
    other = {end.id for end in ends if end.id in held and end.shut and not end.opened}
    mixed = {end.id for end in ends if end.opened and end.shut} - other
    return Looked(
        records=len(frozenset().union(*(end.opened | end.shut for end in ends))),
        absent=tuple(name for name in names if name not in held),
        other=tuple(sorted(other)),
        partly=tuple(sorted(mixed)),
        useless=tuple(
            name for name in names if not any(end.opened for end in ends if end.id == name)
        ),
    )
