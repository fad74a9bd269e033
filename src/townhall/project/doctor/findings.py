"""What one look found: how it is, in words, and what to do about it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path


class Level(StrEnum):
    """OK; WARN: look at it in working hours; BAD: people are, or soon will be, worse off."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """One line. ``said`` holds no answer and no secret; ``remedy`` is "" where all is well."""

    check: str
    level: Level
    said: str
    remedy: str = ""


@dataclass(frozen=True)
class Asked:
    """What the doctor was asked: when, of which data folder, and whose clock to believe."""

    at: datetime
    data: Path
    clock: str = ""


Look = Callable[[Asked], Iterable[Finding]]
"""A look at one thing; it may raise, and is then said to have failed."""


def ok(check: str, said: str) -> Finding:
    """All is well."""
    return Finding(check, Level.OK, said)


def warn(check: str, said: str, remedy: str) -> Finding:
    """Somebody should see to it in working hours."""
    return Finding(check, Level.WARN, said, remedy)


def bad(check: str, said: str, remedy: str) -> Finding:
    """Somebody must see to it now."""
    return Finding(check, Level.BAD, said, remedy)


def graded(value: float, warn_at: float, bad_at: float) -> Level:
    """How serious a value is that is worse the larger it is."""
    if value >= bad_at:
        return Level.BAD
    return Level.WARN if value >= warn_at else Level.OK


def span(length: timedelta) -> str:
    """Say a length of time in one unit, as one says it: `25 seconds`, `3 hours`, `4 days`."""
    seconds = max(0, int(length.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}s"
    return "1 second" if seconds == 1 else f"{seconds} seconds"


def size(count: float) -> str:
    """Say a number of bytes as people do: `512 MB`, `3.2 GB`."""
    for unit, bytes_in in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if count >= bytes_in:
            return f"{count / bytes_in:.1f} {unit}"
    return f"{count:.0f} bytes"


def several(number: int, thing: str) -> str:
    """Say how many: `1 delivery`, `3 deliveries`."""
    if number == 1:
        return f"1 {thing}"
    return f"{number} {thing[:-1]}ies" if thing.endswith("y") else f"{number} {thing}s"
