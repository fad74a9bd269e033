"""Looks at the machine: its disk and its clock."""

import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
from django.conf import settings

from townhall.project import clock
from townhall.project.doctor.findings import (
    Asked,
    Finding,
    Level,
    bad,
    graded,
    ok,
    size,
    span,
    warn,
)

DISK, CLOCK = "disk", "clock"
# A day's submissions and their write-ahead log fit into the first many times over.
LITTLE_SPACE, NO_SPACE = 2e9, 3e8
SLOW_COMMIT, BAD_COMMIT = 0.05, 0.5
LARGE_LOG, HUGE_LOG = 256e6, 2e9
COMMITS = 20
BLOCK = 4096
SKEWED, BADLY_SKEWED = 2.0, 60.0
SECONDS_TO_ASK = 5.0


def look_at_the_disk(asked: Asked) -> Iterable[Finding]:
    """Whether there is room, and how long an acknowledgement waits for the disk."""
    if not asked.data.is_dir():
        return [
            bad(
                DISK,
                f"There is no folder {asked.data}.",
                "Say with --data, or TOWNHALL_DATA, where the server keeps its records.",
            )
        ]
    try:
        return [_space(asked.data), _commits(asked.data), *_log(asked.data)]
    except OSError as fault:
        why = os.strerror(fault.errno) if fault.errno else type(fault).__name__
        return [
            bad(
                DISK,
                f"{asked.data} cannot be written in: {why}.",
                "Until it can, nothing new is acknowledged. Run this as the server's own user.",
            )
        ]


def _space(data: Path) -> Finding:
    free = shutil.disk_usage(data).free
    said = f"{size(free)} free in {data}."
    remedy = "Make room: when it is full, nothing new is acknowledged."
    level = graded(-free, -LITTLE_SPACE, -NO_SPACE)
    return Finding(DISK, level, said, "" if level is Level.OK else remedy)


def _commits(data: Path) -> Finding:
    took = commit_times(data)
    middle, worst = statistics.median(took), max(took)
    said = f"A commit reaches the disk in {middle * 1_000:.1f} ms, at worst {worst * 1_000:.1f} ms."
    level = graded(middle, SLOW_COMMIT, BAD_COMMIT)
    remedy = "Each page waits for that. Look for what else writes here, or for a failing disk."
    return Finding(DISK, level, said, "" if level is Level.OK else remedy)


def commit_times(folder: Path) -> list[float]:
    """How long the disk took to have each of some blocks for good, in seconds."""
    took = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for number in range(COMMITS):
            os.pwrite(file.fileno(), bytes(BLOCK), number * BLOCK)
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return took


def _log(data: Path) -> Iterator[Finding]:
    """SQLite's write-ahead log grows for as long as somebody reads without an end."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return
    log = Path(f"{database['NAME']}-wal")
    held = log.stat().st_size if log.exists() else 0
    level = graded(held, LARGE_LOG, HUGE_LOG)
    remedy = "Something reads without an end: stop it, then start the server again."
    said = f"The database's write-ahead log is {size(held)}."
    yield Finding(DISK, level, said, "" if level is Level.OK else remedy)


def look_at_the_clock(asked: Asked) -> Iterable[Finding]:
    """Whether London's time can be told, and this machine's is the one that a web server tells."""
    summer = datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(clock.LONDON)
    if summer.hour != 13:
        yield bad(CLOCK, "The time zone data is wrong for London.", "Install the newest `tzdata`.")
    if not asked.clock:
        yield ok(CLOCK, f"It is {asked.at:%H:%M:%S} UTC here, on {asked.at:%d %B %Y}.")
        return
    yield _against(asked.clock)


def _against(address: str) -> Finding:
    try:
        answer = httpx.head(address, timeout=SECONDS_TO_ASK)
        told = parsedate_to_datetime(answer.headers["Date"])
    except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError) as fault:
        return warn(
            CLOCK,
            f"{address} does not tell the time ({type(fault).__name__}).",
            "Give --clock a web page that answers from here.",
        )
    return skew(told - clock.now(), address)


def skew(ahead: timedelta, whose: str) -> Finding:
    """Say how far another clock is ahead of ours; one that tells whole seconds is given one."""
    off = abs(ahead)
    level = graded(off.total_seconds(), SKEWED, BADLY_SKEWED)
    if level is Level.OK:
        return ok(CLOCK, f"This clock and that of {whose} agree.")
    way = "behind" if ahead > timedelta() else "ahead of"
    return Finding(
        CLOCK,
        level,
        f"This clock is {span(off)} {way} that of {whose}.",
        "Keep it by NTP (`timedatectl`): deliveries, closing times and retention go by it.",
    )
