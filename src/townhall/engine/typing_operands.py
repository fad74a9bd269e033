"""Gives the right side of a comparison its type, from the kind of the question on its left."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from townhall.engine.conditions import PRESENCE, Subject, Test
from townhall.engine.kinds import KINDS, BadOperand
from townhall.engine.model import Page
from townhall.engine.operands import Relative, relative
from townhall.engine.question import Question, leaves

EQUALITY = frozenset({"is", "is_not", "one_of"})
SIZES = frozenset({"at_least", "at_most", "more_than", "less_than"})
TIMES = frozenset({"before", "after", "not_before", "not_after"})
ALLOWED: dict[str, frozenset[str]] = {
    "number": EQUALITY | SIZES,
    "date": EQUALITY | TIMES,
    "time": EQUALITY | TIMES,
    "choice": EQUALITY,
    "choices": frozenset({"includes", "excludes"}),
    "text": EQUALITY,
    "none": frozenset(),
}

Refusal = tuple[str, str, str]


@dataclass(frozen=True)
class Operand:
    """A typed right side: one value or several, a date from today, or another question's answer."""

    value: Any = None
    day: Relative | None = None
    question: str = ""


class Typist:
    """Knows the questions of a definition; ``repeats`` gives each repeat's pages."""

    def __init__(
        self, questions: Mapping[str, Question], repeats: Mapping[str, Iterable[Page]]
    ) -> None:
        """Keep the tables."""
        self.questions = questions
        self.inside = {
            name: {leaf.id for page in pages for leaf in leaves(page.questions)}
            for name, pages in repeats.items()
        }

    def operand(self, test: Test, *, in_rule: bool) -> Operand | Refusal:
        """Type one comparison, or say (code, message, remedy) why it cannot be."""
        subject = test.subject
        if refusal := self._unknown(subject):
            return refusal
        if test.operator in PRESENCE:
            return Operand(True)
        ordering = self._ordering(subject)
        if test.operator not in ALLOWED[ordering]:
            return self._unsuited(test, ordering)
        if in_rule and isinstance(test.operand, str) and test.operand in self.questions:
            return self._other(test, ordering)
        return self._read(test, ordering)

    def _unknown(self, subject: Subject) -> Refusal | None:
        if subject.quantity != "value":
            return self._unknown_inside(subject)
        if subject.question in self.questions or subject.question == "item.number":
            return None
        close = difflib.get_close_matches(subject.question, self.questions, 1, 0.6)
        return (
            "unknown-question",
            f"There is no question `{subject.question}`.",
            f"Did you mean `{close[0]}`?"
            if close
            else "Use the id of a question on an earlier page.",
        )

    def _unknown_inside(self, subject: Subject) -> Refusal | None:
        if subject.repeat not in self.inside:
            return (
                "unknown-repeat",
                f"There is no repeat `{subject.repeat}`.",
                f"There are: {', '.join(sorted(self.inside)) or 'none'}.",
            )
        if subject.question and subject.question not in self.inside[subject.repeat]:
            return (
                "unknown-question",
                f"There is no question `{subject.question}` inside `{subject.repeat}`.",
                f"It asks: {', '.join(sorted(self.inside[subject.repeat]))}.",
            )
        return None

    def _ordering(self, subject: Subject) -> str:
        if subject.quantity in ("count", "sum") or subject.question == "item.number":
            return "number"
        return KINDS[self.questions[subject.question].type].ordering

    def _unsuited(self, test: Test, ordering: str) -> Refusal:
        can = ", ".join(sorted(ALLOWED[ordering] | set(PRESENCE)))
        return (
            "operator",
            f"`{test.operator}` does not suit `{test.subject}`.",
            f"For this kind of question use one of: {can}.",
        )

    def _other(self, test: Test, ordering: str) -> Operand | Refusal:
        other = str(test.operand)
        if self._ordering(Subject(other)) != ordering:
            return (
                "operand",
                f"`{test.subject}` and `{other}` are different kinds of answer.",
                "Compare dates with dates and numbers with numbers.",
            )
        return Operand(question=other)

    def _read(self, test: Test, ordering: str) -> Operand | Refusal:
        if isinstance(test.operand, tuple):
            several = [self._one(test, ordering, typed) for typed in test.operand]
            refusals = [one for one in several if not isinstance(one, Operand)]
            if refusals:
                return refusals[0]
            return Operand(tuple(one.value for one in several if isinstance(one, Operand)))
        return self._one(test, ordering, test.operand)

    def _one(self, test: Test, ordering: str, typed: str) -> Operand | Refusal:
        if ordering == "date" and (day := relative(typed)):
            return Operand(day=day)
        question = self.questions.get(test.subject.question)
        if ordering in ("choice", "choices") and question is not None:
            return self._option(question, typed)
        try:
            if ordering == "number":
                return Operand(Decimal(typed))
            if question is None:
                raise BadOperand(typed)
            return Operand(KINDS[question.type].operand(question, typed))
        except (BadOperand, InvalidOperation):
            return (
                "operand",
                f"`{typed}` cannot be compared with `{test.subject}`.",
                "Write a number for numbers, 2026-12-01 or today - 18 years for dates.",
            )

    def _option(self, question: Question, typed: str) -> Operand | Refusal:
        choices = KINDS[question.type].choices(question)
        offered = [choice for choice in choices if choice.id]
        ids = [choice.id for choice in offered]
        if typed in ids:
            return Operand(typed)
        close = difflib.get_close_matches(typed, ids, 1, 0.6)
        words = next((choice.id for choice in offered if choice.say == typed), None)
        meant = words or (close[0] if close else None)
        return (
            "unknown-option",
            f"`{question.id}` has no option `{typed}`.",
            f"Did you mean `{meant}`?" if meant else f"Its options are: {', '.join(ids)}.",
        )
