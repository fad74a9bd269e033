"""A question page: shown filled in, taken with its problems or kept, then onward."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest, HttpResponse

from townhall.engine.model import Page
from townhall.engine.route import Visit
from townhall.engine.validation import PageResult, parse_page
from townhall.runner.frames import frame_for
from townhall.runner.journey import Journey
from townhall.runner.screens import Asking, exit_view, page_view, question_html
from townhall.runner.views.base import CHANGING, drawn, page, see_other
from townhall.submissions import drafts
from townhall.submissions.opened import Opened


class QuestionDesk(NamedTuple):
    """One page instance of a journey, which may be met now."""

    journey: Journey
    visit: Visit

    @property
    def page(self) -> Page:
        """The page's definition."""
        return self.journey.form.pages_by_id[self.visit.step.page]

    def show(self, request: HttpRequest) -> HttpResponse:
        """Show the page with what is kept, or the exit."""
        asked = bool(request.META.get("QUERY_STRING"))
        asking = self.asking(request, change=asked and "change" in request.GET)
        return page(exit_view(asking)) if self.page.exit else drawn(question_html(asking))

    def take(self, request: HttpRequest) -> HttpResponse:
        """Keep a page without problems and go on; show one with problems again, as it was typed."""
        change = CHANGING in request.POST
        result = self.read(request)
        if result.problems:
            asking = self.asking(request, change=change, result=result)
            return page(page_view(asking))
        kept = self.journey.with_draft(self.keep(result))
        return see_other(kept.onward(self.visit.step, change=change))

    def asking(
        self, request: HttpRequest, *, change: bool, result: PageResult | None = None
    ) -> Asking:
        """Give what the page is drawn from."""
        frame = frame_for(request, self.journey.form, self.journey.opened)
        if result is None:
            return Asking(self.journey, self.visit, frame, change)
        return Asking(self.journey, self.visit, frame, change, result.raw, result.problems)

    def read(self, request: HttpRequest) -> PageResult:
        """Type what was sent."""
        raw = dict(request.POST.lists())
        journey = self.journey
        return parse_page(journey.form, self.page, raw, self.visit.before, journey.today)

    def keep(self, result: PageResult) -> Opened | None:
        """Put the page in the draft; None when the draft was received or cleared meanwhile."""
        step, journey = self.visit.step, self.journey
        return drafts.save_page(
            journey.opened, step.page, result.values, item=step.item, at=journey.at
        )


def keep_late(desk: QuestionDesk, request: HttpRequest) -> None:
    """Keep a page that came in after idle time, problems or not: the walk finds those again."""
    if not desk.page.exit:
        desk.keep(desk.read(request))
