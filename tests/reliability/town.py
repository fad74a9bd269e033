"""A town of real processes on one database: web and workers that are killed, clients that go on.

A client keeps pressing "send" for one draft until it is told "received"; what it was told is all
that the checks afterwards rest on.
"""

import http.client
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from tests.fakes import http as fake
from tests.fakes.webhook import Receiver
from tests.support.own_database import ROOT, own_database, run
from tests.support.ports import free_port
from tests.support.serving import eventually
from townhall.notify import standin_address

PROGRAMS = "tests.reliability.programs"
FORGERY_TOKEN = "t" * 32
PATIENCE = 90.0


@dataclass(frozen=True)
class Ready:
    """A draft that wants only the last press: its cookie's secret, its id, and its answer."""

    token: str
    draft: str
    number: int


@dataclass
class Part:
    """One process of the town, in a group of its own so that a kill takes its children too."""

    name: str
    command: list[str]
    env: dict[str, str]
    port: int = 0
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        command = [sys.executable, *self.command]
        log = Path(self.env["TOWNHALL_DATA"]) / f"{self.name}.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, env=self.env, cwd=ROOT, stdout=out, stderr=out, start_new_session=True
            )

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def is_up(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@dataclass
class Town:
    """Two web processes and two workers on one database, and the receiver of their webhooks."""

    env: dict[str, str]
    receiver: Receiver
    webs: list[Part] = field(default_factory=list)
    workers: list[Part] = field(default_factory=list)

    def ask(self, program: str, *arguments: str) -> str:
        return run(self.env, PROGRAMS, program, *arguments)

    def prefill(self, count: int) -> list[Ready]:
        rows = [line.split() for line in self.ask("prefill", str(count)).splitlines()]
        return [Ready(token, draft, int(number)) for token, draft, number in rows]

    def ledger(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.ask("ledger"))
        return found

    def open(self) -> None:
        for number in range(2):
            port = free_port()
            env = {**self.env, "TOWNHALL_HOST": "127.0.0.1", "TOWNHALL_PORT": str(port)}
            web = Part(f"web-{number}", ["-m", "townhall.project.web"], env, port)
            self.webs.append(web)
            self.workers.append(Part(f"work-{number}", ["-m", PROGRAMS, "work"], self.env))
        for part in [*self.webs, *self.workers]:
            part.start()
        for web in self.webs:
            eventually(web.is_up)

    def close(self) -> None:
        for part in [*self.webs, *self.workers]:
            part.kill()

    def drain(self, total: int) -> None:
        """Wait until the receiver has had that many, and nothing is left to deliver."""
        eventually(lambda: len(self.receiver.effects) >= total, PATIENCE * 4)
        eventually(lambda: self.ask("backlog").strip() == "0", PATIENCE)


@contextmanager
def town(folder: Path, **more: str) -> Iterator[Town]:
    """A town that is not open yet, with its database, its settings and its receiver."""
    receiver = Receiver(secret=standin_address.SECRET)
    with own_database(folder) as env, fake.Server(receiver) as server:
        standin_address.folder(folder).mkdir()
        standin_address.write(folder, smtp=1, http=server.server_address[1])
        services = {"TOWNHALL_SERVICES": str(ROOT / "services"), "TOWNHALL_LOG_LEVEL": "ERROR"}
        made = Town({**env, **services, **more}, receiver)
        try:
            yield made
        finally:
            made.close()


def press_send(port: int, ready: Ready, connection: http.client.HTTPConnection) -> tuple[int, str]:
    """Press the last button once. Gives the status and where the answer leads."""
    cookie = f"townhall_draft_tiny={ready.token}; townhall_form={FORGERY_TOKEN}"
    form = urlencode({"csrfmiddlewaretoken": FORGERY_TOKEN})
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request("POST", "/tiny/check-answers", form, kind)
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Location", "")


@dataclass
class Clients:
    """Eight people's worth of pressing: each draft until it is received."""

    ports: list[int]
    acked: list[Ready] = field(default_factory=list)
    odd: list[tuple[int, str]] = field(default_factory=list)

    def press_all(self, drafts: Iterable[Ready], threads: int = 8) -> list[threading.Thread]:
        left = iter(drafts)
        lock = threading.Lock()
        ports = itertools.cycle(self.ports)
        made = [
            threading.Thread(target=self._press, args=(left, lock, next(ports)), daemon=True)
            for _ in range(threads)
        ]
        for thread in made:
            thread.start()
        return made

    def _press(self, left: Iterator[Ready], lock: threading.Lock, port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while True:
            with lock:
                ready = next(left, None)
            if ready is None:
                connection.close()
                return
            while not self._is_received(connection, port, ready):
                time.sleep(0.05)

    def _is_received(self, connection: http.client.HTTPConnection, port: int, ready: Ready) -> bool:
        try:
            status, leads = press_send(port, ready, connection)
        except (OSError, http.client.HTTPException):
            connection.close()
            return False
        if status == 303 and leads.endswith("/confirmation"):
            self.acked.append(ready)
            return True
        self.odd.append((status, leads))
        return False


def kill_in_turn(town: Town, clients: Clients, *, kills: int, total: int) -> int:
    """Kill one process after another, evenly over the run, and start each again at once."""
    victims = itertools.cycle([*town.webs, *town.workers])
    done = 0
    for number in range(kills):
        _wait_for(lambda mark=(number + 1) * total // (kills + 2): len(clients.acked) >= mark)
        victim = next(victims)
        victim.kill()
        victim.start()
        done += 1
        if victim.port:
            eventually(victim.is_up)
    return done


def _wait_for(holds: Callable[[], bool]) -> None:
    eventually(holds, 600.0)
