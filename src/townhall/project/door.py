"""The door for granian: a request has arrived whole, and in time, before a thread is given to it.

Under WSGI a thread waits while a body drips in, so four browsers that send a byte a second would
stop everyone. Here waiting costs no thread (docs/decisions, "A body arrives before its thread").
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from functools import lru_cache, partial
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from django.conf import settings
from django.utils.encoding import iri_to_uri

from townhall.project import awake, forgetting
from townhall.project.asked import FORM
from townhall.project.bodies import Body, Room
from townhall.project.handler import Headers, Pages
from townhall.project.lanes import METRICS, READY, Lane
from townhall.project.patience import Patience
from townhall.project.said import CROWDED, Said

__all__ = ["answer", "awake"]

THREADS = 4
LAST = [("connection", "close")]
LIVE = "/health/live"
# What is longer Django refuses: it is not waited for.
LONGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
# No length has more; granian lets noughts before one through, of which Python reads 4,300.
DIGITS = 20
# What the door says of a request whose body is longer than Django takes; no header has this name.
TOO_LONG = "townhall.too_long"
# What the door says of a request of which nobody can tell whence it comes: granian leaves out a
# header that is not ASCII, and without these somebody would pass for our own machine or page.
UNSURE = "townhall.unsure"
WHENCE = ("forwarded", "origin", "via", "x-forwarded-for", "x-forwarded-proto", "x-real-ip")
# What nearly every request has: what WSGI calls it is looked up here.
USUAL = (
    "accept accept-encoding accept-language cache-control connection cookie dnt host if-none-match"
    " if-modified-since origin pragma priority referer sec-ch-ua sec-ch-ua-mobile"
    " sec-ch-ua-platform sec-fetch-dest sec-fetch-mode sec-fetch-site sec-fetch-user te"
    " upgrade-insecure-requests user-agent x-forwarded-for x-forwarded-host x-forwarded-proto"
    " x-real-ip x-request-id"
)

log = logging.getLogger("townhall.door")


Environ = dict[str, str]


class Scope(Protocol):
    """What granian says of a request (RSGI 1.6); addresses are with their ports."""

    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str
    authority: str | None

    @property
    def headers(self) -> Given:
        """The headers, their names in small letters."""


class Given(Protocol):
    """The headers of a request."""

    def items(self) -> Iterable[tuple[str, str]]:
        """Every header that is ASCII, repeated ones too."""

    def __len__(self) -> int:
        """How many names there are, of headers that are not ASCII too."""

    def __contains__(self, name: str) -> bool:
        """Whether a header came, ASCII or not."""


class Transport(Protocol):
    """How the body of one request comes, and its answer goes."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Wait for each piece of the body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer."""


async def answer(scope: Scope, transport: Transport) -> None:
    """Answer one request; 408, and the end of the connection, where its body takes too long.

    A body without a length is refused (411): Django would take it for an empty one; so is whoever
    says whence they come in what is not ASCII (400).
    """
    path, environ = scope.path, environ_of(scope)
    if UNSURE in environ:
        transport.response_bytes(400, LAST, b"")
    elif path == LIVE or path in LANES:
        await _answer_machine(path, environ, transport)
    elif "HTTP_TRANSFER_ENCODING" in environ:
        transport.response_bytes(411, LAST, b"")
    elif length := _length(environ):
        with _room.body() as body:
            refusal = await _refusal(body, length, transport, environ)
            if refusal:
                transport.response_bytes(*refusal)
            else:
                await _handed_over(environ, body.whole(), transport)
    else:
        await _handed_over(environ, None if TOO_LONG in environ else b"", transport)


async def _handed_over(environ: Environ, body: bytes | None, transport: Transport) -> None:
    """Give a request to the pages' threads, and wait until it is answered."""
    arrived = Arrived(environ, body, transport)
    _arrived.put(arrived)
    await arrived.done


async def _answer_machine(path: str, environ: Environ, transport: Transport) -> None:
    """Answer what a load balancer or Prometheus asks; no body is waited for."""
    answered = partial(_answered, environ, b"")
    # That we live asks nothing of the database, and waits for no thread that does.
    said = answered() if path == LIVE else await LANES[path].ask(answered)
    transport.response_bytes(*said)


async def _refusal(body: Body, length: int, transport: Transport, environ: Environ) -> Said | None:
    """Wait until a body is there; else say why it is refused."""
    if not await _in_time(body, transport):
        return Said(408, LAST, b"")
    if body.come != length:
        # Half an answer is none.
        return Said(400, LAST, b"")
    if not body.refused:
        return None
    # It was read to its end: a browser shows no answer that comes before it has sent all.
    said = _answered(environ | {CROWDED: "1"}, b"")
    return Said(said.status, [*said.headers, *LAST], said.body)


async def _in_time(body: Body, transport: Transport) -> bool:
    """Whether a body came, or its browser went, in time."""
    wait = _patience.begin(body)
    try:
        async for piece in transport:
            body.add(piece)
    except asyncio.CancelledError:
        if not wait.late or not wait.task:
            raise
        wait.task.uncancel()
        return False
    except RuntimeError:  # granian's RSGIProtocolError: the browser has gone
        body.come = 0
    finally:
        _patience.end(wait)
    return True


def environ_of(scope: Scope) -> Environ:
    """Give a request as WSGI has it (PEP 3333), without what Django does not read.

    A name with an underscore is left out: it would pass for one with a hyphen that our proxy sets.
    """
    path, query, environ = scope.path, scope.query_string, _headers(scope.headers)
    environ["REQUEST_METHOD"] = scope.method
    environ["PATH_INFO"] = path if path.isascii() else path.encode().decode("latin-1")
    environ["QUERY_STRING"] = query if query.isascii() else iri_to_uri(query)
    environ["SERVER_PROTOCOL"] = f"HTTP/{scope.http_version}"
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    environ["SERVER_NAME"], environ["SERVER_PORT"] = _place(scope.server)
    environ["wsgi.url_scheme"] = scope.scheme
    if "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority or ""
    return environ


def _headers(given: Given) -> Environ:
    came = [*given.items()]
    try:
        found = {KEYS[name]: value for name, value in came}
    except KeyError:
        found = {}
    if len(found) < len(came):
        found = _gathered(came)
    if len(given) > len(found) and any(
        name in given and _key(name) not in found for name in WHENCE
    ):
        found[UNSURE] = "1"
    return found


def _gathered(came: Iterable[tuple[str, str]]) -> Environ:
    """Give headers of which one is unusual, or came more than once."""
    found: Environ = {}
    for name, value in came:
        key = KEYS.get(name) or _key(name)
        if key in found:
            found[key] += f"; {value}" if key == "HTTP_COOKIE" else f",{value}"
        elif key:
            found[key] = value
    return found


def _key(name: str) -> str:
    """Give what WSGI calls a header; "" for one that is left out."""
    key = "" if "_" in name else name.upper().replace("-", "_")
    return key if key in ("", "CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"


def _length(environ: Environ) -> int:
    """Give how much to wait for: nothing where it is more than Django takes, who says so then."""
    declared = environ.get("CONTENT_LENGTH", "")
    if not (declared.isascii() and declared.isdigit()):
        return 0
    if len(declared) > DIGITS:
        environ["CONTENT_LENGTH"] = declared = declared.lstrip("0")[:DIGITS] or "0"
    length = int(declared)
    if length <= LONGEST:
        return length
    # Of this kind Django reads the length first, and refuses it with a page.
    environ |= {"CONTENT_TYPE": FORM, TOO_LONG: "1"}
    return 0


@lru_cache(maxsize=100)
def _place(server: str) -> tuple[str, str]:
    """Give the address and the port of our own that was asked."""
    host, _, port = server.rpartition(":")
    return host.strip("[]"), port


def _answered(environ: Environ, body: bytes | None) -> Said:
    """Have Django answer; a thread keeps its own connection to the database."""
    return Said(*_pages.answer(environ, body))


class Arrived:
    """What was asked, where its answer goes, and whom to tell when it is answered."""

    def __init__(self, environ: Environ, body: bytes | None, transport: Transport) -> None:
        """Keep them; the loop that calls is who is told."""
        self.environ, self.body, self.transport = environ, body, transport
        self.done = asyncio.get_running_loop().create_future()

    def answer(self) -> None:
        """Answer; one of the pages' threads does."""
        self.transport.response_bytes(*_pages.answer(self.environ, self.body))

    def end(self) -> None:
        """Let the loop know, which answers 500 where nothing was answered."""
        _ended.tell(self.done)


class Ended:
    """Who is told that they were answered: the loop is woken once for all of them."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._called = False

    def tell(self, done: asyncio.Future[None]) -> None:
        """Have the loop settle this one; any thread may ask."""
        self._waiting.append(done)
        if not self._called:
            # Two threads may both come here: then the loop finds nobody the second time.
            self._called = True
            done.get_loop().call_soon_threadsafe(self._settle)

    def _settle(self) -> None:
        # First: whoever is added from here on calls again, or is still met below.
        self._called = False
        while self._waiting:
            done = self._waiting.popleft()
            if not done.done():
                done.set_result(None)


def _work() -> None:
    while True:
        arrived = _arrived.get()
        try:
            arrived.answer()
        except Exception:
            log.exception("a request was not answered")
        arrived.end()


LANES: Mapping[str, Lane] = {
    "/health/ready": Lane("ready", READY, too_late=b'["database"]'),
    "/metrics": Lane("metrics", METRICS),
}
KEYS = {name: _key(name) for name in (*USUAL.split(), "content-length", "content-type")}
_pages = Pages()
_room = Room()
_patience = Patience(settings.ARRIVAL_SECONDS)
_ended = Ended()
_arrived: SimpleQueue[Arrived] = SimpleQueue()
for _ in range(THREADS):
    Thread(target=_work, name="page", daemon=True).start()
forgetting.begin()
