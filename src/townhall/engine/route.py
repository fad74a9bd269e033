"""The way through a service that a set of answers leads: forward only, linear in its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any

from townhall.engine.answers import Answers, Item, next_item_id
from townhall.engine.form import Form, Loop
from townhall.engine.kinds.base import Context
from townhall.engine.model import Page
from townhall.engine.problems import Problem
from townhall.engine.question import Question
from townhall.engine.ready import ReadyLoop, ReadyPage, Step
from townhall.engine.scope import Scope, Values
from townhall.engine.validation import asked, asked_now, problems_on_page, with_computed

__all__ = ["Route", "Step", "Visit", "new_item", "rewalk", "walk", "walk_item"]

Trail = tuple["Trail | None", frozenset[str], Values]
"""The trail before a page, what the page asked, and what it gave outside repeats.

It is a chain, and not a list, so that routes which began alike share it and none can change it.
"""


# Not frozen: that costs a call for each field, at each page of each walk.
@dataclass(slots=True)
class Visit:
    """A step with what is asked there and what stands before it. Nothing else changes it.

    ``place`` is the number of steps before it, ``trail`` the way to it; ``repeats``, ``inner`` and
    ``number`` are the scope's there. ``scope`` is that scope once it is known.
    """

    step: Step
    place: int
    trail: Trail | None
    repeats: Mapping[str, list[Values]]
    inner: Values | None
    number: int | None
    asked: tuple[Question, ...] = ()
    values: Values = field(default_factory=dict)
    scope: Scope | None = field(default=None, compare=False)

    @property
    def before(self) -> Scope:
        """The answers that stand before this step: O(pages before it), worked out once."""
        if self.scope is None:
            self.scope = self._scope()
        return self.scope

    def apart(self) -> Visit:
        """Give the visit for one request: what that works out goes with it, and is not remembered.

        Else a route whose pages are all looked at would hold a scope for each of them.
        """
        if self.scope is not None:
            return self
        standing = self.place, self.trail, self.repeats, self.inner, self.number
        return Visit(self.step, *standing, self.asked, self.values)

    def _scope(self) -> Scope:
        pages: list[tuple[frozenset[str], Values]] = []
        rest = self.trail
        while rest is not None:
            rest, names, values = rest
            pages.append((names, values))
        given: dict[str, Any] = {}
        asked: set[str] = set()
        for names, values in reversed(pages):
            asked |= names
            given |= values
        return Scope(given, asked, self.repeats, self.inner, self.number)


@dataclass(slots=True)
class Route:
    """The steps on the route in order, up to and including the first that is not done.

    ``stop`` is that step, or None when every page is done; ``exit`` is the exit page where the
    route ends on one. ``problems`` are those of the step at ``stop`` when it was sent. A route may
    be shared between threads, and by those that began as it did: nothing changes it once walked.
    """

    visits: dict[Step, Visit] = field(default_factory=dict)
    scope: Scope = field(default_factory=Scope)
    stop: Step | None = None
    exit: Page | None = None
    problems: tuple[Problem, ...] = ()
    today: date = date.min

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
    return _Walker(form, answers, Route(today=today)).walk(0)


def rewalk(form: Form, known: Route, answers: Answers, changed: Step, *, today: date) -> Route:
    """Give what ``walk`` gives, when only what was sent at one step differs from the known route.

    The steps before it stand as they did, or those before an earlier page that asks what it asks:
    so the walk begins at the first step there, or where a repeat does. On another day, all is.
    """
    first = _first_changed(form, known, changed) if known.today == today else None
    if first is None:
        return walk(form, answers, today=today)
    before = first.apart().before
    visits = dict(islice(known.visits.items(), first.place))
    scope = Scope(dict(before.given), set(before.asked), before.repeats)
    walker = _Walker(form, answers, Route(visits, scope, today=today), first.trail)
    return walker.walk(form.part_of[first.step.page])


def _first_changed(form: Form, known: Route, changed: Step) -> Visit | None:
    """Find the first step that may differ: the first in the parts that the change tells."""
    part = form.tells_from.get(changed.page, 0)
    first = None
    for step, visit in reversed(known.visits.items()):
        if form.part_of[step.page] < part:
            break
        first = visit
    return first


@dataclass(slots=True)
class _Within:
    """Where a walk is: outside all repeats, or in an item; with the answers that are held there."""

    scope: Scope
    context: Context
    held: Values
    posted: frozenset[str]
    item: str = ""


class _Walker:
    __slots__ = ("answers", "form", "place", "route", "scope", "target", "today", "trail")

    def __init__(
        self, form: Form, answers: Answers, route: Route, trail: Trail | None = None
    ) -> None:
        self.form, self.answers, self.route, self.trail = form, answers, route, trail
        self.today, self.scope = route.today, route.scope
        self.place = len(route.visits)
        self.target = ""

    def walk(self, part: int) -> Route:
        """Walk on from one of the form's parts."""
        scope, answers = self.scope, self.answers
        outside = _Within(scope, Context(self.today, scope), answers.values, answers.posted)
        for one in self.form.parts[part:]:
            take = self._loop(one) if type(one) is ReadyLoop else self._single(one, outside)
            if not take:
                break
        return self.route

    def alone(self, part: int, item: Item, number: int) -> Route:
        """Walk one item of the repeat that is that part of the form."""
        loop = self.form.parts[part]
        if type(loop) is ReadyLoop:
            self._item(loop, item, number)
        return self.route

    def _single(self, page: ReadyPage, within: _Within) -> bool:
        if self.target and page.name != self.target:
            return True
        self.target = ""
        if page.when is not None and not page.when(self.scope, self.today):
            return True
        if not self._page(page, within):
            return False
        if page.next:
            self._jump(page)
        return True

    def _jump(self, page: ReadyPage) -> None:
        for when, go in page.next:
            if when is None or when(self.scope, self.today):
                self.target = go
                return

    def _page(self, ready: ReadyPage, within: _Within) -> bool:
        """Take one page's answers into the scope; False when the route stops here."""
        scope, held = within.scope, within.held
        step = Step(ready.name, within.item) if within.item else ready.step
        if ready.is_exit:
            self._visit(step, scope, (), {})
            self.route.exit = ready.page
            return False
        questions = ready.questions if ready.settled else asked_now(ready, scope, self.today)
        ids = ready.ids if ready.settled else [one.id for one in questions]
        values: Values = {id: held[id] for id in ids if id in held}
        if ready.name in within.posted:
            whole = (
                with_computed(questions, values, scope, self.today) if ready.computes else values
            )
            found = problems_on_page(ready, questions, whole, scope, within.context)
            if not found:
                self._visit(step, scope, questions, whole)
                self._add(ready.names if ready.settled else frozenset(ids), whole, scope)
                return True
            self.route.problems = tuple(found)
        self._stop(self._visit(step, scope, questions, values), scope)
        return False

    def _visit(
        self, step: Step, scope: Scope, questions: tuple[Question, ...], values: Values
    ) -> Visit:
        visit = self.route.visits[step] = Visit(
            step,
            self.place,
            self.trail,
            scope.repeats,
            scope.inner,
            scope.number,
            questions,
            values,
        )
        self.place += 1
        return visit

    def _stop(self, visit: Visit, scope: Scope) -> None:
        """End the route here: nothing is added to the scope any more, so it is what stands."""
        self.route.stop, visit.scope = visit.step, scope

    def _add(self, names: frozenset[str], values: Values, scope: Scope) -> None:
        scope.asked |= names
        if scope.inner is None:
            scope.given |= values
            self.trail = self.trail, names, values
        else:
            scope.inner = {**scope.inner, **values}
            self.trail = self.trail, names, {}

    # Repeats

    def _loop(self, loop: ReadyLoop) -> bool:
        if self.target and all(page.name != self.target for page in loop.pages):
            return True
        self.target = ""
        # Its first page decides whether it is asked, alike for every item.
        when = loop.pages[0].when
        if when is not None and not when(self.scope.inside(1), self.today):
            return True
        items = self.answers.items.get(loop.repeat.id, ())
        finished: list[Values] = []
        for number, item in enumerate(items, start=1):
            inner = self._item(loop, item, number)
            if inner is None:
                return False
            finished.append(inner)
        return self._listing(loop, items, finished)

    def _inside(self, item: Item, number: int) -> _Within:
        scope = self.scope.inside(number)
        return _Within(scope, Context(self.today, scope), item.values, item.posted, item.id)

    def _item(self, loop: ReadyLoop, item: Item, number: int) -> Values | None:
        within = self._inside(item, number)
        scope = within.scope
        for page in loop.pages:
            if page.when is not None and not page.when(scope, self.today):
                continue
            if not self._page(page, within):
                return None
        self.scope.asked |= scope.asked
        return scope.inner or {}

    def _listing(self, loop: ReadyLoop, items: tuple[Item, ...], finished: list[Values]) -> bool:
        repeat, scope = loop.repeat, self.scope
        if len(items) < repeat.min:
            self._page(loop.pages[0], self._inside(Item(next_item_id(items)), len(items) + 1))
            return False
        visit = self._visit(Step(repeat.id, listing=True), scope, (), {})
        if repeat.id not in self.answers.posted or len(items) > repeat.max:
            self._stop(visit, scope)
            return False
        scope.repeats = {**scope.repeats, repeat.id: finished}
        self._jump(loop.pages[-1])
        return True


def new_item(form: Form, loop: Loop, answers: Answers, route: Route, *, today: date) -> Visit:
    """Give the first page of an item not yet begun: what "add another" leads to."""
    items = answers.items.get(loop.repeat.id, ())
    listing = route.visits.get(Step(loop.repeat.id, listing=True))
    scope = (listing.before if listing else route.scope).inside(len(items) + 1)
    first = loop.pages[0]
    trail = None, frozenset(scope.asked), scope.given
    step, questions = Step(first.page, next_item_id(items)), asked(form, first, scope, today)
    return Visit(step, len(route.visits), trail, scope.repeats, {}, scope.number, questions)


def walk_item(
    form: Form, loop: Loop, item: Item, answers: Answers, route: Route, *, today: date
) -> Route:
    """Walk an item that was begun by itself, though the route stops at one before it.

    Nothing of it counts for the service before the route leads there; but a person who adds items
    in two tabs goes on with the item of each.
    """
    items = answers.items[loop.repeat.id]
    trail = None, frozenset(route.scope.asked), route.scope.given
    walker = _Walker(form, answers, Route(scope=route.scope.inside(0), today=today), trail)
    return walker.alone(form.part_of[loop.pages[0].page], item, items.index(item) + 1)
