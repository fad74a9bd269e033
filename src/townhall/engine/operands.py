"""Dates that a definition names by their distance from today, and the working-day calendar."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from holidays import country_holidays

_RELATIVE = re.compile(
    r"today(?:\s*(?P<sign>[+-])\s*(?P<count>\d{1,5})"
    r"\s+(?P<unit>working days?|days?|months?|years?))?"
)


@dataclass(frozen=True)
class Relative:
    """A date counted from today: ``count`` of ``unit`` (days, months, years, working days)."""

    count: int = 0
    unit: str = "days"

    def on(self, today: date) -> date:
        """Give the date that this means on ``today``; a month's end is kept within the month."""
        if self.unit == "working days":
            return add_working_days(today, self.count)
        if self.unit == "days":
            return _clamp(today, self.count)
        return add_months(today, self.count * (12 if self.unit == "years" else 1))

    def __str__(self) -> str:
        """Write it as an author would."""
        if not self.count:
            return "today"
        return f"today {'+' if self.count > 0 else '-'} {abs(self.count)} {self.unit}"


def relative(text: str) -> Relative | None:
    """Read ``today`` or ``today + 5 working days``; None for anything else."""
    found = _RELATIVE.fullmatch(text.strip())
    if found is None:
        return None
    if not found["count"]:
        return Relative()
    count = int(found["count"]) * (-1 if found["sign"] == "-" else 1)
    unit = found["unit"]
    return Relative(count, unit if unit.endswith("s") else f"{unit}s")


def add_months(day: date, months: int) -> date:
    """Move ``day`` by whole months; 31 January and one month is the last day of February."""
    total = day.year * 12 + day.month - 1 + months
    year, month = min(max(total // 12, 1), 9999), total % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_working_days(day: date, count: int) -> date:
    """Move ``day`` by working days: not Saturday, Sunday or a bank holiday in England."""
    step = timedelta(days=1 if count > 0 else -1)
    left = min(abs(count), 2600)
    while left:
        day += step
        left -= day.weekday() < 5 and day not in bank_holidays(day.year)
    return day


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """Give the bank holidays of England in ``year``."""
    return frozenset(country_holidays("GB", subdiv="ENG", years=year))


def _clamp(day: date, days: int) -> date:
    ordinal = min(max(day.toordinal() + days, 1), date.max.toordinal())
    return date.fromordinal(ordinal)
