"""A page's questions as fields: what stands in each box, what is wrong, where errors link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from townhall.engine.form import Form
from townhall.engine.kinds.base import Choice
from townhall.engine.model import Page
from townhall.engine.problems import Problem, wording
from townhall.engine.question import Question
from townhall.ui.field import Field, Mistake
from townhall.ui.widgets import draw
from townhall.ui.wording import Telling, guidance


@dataclass(frozen=True)
class Sheet:
    """The state of one page: the questions it asks now, what stands in them and what is wrong.

    ``asked`` are the page's leaves as the route gives them, with the options on offer now.
    """

    page: Page
    asked: tuple[Question, ...]
    raw: Mapping[str, Sequence[str]]
    problems: tuple[Problem, ...] = ()


def refilled(
    form: Form, asked: Iterable[Question], values: Mapping[str, object]
) -> dict[str, list[str]]:
    """Give the texts that the boxes hold for answers already given; a computed one is in words."""
    raw: dict[str, list[str]] = {}
    for question in asked:
        if question.id in values:
            kind, value = form.kind(question), values[question.id]
            raw |= kind.refill(question, value)
            if not kind.part_names(question):
                raw[question.id] = kind.show(question, value)
    return raw


@dataclass(frozen=True)
class Drawing:
    """One page's questions, ready to become fields."""

    form: Form
    sheet: Sheet
    tell: Telling

    def html(self) -> Markup:
        """Draw every question that the page asks, in page order."""
        return Markup("\n").join(draw(field) for field in self.fields())

    def fields(self) -> list[Field]:
        """Give the page's fields in order; a group holds its own."""
        heading = self.sheet.page.asks_as_heading
        made = [self._field(question) for question in self.sheet.page.questions]
        return [replace(field, heading=heading) for field in made if field is not None]

    def errors(self) -> list[dict[str, object]]:
        """Give the error summary's entries in page order, each a link to the control at fault."""
        mistakes = [self._mistake(problem) for problem in self.sheet.problems]
        return [{"text": one.message, "href": f"#{one.control}"} for one in mistakes]

    def _field(self, question: Question) -> Field | None:
        if question.questions:
            return self._group(question)
        now = next((one for one in self.sheet.asked if one.id == question.id), None)
        if now is None:
            return None
        mine = [problem for problem in self.sheet.problems if problem.question == now.id]
        return Field(
            question=now,
            kind=self.form.kind(now),
            words=self.tell.say,
            ask=self.tell.plain(now.ask),
            hint=self.tell.hint(guidance(now)),
            raw=self.sheet.raw,
            mistakes=tuple(self._mistake(problem) for problem in mine),
            choices=self._choices(now),
            version=f"{self.form.version} {self.sheet.page.page}",
        )

    def _group(self, question: Question) -> Field | None:
        held = [self._field(inner) for inner in question.questions]
        inside = tuple(field for field in held if field is not None)
        if not inside:
            return None
        return Field(
            question=question,
            kind=self.form.kind(question),
            words=self.tell.say,
            ask=self.tell.plain(question.ask),
            hint=self.tell.hint(question.hint),
            inside=inside,
        )

    def _mistake(self, problem: Problem) -> Mistake:
        # A question that is asked again has words of its own on each page.
        here = self.form.leaves_of.get(self.sheet.page.page, self.sheet.asked)
        question = next((one for one in here if one.id == problem.question), None)
        question = question or self.form.question(problem.question)
        kind = self.form.kind(question)
        control = next(iter(kind.parts(question)), question.id)
        if problem.part:
            control = kind.field(question, problem.part)
        message = self.tell.plain(wording(problem, question, self.tell.say.language))
        return Mistake(message, question.id, problem.parts, control)

    def _choices(self, question: Question) -> tuple[Choice, ...]:
        offered = self.form.kind(question).choices(question, self.tell.say.language)
        return tuple(
            replace(choice, say=self.tell.plain(choice.say), hint=self.tell.plain(choice.hint))
            for choice in offered
        )
