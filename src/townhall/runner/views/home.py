"""The list of services, and each service's start page."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse

from townhall.definitions import queries as definitions
from townhall.definitions.queries import Status
from townhall.runner import cookies
from townhall.runner.ends import closed_view
from townhall.runner.fittings import installed
from townhall.runner.frames import frame_for
from townhall.runner.start import home_view, start_view
from townhall.runner.views.base import Page, page, see_other
from townhall.runner.visits import Arrival, Barrier, arrive
from townhall.submissions import drafts


class Home(Page):
    """Every published service, open or not."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them."""
        return page(home_view(frame_for(request), definitions.published(installed().clock())))


class Start(Page):
    """What a service is, how long answers are kept, and the way in."""

    def get(self, request: HttpRequest, service: str) -> HttpResponse:
        """Show the start page, or why nobody can start."""
        arrival = _arrival(request, service)
        frame, resume = frame_for(request, arrival.live.form), _resume(arrival)
        if arrival.live.status is not Status.OPEN:
            return page(closed_view(frame, arrival.live, resume=resume))
        return page(start_view(frame, arrival.live.form, resume=resume))

    def post(self, request: HttpRequest, service: str) -> HttpResponse:
        """Begin a draft; where one is open it is asked whether to, as it may be somebody else's."""
        arrival = _arrival(request, service)
        if arrival.barrier is None and arrival.opened and "again" not in request.POST:
            return see_other(f"/{service}")
        if arrival.live.status is not Status.OPEN:
            return see_other(f"/{service}")
        if arrival.barrier is None and arrival.opened:
            drafts.leave(arrival.opened.draft)
        return _begun(request, arrival)


def _arrival(request: HttpRequest, service: str) -> Arrival:
    arrival = arrive(request, service)
    if arrival is None:
        raise Http404
    return arrival


def _resume(arrival: Arrival) -> str:
    """Give where a draft on this computer goes on, "" when there is none."""
    if arrival.barrier is None:
        return arrival.journey.unfinished()
    return f"/{arrival.live.slug}/time-out" if arrival.barrier is Barrier.IDLE else ""


def _begun(request: HttpRequest, arrival: Arrival) -> HttpResponse:
    service = arrival.live.slug
    started = drafts.begin(arrival.live.form, at=arrival.at)
    installed().counted("begun", service)
    opened = drafts.just_begun(started, arrival.live.form)
    first = Arrival(arrival.live, arrival.at, opened, None).journey.unfinished()
    response = see_other(first)
    cookies.keep_draft(request, response, service, started.token)
    return response
