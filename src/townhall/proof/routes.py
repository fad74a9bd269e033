"""Which pages can be arrived at, and which can be passed by, as far as conditions tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from townhall.engine.conditions import All, Condition, Not
from townhall.proof.case import Case
from townhall.proof.logic import Logic, logic_of

MAX_REASONS = 6
MAX_PARTS = 8
Reason = tuple[Condition, ...]


@dataclass(frozen=True)
class Jump:
    """A way from one page to a later one that is not the next, and when it is taken."""

    start: int
    target: int
    when: Condition


def routes_of(case: Case) -> Routes:
    """Give the ways through a definition, which all of its checks share."""
    found: Routes = case.memory.setdefault("routes", Routes(case, logic_of(case)))
    return found


@dataclass
class Routes:
    """The ways through a definition's pages; the number after the last page is check answers."""

    case: Case
    logic: Logic

    def arrives(self, number: int) -> bool:
        """Say whether anyone can come as far as this page (or pass it by its own condition)."""
        return number in self._arrivals

    @cached_property
    def _arrivals(self) -> dict[int, list[Reason]]:
        """Each page that people come to, with what holds for those who come each way."""
        found: dict[int, list[Reason]] = {0: [()]}
        for number, page in enumerate(self.case.pages):
            for reason in found.get(number, []):
                if page.when is not None and not self.logic.always(page.when, *reason):
                    _add(found, number + 1, (*reason, Not(page.when)))
                shown = reason if page.when is None else (*reason, page.when)
                if page.exit is None and not self.logic.never(*shown):
                    for target, more in self._ways_on(number):
                        if not self.logic.never(*shown, *more):
                            _add(found, target, (*shown, *more))
        return found

    def _ways_on(self, number: int) -> Iterator[tuple[int, Reason]]:
        """Give where a page leads, and what holds for those who go there."""
        before: Reason = ()
        for branch in self.case.pages[number].next:
            target = self.case.page_numbers.get(branch.go, -1)
            mine = () if branch.when is None else (branch.when,)
            yield (target if target > number else number + 1), (*before, *mine)
            if branch.when is None:
                return
            before = (*before, Not(branch.when))
        yield number + 1, before

    @cached_property
    def jumps(self) -> tuple[Jump, ...]:
        """Every way on that passes over at least one page."""
        return tuple(self._jumps())

    def _jumps(self) -> Iterator[Jump]:
        for number, page in enumerate(self.case.pages):
            before: list[Condition] = [page.when] if page.when is not None else []
            for branch in page.next:
                target = self.case.page_numbers.get(branch.go, -1)
                mine = [branch.when] if branch.when is not None else []
                if target > number + 1:
                    yield Jump(number, target, All((*before, *mine)))
                if branch.when is None:
                    break
                before.append(Not(branch.when))


def _add(found: dict[int, list[Reason]], number: int, reason: Reason) -> None:
    """Note a way to a page; where there are many, all that is kept is that there is one."""
    here = found.setdefault(number, [])
    if () in here:
        return
    if len(here) >= MAX_REASONS or len(reason) > MAX_PARTS:
        found[number] = [()]
    elif reason not in here:
        here.append(reason)
