"""Adding to the audit: the only change there is."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import transaction

from townhall.audit.chain import Line, hash_of_values
from townhall.audit.models import Entry, Head
from townhall.store.statements import Change, Select, here, inserting

Detail = Mapping[str, int | str | bool | list[str]]


class _Last(NamedTuple):
    """The last row of the chain, as its head tells it, and whether the database moves the head."""

    number: int
    hash: str
    moves: bool = True


_Said = tuple[str, str, str, str, str]
"""Who, what, which, reason and detail."""

_MOVES = {
    "sqlite": "EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'audit_follows')",
    "postgresql": "to_regproc('audit_follows') IS NOT NULL",
}
_HEAD = Select(Head, "id = %s", "id", lock=True, also={"moves": _MOVES})
_MOVE = Change(Head, "UPDATE audit_head SET number = %s, hash = %s WHERE id = 1", "number", "hash")
_ENTRY = ("number", "at", "who", "what", "which", "reason", "detail", "before", "hash")
_ADD = Change(Entry, inserting(Entry, *_ENTRY), *_ENTRY)
"""Touches no row where it does not follow the last one: the database compares, and moves the head
(migration 0003)."""

_known: list[_Last | None] = [None]
"""The head as this process last left it: a guess, which the database compares."""


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
    known = _known[0]
    line = None if known is None else _following(known, at, said)
    while line is None:
        # Another process has added rows since, or what this one added was rolled back.
        line = _following(_locked_head(), at, said)
    return line


def _following(last: _Last, at: datetime, said: _Said) -> Line | None:
    """Add the row that follows ``last``; None when that is not the last one."""
    number, when = last.number + 1, at.astimezone(UTC).isoformat(timespec="microseconds")
    hash = hash_of_values(number, when, *said, last.hash)
    if not last.moves:
        # Tables of the release before: `townhall backup` writes to them, too.
        _MOVE.run(number, hash)
    if not _ADD.run(number, at, *said, last.hash, hash):
        return None
    _known[0] = _Last(number, hash) if last.moves else None
    return Line(number, when, *said, last.hash, hash)


def _locked_head() -> _Last:
    found = _HEAD.rows(1)
    if not found:
        Head.objects.bulk_create([Head(pk=1)], ignore_conflicts=True)
        found = _HEAD.rows(1)
    return _Last(found[0].number, found[0].hash, bool(found[0].moves))


def _plain(text: str) -> str:
    """Keep a name or a reason on one line, without signs that a database or terminal would obey."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else " " for sign in text)
