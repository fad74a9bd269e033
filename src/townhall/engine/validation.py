"""What a page asks, what was sent to it, and every problem with that, in page order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from townhall.engine.computed import compute
from townhall.engine.form import Form
from townhall.engine.kinds.base import Context, Raw
from townhall.engine.model import Page
from townhall.engine.problems import Code, Problem
from townhall.engine.question import Question
from townhall.engine.ready import ReadyPage, ReadyQuestion, typed_among
from townhall.engine.scope import Scope, Values


@dataclass(slots=True)
class PageResult:
    """What came of one POST: typed values, problems in page order, and what was typed."""

    values: Values
    problems: tuple[Problem, ...]
    raw: Raw


def asked(form: Form, page: Page, scope: Scope, today: date) -> tuple[Question, ...]:
    """Give the questions that a page asks now, groups opened, with the options on offer now."""
    return asked_now(form.ready[page.page], scope, today)


def asked_now(ready: ReadyPage, scope: Scope, today: date) -> tuple[Question, ...]:
    """Give what ``asked`` gives, of a page made ready."""
    if ready.settled:
        return ready.questions
    return tuple(
        [
            _offering(one, scope, today)
            for one in ready.asking
            if one.when is None or one.when(scope, today)
        ]
    )


def parse_page(form: Form, page: Page, raw: Raw, scope: Scope, today: date) -> PageResult:
    """Type what was sent to a page and find every problem with it; raises nothing at a person."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    ready, context = form.ready[page.page], Context(today, scope)
    questions = asked_now(ready, scope, today)
    for question, id, kind in ready.typed if ready.settled else typed_among(questions):
        outcome = kind.parse(question, raw, context)
        if isinstance(outcome, list):
            problems += outcome
        elif outcome is not None:
            values[id] = outcome
    whole = with_computed(questions, values, scope, today) if ready.computes else values
    found = problems_on_page(ready, questions, whole, scope, context)
    if problems or found:
        problems = _in_page_order(questions, problems, found)
    return PageResult(whole, tuple(problems), raw)


def problems_on_page(
    ready: ReadyPage,
    questions: tuple[Question, ...],
    whole: Values,
    scope: Scope,
    context: Context,
) -> list[Problem]:
    """Give the problems of a page's typed values: what is missing, out of limits or against a rule.

    ``questions`` is what the page asks now and ``whole`` its values with those computed; ``scope``,
    which ``context`` has too, is what stands before the page.
    """
    if ready.sees_itself:
        scope = scope.with_page(whole)
        context = Context(context.today, scope)
    problems: list[Problem] = []
    for question, id, kind in ready.typed if ready.settled else typed_among(questions):
        if id in whole:
            problems += kind.problems(question, whole[id], context)
        elif question.required:
            problems.append(kind.missing(question))
    if ready.rules:
        problems += _against_rules(ready, problems, scope, context.today)
    return problems


def with_computed(
    questions: tuple[Question, ...], values: Values, scope: Scope, today: date
) -> Values:
    """Give a page's values with those that are computed from them and from earlier pages."""
    whole = dict(values)
    for question in questions:
        if question.type == "computed":
            found = compute(question, scope.with_page(whole), today)
            if found is not None:
                whole[question.id] = found
    return whole


def _in_page_order(
    questions: tuple[Question, ...], untyped: list[Problem], found: list[Problem]
) -> list[Problem]:
    """Put both kinds of problem in page order: what could not be typed is not missing as well."""
    broken = {problem.question for problem in untyped}
    problems = untyped + [problem for problem in found if problem.question not in broken]
    order = {question.id: number for number, question in enumerate(questions)}
    return sorted(problems, key=lambda problem: order.get(problem.question, len(order)))


def _against_rules(
    ready: ReadyPage, found: list[Problem], scope: Scope, today: date
) -> list[Problem]:
    broken = {problem.question for problem in found}
    return [
        Problem(Code.RULE, one.rule.at, params={"say": one.rule.say})
        for one in ready.rules
        if one.rule.at not in broken
        and (one.when is None or one.when(scope, today))
        and not one.require(scope, today)
    ]


def _offering(ready: ReadyQuestion, scope: Scope, today: date) -> Question:
    question = ready.question
    if not any(ready.options):
        return question
    offered = zip(question.options, ready.options, strict=True)
    options = tuple([one for one, when in offered if when is None or when(scope, today)])
    return question.model_copy(update={"options": options})
