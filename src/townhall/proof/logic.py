"""Says which conditions can never hold, and only where that is certain.

A condition is taken apart into ways to be true, each a list of comparisons. A way is impossible
when no value of some one question passes all the comparisons with it. Whatever is too large to take
apart, or not known before the day (dates counted from today beside fixed ones), is possible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from townhall.engine.conditions import All, Condition, Named, Not, Test
from townhall.engine.question import Question
from townhall.proof.case import Case
from townhall.proof.values import UNKNOWN, candidates, holds

MAX_WAYS = 64
MAX_SIZE = 24
MAX_WORK = 80_000
MAX_DEPTH = 30

Literal = tuple[Test, bool]
Way = frozenset[Literal]
TRUE: tuple[Way, ...] = (frozenset(),)


def logic_of(case: Case) -> Logic:
    """Give the reasoning about a definition, which all of its checks share."""
    found: Logic = case.memory.setdefault("logic", Logic(case))
    return found


class TooMany(Exception):
    """A condition has more ways to be true than we take apart."""


@dataclass
class Logic:
    """The reasoning about one definition, with a limit on all of its work together."""

    case: Case
    work: int = 0
    _asked: dict[str, tuple[Way, ...]] = field(default_factory=dict)
    _possible: dict[Way, bool] = field(default_factory=dict)
    _valued: dict[tuple[str, Way], bool] = field(default_factory=dict)

    def never(self, *conditions: Condition | None) -> bool:
        """Say whether these conditions can certainly not hold together."""
        try:
            ways = self._together([self.ways(one) for one in conditions if one is not None])
            return not any(self._possible_way(way) for way in ways)
        except TooMany:
            return False

    def always(self, condition: Condition, *given: Condition | None) -> bool:
        """Say whether a condition certainly holds wherever ``given`` does."""
        return self.never(Not(condition), *given)

    def ways(self, condition: Condition, *, wanted: bool = True, depth: int = 0) -> tuple[Way, ...]:
        """Take a condition apart into the ways in which it is ``wanted``; raises TooMany."""
        self._spend(1)
        if depth > MAX_DEPTH:
            raise TooMany
        if isinstance(condition, Test):
            return (frozenset({(condition, wanted)}),)
        if isinstance(condition, Not):
            return self.ways(condition.part, wanted=not wanted, depth=depth + 1)
        if isinstance(condition, Named):
            meant = self.case.named(condition)
            if meant is None:
                raise TooMany
            return self.ways(meant, wanted=wanted, depth=depth + 1)
        parts = [self.ways(part, wanted=wanted, depth=depth + 1) for part in condition.parts]
        return self._joined(parts, together=isinstance(condition, All) == wanted)

    def _joined(self, parts: list[tuple[Way, ...]], *, together: bool) -> tuple[Way, ...]:
        if together:
            return self._together(parts)
        either = tuple(dict.fromkeys(way for part in parts for way in part))
        if len(either) > MAX_WAYS:
            raise TooMany
        return either

    def _together(self, parts: Iterable[tuple[Way, ...]]) -> tuple[Way, ...]:
        ways = TRUE
        for part in parts:
            self._spend(len(ways) * len(part))
            ways = tuple(dict.fromkeys(one | other for one in ways for other in part))
            if len(ways) > MAX_WAYS:
                raise TooMany
        return ways

    @property
    def exhausted(self) -> bool:
        """Whether the definition was too large to reason about to the end."""
        return self.work > MAX_WORK

    def _spend(self, count: int) -> None:
        self.work += count
        if self.work > MAX_WORK:
            raise TooMany

    def _possible_way(self, way: Way) -> bool:
        if way not in self._possible:
            self._possible[way] = self._consistent(way) and any(
                self._consistent(way | more) for more in self._asked_ways(way)
            )
        return self._possible[way]

    def _asked_ways(self, way: Way) -> tuple[Way, ...]:
        """Give the ways in which every question with an answer in ``way`` was asked."""
        names = sorted({literal[0].subject.question for literal in way if _needs_answer(literal)})
        return self._together([self.asked(name) for name in names])

    def asked(self, question: str) -> tuple[Way, ...]:
        """Give the ways in which a question is asked: its own and its page's ``when``."""
        if question not in self._asked:
            self._asked[question] = (
                TRUE  # a question that depends on itself is another check's fault
            )
            self._asked[question] = self._ways_asked(question)
        return self._asked[question]

    def _ways_asked(self, question: str) -> tuple[Way, ...]:
        try:
            return tuple(dict.fromkeys(self._each_way_asked(question))) or TRUE
        except TooMany:
            return TRUE

    def _each_way_asked(self, question: str) -> Iterator[Way]:
        for place in self.case.places.get(question, ()):
            page = self.case.pages[place.page]
            needed = [one for one in (page.when, place.question.when) if one is not None]
            for way in self._together([self.ways(one) for one in needed]):
                for more in self._asked_ways(way):
                    if len(way | more) > MAX_SIZE:
                        raise TooMany
                    yield way | more

    def _consistent(self, way: Way) -> bool:
        self._spend(len(way))
        about: dict[str, list[Literal]] = {}
        for test, wanted in way:
            if test.subject.quantity == "value" and not test.subject.repeat:
                about.setdefault(test.subject.question, []).append((test, wanted))
        return all(self._some_value(name, literals) for name, literals in about.items())

    def _some_value(self, name: str, literals: list[Literal]) -> bool:
        question = self.case.question(name)
        if question is None or len(self.case.places[name]) > 1:
            return True
        key = name, frozenset(literals)
        if key not in self._valued:
            self._spend(10 * len(literals))
            self._valued[key] = some_value(question, literals, self.case)
        return self._valued[key]


def some_value(question: Question, literals: list[Literal], case: Case) -> bool:
    """Say whether an answer to ``question``, or none, passes every comparison; unsure is yes."""
    values = candidates(question, [test for test, _ in literals], case)
    if values is UNKNOWN:
        return True
    return any(
        all(holds(question, test, value, case) == wanted for test, wanted in literals)
        for value in values
    )


def _needs_answer(literal: Literal) -> bool:
    test, wanted = literal
    return test.subject.quantity == "value" and wanted and test.operator != "not_asked"
