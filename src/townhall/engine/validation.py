"""What a page asks, what was sent to it, and every problem with that, in page order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from townhall.engine.answers import Scope, Values
from townhall.engine.computed import compute
from townhall.engine.evaluate import holds, rule_holds
from townhall.engine.form import Form
from townhall.engine.kinds.base import Context, Raw
from townhall.engine.model import Page
from townhall.engine.problems import Code, Problem
from townhall.engine.question import Question


@dataclass(frozen=True)
class PageResult:
    """What came of one POST: typed values, problems in page order, and what was typed."""

    values: Values
    problems: tuple[Problem, ...]
    raw: Raw


def asked(form: Form, page: Page, scope: Scope, today: date) -> tuple[Question, ...]:
    """Give the questions that a page asks now, groups opened, with the options on offer now."""
    if page.page in form.settled:
        return form.leaves_of[page.page]
    return tuple(
        _offering(form, question, scope, today)
        for question in form.leaves_of[page.page]
        if holds(question.when, form, scope, today)
    )


def parse_page(form: Form, page: Page, raw: Raw, scope: Scope, today: date) -> PageResult:
    """Type what was sent to a page and find every problem with it; raises nothing at a person."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    context = Context(today, scope)
    questions = asked(form, page, scope, today)
    for question in questions:
        kind = form.kind(question)
        if question.type == "computed":
            continue
        outcome = kind.parse(question, raw, context)
        if isinstance(outcome, list):
            problems += outcome
        elif outcome is not None:
            values[question.id] = outcome
    broken = {problem.question for problem in problems}
    found = problems_on_page(form, page, values, scope, today, questions)
    problems += [problem for problem in found if problem.question not in broken]
    order = {question.id: number for number, question in enumerate(questions)}
    problems.sort(key=lambda problem: order.get(problem.question, len(order)))
    return PageResult(with_computed(questions, values, scope, today), tuple(problems), raw)


def problems_on_page(
    form: Form,
    page: Page,
    values: Values,
    scope: Scope,
    today: date,
    questions: tuple[Question, ...] | None = None,
) -> list[Problem]:
    """Give the problems of a page's typed values: what is missing, out of limits or against a rule.

    ``scope`` is what stands before the page; ``questions`` is what ``asked`` gives there, for a
    caller that has it.
    """
    questions = asked(form, page, scope, today) if questions is None else questions
    whole = scope.with_page(with_computed(questions, values, scope, today))
    context = Context(today, whole)
    problems: list[Problem] = []
    for question in questions:
        problems += _problems(form, question, values, context)
    broken = {problem.question for problem in problems}
    problems += [
        Problem(Code.RULE, rule.at, params={"say": rule.say})
        for rule in page.rules
        if rule.at not in broken
        and holds(rule.when, form, whole, today)
        and not rule_holds(rule.require, form, whole, today)
    ]
    return problems


def with_computed(
    questions: tuple[Question, ...], values: Values, scope: Scope, today: date
) -> dict[str, Any]:
    """Give a page's values with those that are computed from them and from earlier pages."""
    whole = dict(values)
    for question in [one for one in questions if one.type == "computed"]:
        found = compute(question, scope.with_page(whole), today)
        if found is not None:
            whole[question.id] = found
    return whole


def _problems(
    form: Form, question: Question, values: Mapping[str, Any], context: Context
) -> list[Problem]:
    kind = form.kind(question)
    if question.type == "computed":
        return []
    value = values.get(question.id)
    if value is None:
        return [kind.missing(question)] if question.required else []
    return kind.problems(question, value, context)


def _offering(form: Form, question: Question, scope: Scope, today: date) -> Question:
    if not any(option.when for option in question.options):
        return question
    options = tuple(option for option in question.options if holds(option.when, form, scope, today))
    return question.model_copy(update={"options": options})
