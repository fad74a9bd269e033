"""Values that stand for all the answers that a question's comparisons can tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import combinations
from typing import Any, Final

from townhall.engine.conditions import Test
from townhall.engine.question import Question
from townhall.engine.typing_operands import Operand, Typist
from townhall.proof.case import Case

MAX_CHOSEN = 6


@dataclass(frozen=True)
class NoAnswer:
    """No answer, and whether the question was asked (then it was left blank)."""

    asked: bool


NOT_ASKED: Final = NoAnswer(asked=False)
BLANK: Final = NoAnswer(asked=True)
UNKNOWN: Final[tuple[object, ...]] = (object(),)
SOME: Final = object()

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda left, right: left == right,
    "is_not": lambda left, right: left != right,
    "one_of": lambda left, right: left in right,
    "includes": lambda left, right: right in left,
    "excludes": lambda left, right: right not in left,
    "at_least": lambda left, right: left >= right,
    "at_most": lambda left, right: left <= right,
    "more_than": lambda left, right: left > right,
    "less_than": lambda left, right: left < right,
    "before": lambda left, right: left < right,
    "after": lambda left, right: left > right,
    "not_before": lambda left, right: left >= right,
    "not_after": lambda left, right: left <= right,
}


def candidates(question: Question, tests: list[Test], case: Case) -> tuple[object, ...]:
    """Give one value for every way in which ``tests`` can tell answers apart, or UNKNOWN.

    No answer is always among them; left blank only where the question may be.
    """
    nothing = (NOT_ASKED,) if question.required else (NOT_ASKED, BLANK)
    operands = [operand_of(question, test, case) for test in tests if test.operator in _COMPARE]
    if any(operand is None for operand in operands):
        return UNKNOWN
    known = [operand for operand in operands if operand is not None]
    values = _values(question, known, case)
    return UNKNOWN if values is None else (*nothing, *values)


def holds(question: Question, test: Test, value: object, case: Case) -> bool:
    """Say whether one comparison holds for one of the values that ``candidates`` gave."""
    if test.operator == "answered":
        return not isinstance(value, NoAnswer)
    if test.operator == "not_asked":
        return value is NOT_ASKED
    if isinstance(value, NoAnswer):
        return False
    operand = operand_of(question, test, case)
    if operand is None:
        return False
    right = operand.day.on(case.today) if operand.day else operand.value
    answer: bool = _COMPARE[test.operator](value, right)
    return answer


def operand_of(question: Question, test: Test, case: Case) -> Operand | None:
    """Type the right side of a comparison; None when it does not suit the question."""
    known = case.memory.setdefault("operands", {})
    if (question.id, test) not in known:
        known[question.id, test] = Typist({question.id: question}, {}).operand(test, in_rule=False)
    found = known[question.id, test]
    return found if isinstance(found, Operand) else None


def _values(question: Question, operands: list[Operand], case: Case) -> Iterable[object] | None:
    ordering = case.kind(question).ordering
    if not operands:
        return (SOME,)
    if ordering == "choice":
        return option_ids(question)
    if ordering == "choices":
        return _chosen(question, operands)
    if ordering == "number":
        return _numbers(question, operands)
    if ordering == "date":
        return _dates(operands, case.today)
    if ordering == "time":
        return _times(operands)
    return None


def option_ids(question: Question) -> tuple[str, ...]:
    """Give the ids that may be chosen, those of a yes or no question included."""
    ids = tuple(option.id for option in question.offered)
    return ids or ("yes", "no")


def _chosen(question: Question, operands: list[Operand]) -> Iterable[object] | None:
    """Give every set of the options compared with, alone and with one that is not."""
    named = sorted({str(operand.value) for operand in operands})
    if len(named) > MAX_CHOSEN:
        return None
    spare = next((id for id in option_ids(question) if id not in named), None)
    alone = {option.id for option in question.offered if option.exclusive}
    sets = [
        (*chosen, *extra)
        for count in range(len(named) + 1)
        for chosen in combinations(named, count)
        for extra in (((), (spare,)) if spare else ((),))
    ]
    return [one for one in sets if one and (len(one) == 1 or not alone.intersection(one))]


def _numbers(question: Question, operands: list[Operand]) -> Iterable[object]:
    step = _step(question)
    points: set[Decimal] = set()
    for value in _each(operands):
        if isinstance(value, Decimal):
            points |= {value - step, value, value + step}
    low, high = (_bound(question, name) for name in ("min", "max"))
    points |= {bound for bound in (low, high) if bound is not None}
    return [
        point
        for point in sorted(points)
        if (low is None or point >= low) and (high is None or point <= high)
    ]


def _step(question: Question) -> Decimal:
    places = getattr(question.settings, "decimals", None)
    return (
        Decimal(1).scaleb(-int(places))
        if places
        else Decimal(1)
        if places == 0
        else Decimal("0.000001")
    )


def _bound(question: Question, name: str) -> Decimal | None:
    typed = str(getattr(question.settings, name, None) or "")
    return Decimal(typed) if typed.lstrip("+-").replace(".", "", 1).isdigit() else None


def _dates(operands: list[Operand], today: date) -> Iterable[object] | None:
    counted = [operand for operand in operands if operand.day]
    if counted and len(counted) < len(operands):
        return None
    days = [operand.day.on(today) for operand in operands if operand.day]
    days += [value for value in _each(operands) if isinstance(value, date)]
    return sorted({near for day in days for near in _near(day)})


def _near(day: date) -> Iterator[date]:
    for number in (day.toordinal() - 1, day.toordinal(), day.toordinal() + 1):
        if 1 <= number <= date.max.toordinal():
            yield date.fromordinal(number)


def _times(operands: list[Operand]) -> Iterable[object]:
    minute = timedelta(minutes=1)
    base = date(2000, 1, 2)
    at = [datetime.combine(base, one) for one in _each(operands) if isinstance(one, time)]
    near = {moment + shift for moment in at for shift in (-minute, minute * 0, minute)}
    return sorted({moment.time() for moment in near if moment.date() == base})


def _each(operands: list[Operand]) -> Iterator[Any]:
    for operand in operands:
        if isinstance(operand.value, tuple):
            yield from operand.value
        else:
            yield operand.value
