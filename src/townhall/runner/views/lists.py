"""The list page of a repeat, and the page that asks before an item is removed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from townhall.engine.form import Loop
from townhall.engine.route import Visit
from townhall.runner.frames import frame_for
from townhall.runner.journey import Journey
from townhall.runner.listing import ANOTHER, NO, REMOVE, YES, items_of, list_view, remove_view
from townhall.runner.screens import Asking
from townhall.runner.views.base import CHANGING, page, see_other
from townhall.runner.visits import reread
from townhall.submissions import drafts

MOST_DIGITS = 4


@dataclass(frozen=True)
class ListDesk:
    """What was added, and whether to add another."""

    journey: Journey
    visit: Visit

    def show(self, request: HttpRequest) -> HttpResponse:
        """Show the list; ``?removed=2`` says which item has just gone."""
        number = request.GET.get("removed", "")
        removed = int(number) if number.isdecimal() and len(number) <= MOST_DIGITS else 0
        return page(
            list_view(self._asking(request, change="change" in request.GET), removed=removed)
        )

    def take(self, request: HttpRequest) -> HttpResponse:
        """Begin another item, or finish the list."""
        chosen, change = request.POST.get(ANOTHER), CHANGING in request.POST
        step, journey = self.visit.step, self.journey
        loop = journey.form.loops[step.page]
        full = len(items_of(journey, loop)) >= loop.repeat.max
        if chosen == YES and not full:
            drafts.reopen_list(journey.opened, step.page)
            return see_other(journey.beginning(loop, change=change))
        if chosen == NO or full:
            opened = drafts.finish_list(journey.opened, step.page, at=journey.at)
            return see_other(journey.with_draft(opened).onward(step, change=change))
        return page(list_view(self._asking(request, change=change), failed=True))

    def _asking(self, request: HttpRequest, *, change: bool) -> Asking:
        frame = frame_for(request, self.journey.form, self.journey.opened)
        return Asking(self.journey, self.visit, frame, change=change)


@dataclass(frozen=True)
class RemovalDesk:
    """Whether to remove one item: opening the address changes nothing."""

    journey: Journey
    loop: Loop
    visit: Visit
    item: str

    def show(self, request: HttpRequest) -> HttpResponse:
        """Ask."""
        return page(remove_view(self._asking(request), self.loop, self.item))

    def take(self, request: HttpRequest) -> HttpResponse:
        """Remove the item, or leave it."""
        chosen, journey = request.POST.get(REMOVE), self.journey
        listing = journey.address(self.visit.step)
        if chosen == NO:
            return see_other(listing)
        if chosen != YES:
            asking = self._asking(request)
            return page(remove_view(asking, self.loop, self.item, failed=True))
        number = journey.number(self.loop, self.item)
        drafts.drop_item(journey.opened, self.loop.repeat.id, self.item)
        after = reread(journey)
        stays = self.visit.step in after.route.visits
        return see_other(f"{listing}?removed={number}" if stays else after.unfinished())

    def _asking(self, request: HttpRequest) -> Asking:
        frame = frame_for(request, self.journey.form, self.journey.opened)
        return Asking(self.journey, self.visit, frame)
