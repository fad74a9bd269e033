"""The only reader of the time. Everything else is given `at` or `today`."""

import time
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def now() -> datetime:
    """The instant, aware, in UTC."""
    return datetime.now(UTC)


def london_date(at: datetime) -> date:
    """The calendar day that it is in London at that instant."""
    return at.astimezone(LONDON).date()


def today() -> date:
    """The calendar day that it is in London now."""
    return london_date(now())


def elapsed() -> int:
    """Nanoseconds since some moment, which never go back when the clock is set."""
    return time.monotonic_ns()


since_1970 = time.time
"""Seconds since 1970, as a record of the log has them."""
