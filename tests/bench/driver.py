"""One person after another over HTTP, with the server's CPU time and each answer's time noted.

For figures of one request at a time. What many at once meet is the load driver's to measure.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from tests.bench import inside, machine
from tests.bench.ours import Server

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

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> bytes:
        """Make one request and note where it leads; AssertionError for a fault."""
        headers = ASKED | {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        body = None
        if method == "POST":
            body = urlencode({"csrfmiddlewaretoken": self.token, **(data or {})})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        found = response.read()
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


def cost(server: Server, times: int, act: Callable[[], object]) -> Cost:
    """Do something so many times; gives what one cost."""
    act()
    waits = []
    spent = server.cpu()
    for _ in range(times):
        began = time.perf_counter()
        act()
        waits.append((time.perf_counter() - began) * 1000)
    spent = server.cpu() - spent
    return Cost(spent * 1000 / times, machine.median(waits))


def opened(server: Server, times: int = 300) -> Cost:
    """The cost of a question page."""
    with at(server) as caller:
        return cost(server, times, lambda: caller.ask("GET", "/permit/full-name"))


def saved(server: Server, times: int = 300) -> Cost:
    """The cost of sending a page."""
    data = {"full-name": "Ada Lovelace"}
    with at(server) as caller:
        return cost(server, times, lambda: caller.ask("POST", "/permit/full-name", data))


def received(server: Server, times: int = 20) -> Cost:
    """The cost of sending the finished answers, each of another journey."""
    ready = [Caller(server.address) for _ in range(times + 1)]
    for caller in ready:
        caller.journey(until="/check-answers")
    waiting = iter(ready)
    found = cost(server, times, lambda: next(waiting).ask("POST", "/permit/check-answers"))
    for caller in ready:
        caller.close()
    return found


def whole(server: Server, times: int = 20) -> Cost:
    """The cost of a whole journey."""
    return cost(server, times, lambda: _through(server.address))


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
