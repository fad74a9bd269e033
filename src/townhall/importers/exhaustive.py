"""Whether some condition of a list always holds, by trying every answer that matters."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping

from townhall.engine.conditions import All, Any, Condition, Not, Test, tests
from townhall.importers.book import Asked

MOST = 20_000
MOST_BOXES = 10

Answer = str | frozenset[str]


def covers(conditions: Iterable[Condition], asked: Mapping[str, Asked]) -> bool:
    """Say whether one of ``conditions`` always holds.

    ``asked`` holds the questions that are certain to be answered, by id. False also where there are
    too many answers to try, or a question is not one of choices.
    """
    whole = Any(tuple(conditions))
    names = sorted({test.subject.question for test in tests(whole)})
    if not names or any(name not in asked or not asked[name].values for name in names):
        return False
    choices = [tuple(_answers(asked[name], name, whole)) for name in names]
    size = 1
    for found in choices:
        size *= len(found) or 1
    if size > MOST or not all(choices):
        return False
    combinations = itertools.product(*choices)
    return all(_holds(whole, dict(zip(names, one, strict=True))) for one in combinations)


def _answers(asked: Asked, name: str, whole: Condition) -> Iterator[Answer]:
    ids = [id for _, id in asked.values]
    if asked.kind != "checkboxes":
        yield from ids
        return
    named = [id for id in ids if any(_names(test, name, id) for test in tests(whole))]
    if len(named) > MOST_BOXES:
        return
    others = len(named) < len(ids)
    for count in range(0 if others else 1, len(named) + 1):
        yield from (frozenset(some) for some in itertools.combinations(named, count))


def _names(test: Test, name: str, id: str) -> bool:
    return test.subject.question == name and test.operand == id


def _holds(condition: Condition, answers: Mapping[str, Answer]) -> bool:
    if isinstance(condition, All):
        return all(_holds(part, answers) for part in condition.parts)
    if isinstance(condition, Any):
        return any(_holds(part, answers) for part in condition.parts)
    if isinstance(condition, Not):
        return not _holds(condition.part, answers)
    if not isinstance(condition, Test):
        return False
    return _test(condition, answers[condition.subject.question])


def _test(test: Test, answer: Answer) -> bool:
    match test.operator:
        case "is":
            return answer == test.operand
        case "is_not":
            return answer != test.operand
        case "one_of":
            return answer in test.operand
        case "includes":
            return test.operand in answer
        case "excludes":
            return test.operand not in answer
        case operator:
            return operator == "answered"
