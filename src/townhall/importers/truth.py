"""Translates the source's conditions into ours, gaps included: when each is true, and when false.

The source evaluates text as JavaScript would. Where a question was not asked, its older engines
throw, which makes the whole condition false; its newer ones find null. Ours has *no answer*, with
which every comparison is false. So each expression is translated twice: when it is surely true, and
when surely false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

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
from townhall.importers.gaps import Gaps, Standing
from townhall.importers.logic import ALWAYS, NEVER, all_of, any_of, negated


@dataclass
class Truth:
    """Translates conditions as read at one place."""

    book: Book
    standing: Standing
    findings: Findings
    place: str = ""
    depth: int = 0

    @property
    def gaps(self) -> Gaps:
        """What is found here where there is no answer."""
        return Gaps(self.book, self.standing)

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
        """When an expression does not throw; nor does it where ``beside`` looks at the same."""
        there = set(_fields(beside))
        return all_of(
            *(
                self._does_not_throw(one)
                for one in _leaves(expression)
                if not there & {*_fields(one)}
            )
        )

    def _does_not_throw(self, leaf: Expression) -> Condition:
        (field,) = _fields(leaf)
        asked = self.book.find(field)
        if asked is None:
            return self._looks_at_nothing(leaf, field)
        if asked.repeated:
            return NEVER
        if isinstance(leaf, Contains) and not self.gaps.are_null:
            return self.gaps.answered(asked)
        return self.gaps.readable(asked)

    def _leaf(self, leaf: Expression, *, wanted: bool) -> Condition:
        (field,) = _fields(leaf)
        asked = self.book.find(field)
        if asked is None or asked.repeated:
            self._unknown(field, asked)
            return self._never_asked(leaf, field, wanted=wanted) if asked is None else NEVER
        null = javascript.test_of(leaf, null=True, loose=self._loose)
        seen = self.standing.visible(asked)
        found = self._answered(leaf, asked, null, wanted=wanted) if seen else NEVER
        if self.gaps.are_null:
            return any_of(found, self.gaps.null(asked)) if null(None) == wanted else found
        if isinstance(leaf, Contains):
            return found
        nothing = javascript.test_of(leaf, null=False, loose=self._loose)
        blank = self.gaps.blank(asked) if null(None) == wanted else NEVER
        passed = self.gaps.passed_over(asked) if nothing(None) == wanted else NEVER
        return any_of(found, blank, passed)

    def _never_asked(self, leaf: Expression, field: str, *, wanted: bool) -> Condition:
        """When a leaf is as wanted whose question is on no page that anyone can come to."""
        test = javascript.test_of(leaf, null=self.gaps.are_null, loose=self._loose)
        return self._looks_at_nothing(leaf, field) if test(None) == wanted else NEVER

    def _looks_at_nothing(self, leaf: Expression, field: str) -> Condition:
        """When the source finds null or nothing there, and does not throw."""
        if field in self.book.form.conditions:
            return ALWAYS
        if self.gaps.are_null:
            return ALWAYS if self.book.form.has_field(field.rpartition(".")[2]) else NEVER
        throws = isinstance(leaf, Contains)
        return NEVER if throws else self.gaps.section_there(field.rpartition(".")[0])

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


def _leaves(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Both(parts) | Either(parts):
            return tuple(leaf for part in parts for leaf in _leaves(part))
        case Inverse(part):
            return _leaves(part)
        case Constant():
            return ()
        case _:
            return (expression,)


def _fields(expression: Expression) -> tuple[str, ...]:
    found = []
    for leaf in _leaves(expression):
        match leaf:
            case Compare(field=field) | Contains(field=field) | Length(field=field):
                found.append(field)
            case Name(name):
                found.append(name)
    return tuple(found)


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
