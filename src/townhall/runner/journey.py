"""Where a person stands in a service: addresses, back, onward, and change and return. No HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from townhall.engine.answers import Answers, Item, Scope, marked, may_begin
from townhall.engine.form import Form, Loop
from townhall.engine.route import Route, Step, Visit, new_item, walk_item
from townhall.submissions.opened import Opened

CHECK = "check-answers"


# Not frozen: that costs a call for each field, twice at each page that is sent.
@dataclass(slots=True, eq=False)
class Journey:
    """A draft, its route now, and the time of the request. Nothing changes it.

    ``mark`` gives what tells an item that is begun from every other, at random.
    """

    service: str
    opened: Opened
    route: Route
    at: datetime
    today: date
    mark: Callable[[], str]

    @property
    def form(self) -> Form:
        """The version that the draft began on."""
        return self.opened.form

    @property
    def answers(self) -> Answers:
        """Everything in the draft."""
        return self.opened.answers

    @property
    def scope(self) -> Scope:
        """What stands on the route."""
        return self.route.scope

    def with_draft(self, opened: Opened | None) -> Journey:
        """Give the journey of the draft as it is after a change; None changed nothing."""
        if opened is None:
            return self
        return journey_of(self.service, opened, at=self.at, today=self.today, mark=self.mark)

    def visit(self, step: Step) -> Visit | None:
        """Give a step that may be met now; None for one that lies ahead or off the route."""
        found = self._around(step).visits.get(step)
        return found.apart() if found else self._added(step)

    def address(self, step: Step, *, change: bool = False) -> str:
        """Give a step's address; where an item is begun, one that nobody was led to before.

        So two tabs add two items, and a page that is sent again changes its own item and no other.
        """
        if step.item and step == self.route.stop and self._item(step) is None:
            step = self._marked(step)
        item = f"/{step.item}" if step.item else ""
        return f"/{self.service}/{step.page}{item}{'?change=1' if change else ''}"

    @property
    def check(self) -> str:
        """The address of check answers."""
        return f"/{self.service}/{CHECK}"

    def unfinished(self, *, change: bool = False) -> str:
        """Give the first page that is not done, the exit, or else check answers."""
        if self.route.stop is not None:
            return self.address(self.route.stop, change=change)
        if self.route.exit is not None:
            return self.address(self.route.steps[-1])
        return self.check

    def onward(self, step: Step, *, change: bool) -> str:
        """Give where a sent page leads: with ``change``, straight back unless something is new."""
        route = self._around(step)
        after = route.after(step) if step in route.visits else None
        if after is not None and route is not self.route:
            return self.address(after, change=change)
        if change or step not in self.route.visits:
            return self.unfinished(change=change)
        if after is None:
            return self.unfinished()
        listing = self._listing(step)
        if listing is not None and after.item != step.item:
            # One after it is unfinished where there is no list yet.
            return self.address(listing) if listing in self.route.visits else self.unfinished()
        return self.address(after)

    def back(self, step: Step, *, change: bool) -> str:
        """Give the step before: check answers when the person came from there to change it."""
        if change and self.route.complete:
            return self.check
        step = self._unmarked(step)
        listing, route = self._listing(step), self._around(step)
        before = route.before(step) if step in route.visits else None
        if before is None:
            off = listing is not None and step not in self.route.visits
            return self.address(listing) if listing and off else f"/{self.service}"
        if listing is not None and before.item != step.item and listing in self.route.visits:
            return self.address(listing, change=change)
        return self.address(before)

    def number(self, loop: Loop, item: str) -> int:
        """Give an item's place in its list, from 1; a new one comes after the last."""
        ids = [one.id for one in self.answers.items.get(loop.repeat.id, ())]
        return ids.index(item) + 1 if item in ids else len(ids) + 1

    def adding(self, loop: Loop) -> Visit:
        """Give the first page of an item not yet begun."""
        return new_item(self.form, loop, self.answers, self.route, today=self.today)

    def beginning(self, loop: Loop, *, change: bool = False) -> str:
        """Give the address where an item not yet begun is asked."""
        return self.address(self._marked(self.adding(loop).step), change=change)

    def _added(self, step: Step) -> Visit | None:
        """Give an item's first page: another item may be unfinished, being added in another tab."""
        loop, listing = self.form.loop_of(step.page), self._listing(step)
        if loop is None or listing is None:
            return None
        if listing not in self.route.visits and not self._stops_in(loop):
            return None
        items = self.answers.items.get(loop.repeat.id, ())
        if len(items) >= loop.repeat.max or not may_begin(step.item, items):
            return None
        visit = self.adding(loop)
        return replace(visit, step=step) if visit.step.page == step.page else None

    def _around(self, step: Step) -> Route:
        """Give the route; for an item after one unfinished in another tab, the way through it."""
        loop = self.form.loop_of(step.page) if step.item else None
        if loop is None or step in self.route.visits or not self._stops_in(loop):
            return self.route
        item = self._item(step)
        if item is None:
            return self.route
        return walk_item(self.form, loop, item, self.answers, self.route, today=self.today)

    def _stops_in(self, loop: Loop) -> bool:
        stop = self.route.stop
        return stop is not None and self.form.loop_of(stop.page) is loop

    def _item(self, step: Step) -> Item | None:
        loop = self.form.loop_of(step.page)
        return self.answers.item(loop.repeat.id, step.item) if loop else None

    def _unmarked(self, step: Step) -> Step:
        """Give the step at which the route stops for an item to be begun, where this is one."""
        stop = self.route.stop
        if stop is None or not stop.item or stop.page != step.page:
            return step
        return stop if self._item(stop) is None and self._item(step) is None else step

    def _marked(self, step: Step) -> Step:
        return step._replace(item=marked(step.item, self.mark()))

    def _listing(self, step: Step) -> Step | None:
        loop = self.form.loop_of(step.page) if step.item else None
        return Step(loop.repeat.id, listing=True) if loop else None


def journey_of(
    service: str, opened: Opened, *, at: datetime, today: date, mark: Callable[[], str]
) -> Journey:
    """Walk the draft's answers."""
    return Journey(service, opened, opened.route(today), at, today, mark)
