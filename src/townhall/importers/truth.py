"""Translates the source's conditions into ours, gaps included: when each is true, and when false.

The source evaluates text as JavaScript would. Where a question was not asked, its older engines
throw, which makes the whole condition false; its newer ones find null. Ours has *no answer*, with
which every comparison is false. So each expression is translated twice: when it is surely true, and
when surely false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from townhall.engine.conditions import Condition, Subject, Test
from townhall.importers import javascript
from townhall.importers.book import Asked, Book
from townhall.importers.expressions import (
    Both,
    Compare,
    Constant,
    Contains,
    Either,
    Expression,
    Inverse,
    Length,
    Name,
    Relative,
)
from townhall.importers.findings import Findings
from townhall.importers.logic import ALWAYS, NEVER, all_of, any_of, negated, unanswered


class Standing(Protocol):
    """What is known of earlier answers at the place where a condition is read."""

    def visible(self, asked: Asked) -> bool:
        """Whether it can have been asked by then."""

    def certain(self, asked: Asked) -> bool:
        """Whether it has surely been answered by then."""


@dataclass
class Truth:
    """Translates conditions as read at one place."""

    book: Book
    standing: Standing
    findings: Findings
    place: str = ""
    depth: int = 0

    def named(self, name: str) -> Condition:
        """Translate a condition of the source by its name."""
        condition = self.book.form.conditions[name]
        if condition.expression is None or self.depth > 20:
            return NEVER
        inner = Truth(self.book, self.standing, self.findings, condition.path, self.depth + 1)
        return inner.true(condition.expression)

    def true(self, expression: Expression) -> Condition:
        """When the source finds the expression true."""
        match expression:
            case Constant(value):
                return ALWAYS if value else NEVER
            case Inverse(part):
                return self.false(part)
            case Both(parts):
                return all_of(*(self.true(part) for part in parts))
            case Either(parts):
                return self._either(parts)
            case Name(name) if name in self.book.form.conditions:
                return self.named(name)
            case _:
                return self._leaf(expression, wanted=True)

    def false(self, expression: Expression) -> Condition:
        """When the source finds the expression false, without having thrown."""
        match expression:
            case Constant(value):
                return NEVER if value else ALWAYS
            case Inverse(part):
                return self.true(part)
            case Either(parts):
                return all_of(*(self.false(part) for part in parts))
            case Both(parts):
                return any_of(
                    *(
                        all_of(*(self.true(one) for one in parts[:at]), self.false(part))
                        for at, part in enumerate(parts)
                    )
                )
            case Name(name) if name in self.book.form.conditions:
                return negated(self.named(name))
            case _:
                return self._leaf(expression, wanted=False)

    def _either(self, parts: tuple[Expression, ...]) -> Condition:
        """A later alternative is only looked at when the earlier ones did not throw."""
        found = []
        for at, part in enumerate(parts):
            mine = self.true(part)
            guards = [self._looked_at(one, beside=part) for one in parts[:at]]
            found.append(all_of(*guards, mine))
        return any_of(*found)

    def _looked_at(self, expression: Expression, beside: Expression) -> Condition:
        """When an expression can be evaluated; what ``beside`` looks at is known to be there."""
        there = set(_fields(beside))
        return all_of(*(self._there(field) for field in _fields(expression) if field not in there))

    def _there(self, field: str) -> Condition:
        asked = self.book.find(field)
        if asked is None or not self.standing.visible(asked):
            return ALWAYS if self._gap_is_null(field) else NEVER
        if self._gap_is_null(field) or self.standing.certain(asked):
            return ALWAYS
        return Test(Subject(asked.id), "answered", "yes")

    def _gap_is_null(self, field: str) -> bool:
        """Whether a question that was not asked is a value here; a section's missing member is."""
        form = self.book.form
        if form.gaps_are_null:
            return True
        section = field.rpartition(".")[0]
        return bool(section) and any(
            one.key[0] == section and self.standing.visible(one) for one in self.book.asked.values()
        )

    def _leaf(self, leaf: Expression, *, wanted: bool) -> Condition:
        (field,) = _fields(leaf)
        asked = self.book.find(field)
        if asked is None or asked.repeated:
            self._unknown(field, asked)
            return NEVER
        test = javascript.test_of(leaf, null=self.book.form.gaps_are_null, loose=self._loose)
        throws = isinstance(leaf, Contains) and not self.book.form.gaps_are_null
        without = not throws and self._gap_is_null(field) and test(None) == wanted
        if not self.standing.visible(asked):
            return ALWAYS if without else NEVER
        found = self._answered(leaf, asked, test, wanted=wanted)
        if not without or self.standing.certain(asked):
            return found
        return any_of(unanswered(Subject(asked.id)), found)

    @property
    def _loose(self) -> bool:
        return self.book.form.dialect == "ordered"

    def _answered(
        self, leaf: Expression, asked: Asked, test: Callable[[object], bool], *, wanted: bool
    ) -> Condition:
        """When the leaf is as wanted, among those who have an answer."""
        subject = Subject(asked.id)
        if asked.kind == "checkboxes" and isinstance(leaf, Contains):
            return _includes(leaf, asked, wanted=wanted, loose=self._loose)
        if asked.values and asked.kind != "checkboxes":
            chosen = tuple(id for value, id in asked.values if test(value) == wanted)
            return _one_of(subject, chosen, asked)
        if asked.kind == "number" and isinstance(leaf, Compare) and isinstance(leaf.value, float):
            return _size(subject, leaf, wanted=wanted)
        if asked.kind in ("date", "month-year") and isinstance(leaf, Compare):
            return _day(subject, leaf, wanted=wanted) or self._lost(leaf, asked, wanted=wanted)
        return self._lost(leaf, asked, wanted=wanted)

    def _lost(self, leaf: Expression, asked: Asked, *, wanted: bool) -> Condition:
        if isinstance(leaf, Name):
            return Test(Subject(asked.id), "answered", "yes") if wanted else NEVER
        why = "Our conditions never look inside words, nor compare answers of different kinds."
        if isinstance(leaf, Compare | Contains) and asked.kind == "checkboxes":
            why = "The source compares a list of choices with one value, which is never equal."
        self.findings.loss(
            self.place,
            f"A condition compares the answer to `{asked.id}` with a value.",
            why,
            "It counts as not met.",
        )
        return NEVER if wanted else Test(Subject(asked.id), "answered", "yes")

    def _unknown(self, field: str, asked: Asked | None) -> None:
        what = "is asked once for each item" if asked else "no page that is reached asks"
        self.findings.fault(
            self.place,
            f"A condition looks at `{field}`, which {what}.",
            "The source cannot evaluate it, and takes it as false.",
            "It counts as not met.",
        )


def _fields(expression: Expression) -> tuple[str, ...]:
    match expression:
        case Compare(field=field) | Contains(field=field) | Length(field=field):
            return (field,)
        case Name(name):
            return (name,)
        case Both(parts) | Either(parts):
            return tuple(field for part in parts for field in _fields(part))
        case Inverse(part):
            return _fields(part)
        case _:
            return ()


def _one_of(subject: Subject, chosen: tuple[str, ...], asked: Asked) -> Condition:
    if not chosen:
        return NEVER
    if len(chosen) == len(asked.values):
        return Test(subject, "answered", "yes")
    if len(chosen) == 1:
        return Test(subject, "is", chosen[0])
    if len(chosen) == len(asked.values) - 1:
        (left,) = (id for _, id in asked.values if id not in chosen)
        return Test(subject, "is_not", left)
    return Test(subject, "one_of", chosen)


def _includes(leaf: Contains, asked: Asked, *, wanted: bool, loose: bool) -> Condition:
    subject = Subject(asked.id)
    for value, id in asked.values:
        if javascript.equal(value, leaf.value, loose=loose):
            return Test(subject, "includes" if wanted else "excludes", id)
    return NEVER if wanted else Test(subject, "answered", "yes")


_SIZES = {
    "==": "is",
    "!=": "is_not",
    ">": "more_than",
    ">=": "at_least",
    "<": "less_than",
    "<=": "at_most",
}
_DAYS = {
    "==": "is",
    "!=": "is_not",
    ">": "after",
    ">=": "not_before",
    "<": "before",
    "<=": "not_after",
}
_OPPOSITE = {"==": "!=", "!=": "==", ">": "<=", ">=": "<", "<": ">=", "<=": ">"}


def _size(subject: Subject, leaf: Compare, *, wanted: bool) -> Condition:
    sign = leaf.operator if wanted else _OPPOSITE[leaf.operator]
    return Test(subject, _SIZES[sign], f"{leaf.value:g}")


def _day(subject: Subject, leaf: Compare, *, wanted: bool) -> Condition | None:
    sign = leaf.operator if wanted else _OPPOSITE[leaf.operator]
    if isinstance(leaf.value, Relative):
        unit, count = leaf.value.unit, int(leaf.value.count)
        if unit not in ("days", "months", "years"):
            return None
        return Test(subject, _DAYS[sign], f"today {'-' if count < 0 else '+'} {abs(count)} {unit}")
    if isinstance(leaf.value, str) and len(leaf.value) >= 10:
        return Test(subject, _DAYS[sign], leaf.value[:10])
    return None
