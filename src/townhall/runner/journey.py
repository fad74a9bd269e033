"""Where a person stands in a service: addresses, back, onward, and change and return. No HTTP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from townhall.engine.answers import Answers, Scope
from townhall.engine.form import Form, Loop
from townhall.engine.route import Route, Step, Visit, new_item
from townhall.submissions.drafts import Opened

CHECK = "check-answers"


# Not frozen: that costs a call for each field, twice at each page that is sent.
@dataclass(slots=True, eq=False)
class Journey:
    """A draft, its route now, and the time of the request. Nothing changes it."""

    service: str
    opened: Opened
    route: Route
    at: datetime
    today: date

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
        return journey_of(self.service, opened, at=self.at, today=self.today)

    def visit(self, step: Step) -> Visit | None:
        """Give a step that may be met now; None for one that lies ahead or off the route."""
        found = self.route.visits.get(step)
        return found.apart() if found else self._added(step)

    def address(self, step: Step, *, change: bool = False) -> str:
        """Give a step's address."""
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
        if change or step not in self.route.visits:
            return self.unfinished(change=change)
        after = self.route.after(step)
        if after is None:
            return self.unfinished()
        listing = self._listing(step)
        if listing is not None and after.item != step.item and listing in self.route.visits:
            return self.address(listing)
        return self.address(after)

    def back(self, step: Step, *, change: bool) -> str:
        """Give the step before: check answers when the person came from there to change it."""
        if change and self.route.complete:
            return self.check
        listing = self._listing(step)
        if step not in self.route.visits:
            return self.address(listing) if listing else f"/{self.service}"
        before = self.route.before(step)
        if before is None:
            return f"/{self.service}"
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

    def _added(self, step: Step) -> Visit | None:
        loop = self.form.loop_of(step.page)
        listing = self._listing(step)
        if loop is None or listing is None or listing not in self.route.visits:
            return None
        if len(self.answers.items.get(loop.repeat.id, ())) >= loop.repeat.max:
            return None
        visit = self.adding(loop)
        return visit if visit.step == step else None

    def _listing(self, step: Step) -> Step | None:
        loop = self.form.loop_of(step.page) if step.item else None
        return Step(loop.repeat.id, listing=True) if loop else None


def journey_of(service: str, opened: Opened, *, at: datetime, today: date) -> Journey:
    """Walk the draft's answers."""
    return Journey(service, opened, opened.route(today), at, today)
