"""Adding to the audit: the only change there is."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import connection, transaction

from townhall.audit.chain import Line, hash_of_values, listed
from townhall.audit.ends import KNOWN, Last
from townhall.audit.models import Entry, Head
from townhall.store.statements import Change, Read, here, inserting

Detail = Mapping[str, int | str | bool | list[str]]


_Said = tuple[str, str, str, str, str]
"""Who, what, which, reason and detail."""

_HEAD = Read(Head, Last, "id = %s", "id", lock=True)
_ENTRY = ("number", "at", "who", "what", "which", "reason", "detail", "before", "hash")
_ADD = Change(Entry, inserting(Entry, *_ENTRY), *_ENTRY)
"""Touches no row where it does not follow the last one: the database compares, and moves the head
(migration 0003)."""

_APPEND = Change(
    Entry,
    """
INSERT INTO audit_entry (at, who, what, which, reason, detail, number, before, hash)
SELECT %s::timestamptz, %s, %s, %s, %s, %s, number + 1, hash, encode(sha256(
    convert_to(concat('[', number + 1, ', ', %s::text, ', "', hash, '"]'), 'UTF8')), 'hex')
FROM audit_head WHERE id = 1 FOR UPDATE
RETURNING number, before, hash
""",
    *("at", "who", "what", "which", "reason", "detail", "detail"),
)
"""PostgreSQL: waits for the head, and makes the hash of what that says then (``hash_of``)."""

_MOVE = Change(Head, "UPDATE audit_head SET number = %s, hash = %s WHERE id = 1", "number", "hash")
_IS_MOVED = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'audit_follows'",
    "postgresql": "SELECT 1 WHERE to_regproc('audit_follows') IS NOT NULL",
}

_moved = [False]
"""Whether the database is known to move the head."""


def record(
    what: str,
    *,
    which: str,
    who: str,
    at: datetime,
    reason: str = "",
    detail: Detail | None = None,
) -> Line:
    """Add a row: who did what to which record, when and why.

    ``detail`` holds counts and names of fields; nothing here ever holds an answer. Call it last in
    a transaction: the head of the chain stays locked until the commit.
    """
    told = json.dumps(detail, sort_keys=True) if detail else ""
    said = (_plain(who)[:150], what, which, _plain(reason)[:500], told)
    if here().in_atomic_block:
        return _added(at, said)
    with transaction.atomic():
        return _added(at, said)


def _added(at: datetime, said: _Said) -> Line:
    _moved[0] = _moved[0] or _is_moved()
    if not _moved[0]:
        return _added_by_hand(at, said)
    if here().vendor == "postgresql":
        return _appended(at, said)
    known = KNOWN[0]
    line = None if known is None else _following(known, at, said)
    while line is None:
        # Another process has added rows since, or what this one added was rolled back.
        line = _following(_locked_head(), at, said)
    return line


def _is_moved() -> bool:
    """Whether migration 0003 has been: a backup is audited on tables of the release before, too."""
    with connection.cursor() as cursor:
        cursor.execute(_IS_MOVED[connection.vendor])
        return cursor.fetchone() is not None


def _added_by_hand(at: datetime, said: _Said) -> Line:
    line = _after(_locked_head(), at, said)
    _MOVE.run(line.number, line.hash)
    _ADD.run(line.number, at, *said, line.before, line.hash)
    return line


def _appended(at: datetime, said: _Said) -> Line:
    when = _written(at)
    values = (at, *said, listed(when, *said))
    row = _APPEND.row(*values)
    if row is None:
        _make_head()
        row = _APPEND.row(*values)
    number, before, hash = row
    return Line(number, when, *said, before, hash)


def _following(last: Last, at: datetime, said: _Said) -> Line | None:
    """Add the row that follows ``last``; None when that is not the last one."""
    line = _after(last, at, said)
    if not _ADD.run(line.number, at, *said, line.before, line.hash):
        return None
    KNOWN[0] = Last(line.number, line.hash)
    return line


def _after(last: Last, at: datetime, said: _Said) -> Line:
    number, when = last.number + 1, _written(at)
    return Line(number, when, *said, last.hash, hash_of_values(number, when, *said, last.hash))


def _locked_head() -> Last:
    found = _HEAD.rows(1)
    if not found:
        _make_head()
        found = _HEAD.rows(1)
    return found[0]


def _make_head() -> None:
    Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)


def _written(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _plain(text: str) -> str:
    """Keep a name or a reason on one line, without signs that a database or terminal would obey."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " for sign in text)
