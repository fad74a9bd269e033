"""The door for granian: a request has arrived whole, and in time, before a thread is given to it.

Under WSGI a thread waits while a body drips in, so four browsers that send a byte a second would
stop everyone. Here waiting costs no thread (docs/decisions, "A body arrives before its thread").
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from io import BytesIO
from queue import SimpleQueue
from threading import Thread
from typing import Protocol

from django.conf import settings

from townhall.project.arrival import SLOWEST
from townhall.project.handler import Headers
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
    if "HTTP_TRANSFER_ENCODING" in environ:
        transport.response_bytes(411, LAST, b"")
        return
    length = _length(environ)
    body = await _body(transport, length) if length else b""
    if body is None:
        return
    environ["wsgi.input"] = BytesIO(body)
    done = asyncio.get_running_loop().create_future()
    arrived = Arrived(environ, transport, done)
    if scope.path == LIVE:
        # It asks nothing of the database, and must not wait for threads that do.
        arrived.answer()
        return
    _arrived.put(arrived)
    await done


async def _body(transport: Transport, length: int) -> bytes | None:
    """Wait for a body of so many bytes; None where it was refused.

    Only what has come buys more time: what is merely said to come would hold a place for minutes.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(settings.ARRIVAL_SECONDS) as limit:
            latest = limit.when() or 0.0
            async for piece in transport:
                body += piece
                limit.reschedule(latest + len(body) / SLOWEST)
    except TimeoutError:
        transport.response_bytes(408, LAST, b"")
        return None
    except RuntimeError:  # granian's RSGIProtocolError: the browser has gone
        body.clear()
    if len(body) == length:
        return bytes(body)
    # Half an answer is none.
    transport.response_bytes(400, LAST, b"")
    return None


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
class Arrived:
    """A request that has arrived, and whom to tell when it is answered."""

    environ: dict[str, object]
    transport: Transport
    done: asyncio.Future[None]

    def answer(self) -> None:
        """Have Django answer; a thread keeps its own connection to the database."""
        self.transport.response_bytes(*application.answer(self.environ))

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


_arrived: SimpleQueue[Arrived] = SimpleQueue()
for _ in range(THREADS):
    Thread(target=_work, name="page", daemon=True).start()
