"""Coming back after idle time, asking for more time, and leaving a shared computer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse

from townhall.runner import cookies
from townhall.runner.ends import leaving_view, left_view, nothing_view
from townhall.runner.fittings import installed
from townhall.runner.frames import frame_for
from townhall.runner.pausing import read_repeated, time_out_view
from townhall.runner.views.base import Page, page, see_other, turned_away
from townhall.runner.visits import Arrival, Barrier, arrive, idle_limit
from townhall.submissions import drafts
from townhall.submissions.locks import Lock
from townhall.submissions.sealing import SealError

JUST_NOW = timedelta(minutes=2)
LEAVING = Signer(salt="townhall.left")


class TimeOut(Page):
    """Where a locked draft waits for its person."""

    def get(self, request: HttpRequest, service: str) -> HttpResponse:
        """Show how to go on."""
        arrival = _arrival(request, service)
        if arrival.barrier is Barrier.IDLE:
            frame = frame_for(request, arrival.journey.form)
            return page(time_out_view(frame, arrival.journey))
        if arrival.barrier is None:
            return see_other(arrival.journey.unfinished())
        return turned_away(request, arrival)


class Continue(Page):
    """More time for an open draft; one press or one answer for a locked one."""

    def get(self, request: HttpRequest, service: str) -> HttpResponse:
        """Lead to where that is asked: the page of a wrong answer stands at this address."""
        return see_other(f"/{_arrival(request, service).live.slug}/time-out")

    def post(self, request: HttpRequest, service: str) -> HttpResponse:
        """Go on."""
        arrival = _arrival(request, service)
        if arrival.barrier is None:
            return _extended(request, arrival)
        if arrival.barrier is not Barrier.IDLE:
            return turned_away(request, arrival)
        if _wants_json(request):
            return JsonResponse({}, status=403)
        return _unlocked(request, arrival)


class Leave(Page):
    """Clears every draft of this browser, here and with us."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask: opening an address clears nothing."""
        view = leaving_view if _holds_a_draft(request) else nothing_view
        return page(view(frame_for(request)))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Clear them."""
        held = list(cookies.drafts(request))
        response = see_other(_left(installed().clock()) if held else "/left")
        for service, token in held:
            _clear(token, service)
            cookies.drop_draft(request, response, service)
        response.headers["Clear-Site-Data"] = '"cache"'
        return response


class Left(Page):
    """Where leaving ends: it says that all is cleared only to whoever has just cleared it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Say that it is done, or that there is nothing to do, or ask."""
        view = left_view if _has_just_left(request) else nothing_view
        return page((leaving_view if _holds_a_draft(request) else view)(frame_for(request)))


def _left(at: datetime) -> str:
    """Give the address that says so for a while, and afterwards to nobody who comes back to it."""
    return f"/left?at={LEAVING.sign(str(int(at.timestamp())))}"


def _has_just_left(request: HttpRequest) -> bool:
    try:
        at = datetime.fromtimestamp(int(LEAVING.unsign(request.GET.get("at", ""))), UTC)
    except BadSignature:
        return False
    return at <= installed().clock() <= at + JUST_NOW


def _holds_a_draft(request: HttpRequest) -> bool:
    return next(cookies.drafts(request), None) is not None


def _arrival(request: HttpRequest, service: str) -> Arrival:
    arrival = arrive(request, service)
    if arrival is None:
        raise Http404
    return arrival


def _extended(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    journey = arrival.journey
    drafts.extend(journey.opened.draft, at=arrival.at)
    if not _wants_json(request):
        return see_other(journey.unfinished())
    ends = arrival.at + idle_limit()
    words = frame_for(request, journey.form).words.clock(ends)
    return JsonResponse({"words": words, "seconds": int(idle_limit().total_seconds())})


def _unlocked(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    journey = arrival.journey
    if journey.opened.lock is Lock.PAUSED:
        drafts.resume(journey.opened, at=arrival.at)
        return see_other(journey.unfinished())
    if journey.opened.lock is Lock.BARRED:
        return see_other(f"/{journey.service}/time-out")
    raw = dict(request.POST.lists())
    tried = read_repeated(journey, raw)
    if not tried.problems and drafts.try_unlock(journey.opened, tried.value, at=arrival.at):
        return see_other(journey.unfinished())
    again = _arrival(request, journey.service)
    return page(time_out_view(frame_for(request, journey.form), again.journey, tried))


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _clear(token: str, service: str) -> None:
    if len(token) > cookies.LONGEST:
        return
    try:
        opened = drafts.open_draft(token, service, at=installed().clock(), idle=idle_limit())
    except SealError:
        return
    if opened is not None:
        drafts.leave(opened.draft)
