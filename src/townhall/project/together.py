"""What the processes of one server share while they run: where they count, and that they stop."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

COUNTS = "PROMETHEUS_MULTIPROC_DIR"
STOPPING = "TOWNHALL_STOPPING"
DRAIN = "TOWNHALL_DRAIN_SECONDS"
LONGEST_DRAIN = 300.0
PREFIX, HELD = "townhall-counts-", "held.lock"
SETTLED = 60


@contextmanager
def counting_together() -> Iterator[None]:
    """Have a folder in which this process's children count together, for as long as the block.

    It is the one that PROMETHEUS_MULTIPROC_DIR names, or else a new one that goes at the end.
    """
    if given := os.environ.get(COUNTS):
        Path(given).mkdir(mode=0o700, parents=True, exist_ok=True)
        yield
        return
    _clear_what_was_left()
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX) as folder,
        (Path(folder) / HELD).open("w") as held,
    ):
        fcntl.flock(held, fcntl.LOCK_EX)
        os.environ[COUNTS] = folder
        try:
            yield
        finally:
            del os.environ[COUNTS]


def _clear_what_was_left() -> None:
    """Take away the folders of servers that were killed outright: nobody holds them any more."""
    for held in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{HELD}"):
        try:
            with held.open() as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # One that was made a moment ago may be about to be held.
                if time.time_ns() - held.stat().st_mtime_ns > SETTLED * 1_000_000_000:
                    shutil.rmtree(held.parent, ignore_errors=True)
        except OSError:
            continue


def sign_of_stopping() -> Path:
    """Name the file that will say that this server stops, to its children too; it is not there yet.

    Call it within `counting_together`: the file is in that folder.
    """
    sign = Path(os.environ[COUNTS]) / f"stopping-{os.getpid()}"
    sign.unlink(missing_ok=True)
    os.environ[STOPPING] = str(sign)
    return sign


def seconds_to_drain() -> float:
    """How long a server that is to stop goes on answering, while `/health/ready` says so.

    Raises ValueError for what is no number of seconds, or more than five minutes.
    """
    given = os.environ.get(DRAIN) or "0"
    if not given.isdecimal() or int(given) > LONGEST_DRAIN:
        raise ValueError(f"{DRAIN} is a whole number of seconds up to {LONGEST_DRAIN:.0f}")
    return float(given)
