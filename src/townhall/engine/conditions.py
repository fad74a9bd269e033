"""Conditions are data: reads them, and says which questions they look at. It never runs text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Quantity = Literal["value", "any", "every", "count", "sum"]
MAX_CONDITION_DEPTH = 12

OPERATORS = (
    "is",
    "is_not",
    "one_of",
    "includes",
    "excludes",
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "before",
    "after",
    "not_before",
    "not_after",
    "answered",
    "not_asked",
)
PRESENCE = ("answered", "not_asked")


@dataclass(frozen=True)
class Subject:
    """What a test looks at: a question, or a repeat as a whole.

    ``quantity`` is ``value`` for a question; ``any``, ``every`` and ``sum`` take a question inside
    ``repeat``; ``count`` takes the repeat alone.
    """

    question: str
    quantity: Quantity = "value"
    repeat: str = ""

    def __str__(self) -> str:
        """Write it as an author would."""
        if self.quantity == "value":
            return self.question
        name = f"{self.repeat}.{self.question}" if self.question else self.repeat
        return f"count of {name}" if self.quantity == "count" else f"{self._word} {name}"

    @property
    def _word(self) -> str:
        return "sum of" if self.quantity == "sum" else self.quantity


@dataclass(frozen=True)
class Test:
    """One comparison; ``operand`` is as typed: a string, or several for ``one_of``."""

    __test__ = False

    subject: Subject
    operator: str
    operand: str | tuple[str, ...]


@dataclass(frozen=True)
class All:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Any:
    """True when at least one part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Not:
    """Ordinary negation."""

    part: Condition


@dataclass(frozen=True)
class Named:
    """A condition given once under ``conditions:``."""

    name: str


Condition = Test | All | Any | Not | Named


class BadCondition(ValueError):
    """A condition that is not written as the language has it."""

    def __init__(self, message: str, remedy: str = "") -> None:
        """Keep the remedy beside the message."""
        super().__init__(message)
        self.remedy = remedy


def parse(raw: object, depth: int = 0) -> Condition:
    """Read a condition from plain values (strings, lists and mappings).

    A string is a named condition; several names in one mapping must all hold; a list of values is
    ``one_of``. Raises BadCondition, whose ``remedy`` says what to write.
    """
    if depth > MAX_CONDITION_DEPTH:
        raise BadCondition("This condition is nested too deep.", "Name its parts in `conditions:`.")
    if isinstance(raw, Test | All | Any | Not | Named):
        return raw
    if isinstance(raw, str) and raw:
        return Named(raw)
    if not isinstance(raw, dict) or not raw:
        raise BadCondition(
            "A condition is `question: answer`, or the name of one.",
            "Write for example {pest: wasps}.",
        )
    parts = tuple(_entry(str(key), value, depth) for key, value in raw.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _entry(key: str, value: object, depth: int) -> Condition:
    if key in ("all", "any") and isinstance(value, list):
        parts = tuple(parse(part, depth + 1) for part in value)
        if not parts:
            raise BadCondition(f"`{key}` is empty.", "List at least one condition.")
        return All(parts) if key == "all" else Any(parts)
    if key == "not":
        return Not(parse(value, depth + 1))
    if key in ("all", "any"):
        raise BadCondition(f"`{key}` takes a list of conditions.", f"Write {key}: [{{…}}, {{…}}].")
    return _tests(_subject(key), value)


_QUANTITY = re.compile(
    r"(?P<word>any|every|count of|sum of)\s+(?P<name>[\w-]+)(?:\.(?P<of>[\w-]+))?"
)
_PLAIN = re.compile(r"[A-Za-z][\w-]*(?:\.number)?")


def _subject(key: str) -> Subject:
    if found := _QUANTITY.fullmatch(key):
        counted = found["word"] == "count of"
        if counted == bool(found["of"]):
            raise BadCondition(
                f"`{key}` is not complete.", "Write `count of children` or `any children.age`."
            )
        words: dict[str, Quantity] = {"any": "any", "every": "every", "sum of": "sum"}
        return Subject(found["of"] or "", words.get(found["word"], "count"), found["name"])
    if not _PLAIN.fullmatch(key):
        raise BadCondition(
            f"`{key}` is not a question's id.", "Write the id as the question has it."
        )
    return Subject(key)


def _tests(subject: Subject, value: object) -> Condition:
    if isinstance(value, str):
        return Test(subject, "is", value)
    if isinstance(value, list):
        return Test(subject, "one_of", _strings(value, str(subject)))
    if not isinstance(value, dict) or not value:
        raise BadCondition(
            f"The condition on `{subject}` has no answer to compare with.",
            f"Write {{{subject}: answer}} or {{{subject}: {{at_least: 3}}}}.",
        )
    parts = tuple(_test(subject, str(operator), operand) for operator, operand in value.items())
    return parts[0] if len(parts) == 1 else All(parts)


def _test(subject: Subject, operator: str, operand: object) -> Condition:
    if operator not in OPERATORS:
        raise BadCondition(
            f"`{operator}` is not an operator.", f"Use one of: {', '.join(OPERATORS)}."
        )
    if operator == "one_of":
        return Test(subject, operator, _strings(operand, str(subject)))
    if not isinstance(operand, str):
        raise BadCondition(f"`{operator}` takes one value.", f"Write {operator}: value.")
    if operator in PRESENCE:
        return _presence(subject, operator, operand)
    return Test(subject, operator, operand)


def _presence(subject: Subject, operator: str, operand: str) -> Condition:
    if operand.lower() in ("yes", "true"):
        return Test(subject, operator, "yes")
    if operand.lower() in ("no", "false"):
        return Not(Test(subject, operator, "yes"))
    raise BadCondition(f"`{operator}` takes yes or no.", f"Write {operator}: yes.")


def _strings(value: object, name: str) -> tuple[str, ...]:
    if isinstance(value, list) and value and all(isinstance(part, str) for part in value):
        return tuple(str(part) for part in value)
    raise BadCondition(f"`{name}` is compared with a list that is empty or not plain words.")


def as_plain(condition: Condition) -> object:
    """Write a condition back as plain values; ``parse(as_plain(c)) == c``."""
    if isinstance(condition, Named):
        return condition.name
    if isinstance(condition, Not):
        return {"not": as_plain(condition.part)}
    if isinstance(condition, All | Any):
        word = "all" if isinstance(condition, All) else "any"
        return {word: [as_plain(part) for part in condition.parts]}
    if condition.operator == "is":
        return {str(condition.subject): condition.operand}
    operand = condition.operand
    shown = list(operand) if isinstance(operand, tuple) else operand
    return {str(condition.subject): {condition.operator: shown}}


def tests(condition: Condition) -> Iterator[Test]:
    """Walk every comparison in a condition; named conditions are not followed."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from tests(condition.part)
    elif isinstance(condition, All | Any):
        for part in condition.parts:
            yield from tests(part)


def names(condition: Condition) -> Iterator[str]:
    """Walk the named conditions that a condition mentions."""
    if isinstance(condition, Named):
        yield condition.name
    elif isinstance(condition, Not):
        yield from names(condition.part)
    elif isinstance(condition, All | Any):
        for part in condition.parts:
            yield from names(part)
