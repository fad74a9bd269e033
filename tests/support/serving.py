"""A whole `townhall serve`, as a council would run it, for tests that need real processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0


class Served:
    """A running server: its address, its process, and what it says."""

    def __init__(self, process: subprocess.Popen[bytes], port: int, said: Path) -> None:
        self.process = process
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.said = said

    def family(self) -> list[psutil.Process]:
        """Every process below the supervisor."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, words: str) -> psutil.Process | None:
        """The supervisor's own child whose command holds these words."""
        children = psutil.Process(self.process.pid).children()
        return next((one for one in children if words in _command(one)), None)

    def answers(self) -> bool:
        """Whether a page comes back."""
        try:
            return httpx.get(self.address, timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def wait_until_up(self) -> None:
        """Wait until a page comes back; fail with what it said when it ends first."""
        eventually(lambda: self.answers() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said.read_text()


@contextmanager
def serving(data: Path, *arguments: str, wait: bool = True, **environment: str) -> Iterator[Served]:
    """Serve from a data folder on a free port until the block ends."""
    data.mkdir(parents=True, exist_ok=True)
    port = free_port()
    said = data.parent / f"said-{port}.txt"
    with said.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "townhall.project.cli", "serve", "--data", str(data),
             "--port", str(port), *arguments],
            env=os.environ | environment,
            cwd=ROOT,
            stdout=out,
            stderr=out,
        )  # fmt: skip
        served = Served(process, port, said)
        try:
            if wait:
                served.wait_until_up()
            yield served
        finally:
            end(process)


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process to stop, and insist when it does not."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def eventually(holds: Callable[[], object], patience: float = PATIENCE) -> None:
    """Look again and again until something holds; AssertionError when patience is out."""
    until = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < until, "it never held"
        time.sleep(0.05)
