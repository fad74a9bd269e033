"""Makes what each page of a journey needs: plain values in, a view for `ui.render` out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from townhall.engine.evaluate import holds
from townhall.engine.form import Loop
from townhall.engine.model import Content
from townhall.engine.problems import Problem
from townhall.engine.route import Step, Visit
from townhall.runner.journey import Journey
from townhall.ui.content import content_html
from townhall.ui.page import Frame, PageView, render
from townhall.ui.questions import Drawing, Sheet, refilled
from townhall.ui.whole import Own, Plan, draw_whole, plan_of
from townhall.ui.wording import Telling

Raw = Mapping[str, Sequence[str]]


class Asking(NamedTuple):
    """One page of a journey as it is about to be shown.

    ``raw`` is what was typed, when the page is shown again with ``problems``; ``change`` says that
    the person came from check answers.
    """

    journey: Journey
    visit: Visit
    frame: Frame
    change: bool = False
    raw: Raw | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def tell(self) -> Telling:
        """Fills words with what stands before the page."""
        return Telling(self.journey.form, self.visit.before, self.frame.words)


def question_html(asking: Asking) -> bytes:
    """Draw a question page in UTF-8; one that depends on its boxes alone fills one kept whole."""
    form, frame, raw = asking.journey.form, asking.frame, asking.raw
    plan = plan_of(form, form.pages_by_id[asking.visit.step.page])
    if plan is None or raw is not None:
        return render(page_view(asking)).encode()
    standing = plan.standing(refilled(form, asking.visit.asked, kept(asking.journey, asking.visit)))
    own = _own(asking, plan)
    if standing is None or own is None:
        return render(page_view(asking)).encode()
    fixed = (frame.site, asking.change)
    return draw_whole(plan, fixed, own, standing, lambda raw: page_view(asking._replace(raw=raw)))


def _own(asking: Asking, plan: Plan) -> Own | None:
    """Give what a kept page is filled with; None where its caption is among the title's words."""
    journey, step, frame, idle = asking.journey, asking.visit.step, asking.frame, asking.frame.idle
    if idle is None:
        return None
    over = _item(journey, plan.loop, step) if plan.loop else ""
    if over and over in (plan.heading, frame.service, frame.site.council.name):
        return None
    return Own(
        frame.token,
        frame.here,
        idle.until,
        idle.seconds,
        journey.back(step, change=asking.change),
        journey.address(step),
        over,
    )


def page_view(asking: Asking) -> PageView:
    """Give a question page: filled in as kept, or as it was typed with its problems."""
    journey, step, tell = asking.journey, asking.visit.step, asking.tell
    page = journey.form.pages_by_id[step.page]
    raw = asking.raw
    if raw is None:
        raw = refilled(journey.form, asking.visit.asked, kept(journey, asking.visit))
    drawing = Drawing(journey.form, Sheet(page, asking.visit.asked, raw, asking.problems), tell)
    heading, over = tell.plain(page.heading), caption(journey, step, tell)
    return PageView(
        "question",
        heading,
        asking.frame,
        failed=bool(asking.problems),
        back=journey.back(step, change=asking.change),
        caption=over if over != heading else "",
        named=tell.title(page.heading),
        data={
            "errors": drawing.errors(),
            "titled": not page.asks_as_heading,
            "content": content(page.content, journey, tell),
            "fields": drawing.html(),
            "action": journey.address(step),
            "change": asking.change,
        },
    )


def exit_view(asking: Asking) -> PageView:
    """Give an exit: an honest end for people whom the service is not for."""
    journey, tell = asking.journey, asking.tell
    page = journey.form.pages_by_id[asking.visit.step.page]
    links = [{"href": "/", "text": tell.say("See all services")}]
    return PageView(
        "exit",
        tell.plain(page.exit or page.heading),
        asking.frame,
        back=journey.back(asking.visit.step, change=False),
        named=tell.title(page.exit or page.heading),
        data={"content": content(page.content, journey, tell), "links": links},
    )


def kept(journey: Journey, visit: Visit) -> dict[str, object]:
    """Give what the draft holds for a page, computed answers included, valid or not."""
    held: dict[str, object] = dict(visit.values)
    answers, loop = journey.answers, journey.form.loop_of(visit.step.page)
    if loop is None:
        source: Mapping[str, object] = answers.values
    else:
        item = answers.item(loop.repeat.id, visit.step.item)
        source = item.values if item else {}
    for question in visit.asked:
        if question.id in source:
            held.setdefault(question.id, source[question.id])
    return held


def caption(journey: Journey, step: Step, tell: Telling) -> str:
    """Give what stands over the heading: which item this is, else the section."""
    loop = journey.form.loop_of(step.page)
    if loop is not None:
        return _item(journey, loop, step)
    section = journey.form.pages_by_id[step.page].section
    titles = {one.section: one.title for one in journey.form.definition.sections}
    return tell.title(titles.get(section or "", ""))


def _item(journey: Journey, loop: Loop, step: Step) -> str:
    name = loop.repeat.item
    return f"{name[:1].upper()}{name[1:]} {journey.number(loop, step.item)}"


def content(blocks: tuple[Content, ...], journey: Journey, tell: Telling) -> Markup:
    """Draw the blocks whose condition holds."""
    scope, today = tell.scope, journey.today
    shown = [block for block in blocks if holds(block.when, journey.form, scope, today)]
    return content_html(shown, tell.prose, tell.plain, tell.say)
