"""What a request costs at the least, layer by layer: the same question asked over many connections.

Each layer is an address that reaches one part further in than the one before it, so what a part
costs is the difference. None of them was made for the bench but the first, which is no part of us.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.bench import driver, inside, machine, ours
from tests.bench.peer import CONNECTIONS

LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)\r\n", re.IGNORECASE)
FINE = re.compile(rb"HTTP/1\.1 200 ")
WARM, PATIENCE = 0.3, 10.0
REQUESTS = 1 + 2 * len(inside.JOURNEY["steps"])
"""Requests of a journey: each step sends a page and is led to the next."""


@dataclass(frozen=True)
class Layer:
    """One address, and what answers there; `bare` is the server without us."""

    name: str
    path: str
    words: str


LAYERS = (
    Layer("bare", "/", "granian alone, answering “ok”"),
    Layer("live", "/health/live", "/health/live: our door; no thread, no view"),
    Layer("least", "/theme.css", "/theme.css: a thread, all of Django, a line of text"),
    Layer("start", "/permit", "/permit: a statement, and a page kept whole"),
    Layer("question", "/permit/full-name", "/permit/full-name: a question page"),
)
SERVER_ALONE, DOOR, LEAST, START, QUESTION = (layer.name for layer in LAYERS)


class Crowd:
    """Connections that ask one thing again and again until they are told to stop."""

    def __init__(self, request: bytes) -> None:
        self.request = request
        self.answered = 0
        self.open = 0
        self.stopping = False
        self.gone = asyncio.Event()
        self.fault = b""


class Asker(asyncio.Protocol):
    """One of them. It reads only as much of an answer as it must: whether it is fine, and whole."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.held = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to ask."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.crowd.open += 1
        transport.write(self.crowd.request)

    def data_received(self, data: bytes) -> None:
        """Ask again where an answer is whole."""
        self.held += data
        if not whole(self.held):
            return
        if not FINE.match(self.held):
            self.crowd.fault = self.held[:300]
        self.held = b""
        self.crowd.answered += 1
        assert self.transport is not None
        if self.crowd.stopping:
            self.transport.close()
        else:
            self.transport.write(self.crowd.request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count who is left; nobody hangs up on us while we ask."""
        self.crowd.open -= 1
        if not self.crowd.stopping:
            self.crowd.fault = b"the server hung up"
        if not self.crowd.open:
            self.crowd.gone.set()


def whole(held: bytes) -> bool:
    """Whether an answer has come with all of its body. AssertionError for one without length."""
    head, found, body = held.partition(b"\r\n\r\n")
    if not found:
        return False
    length = LENGTH.search(head + b"\r\n")
    assert length, head
    return len(body) >= int(length[1])


def request(address: str, path: str, cookies: dict[str, str]) -> bytes:
    """Write a GET as the driver of whole journeys sends it."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {urlsplit(address).netloc}"]
    lines += [f"{name}: {words}" for name, words in driver.ASKED.items()]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={word}" for name, word in cookies.items()))
    return "\r\n".join([*lines, "", ""]).encode()


def cost(server: ours.Server, sent: bytes, seconds: float) -> float:
    """Ask for so long over all the connections at once; gives the server's CPU in ms a request."""
    with machine.pinned(machine.DRIVER):
        return asyncio.run(_cost(server, Crowd(sent), seconds))


async def _cost(server: ours.Server, crowd: Crowd, seconds: float) -> float:
    url, loop = urlsplit(server.address), asyncio.get_running_loop()
    for _ in range(CONNECTIONS):
        await loop.create_connection(lambda: Asker(crowd), url.hostname, url.port)
    await asyncio.sleep(WARM)
    spent, answered = server.cpu(), crowd.answered
    await asyncio.sleep(seconds)
    spent, answered = server.cpu() - spent, crowd.answered - answered
    crowd.stopping = True
    await asyncio.wait_for(crowd.gone.wait(), PATIENCE)
    assert not crowd.fault, crowd.fault
    assert answered, "nothing was answered"
    return spent * 1000 / answered


def layers(bare: ours.Server, server: ours.Server, seconds: float) -> dict[str, float]:
    """Ask at each layer for so long, in turn; gives each one's cost in ms by its name."""
    found = {}
    with driver.at(server) as caller:
        for layer in LAYERS:
            asked = bare if layer.name == SERVER_ALONE else server
            cookies = caller.cookies if layer.name == QUESTION else {}
            found[layer.name] = cost(asked, request(asked.address, layer.path, cookies), seconds)
    return found


def journeys(server: ours.Server, people: int, each: int) -> float:
    """Send people through whole journeys at once; gives the server's CPU in ms a journey."""
    spent = server.cpu()
    with machine.pinned(machine.DRIVER):
        driver.crowd(server, people, each)
    return (server.cpu() - spent) * 1000 / (people * each)
