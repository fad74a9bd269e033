"""Finds the draft that a browser may go on with, or says which page it gets instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from townhall.definitions import queries as definitions
from townhall.definitions.queries import LiveService
from townhall.runner import cookies
from townhall.runner.fittings import installed
from townhall.runner.journey import Journey, journey_of
from townhall.submissions import drafts
from townhall.submissions.locks import OPEN
from townhall.submissions.opened import Opened, read_draft
from townhall.submissions.sealing import SealError

LONDON = ZoneInfo("Europe/London")


class Barrier(StrEnum):
    """Why no page of the draft is shown.

    NONE: this browser has no draft. LOST: it names one that is not there. SENT: it was received.
    STOPPED: its version is unsafe. IDLE: it is locked until the person comes back.
    """

    NONE = "none"
    LOST = "lost"
    SENT = "sent"
    STOPPED = "stopped"
    IDLE = "idle"


@dataclass(slots=True, eq=False)
class Arrival:
    """A request for a page of a service: the draft it may use, and what stands in the way."""

    live: LiveService
    at: datetime
    opened: Opened | None
    barrier: Barrier | None
    reason: str = ""

    @property
    def draft(self) -> Opened:
        """The draft that was opened; LookupError when there is none."""
        if self.opened is None:
            raise LookupError("no draft was opened")
        return self.opened

    @property
    def today(self) -> date:
        """The London date of the request."""
        return self.at.astimezone(LONDON).date()

    @property
    def journey(self) -> Journey:
        """The draft with its route; LookupError when there is no draft."""
        mark = installed().mark
        return journey_of(self.live.slug, self.draft, at=self.at, today=self.today, mark=mark)


def idle_limit() -> timedelta:
    """How long a draft stays open when nothing is sent."""
    return _minutes(installed().council().idle_minutes)


@lru_cache(maxsize=1)
def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


def arrive(request: HttpRequest, service: str) -> Arrival | None:
    """Find the service and this browser's draft of it; None when there is no such service."""
    at = installed().clock()
    token = cookies.draft_token(request, service)
    opened = None if token is None else _open(token, service, at)
    live = _live(service, opened, at)
    if live is None:
        return None
    if opened is None:
        return Arrival(live, at, None, Barrier.NONE if token is None else Barrier.LOST)
    if opened.submitted:
        return Arrival(live, at, opened, Barrier.SENT)
    stop = definitions.stops(live, opened.form.version)
    if stop is not None:
        return Arrival(live, at, opened, Barrier.STOPPED, stop.reason)
    return Arrival(live, at, opened, None if opened.lock is OPEN else Barrier.IDLE)


def _live(service: str, opened: Opened | None, at: datetime) -> LiveService | None:
    """Give the service as it stands: a draft that was found has brought that with it."""
    stands = opened.stands if opened else None
    if stands is None:
        return definitions.live(service, at)
    return definitions.living(service, stands, at)


def _open(token: str, service: str, at: datetime) -> Opened | None:
    """Open a draft; one that cannot be decrypted is as good as lost, and the cookie is no proof."""
    if len(token) > cookies.LONGEST:
        return None
    try:
        return drafts.open_draft(token, service, at=at, idle=idle_limit())
    except SealError:
        return None


def reread(journey: Journey) -> Journey:
    """Read the draft again after a change, and walk it; one that is gone stays as it was."""
    opened = read_draft(journey.opened.draft, at=journey.at, idle=idle_limit())
    return journey.with_draft(opened)
