"""The door for granian: a request has arrived whole, and in time, before a thread is given to it.

Under WSGI a thread waits while a body drips in, so four browsers that send a byte a second would
stop everyone. Here waiting costs no thread (docs/decisions, "A body arrives before its thread").
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from django.conf import settings

from townhall.project.arrival import SLOWEST
from townhall.project.bodies import Body, Room
from townhall.project.handler import Headers
from townhall.project.lanes import METRICS, READY, Lane
from townhall.project.said import CROWDED, Said
from townhall.project.wsgi import application

THREADS = 4
FORM = "application/x-www-form-urlencoded"
LAST = [("connection", "close")]
LIVE = "/health/live"

log = logging.getLogger("townhall.door")


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
        """Every header, repeated ones too."""


class Transport(Protocol):
    """How the body of one request comes, and its answer goes."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Wait for each piece of the body."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer."""


async def answer(scope: Scope, transport: Transport) -> None:
    """Answer one request; 408, and the end of the connection, where its body takes too long.

    A body without a length is refused (411): Django would take it for an empty one.
    """
    environ = environ_of(scope)
    if scope.path == LIVE or scope.path in LANES:
        await _answer_machine(scope.path, Asked(environ), transport)
        return
    if "HTTP_TRANSFER_ENCODING" in environ:
        transport.response_bytes(411, LAST, b"")
        return
    with _room.body() as body:
        refusal = await _refusal(body, transport, environ)
        if refusal:
            transport.response_bytes(refusal.status, refusal.headers, refusal.body)
            return
        environ["wsgi.input"] = BytesIO(body.whole())
        arrived = Arrived(Asked(environ), transport, asyncio.get_running_loop().create_future())
        _arrived.put(arrived)
        await arrived.done


async def _answer_machine(path: str, asked: Asked, transport: Transport) -> None:
    """Answer what a load balancer or Prometheus asks; no body is waited for."""
    # That we live asks nothing of the database, and waits for no thread that does.
    said = asked.answer() if path == LIVE else await LANES[path].ask(asked.answer)
    transport.response_bytes(said.status, said.headers, said.body)


async def _refusal(body: Body, transport: Transport, environ: dict[str, object]) -> Said | None:
    """Wait until a body is there; else say why it is refused."""
    length = _length(environ)
    if not length:
        return None
    if not await _in_time(body, transport):
        return Said(408, LAST, b"")
    if body.come != length:
        # Half an answer is none.
        return Said(400, LAST, b"")
    if not body.refused:
        return None
    # It was read to its end: a browser shows no answer that comes before it has sent all.
    said = Asked(environ | {CROWDED: "1"}).answer()
    return Said(said.status, [*said.headers, *LAST], said.body)


async def _in_time(body: Body, transport: Transport) -> bool:
    """Whether a body came, or its browser went, in time.

    Only what has come buys more time: what is merely said to come would hold a place for minutes.
    """
    try:
        async with asyncio.timeout(settings.ARRIVAL_SECONDS) as limit:
            latest = limit.when() or 0.0
            async for piece in transport:
                body.add(piece)
                limit.reschedule(latest + body.come / SLOWEST)
    except TimeoutError:
        return False
    except RuntimeError:  # granian's RSGIProtocolError: the browser has gone
        body.come = 0
    return True


def environ_of(scope: Scope) -> dict[str, object]:
    """Give a request as WSGI has it (PEP 3333), but for its body.

    A name with an underscore is left out: it would pass for one with a hyphen that our proxy sets.
    """
    environ: dict[str, object] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": _host(scope.client),
        "SERVER_NAME": _host(scope.server),
        "SERVER_PORT": scope.server.rpartition(":")[2],
        "HTTP_HOST": scope.authority or "",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    return environ | _headers(scope.headers)


def _headers(given: Given) -> dict[str, object]:
    found: dict[str, str] = {}
    for name, value in given.items():
        if "_" in name:
            continue
        key = name.upper().replace("-", "_")
        key = key if key in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{key}"
        between = "; " if key == "HTTP_COOKIE" else ","
        found[key] = f"{found[key]}{between}{value}" if key in found else value
    return {**found}


def _length(environ: dict[str, object]) -> int:
    """Give how much to wait for: nothing where it is more than Django takes, who says so then."""
    declared = str(environ.get("CONTENT_LENGTH", ""))
    length = int(declared) if declared.isascii() and declared.isdigit() else 0
    if length <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return length
    # Of this kind Django reads the length first, and refuses it with a page.
    environ["CONTENT_TYPE"] = FORM
    return 0


def _host(address: str) -> str:
    return address.rpartition(":")[0].strip("[]")


@dataclass(frozen=True)
class Asked:
    """A request that has arrived, as WSGI has it."""

    environ: dict[str, object]

    def answer(self) -> Said:
        """Have Django answer; a thread keeps its own connection to the database."""
        return Said(*application.answer({"wsgi.input": BytesIO()} | self.environ))


@dataclass(frozen=True)
class Arrived:
    """What was asked, where its answer goes, and whom to tell when it is answered."""

    asked: Asked
    transport: Transport
    done: asyncio.Future[None]

    def answer(self) -> None:
        """Answer; one of the pages' threads does."""
        said = self.asked.answer()
        self.transport.response_bytes(said.status, said.headers, said.body)

    def end(self) -> None:
        """Let the loop know, which answers 500 where nothing was answered."""
        self.done.get_loop().call_soon_threadsafe(_settle, self.done)


def _settle(done: asyncio.Future[None]) -> None:
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
_room = Room()
_arrived: SimpleQueue[Arrived] = SimpleQueue()
for _ in range(THREADS):
    Thread(target=_work, name="page", daemon=True).start()
