"""Which pages can be arrived at, and which questions can be passed by, as far as conditions tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from townhall.engine.conditions import All, Condition, Not
from townhall.proof.case import Case
from townhall.proof.logic import Logic


@dataclass(frozen=True)
class Jump:
    """A way from one page to a later one that is not the next, and when it is taken."""

    start: int
    target: int
    when: Condition


@dataclass
class Routes:
    """The ways through a definition's pages; the number after the last page is check answers."""

    case: Case
    logic: Logic

    def arrives(self, number: int) -> bool:
        """Say whether anyone can come as far as this page (or pass it by its own condition)."""
        return number in self._arrived

    @cached_property
    def _arrived(self) -> frozenset[int]:
        pages = self.case.pages
        arrived = {0}
        for number, page in enumerate(pages):
            if number not in arrived:
                continue
            if page.when is not None and not self.logic.always(page.when):
                arrived.add(number + 1)
            if page.exit is None and not (page.when and self.logic.never(page.when)):
                arrived |= set(self._ways_on(number))
        return frozenset(arrived)

    def _ways_on(self, number: int) -> Iterator[int]:
        page = self.case.pages[number]
        for branch in page.next:
            target = self.case.page_numbers.get(branch.go, -1)
            if not (branch.when and self.logic.never(branch.when, page.when)):
                yield target if target > number else number + 1
            if branch.when is None:
                return
        yield number + 1

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
