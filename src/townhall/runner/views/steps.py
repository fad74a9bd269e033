"""The pages of a journey by their address: a question, an exit, a list, or removing from one."""

from __future__ import annotations

from typing import ClassVar

from django.http import Http404, HttpRequest, HttpResponse

from townhall.engine.route import Step
from townhall.runner.journey import Journey
from townhall.runner.views.base import DraftPage, see_other
from townhall.runner.views.lists import ListDesk, RemovalDesk
from townhall.runner.views.questions import QuestionDesk, keep_late
from townhall.runner.visits import Arrival, Barrier

Desk = QuestionDesk | ListDesk | RemovalDesk


class StepPage(DraftPage):
    """Any step: ``/service/page`` or, for an item of a repeat, ``/service/page/item``."""

    late_posts_are_kept: ClassVar[bool] = True

    def show(self, request: HttpRequest, arrival: Arrival, **named: str) -> HttpResponse:
        """Show the step; one that lies ahead or off the route leads to the first not done."""
        journey = arrival.journey
        desk = _desk(journey, **named)
        return see_other(journey.unfinished()) if desk is None else desk.show(request)

    def take(self, request: HttpRequest, arrival: Arrival, **named: str) -> HttpResponse:
        """Take what was sent; after idle time it is kept, and shown to nobody yet."""
        journey = arrival.journey
        desk = _desk(journey, **named)
        if arrival.barrier is Barrier.IDLE:
            if isinstance(desk, QuestionDesk):
                keep_late(desk, request)
            return see_other(f"/{arrival.live.slug}/time-out")
        return see_other(journey.unfinished()) if desk is None else desk.take(request)


def _desk(journey: Journey, name: str, item: str = "") -> Desk | None:
    """Find who deals with an address; None for a step that may not be met now. Raises Http404."""
    loop = journey.form.loops.get(name)
    if loop is None:
        visit = journey.visit(Step(name, item))
        if visit is None and journey.form.page(name) is None:
            raise Http404
        return None if visit is None else QuestionDesk(journey, visit)
    visit = journey.visit(Step(name, listing=True))
    if item:
        known = journey.answers.item(name, item) is not None
        return RemovalDesk(journey, loop, visit, item) if known and visit else None
    return None if visit is None else ListDesk(journey, visit)
