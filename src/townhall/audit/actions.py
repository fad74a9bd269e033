"""Adding to the audit: the only change there is."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from townhall.audit.chain import hash_of
from townhall.audit.models import Entry, Head

Detail = Mapping[str, int | str | bool | list[str]]


@transaction.atomic
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
    entry.save(force_insert=True)
    Head.objects.filter(pk=1).update(number=entry.number, hash=entry.hash)
    return entry


def _locked_head() -> Head:
    heads = Head.objects.select_for_update()
    head = heads.filter(pk=1).first()
    if head is None:
        Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)
        head = heads.get(pk=1)
    return head


def _plain(text: str) -> str:
    """Keep a name or a reason on one line, without signs that a database or terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)
