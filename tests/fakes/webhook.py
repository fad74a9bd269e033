"""A council system that takes webhooks: checks the signature, honours the key, fails when told to.

It proves the signature by its own reading of the documented rule, not with our code. As a program
(`python -m tests.fakes.webhook FOLDER`) it prints its address, draws a fault for each request in
three of ten, and writes each effect as a line of `effects.jsonl` before it answers.
"""

import hashlib
import hmac
import json
import random
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from tests.fakes.http import Answer, Asked, Server

SECRET = "a-secret-for-tests"
FAULTS = (
    "503",
    "hang_before",
    "hang_after",
    "reset_before",
    "reset_after",
    "duplicate",
    "login_page",
)
LOGIN = Answer(200, b"<!doctype html><title>Sign in</title>", "text/html")


@dataclass
class Receiver:
    """Its memory: every request, and the one effect of each key."""

    secret: str = SECRET
    faults: Iterator[str] = field(default_factory=lambda: repeat(""))
    on_effect: Callable[[str, bytes], None] = lambda key, body: None
    effects: dict[str, bytes] = field(default_factory=dict)
    requests: list[Asked] = field(default_factory=list)
    faulted: int = 0
    conflicts: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, asked: Asked) -> Answer:
        with self.lock:
            self.requests.append(asked)
            fault = next(self.faults)
            self.faulted += bool(fault)
            return self._answer(asked, fault)

    def _answer(self, asked: Asked, fault: str) -> Answer:
        before = {
            "503": Answer(503),
            "hang_before": Answer(hang=True),
            "reset_before": Answer(cut=True),
            "login_page": LOGIN,
        }
        if fault in before:
            return before[fault]
        answer = self.take(asked)
        if fault == "duplicate":
            # A proxy in between sends the request again; the second answer goes back.
            answer = self.take(asked)
        after = {"hang_after": Answer(hang=True), "reset_after": Answer(cut=True)}
        return after.get(fault, answer)

    def take(self, asked: Asked) -> Answer:
        """Apply a request once."""
        if not self.is_signed(asked):
            return Answer(401, b'{"error": "signature"}')
        key = asked.headers["idempotency-key"]
        if key not in self.effects:
            self.effects[key] = asked.body
            self.on_effect(key, asked.body)
        self.conflicts += self.effects[key] != asked.body
        return Answer(200, b'{"received": true}')

    def is_signed(self, asked: Asked) -> bool:
        """`t=TIME,v1=HEX`, the hex being HMAC-SHA256 of `TIME.BODY` with the shared secret."""
        given = dict(part.split("=", 1) for part in asked.headers["townhall-signature"].split(","))
        signed = f"{given['t']}.".encode() + asked.body
        wanted = hmac.new(self.secret.encode(), signed, hashlib.sha256).hexdigest()
        return hmac.compare_digest(given["v1"], wanted)


def drawn(seed: int, rate: float) -> Iterator[str]:
    """A fault for each request, with that rate, the same for the same seed."""
    chance = random.Random(seed)
    while True:
        yield chance.choice(FAULTS) if chance.random() < rate else ""


def main(folder: Path, rate: float = 0.3, seed: int = 1) -> None:
    """Receive until standard input ends."""
    with (folder / "effects.jsonl").open("a") as ledger:

        def write(key: str, body: bytes) -> None:
            ledger.write(json.dumps({"key": key, "body": json.loads(body)}) + "\n")
            ledger.flush()

        receiver = Receiver(faults=drawn(seed, rate), on_effect=write)
        with Server(receiver) as server:
            print(server.url, flush=True)
            sys.stdin.read()
            print(json.dumps({"requests": len(receiver.requests), "faulted": receiver.faulted}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]))
