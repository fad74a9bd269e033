"""One person after another over HTTP, with the server's CPU time and each answer's time noted.

For figures of one request at a time. What many at once meet is the load driver's to measure.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.bench import inside, machine
from tests.bench.ours import Server

# A server hangs up on who says nothing for long; `http.client` then connects again by itself.
IDLE = 5.0
Act = Callable[[], object]
Way = Callable[[Server, int], AbstractContextManager[Act]]
ASKED = {"Accept": "text/html", "Accept-Encoding": "gzip, deflate, br, zstd"}


@dataclass(frozen=True)
class Cost:
    """What one request or journey cost: the server's CPU, and the asker's wait, in ms."""

    cpu: float
    middle: float


class Caller:
    """One browser on one connection that is kept open."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        self.cookies: dict[str, str] = {}
        self.path = self.token = ""
        self.headers: dict[str, str] = {}
        self.last = time.monotonic()

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> bytes:
        """Make one request and note where it leads; AssertionError for a fault."""
        headers = ASKED | {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if method == "POST":
            body = urlencode({"csrfmiddlewaretoken": self.token, **(data or {})})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() > self.last + IDLE:
            self.connection.close()
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        found = response.read()
        self.last = time.monotonic()
        assert response.status in (200, 303), (method, path, response.status, found[:300])
        for cookie in response.headers.get_all("Set-Cookie", ()):
            self.cookies |= {name: one.value for name, one in SimpleCookie(cookie).items()}
        self.headers = {name.lower(): value for name, value in response.headers.items()}
        led = response.headers.get("Location")
        self.path = urlsplit(led).path if led else path
        return found

    def read(self, path: str) -> str:
        """Open a page, and have its token."""
        text = inside.plain(self.ask("GET", path), self.headers)
        if found := inside.TOKEN.search(text):
            self.token = found[1]
        return text

    def journey(self, until: str = "") -> None:
        """Go through the journey, or up to the page whose address ends so."""
        for _, method, path, data in inside.requests(self):
            if method == "GET":
                self.read(path)
            else:
                self.ask(method, path, data)
            if until and method == "GET" and path.endswith(until):
                return

    def close(self) -> None:
        """Hang up."""
        self.connection.close()


@contextmanager
def at(server: Server, page: str = "/full-name") -> Iterator[Caller]:
    """Someone who has come to a page of the journey."""
    caller = Caller(server.address)
    try:
        caller.journey(until=page)
        yield caller
    finally:
        caller.close()


def cost(server: Server, times: int, act: Act) -> Cost:
    """Do something so many times; gives what one cost."""
    waits = []
    spent = server.cpu()
    for _ in range(times):
        began = time.perf_counter()
        act()
        waits.append((time.perf_counter() - began) * 1000)
    return Cost((server.cpu() - spent) * 1000 / times, machine.median(waits))


@contextmanager
def opening(server: Server, _: int) -> Iterator[Act]:
    """Someone who opens one question page again and again."""
    with at(server) as caller:
        yield lambda: caller.ask("GET", "/permit/full-name")


@contextmanager
def saving(server: Server, _: int) -> Iterator[Act]:
    """Someone who sends one page again and again."""
    with at(server) as caller:
        yield lambda: caller.ask("POST", "/permit/full-name", {"full-name": "Ada Lovelace"})


@contextmanager
def sending(server: Server, times: int) -> Iterator[Act]:
    """As many people as are asked for, who have come to check answers, and one sends hers."""
    with ExitStack() as stack:
        ready = [stack.enter_context(at(server, "/check-answers")) for _ in range(times)]
        yield lambda: ready.pop().ask("POST", "/permit/check-answers")


@contextmanager
def going(server: Server, _: int) -> Iterator[Act]:
    """One person after another who goes through the whole journey."""
    yield lambda: _through(server.address)


@contextmanager
def reading_metrics(server: Server, _: int) -> Iterator[Act]:
    """Whoever watches over the server."""
    caller = Caller(server.address)
    yield lambda: caller.ask("GET", "/metrics")
    caller.close()


def costs(servers: Sequence[Server], way: Way, blocks: int, each: int) -> list[list[Cost]]:
    """Ask each server in turn, in blocks of so many requests; gives each block's costs.

    What disturbs the machine meanwhile thus meets all of them.
    """
    with ExitStack() as stack:
        acts = [stack.enter_context(way(server, (blocks + 1) * each)) for server in servers]
        found = [
            [cost(server, each, act) for server, act in zip(servers, acts, strict=True)]
            for _ in range(blocks + 1)
        ]
    return found[1:]


def crowd(server: Server, people: int, journeys: int) -> None:
    """Send so many people through so many journeys each, all at once."""
    with ThreadPoolExecutor(people) as pool:
        for done in [pool.submit(_through, server.address) for _ in range(people * journeys)]:
            done.result()


def _through(address: str) -> None:
    caller = Caller(address)
    try:
        caller.journey()
    finally:
        caller.close()
