"""The machine under the bench: its cores, its disk, and what a process has spent on it."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

CORES = sorted(os.sched_getaffinity(0))
SERVER, DRIVER = CORES[0], CORES[-1]
"""The server has one core to itself, and whoever asks has the other."""
APPENDS = 300


@contextmanager
def pinned(core: int) -> Iterator[None]:
    """Keep this thread, and what it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def cpu_of(pid: int) -> float:
    """CPU seconds spent so far by a process and those below it, to about a microsecond.

    Of those below that have ended, the kernel keeps it to a hundredth of a second.
    """
    process = psutil.Process(pid)
    family = [process, *process.children(recursive=True)]
    ended = process.cpu_times()
    return sum(_spent(one.pid) for one in family) + ended.children_user + ended.children_system


def _spent(pid: int) -> float:
    spent = 0
    for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        with suppress(FileNotFoundError, ProcessLookupError):
            spent += int(thread.read_text().split()[0])
    return spent / 1e9


def memory_of(pid: int) -> dict[str, float]:
    """Memory in MB of 10⁶ bytes: `rss` and `pss` of the largest process below, `all` PSS together.

    PSS counts what is shared by processes in equal parts.
    """
    process = psutil.Process(pid)
    held = [one.memory_full_info() for one in (process, *process.children(recursive=True))]
    largest = max(held, key=lambda one: one.rss)
    return {
        "rss": largest.rss / 1e6,
        "pss": largest.pss / 1e6,
        "all": sum(one.pss for one in held) / 1e6,
    }


def commit_latency(folder: Path) -> list[float]:
    """Sorted milliseconds that appending a page to a file and `fdatasync` take on this disk."""
    took = []
    file = os.open(folder / "commit-latency", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        for _ in range(APPENDS):
            began = time.perf_counter()
            os.write(file, bytes(4096))
            os.fdatasync(file)
            took.append((time.perf_counter() - began) * 1000)
    finally:
        os.close(file)
    return sorted(took)


def facts() -> dict[str, str]:
    """What a reader of the figures must know of the machine and the code."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in _lines("/proc/cpuinfo")
            if "model name" in line
        ),
        platform.machine(),
    )
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=Path(__file__).parent, capture_output=True, text=True, check=False,
    ).stdout.strip()  # fmt: skip
    memory = psutil.virtual_memory().total / 2**30
    compiler = platform.python_compiler()
    return {
        "machine": f"{len(CORES)} cores, {model}, {memory:.0f} GiB",
        "python": f"{platform.python_version()}, {compiler}, Linux {platform.release()}",
        "commit": commit or "unknown",
    }


def load() -> float:
    """How many processes wanted to run in the last minute: the bench itself makes about two."""
    return os.getloadavg()[0]


def median(values: list[float]) -> float:
    """Give the middle value."""
    return statistics.median(values)


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines()
