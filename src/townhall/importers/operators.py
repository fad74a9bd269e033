"""The operators that every dialect's structured conditions share, and what each compiles to."""

from __future__ import annotations

from townhall.importers.expressions import Compare, Expression, Relative, Unreadable

SIGNS = {
    "is": "==",
    "is not": "!=",
    "is before": "<",
    "is after": ">",
    "is at least": ">=",
    "is at most": "<=",
    "is less than": "<",
    "is more than": ">",
}
LENGTHS = {"is longer than": ">", "is shorter than": "<", "has length": "=="}
_COUNTED = ("is at least", "is at most", "is less than", "is more than")
_TURNED = {">=": "<=", "<=": ">=", "<": ">", ">": "<"}


def from_now(field: str, operator: str, when: Relative) -> Expression:
    """Read “is at least 18 years in the past”: counted backwards, more means earlier.

    Raises Unreadable for an operator that dates do not have.
    """
    sign = SIGNS.get(operator)
    if sign is None:
        raise Unreadable(f"“{operator}” is not an operator on dates")
    return Compare(field, _TURNED[sign] if when.count < 0 and operator in _COUNTED else sign, when)
