"""The way through a service that a set of answers leads: forward only, linear in its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from townhall.engine.answers import Answers, Item, Scope, Values, next_item_id
from townhall.engine.evaluate import holds
from townhall.engine.form import Form, Loop
from townhall.engine.model import Page
from townhall.engine.problems import Problem
from townhall.engine.question import Question
from townhall.engine.validation import asked, problems_on_page, with_computed


@dataclass(frozen=True)
class Step:
    """One page instance on a route; ``listing`` is a repeat's own page, named by its id."""

    page: str
    item: str = ""
    listing: bool = False


@dataclass(frozen=True)
class Before:
    """What stood before a step, as a length of the walk's trail, so that a walk stays linear."""

    trail: list[tuple[tuple[str, ...], Values]]
    length: int
    repeats: Mapping[str, list[Values]]
    inner: Mapping[str, Any] | None = None
    number: int | None = None

    def scope(self) -> Scope:
        """Build the scope: O(pages before the step), for the one step that is shown."""
        scope = Scope(repeats=dict(self.repeats))
        for names, values in self.trail[: self.length]:
            scope.add(names, values)
        inner = None if self.inner is None else dict(self.inner)
        return Scope(scope.given, scope.asked, scope.repeats, inner, self.number)


@dataclass(frozen=True)
class Visit:
    """A step with what is asked there and what stands before it."""

    step: Step
    standing: Before
    asked: tuple[Question, ...] = ()
    values: Values = field(default_factory=dict)

    @cached_property
    def before(self) -> Scope:
        """The answers that stand before this step."""
        return self.standing.scope()


@dataclass
class Route:
    """The steps on the route in order, up to and including the first that is not done.

    ``stop`` is that step, or None when every page is done; ``exit`` is the exit page where the
    route ends on one. ``problems`` are those of the step at ``stop`` when it was sent.
    """

    visits: dict[Step, Visit] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    stop: Step | None = None
    exit: Page | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps in order."""
        return tuple(self.visits)

    @property
    def complete(self) -> bool:
        """Whether every page on the route is done and the route does not end on an exit."""
        return self.stop is None and self.exit is None

    def before(self, step: Step) -> Step | None:
        """Give the step before this one; None at the first."""
        steps = self.steps
        at = steps.index(step)
        return steps[at - 1] if at else None

    def after(self, step: Step) -> Step | None:
        """Give the step after this one; None where check answers comes next."""
        steps = self.steps
        at = steps.index(step) + 1
        return steps[at] if at < len(steps) else None


def walk(form: Form, answers: Answers, *, today: date) -> Route:
    """Follow the answers from the first page to the first that is not done, an exit, or the end."""
    return _Walker(form, answers, today).walk()


def loop_is_asked(form: Form, loop: Loop, scope: Scope, today: date) -> bool:
    """Say whether a loop is asked: its first page decides, alike for every item."""
    return holds(loop.pages[0].when, form, scope.inside(1), today)


class _Walker:
    def __init__(self, form: Form, answers: Answers, today: date) -> None:
        self.form = form
        self.answers = answers
        self.today = today
        self.route = Route()
        self.target = ""
        self.trail: list[tuple[tuple[str, ...], Values]] = []

    def walk(self) -> Route:
        for segment in self.form.segments:
            take = self._loop(segment) if isinstance(segment, Loop) else self._single(segment)
            if not take:
                break
        return self.route

    def _passed_over(self, page: Page) -> bool:
        if self.target and page.page != self.target:
            return True
        self.target = ""
        return not holds(page.when, self.form, self.route.scope, self.today)

    def _single(self, page: Page) -> bool:
        if self._passed_over(page):
            return True
        posted = page.page in self.answers.posted
        scope, held = self.route.scope, self.answers.values
        if not self._page(page, Step(page.page), scope, held, posted=posted):
            return False
        self._jump(page)
        return True

    def _jump(self, page: Page) -> None:
        for branch in page.next:
            if holds(branch.when, self.form, self.route.scope, self.today):
                self.target = branch.go
                return

    def _page(self, page: Page, step: Step, scope: Scope, held: Values, *, posted: bool) -> bool:
        """Take one page's answers into ``scope``; False when the route stops here."""
        if page.exit is not None:
            self.route.visits[step] = Visit(step, self._before(scope))
            self.route.exit = page
            return False
        questions = asked(self.form, page, scope, self.today)
        values = {one.id: held[one.id] for one in questions if one.id in held}
        before, today = self._before(scope), self.today
        found = problems_on_page(self.form, page, values, scope, today, questions) if posted else ()
        if found or not posted:
            self.route.visits[step] = Visit(step, before, questions, values)
            self.route.stop = step
            self.route.problems = tuple(found)
            return False
        whole = with_computed(questions, values, scope, today)
        self.route.visits[step] = Visit(step, before, questions, whole)
        names = tuple(one.id for one in questions)
        scope.add(names, whole)
        self.trail.append((names, {} if scope.inner is not None else whole))
        return True

    def _before(self, scope: Scope) -> Before:
        inner = None if scope.inner is None else dict(scope.inner)
        return Before(
            self.trail, len(self.trail), {**self.route.scope.repeats}, inner, scope.number
        )

    # Repeats

    def _loop(self, loop: Loop) -> bool:
        if self.target and all(page.page != self.target for page in loop.pages):
            return True
        self.target = ""
        scope = self.route.scope
        if not loop_is_asked(self.form, loop, scope, self.today):
            return True
        items = self.answers.items.get(loop.repeat.id, ())
        finished: list[Values] = []
        for number, item in enumerate(items, start=1):
            inner = self._item(loop, item, number)
            if inner is None:
                return False
            finished.append(inner)
        return self._listing(loop, items, finished)

    def _item(self, loop: Loop, item: Item, number: int) -> Values | None:
        scope = self.route.scope.inside(number)
        for page in loop.pages:
            if not holds(page.when, self.form, scope, self.today):
                continue
            step = Step(page.page, item.id)
            if not self._page(page, step, scope, item.values, posted=page.page in item.posted):
                return None
        self.route.scope.asked |= scope.asked
        return scope.inner or {}

    def _listing(self, loop: Loop, items: tuple[Item, ...], finished: list[Values]) -> bool:
        repeat = loop.repeat
        if len(items) < repeat.min:
            self._start_item(loop, next_item_id(items), len(items) + 1)
            return False
        step = Step(repeat.id, listing=True)
        self.route.visits[step] = Visit(step, self._before(self.route.scope))
        if repeat.id not in self.answers.posted or len(items) > repeat.max:
            self.route.stop = step
            return False
        self.route.scope.repeats[repeat.id] = finished
        self._jump(loop.pages[-1])
        return True

    def _start_item(self, loop: Loop, id: str, number: int) -> None:
        scope = self.route.scope.inside(number)
        first = loop.pages[0]
        self._page(first, Step(first.page, id), scope, {}, posted=False)


def new_item(form: Form, loop: Loop, answers: Answers, route: Route, *, today: date) -> Visit:
    """Give the first page of an item not yet begun: what "add another" leads to."""
    items = answers.items.get(loop.repeat.id, ())
    listing = route.visits.get(Step(loop.repeat.id, listing=True))
    scope = (listing.before if listing else route.scope).inside(len(items) + 1)
    first = loop.pages[0]
    step = Step(first.page, next_item_id(items))
    standing = Before([((), dict(scope.given))], 1, scope.repeats, {}, scope.number)
    return Visit(step, standing, asked(form, first, scope, today))
