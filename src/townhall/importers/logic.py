"""Joins our conditions, with what is always and never true taken out."""

from __future__ import annotations

from townhall.engine.conditions import All, Any, Condition, Not, Subject, Test

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
        places = [
            at for at, one in enumerate(found) if _chooses(part) and _chooses(part) == _chooses(one)
        ]
        before = found[places[0]] if places else None
        if isinstance(before, Test) and isinstance(part, Test):
            found[places[0]] = _merged(before, part)
        else:
            found.append(part)
    return found


def _chooses(part: Condition) -> Subject | None:
    """Give the question that a part compares with one answer or several; None for anything else."""
    if isinstance(part, Test) and part.operator in ("is", "one_of"):
        return part.subject
    return None


def _merged(left: Test, right: Test) -> Condition:
    several = dict.fromkeys((*_operands(left), *_operands(right)))
    return Test(left.subject, "one_of", tuple(several))


def _operands(test: Test) -> tuple[str, ...]:
    return test.operand if isinstance(test.operand, tuple) else (test.operand,)
