"""Conditions made ready: each becomes a function of what stands on the route and of the day.

A comparison with *no answer* is false; ``not`` is ordinary negation (design §2).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any as Anything

from townhall.engine.conditions import PRESENCE, All, Any, Condition, Named, Not, Subject, Test
from townhall.engine.faults import CannotEvaluate
from townhall.engine.scope import Scope
from townhall.engine.typing_operands import Operand

Decision = Callable[[Scope, date], bool]
"""Says whether a condition holds for what stands, today.

Raises CannotEvaluate when a value is of a type that the model should have refused.
"""

_COMPARE: dict[str, Callable[[Anything, Anything], Anything]] = {
    "is": operator.eq,
    "is_not": operator.ne,
    "one_of": lambda left, right: left in right,
    "includes": operator.contains,
    "excludes": lambda left, right: right not in left,
    "at_least": operator.ge,
    "at_most": operator.le,
    "more_than": operator.gt,
    "less_than": operator.lt,
    "before": operator.lt,
    "after": operator.gt,
    "not_before": operator.ge,
    "not_after": operator.le,
}


@dataclass(frozen=True)
class Decider:
    """Makes decisions: ``operands`` are the right sides of conditions, or of what rules require."""

    named: Mapping[str, Condition]
    operands: Mapping[Test, Operand]
    rule_operands: Mapping[Test, Operand]

    def decision(self, condition: Condition) -> Decision:
        """Make a condition ready. Raises KeyError for a test or a name that the form has not."""
        if isinstance(condition, Test):
            return _decided(condition, self.operands[condition])
        return self._of_parts(condition, self.decision)

    def requirement(self, condition: Condition) -> Decision:
        """Make ready what a rule requires; a rule about *no answer* requires nothing yet."""
        if isinstance(condition, Test):
            return _required(condition, self.rule_operands[condition])
        if isinstance(condition, Named):
            return self.decision(condition)
        return self._of_parts(condition, self.requirement)

    def _of_parts(
        self, condition: All | Any | Not | Named, make: Callable[[Condition], Decision]
    ) -> Decision:
        if isinstance(condition, Named):
            return make(self.named[condition.name])
        if isinstance(condition, Not):
            return _negated(make(condition.part))
        parts = tuple(make(part) for part in condition.parts)
        return _every(parts) if isinstance(condition, All) else _some(parts)


def quantity(subject: Subject, scope: Scope) -> Anything:
    """Give the value of a test's left side; None is *no answer*."""
    if subject.quantity == "value":
        return scope.get(subject.question)
    items = scope.repeats.get(subject.repeat)
    if items is None:
        return None
    if subject.quantity == "count":
        return Decimal(len(items))
    values = [item.get(subject.question) for item in items]
    if subject.quantity == "sum":
        return sum((value for value in values if value is not None), Decimal(0))
    return values


def _negated(part: Decision) -> Decision:
    return lambda scope, today: not part(scope, today)


def _every(parts: tuple[Decision, ...]) -> Decision:
    return lambda scope, today: all(part(scope, today) for part in parts)


def _some(parts: tuple[Decision, ...]) -> Decision:
    return lambda scope, today: any(part(scope, today) for part in parts)


def _decided(test: Test, operand: Operand) -> Decision:
    subject = test.subject
    if test.operator == "answered":
        return lambda scope, today: _answered(subject, scope)
    if test.operator == "not_asked":
        return lambda scope, today: not _asked(subject, scope)
    if subject.quantity in ("any", "every"):
        return _of_items(test, operand)
    if subject.quantity == "value" and not operand.question and operand.day is None:
        return _plain(test, operand.value)

    def decide(scope: Scope, today: date) -> bool:
        left, right = quantity(subject, scope), _right(operand, scope, today)
        return left is not None and right is not None and _compare(test, left, right)

    return decide


def _plain(test: Test, right: Anything) -> Decision:
    """An answer beside a value: what nearly every condition is, with nothing left to look up."""
    question = test.subject.question
    if right is None:
        return lambda scope, today: False

    def decide(scope: Scope, today: date) -> bool:
        left = scope.get(question)
        return left is not None and _compare(test, left, right)

    return decide


def _of_items(test: Test, operand: Operand) -> Decision:
    subject, any_one = test.subject, test.subject.quantity == "any"

    def decide(scope: Scope, today: date) -> bool:
        values, right = quantity(subject, scope), _right(operand, scope, today)
        if values is None or right is None:
            return False
        outcomes = [value is not None and _compare(test, value, right) for value in values]
        return any(outcomes) if any_one else bool(outcomes) and all(outcomes)

    return decide


def _required(test: Test, operand: Operand) -> Decision:
    decide = _decided(test, operand)
    if test.operator in PRESENCE:
        return decide

    def require(scope: Scope, today: date) -> bool:
        if quantity(test.subject, scope) is None:
            return True
        if operand.question and scope.get(operand.question) is None:
            return True
        return decide(scope, today)

    return require


def _compare(test: Test, left: Anything, right: Anything) -> bool:
    try:
        return bool(_COMPARE[test.operator](left, right))
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
