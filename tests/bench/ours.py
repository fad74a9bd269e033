"""Townhall as the bench runs it: a whole `townhall serve` on one core, with keys of its own.

One granian process, as its settings are without being told otherwise. It runs without its own
worker process: delivering is not what a resident waits for, goes on elsewhere in a larger house,
and the peer's stand-in for it does nothing. The request limits count as in production; they are
set so high that the bench does not meet them.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.machine import SERVER, cpu_of, pinned
from tests.support.serving import Served, serving
from townhall.project.limits.allowances import MOST

HERE = Path(__file__).parent
SERVICES = HERE / "services"
JOURNEY = HERE / "journey.yaml"
SHIM = HERE / "slow_commit.c"
NOBODY = "192.0.2.0/24"


@dataclass(frozen=True)
class Server:
    """Something to drive: its name, its address, the process to count, and its journey file.

    ``beside`` are more processes whose CPU is part of what a request costs.
    """

    name: str
    address: str
    pid: int
    journey: Path
    beside: tuple[int, ...] = ()

    def cpu(self) -> float:
        """CPU seconds spent so far."""
        return sum(cpu_of(pid) for pid in (self.pid, *self.beside))


def environment() -> dict[str, str]:
    """Secrets of its own, limits in force for this machine too, and nobody's other settings."""
    key = base64.b64encode(os.urandom(32)).decode()
    limits = {f"TOWNHALL_LIMIT_{kind}": str(MOST) for kind in LIMITED}
    return limits | {
        "TOWNHALL_KEYS": f"bench:{key}",
        "TOWNHALL_SECRET_KEY": base64.b64encode(os.urandom(48)).decode(),
        "TOWNHALL_LIMIT_EXEMPT": NOBODY,
        "TOWNHALL_WEB_PROCESSES": "1",
    }


LIMITED = ("PAGES", "ANSWERS", "STARTS", "SUBMISSIONS")


@contextmanager
def running(data: Path, *folders: Path, name: str = "townhall", **more: str) -> Iterator[Server]:
    """Serve folders of services (the bench's own where none is named) from a data folder."""
    named = [str(folder) for folder in folders or (SERVICES,)]
    settings = environment() | {"DATABASE_URL": ""} | more
    with ExitStack() as stack:
        with pinned(SERVER):
            serve = serving(data, "--services", *named, "--no-worker", **settings)
            served = stack.enter_context(serve)
        yield Server(name, served.address, web_pid(served), JOURNEY)


def web_pid(served: Served) -> int:
    """Find the process that holds the web server; what it starts is below it."""
    child = served.child("townhall.project.web")
    assert child is not None, served.said.read_text()
    return child.pid


def slow_commits(folder: Path) -> dict[str, str] | None:
    """Give the environment that adds 2 ms to each commit; None where there is no C compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    made = folder / "slow_commit.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", made, SHIM], check=True)
    return {"LD_PRELOAD": str(made)}
