"""The worker: claims what is due, calls its handler with no transaction held, records how it ended.

This is the one place that catches every exception: a handler's fault must stop neither the other
deliveries nor the worker. Only the exception's class is kept or logged, never its message.
"""

import logging
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections, connection, connections

from townhall.outbox import alarms, beats, claims
from townhall.outbox.crashpoints import crashpoint
from townhall.outbox.errors import DeliveryError, GiveUp, NotYet, TryAgain
from townhall.outbox.fittings import Fittings, called
from townhall.outbox.models import Delivery

log = logging.getLogger("townhall.outbox")


@dataclass(frozen=True)
class Pace:
    """How a worker works: its threads, its lease, how often it looks when there is nothing to do,
    and how often (`sweep`) it says that it lives, renews the leases of what it has in hand and
    tells people of trouble.
    """

    threads: int = 4
    lease: timedelta = claims.LEASE
    at_once: int = claims.AT_ONCE
    idle: timedelta = timedelta(milliseconds=500)
    sweep: timedelta = timedelta(seconds=20)


def run(fittings: Fittings, stop: threading.Event, pace: Pace | None = None) -> None:
    """Deliver until `stop` is set, then finish what is in hand and return."""
    pace = pace or Pace()
    with _renewing(fittings, pace) as hands:
        threads = [
            threading.Thread(target=_work, args=(fittings, stop, pace, hands), name=f"outbox-{n}")
            for n in range(pace.threads)
        ]
        for thread in threads:
            thread.start()
        worker = uuid.uuid4()
        while not stop.is_set():
            _guarded(lambda: _beat(worker, fittings))
            _guarded(lambda: alarms.raise_alarms(at=fittings.clock(), watchers=fittings.watchers))
            stop.wait(pace.sweep.total_seconds())
        for thread in threads:
            thread.join()
    _guarded(lambda: beats.leave(worker))
    connections.close_all()


def run_until_idle(fittings: Fittings, pace: Pace | None = None) -> int:
    """Deliver everything that is due now, in this thread. Returns how many tries were made."""
    pace, tries = pace or Pace(), 0
    with _renewing(fittings, pace) as hands:
        while _run_once(fittings, pace, hands):
            tries += 1
    return tries


class _Hands:
    """What a worker has in hand: the claims whose calls have not come back."""

    def __init__(self) -> None:
        self._claims: dict[str, claims.Claim] = {}

    @contextmanager
    def holding(self, held: claims.Claim) -> Iterator[None]:
        self._claims[held.token] = held
        try:
            yield
        finally:
            del self._claims[held.token]

    def now(self) -> list[claims.Claim]:
        return list(self._claims.copy().values())


@contextmanager
def _renewing(fittings: Fittings, pace: Pace) -> Iterator[_Hands]:
    """Renew the leases of what is in hand, in a thread of its own: to the end of the last call."""
    hands, over = _Hands(), threading.Event()

    def renew() -> None:
        while not over.wait(pace.sweep.total_seconds()):
            _guarded(lambda: claims.renew(hands.now(), at=fittings.clock(), lease=pace.lease))
        connections.close_all()

    thread = threading.Thread(target=renew, name="outbox-leases")
    thread.start()
    try:
        yield hands
    finally:
        over.set()
        thread.join()


def _run_once(fittings: Fittings, pace: Pace, hands: _Hands) -> bool:
    """Make one try of the oldest delivery that is due. False where nothing is."""
    at = fittings.clock()
    if not claims.anything_due(at):
        return False
    held = claims.claim(at=at, lease=pace.lease, at_once=pace.at_once)
    if held is None:
        return False
    with hands.holding(held):
        _deliver(held, fittings, at)
    return True


def _work(fittings: Fittings, stop: threading.Event, pace: Pace, hands: _Hands) -> None:
    while not stop.is_set():
        close_old_connections()
        if not _guarded(lambda: _run_once(fittings, pace, hands)):
            stop.wait(pace.idle.total_seconds())
    connections.close_all()


def _beat(worker: uuid.UUID, fittings: Fittings) -> None:
    beats.beat(worker, name=fittings.name, release=fittings.release, at=fittings.clock())


def _guarded(step: Callable[[], object]) -> bool:
    """Take a step. A database that is locked, full or away is logged and met again at the next
    step.
    """
    try:
        return bool(step())
    except Exception as fault:
        log.error("outbox step failed", extra={"error": type(fault).__name__})  # noqa: TRY400
        connection.close()
        return False


def _deliver(held: claims.Claim, fittings: Fittings, at: datetime) -> None:
    delivery = held.delivery
    error = _call(held.delivery, fittings, at)
    crashpoint("outbox.called")
    _record(held, error, fittings)
    to, outcome = called(delivery.subscriber), error.error_class if error else "done"
    fittings.counted(to, outcome)
    told = {"delivery": delivery.pk, "to": to, "try": delivery.attempts, "outcome": outcome}
    log.info("delivery", extra=told)


def _call(delivery: Delivery, fittings: Fittings, at: datetime) -> DeliveryError | None:
    handler = fittings.handlers.get(delivery.plug)
    if handler is None:
        return TryAgain("no_handler")
    if connection.in_atomic_block:
        raise RuntimeError("a handler is called with no transaction held")
    try:
        handler(delivery.subject, delivery.argument, key=delivery.key, at=at)
    except DeliveryError as error:
        return error
    except Exception as fault:
        return TryAgain(error_class_of(fault))
    return None


def _record(held: claims.Claim, error: DeliveryError | None, fittings: Fittings) -> None:
    at, jitter = fittings.clock(), fittings.jitter()
    match error:
        case None:
            claims.finish(held, at=at)
        case NotYet():
            claims.ask_later(held, error, at=at, jitter=jitter)
        case GiveUp():
            claims.give_up(held, error.error_class, at=at)
        case _:
            claims.put_off(held, error, at=at, jitter=jitter)


def error_class_of(fault: Exception) -> str:
    """A slug for an exception that no handler foresaw: its class's name, not its message."""
    return "error:" + re.sub(r"[^a-z0-9_]", "", type(fault).__name__.lower())[:50]
