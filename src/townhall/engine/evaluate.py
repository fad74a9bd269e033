"""Whether a condition holds, given the answers that stand on the route.

A comparison with *no answer* is false; ``not`` is ordinary negation (design §2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any as Anything

from townhall.engine.answers import Scope
from townhall.engine.conditions import All, Any, Condition, Named, Not, Subject, Test
from townhall.engine.faults import CannotEvaluate
from townhall.engine.form import Form
from townhall.engine.typing_operands import Operand

_COMPARE: dict[str, Callable[[Anything, Anything], bool]] = {
    "is": lambda left, right: bool(left == right),
    "is_not": lambda left, right: bool(left != right),
    "one_of": lambda left, right: left in right,
    "includes": lambda left, right: right in left,
    "excludes": lambda left, right: right not in left,
    "at_least": lambda left, right: bool(left >= right),
    "at_most": lambda left, right: bool(left <= right),
    "more_than": lambda left, right: bool(left > right),
    "less_than": lambda left, right: bool(left < right),
    "before": lambda left, right: bool(left < right),
    "after": lambda left, right: bool(left > right),
    "not_before": lambda left, right: bool(left >= right),
    "not_after": lambda left, right: bool(left <= right),
}


def holds(condition: Condition | None, form: Form, scope: Scope, today: date) -> bool:
    """Say whether a condition holds; no condition always does.

    Raises CannotEvaluate when a value is of a type that the model should have refused.
    """
    if condition is None:
        return True
    if isinstance(condition, Named):
        return holds(form.named(condition.name), form, scope, today)
    if isinstance(condition, Not):
        return not holds(condition.part, form, scope, today)
    if isinstance(condition, All):
        return all(holds(part, form, scope, today) for part in condition.parts)
    if isinstance(condition, Any):
        return any(holds(part, form, scope, today) for part in condition.parts)
    return _test(condition, form.operands[condition], scope, today)


def rule_holds(condition: Condition, form: Form, scope: Scope, today: date) -> bool:
    """Say whether a rule's requirement holds; a rule about *no answer* requires nothing yet."""
    if isinstance(condition, Named):
        return holds(condition, form, scope, today)
    if isinstance(condition, Not):
        return not rule_holds(condition.part, form, scope, today)
    if isinstance(condition, All):
        return all(rule_holds(part, form, scope, today) for part in condition.parts)
    if isinstance(condition, Any):
        return any(rule_holds(part, form, scope, today) for part in condition.parts)
    operand = form.rule_operands[condition]
    if condition.operator not in ("answered", "not_asked"):
        if quantity(condition.subject, scope) is None:
            return True
        if operand.question and scope.get(operand.question) is None:
            return True
    return _test(condition, operand, scope, today)


def quantity(subject: Subject, scope: Mapping[str, Anything]) -> Anything:
    """Give the value of a test's left side; None is *no answer*."""
    if subject.quantity == "value":
        return scope.get(subject.question)
    items = scope.repeats.get(subject.repeat) if isinstance(scope, Scope) else None
    if items is None:
        return None
    if subject.quantity == "count":
        return Decimal(len(items))
    values = [item.get(subject.question) for item in items]
    if subject.quantity == "sum":
        return sum((value for value in values if value is not None), Decimal(0))
    return values


def _test(test: Test, operand: Operand, scope: Scope, today: date) -> bool:
    subject = test.subject
    if test.operator == "answered":
        return _answered(subject, scope)
    if test.operator == "not_asked":
        return not _asked(subject, scope)
    right = _right(operand, scope, today)
    left = quantity(subject, scope)
    if left is None or right is None:
        return False
    if subject.quantity in ("any", "every"):
        outcomes = [value is not None and _compare(test, value, right) for value in left]
        return any(outcomes) if subject.quantity == "any" else bool(outcomes) and all(outcomes)
    return _compare(test, left, right)


def _compare(test: Test, left: Anything, right: Anything) -> bool:
    try:
        return _COMPARE[test.operator](left, right)
    except TypeError as error:
        raise CannotEvaluate(f"`{test.operator}` on `{test.subject}`") from error


def _right(operand: Operand, scope: Scope, today: date) -> Anything:
    if operand.question:
        return scope.get(operand.question)
    return operand.day.on(today) if operand.day else operand.value


def _answered(subject: Subject, scope: Scope) -> bool:
    found = quantity(subject, scope)
    if subject.quantity == "any":
        return any(value is not None for value in found or ())
    if subject.quantity == "every":
        return bool(found) and all(value is not None for value in found)
    return found is not None


def _asked(subject: Subject, scope: Scope) -> bool:
    return subject.repeat in scope.repeats if subject.repeat else subject.question in scope.asked
