"""Adding to the audit: the only change there is."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from townhall.audit.chain import hash_of
from townhall.audit.models import Entry, Head
from townhall.store.statements import Change, Insert, Select

_HEAD = Select(Head, "id = %s", "id", lock=True)
_ADD = Insert(Entry)
_MOVE_HEAD = Change(
    Head, "UPDATE audit_head SET number = %s, hash = %s WHERE id = %s", "number", "hash", "id"
)

Detail = Mapping[str, int | str | bool | list[str]]


@transaction.atomic(savepoint=False)
def record(
    what: str,
    *,
    which: str,
    who: str,
    at: datetime,
    reason: str = "",
    detail: Detail | None = None,
) -> Entry:
    """Add a row: who did what to which record, when and why.

    ``detail`` holds counts and names of fields; nothing here ever holds an answer. Call it last in
    a transaction: the head of the chain stays locked until the commit.
    """
    head = _locked_head()
    entry = Entry(
        number=head.number + 1,
        at=at,
        who=_plain(who)[:150],
        what=what,
        which=which,
        reason=_plain(reason)[:500],
        detail=json.dumps(detail, sort_keys=True) if detail else "",
        before=head.hash,
    )
    entry.hash = hash_of(entry.line)
    _ADD.add(entry)
    _MOVE_HEAD.run(entry.number, entry.hash, 1)
    return entry


def _locked_head() -> Head:
    head = _HEAD.first(1)
    if head is None:
        Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)
        return Head.objects.select_for_update().get(pk=1)
    return head


def _plain(text: str) -> str:
    """Keep a name or a reason on one line, without signs that a database or terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
