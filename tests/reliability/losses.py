"""What a disaster loses: who had been told “received”, and whether their submission came back."""

import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import median

from tests.reliability.town import Clients, Ready, Town
from tests.support.own_database import run
from tests.support.serving import eventually

PROGRAMS = "tests.reliability.programs"
DRAFTS = 6_000
"""More than a quick machine receives before the disaster: some 400 a second, for six seconds."""


class Stamped(list[Ready]):
    """Drafts in the order in which they were acknowledged, and when each was (monotonic)."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def append(self, ready: Ready) -> None:
        self.at.append(time.monotonic())
        super().append(ready)


@dataclass
class Senders(Clients):
    """People who give up when it has ended."""

    stopped: threading.Event = field(default_factory=threading.Event)

    def _is_received(self, connection: HTTPConnection, port: int, ready: Ready) -> bool:
        return self.stopped.is_set() or super()._is_received(connection, port, ready)


@dataclass
class Writing:
    """People who send one draft after another until it ends."""

    made: Town
    drafts: list[Ready]
    acked: Stamped = field(default_factory=Stamped)
    stopped: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        ports = [web.port for web in self.made.webs]
        clients = Senders(ports, acked=self.acked, stopped=self.stopped)
        clients.press_all(self._supply(), threads=4)

    def until(self, acked: int, seconds: float) -> None:
        """Wait until that many were acknowledged, and for some seconds more of the same."""
        eventually(lambda: len(self.acked) >= acked, 600)
        self.stopped.wait(seconds)
        assert len(self.acked) + 4 < len(self.drafts), "nobody was left to send at the end"

    def end(self) -> None:
        self.stopped.set()

    def _supply(self) -> Iterator[Ready]:
        for one in self.drafts:
            if self.stopped.is_set():
                return
            yield one


@dataclass(frozen=True)
class Loss:
    """Who was acknowledged before an instant, who of them is missing, and for how long at most."""

    acked: int
    lost: int
    window_ms: float
    """Age, at the disaster, of the oldest acknowledgement that was lost: 0 where none was."""


def loss(writing: Writing, stored: set[str], ended: float) -> Loss:
    """Compare what was acknowledged before an instant with what came back."""
    told = [
        (at, one.draft)
        for at, one in zip(writing.acked.at, writing.acked, strict=False)
        if at <= ended
    ]
    missing = [at for at, draft in told if draft not in stored]
    window = (ended - min(missing)) * 1_000 if missing else 0.0
    return Loss(len(told), len(missing), round(window))


def stored(env: dict[str, str]) -> set[str]:
    """The drafts whose submissions are in a database, whose audit must be whole."""
    run(env, "townhall.project.cli", "audit", "--data", env["TOWNHALL_DATA"])
    found = json.loads(run(env, PROGRAMS, "ledger"))
    return {draft for draft, _, _ in found["submissions"]}


def summary(name: str, losses: list[Loss], seconds: list[float]) -> str:
    """One line of JSON over several rounds."""
    return json.dumps({
        "drill": name,
        "rounds": len(losses),
        "acknowledged": sum(one.acked for one in losses),
        "lost": sum(one.lost for one in losses),
        "window_ms_median": median(one.window_ms for one in losses),
        "window_ms_worst": max(one.window_ms for one in losses),
        "restore_seconds_worst": round(max(seconds), 1),
    })  # fmt: skip
