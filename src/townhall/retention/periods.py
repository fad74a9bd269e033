"""When keeping ends: ``2 years after submitted``, counted from a named event. Plain values."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import MAXYEAR, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from townhall.engine.model import read_period

RULES = 256


class _Period(NamedTuple):
    """From an event so many days, or else so many months."""

    event: str
    days: timedelta | None
    months: int


def read_due(rule: str, events: Mapping[str, datetime]) -> datetime | None:
    """Give the instant at which a rule says to delete.

    ``events`` are the instants of those that have happened. None when the rule counts from one that
    has not, or cannot be read: what is not known to be due is kept.
    """
    period = _read(rule)
    start = events.get(period.event) if period else None
    if period is None or start is None:
        return None
    return _later(start, period.months) if period.days is None else start + period.days


def counts_from(rule: str) -> str | None:
    """Give the event that a rule counts from; None when it cannot be read."""
    period = read_period(rule)
    return period[2] if period else None


@lru_cache(maxsize=RULES)
def _read(rule: str) -> _Period | None:
    period = read_period(rule)
    if period is None:
        return None
    count, unit, event = period
    if unit in ("days", "weeks"):
        return _Period(event, timedelta(days=count * (7 if unit == "weeks" else 1)), 0)
    return _Period(event, None, count * (12 if unit == "years" else 1))


def _later(start: datetime, count: int) -> datetime | None:
    months = start.month - 1 + count
    year, month = start.year + months // 12, months % 12 + 1
    if year > MAXYEAR:
        return None
    # A month has no 31st everywhere: the last day stands in, never a day of the next month.
    return start.replace(year=year, month=month, day=min(start.day, monthrange(year, month)[1]))
