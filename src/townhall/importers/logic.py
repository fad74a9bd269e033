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


_OPPOSITES = {
    "is": "is_not",
    "includes": "excludes",
    "at_least": "less_than",
    "at_most": "more_than",
    "before": "not_before",
    "after": "not_after",
}
_OPPOSITE = {**_OPPOSITES, **{opposite: word for word, opposite in _OPPOSITES.items()}}


def negated(condition: Condition) -> Condition:
    """Ordinary negation, told as the opposite and "no answer" rather than by ``not``."""
    if isinstance(condition, All):
        return any_of(*(negated(part) for part in condition.parts))
    if isinstance(condition, Any):
        return all_of(*(negated(part) for part in condition.parts))
    if isinstance(condition, Not):
        return condition.part
    if not isinstance(condition, Test) or condition.operator in ("answered", "not_asked"):
        return Not(condition)
    return any_of(unanswered(condition.subject), _opposite(condition))


def unanswered(subject: Subject) -> Condition:
    """There is no answer."""
    return Not(Test(subject, "answered", "yes"))


def _opposite(test: Test) -> Condition:
    """What holds of everybody who has an answer, where the test does not."""
    if test.operator == "one_of":
        return all_of(*(Test(test.subject, "is_not", one) for one in _operands(test)))
    return Test(test.subject, _OPPOSITE[test.operator], test.operand)


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
