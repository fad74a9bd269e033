"""A rehearsal inside this process: the real pages on a port of this machine, and a clock to set."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from townhall.engine.faults import Fault, InvalidDefinition, Place
from townhall.engine.library import COUNCIL_FILE, Library
from townhall.notify import standin, standin_address
from townhall.outbox import queries as outbox
from townhall.outbox import worker
from townhall.project import house, preparation, wiring
from townhall.project.rehearsal import guard
from townhall.runner import fittings as runner
from townhall.submissions import fittings as submissions
from townhall.submissions.queries import id_of

ROUNDS = 3
A_WHILE = timedelta(minutes=1)
"""Longer than GOV.UK Notify is given before it is asked what became of a message."""


class NoRehearsal(RuntimeError):
    """This process knows what is live: it was not given the surroundings of a rehearsal."""


@dataclass
class Clock:
    """The time as the rehearsal has it."""

    at: datetime

    def __call__(self) -> datetime:
        """Give it."""
        return self.at


@dataclass(frozen=True)
class Rehearsal:
    """Pages at ``address`` whose time is ``clock``; ``data`` holds its store and its stand-in."""

    address: str
    clock: Clock
    data: Path

    def settle(self, folder: Path) -> Library:
        """Take the council's settings and prices from a folder, or where it has none the house's.

        Raises InvalidDefinition where they cannot be read, or nobody says who the council is.
        """
        shelf = house.library().with_folder(folder).demonstrated()
        council = shelf.council
        if council is None:
            remedy = "Put one beside the service, or name its folder with --services."
            place = Place(str(folder / COUNCIL_FILE))
            raise InvalidDefinition((Fault("no-council", "It is not there.", remedy, place),))
        fees = shelf.fees
        fitted = replace(wiring.RUNNER, clock=self.clock, council=lambda: council)
        runner.install(replace(fitted, fees=lambda: fees))
        submissions.install(replace(wiring.SUBMISSIONS, council=lambda: council))
        return shelf

    def deliver(self, reference: str) -> list[str]:
        """Deliver all that is due, to the stand-in; say what of one submission does not get there.

        Each is told as its destination and the class of the error.
        """
        fittings = replace(wiring.OUTBOX, clock=self.clock)
        for _ in range(ROUNDS):
            worker.run_until_idle(fittings)
            self.clock.at += A_WHILE
        left = outbox.undelivered(id_of(reference) or "")
        return [f"{row.subscriber.removeprefix('deliver:')}: {row.error_class}" for row in left]

    def messages(self) -> int:
        """Count what the stand-in has filed; a webhook has two files."""
        filed = standin_address.folder(self.data).glob("*/*")
        return sum(file.suffix in {".eml", ".json"} for file in filed)


@contextmanager
def opened(data: Path, *, at: datetime) -> Iterator[Rehearsal]:
    """Hold a rehearsal in an empty folder, at an instant that may then be moved.

    Its pages are served over HTTP on a port of this machine, and what they send reaches a stand-in.
    After `settle`, a service is put live in it with `definitions.files.rehearse_file`, a draft too:
    that is what a preview is. Raises NoRehearsal where this process's environment is not one that
    `surroundings` gave.
    """
    if not settings.REHEARSAL:
        raise NoRehearsal
    preparation.have_folder(data, create=True)
    preparation.bring_up_to_date(data)
    with _stand_in(data), _pages() as address:
        yield Rehearsal(address, Clock(at), data)


@contextmanager
def _stand_in(data: Path) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=standin.run, args=(data, stop), name="stand-in", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def _pages() -> Iterator[str]:
    server = make_server(standin_address.HOST, 0, WSGIHandler(), WSGIServer, _Quiet)
    guard.allow(standin_address.HOST, server.server_port)
    thread = threading.Thread(target=_serve, args=(server,), name="pages", daemon=True)
    thread.start()
    try:
        yield f"http://{standin_address.HOST}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(server: WSGIServer) -> None:
    server.serve_forever(poll_interval=0.05)
    connections.close_all()


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the house has its own log."""
