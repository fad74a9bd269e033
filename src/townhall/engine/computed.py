"""Works out a computed answer from the answers that it names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from townhall.engine.answers import Scope
from townhall.engine.kinds.computed import ComputedSettings
from townhall.engine.question import Question


def compute(question: Question, scope: Scope, today: date) -> Decimal | None:
    """Give the value, or None (*no answer*) while something it needs has no answer.

    A sum counts what has no answer as nothing, and is no answer only when all of it is.
    """
    settings: ComputedSettings = question.settings
    values = [_operand(name, scope) for name in settings.operands]
    if settings.operation == "sum":
        return _sum(values)
    if any(value is None for value in values):
        return None
    return _COMPUTE[settings.operation](values, today)


def years_between(born: date, today: date) -> int:
    """Give whole years, as an age is told: a birthday on 29 February falls on 1 March."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def _operand(name: str, scope: Scope) -> Any:
    """Give one answer, or the list of a repeat's answers for ``repeat.question``."""
    repeat, dot, inner = name.partition(".")
    if not dot:
        return scope.get(name)
    items = scope.repeats.get(repeat)
    return None if items is None else [item[inner] for item in items if inner in item]


def _sum(values: list[Any]) -> Decimal | None:
    given = [value for value in values if value is not None]
    flat = [one for value in given for one in (value if isinstance(value, list) else [value])]
    return sum(flat, Decimal(0)) if given else None


def _product(values: list[Any], today: date) -> Decimal:
    total = Decimal(1)
    for value in values:
        total *= value
    return total


_COMPUTE: dict[str, Callable[[list[Any], date], Decimal]] = {
    "difference": lambda values, today: Decimal(values[0] - values[1]),
    "product": _product,
    "age": lambda values, today: Decimal(years_between(values[0], today)),
    "days_between": lambda values, today: Decimal((values[1] - values[0]).days),
}
