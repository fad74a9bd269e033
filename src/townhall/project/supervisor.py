"""Keeps processes running: starts each again when it ends, and ends them all with itself."""

import logging
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from townhall.project import lifeline

log = logging.getLogger("townhall.serve")

LOOK_EVERY = 0.1
FIRST_WAIT = 0.5
LONGEST_WAIT = 30.0
# A process that has lived this long was well: its next failure starts from the shortest wait.
WELL_AFTER = 60.0
PATIENCE = 15.0


@dataclass
class Child:
    """One process to keep running: `arguments` are those of this Python."""

    name: str
    arguments: Sequence[str]
    wait: float = FIRST_WAIT
    started: float = 0.0
    due: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def look(self, now: float) -> None:
        """Start it when it is due, and notice when it has ended. `now` is monotonic seconds."""
        if self.process is None:
            if now >= self.due:
                self.start(now)
            return
        code = self.process.poll()
        if code is not None:
            self._ended(code, now)

    def start(self, now: float) -> None:
        """Start it. It watches us, so that it ends when we are killed.

        It has a process group of its own: Ctrl+C reaches us alone, and we ask each to stop in turn.
        """
        self.process = subprocess.Popen(
            [sys.executable, *self.arguments],
            env=lifeline.environment_for_children(),
            process_group=0,
        )
        self.started = now

    def _ended(self, code: int, now: float) -> None:
        self.wait = FIRST_WAIT if now - self.started > WELL_AFTER else self.wait
        told = {"child": self.name, "code": code, "again_in_s": self.wait}
        log.warning("a process ended and is started again", extra=told)
        self.process, self.due = None, now + self.wait
        self.wait = min(self.wait * 2, LONGEST_WAIT)

    def end(self, by: float) -> None:
        """Ask it to finish what is in hand, and kill it at the monotonic second `by`."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, by - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep_running(children: Sequence[Child], *, patience: float = PATIENCE) -> None:
    """Keep every child running until this process is asked to stop (SIGTERM, SIGINT, SIGHUP).

    Each then has ``patience`` seconds to finish what is in hand.
    """
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(name, lambda *_: stop.set())
    while not stop.is_set():
        now = time.monotonic()
        for child in children:
            child.look(now)
        stop.wait(LOOK_EVERY)
    for child in children:
        if child.process is not None:
            child.process.terminate()
    by = time.monotonic() + patience
    for child in children:
        child.end(by)
