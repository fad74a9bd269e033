"""When keeping ends: ``2 years after submitted``, counted from a named event. Plain values."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import MAXYEAR, datetime, timedelta
from functools import lru_cache

from townhall.engine.model import read_period

RULES = 256

_read = lru_cache(maxsize=RULES)(read_period)


def read_due(rule: str, events: Mapping[str, datetime]) -> datetime | None:
    """Give the instant at which a rule says to delete.

    ``events`` are the instants of those that have happened. None when the rule counts from one that
    has not, or cannot be read: what is not known to be due is kept.
    """
    period = _read(rule)
    if period is None or period[2] not in events:
        return None
    count, unit, event = period
    return _later(events[event], count, unit)


def counts_from(rule: str) -> str | None:
    """Give the event that a rule counts from; None when it cannot be read."""
    period = read_period(rule)
    return period[2] if period else None


def _later(start: datetime, count: int, unit: str) -> datetime | None:
    if unit in ("days", "weeks"):
        return start + timedelta(days=count * (7 if unit == "weeks" else 1))
    months = start.month - 1 + count * (12 if unit == "years" else 1)
    year, month = start.year + months // 12, months % 12 + 1
    if year > MAXYEAR:
        return None
    # A month has no 31st everywhere: the last day stands in, never a day of the next month.
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
