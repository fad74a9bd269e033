"""Joins our conditions, with what is always and never true taken out."""

from __future__ import annotations

from townhall.engine.conditions import All, Any, Condition, Not, Test

ALWAYS = All(())
NEVER = Any(())


def all_of(*parts: Condition) -> Condition:
    """Every part holds."""
    kept: list[Condition] = []
    for part in parts:
        if part == NEVER:
            return NEVER
        inner = part.parts if isinstance(part, All) else (part,)
        kept += [one for one in inner if one not in kept]
    return kept[0] if len(kept) == 1 else All(tuple(kept))


def any_of(*parts: Condition) -> Condition:
    """Some part holds; several answers to one question are told in one list."""
    kept: list[Condition] = []
    for part in parts:
        if part == ALWAYS:
            return ALWAYS
        inner = part.parts if isinstance(part, Any) else (part,)
        kept += [one for one in inner if one not in kept]
    kept = _told_together(kept)
    return kept[0] if len(kept) == 1 else Any(tuple(kept))


def negated(condition: Condition) -> Condition:
    """Ordinary negation."""
    if condition == ALWAYS:
        return NEVER
    if condition == NEVER:
        return ALWAYS
    return condition.part if isinstance(condition, Not) else Not(condition)


def _told_together(parts: list[Condition]) -> list[Condition]:
    found: list[Condition] = []
    for part in parts:
        before = next((one for one in found if _same_subject(one, part)), None)
        if before is None:
            found.append(part)
        else:
            found[found.index(before)] = _merged(before, part)
    return found


def _same_subject(left: Condition, right: Condition) -> bool:
    return (
        isinstance(left, Test)
        and isinstance(right, Test)
        and left.subject == right.subject
        and left.operator in ("is", "one_of")
        and right.operator in ("is", "one_of")
    )


def _merged(left: Condition, right: Condition) -> Condition:
    assert isinstance(left, Test)
    assert isinstance(right, Test)
    several = dict.fromkeys((*_operands(left), *_operands(right)))
    return Test(left.subject, "one_of", tuple(several))


def _operands(test: Test) -> tuple[str, ...]:
    return test.operand if isinstance(test.operand, tuple) else (test.operand,)
