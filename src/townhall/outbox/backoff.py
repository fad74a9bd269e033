"""When a failed delivery is tried again: exponential back-off with full jitter, for 72 hours.

Full jitter (each wait is drawn evenly between nothing and the ceiling) spreads a burst of failures
better than a fixed schedule: AWS Architecture Blog, "Exponential Backoff And Jitter" (2015).
"""

from datetime import datetime, timedelta

BASE = timedelta(seconds=5)
CEILING = timedelta(minutes=30)
FLOOR = timedelta(seconds=1)
LIMIT = timedelta(hours=72)
DOUBLINGS = 20


def ceiling(attempts: int) -> timedelta:
    """The longest wait after that many attempts (1 or more): 5 seconds, doubled each time, to 30
    minutes.
    """
    return min(CEILING, BASE * (1 << min(attempts - 1, DOUBLINGS)))


def wait(attempts: int, jitter: float) -> timedelta:
    """How long to wait after that many attempts. `jitter` is a random number in [0, 1)."""
    return max(FLOOR, ceiling(attempts) * jitter)


def next_try(
    failing_since: datetime,
    attempts: int,
    *,
    at: datetime,
    jitter: float,
    after: timedelta | None = None,
) -> datetime | None:
    """When to try again, or None when 72 hours of trying are over.

    The last try falls exactly at the limit, so a delivery is never given up early. `after` is a
    wait the far end asked for; it lengthens a wait but never moves a try past the limit.
    """
    end = failing_since + LIMIT
    if at >= end:
        return None
    return min(end, at + max(wait(attempts, jitter), after or FLOOR))
