"""Comparisons as the source's engine makes them: expr-eval over JavaScript's values."""

from __future__ import annotations

import math
from collections.abc import Callable

from townhall.importers.expressions import Compare, Expression, Name


def test_of(leaf: Expression, *, null: bool, loose: bool) -> Callable[[object], bool]:
    """Give what a comparison finds for a value; None is the value of a question not asked.

    ``loose`` compares by the words of a value, as engines do that take it from a list.
    """

    def test(value: object) -> bool:
        if isinstance(leaf, Compare):
            return _compare(leaf, value, null=null, loose=loose)
        if isinstance(leaf, Name):
            return value not in (None, False, "", 0)
        return False

    return test


def equal(left: object, right: object, *, loose: bool) -> bool:
    """Strict equality; numbers of either kind are one type, true and false another."""
    if loose:
        return _words(left) == _words(right)
    if isinstance(left, bool) != isinstance(right, bool):
        return False
    return left == right


def _compare(leaf: Compare, value: object, *, null: bool, loose: bool) -> bool:
    if leaf.operator in ("==", "!="):
        return equal(value, leaf.value, loose=loose) == (leaf.operator == "==")
    if isinstance(value, str) and isinstance(leaf.value, str):
        return _ordered(leaf.operator, (value > leaf.value) - (value < leaf.value))
    left, right = _number(value, null=null), _number(leaf.value, null=null)
    if math.isnan(left) or math.isnan(right):
        return False
    return _ordered(leaf.operator, (left > right) - (left < right))


def _ordered(operator: str, sign: int) -> bool:
    return {">": sign > 0, ">=": sign >= 0, "<": sign < 0, "<=": sign <= 0}[operator]


def _number(value: object, *, null: bool) -> float:
    if value is None:
        return 0.0 if null else math.nan
    if isinstance(value, int | float):
        return float(value)
    try:
        return float(str(value).strip() or 0)
    except ValueError:
        return math.nan


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)
