"""Says in words what a condition means, and why a page was or was not shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any as Anything

from townhall.engine.answers import Answers, Scope
from townhall.engine.conditions import All, Any, Condition, Named, Not, Subject, Test
from townhall.engine.deciding import quantity
from townhall.engine.evaluate import holds
from townhall.engine.form import Form, Loop
from townhall.engine.model import CHECK_ANSWERS, Page
from townhall.engine.question import Question
from townhall.engine.route import Route, walk

_WORDS = {
    "is": "is",
    "is_not": "is not",
    "one_of": "is one of",
    "includes": "includes",
    "excludes": "does not include",
    "at_least": "is at least",
    "at_most": "is at most",
    "more_than": "is more than",
    "less_than": "is less than",
    "before": "is before",
    "after": "is after",
    "not_before": "is on or after",
    "not_after": "is on or before",
}


def condition_words(condition: Condition, form: Form) -> str:
    """Write a condition as a sentence's part: ‘Which pest is the problem?’ is ‘Wasps’."""
    if isinstance(condition, Named):
        return f"{condition.name} ({condition_words(form.named(condition.name), form)})"
    if isinstance(condition, Not):
        return f"it is not the case that {condition_words(condition.part, form)}"
    if isinstance(condition, All | Any):
        joint = " and " if isinstance(condition, All) else " or "
        parts = [_bracketed(part, form, condition) for part in condition.parts]
        return joint.join(parts)
    return _test_words(condition, form)


def explain(form: Form, answers: Answers, page_id: str, *, today: date) -> str:
    """Say in words why a page was or was not shown for these answers. Raises KeyError."""
    page = form.pages_by_id[page_id]
    route = walk(form, answers, today=today)
    shown = any(step.page == page_id for step in route.steps)
    title = f"‘{page.heading}’"
    if shown:
        why = f" because {_because(page.when, form, route.scope, today)}" if page.when else ""
        return f"{title} was shown{why}."
    return f"{title} was not shown because {_why_not(form, page, route, today)}."


def _why_not(form: Form, page: Page, route: Route, today: date) -> str:
    order = [one.page for one in form.pages]
    reached = max((order.index(s.page) for s in route.steps if s.page in order), default=-1)
    passed = order.index(page.page) <= reached or route.complete
    if passed and page.when and not holds(page.when, form, route.scope, today):
        return _because(page.when, form, route.scope, today, holding=False)
    if route.exit is not None:
        return f"the way ended at ‘{route.exit.heading}’"
    if order.index(page.page) < reached or route.complete:
        return f"the answers on {_jump_over(form, page, route, today)} lead past it"
    stop = form.pages_by_id.get(route.stop.page) if route.stop else None
    return f"‘{stop.heading if stop else 'an earlier list'}’ comes first and has no answer yet"


def _jump_over(form: Form, page: Page, route: Route, today: date) -> str:
    order = [*(one.page for one in form.pages), CHECK_ANSWERS]
    for segment in form.segments:
        if isinstance(segment, Loop) or segment.page not in {step.page for step in route.steps}:
            continue
        for branch in segment.next:
            if order.index(segment.page) < order.index(page.page) < order.index(
                branch.go
            ) and holds(branch.when, form, route.scope, today):
                return f"‘{segment.heading}’"
    return "an earlier page"


def _because(
    condition: Condition, form: Form, scope: Scope, today: date, *, holding: bool = True
) -> str:
    """Name the parts of a condition that decided it, with the answers that they met."""
    if isinstance(condition, Named):
        return _because(form.named(condition.name), form, scope, today, holding=holding)
    if isinstance(condition, Not):
        return _because(condition.part, form, scope, today, holding=not holding)
    if isinstance(condition, All | Any):
        deciding = [part for part in condition.parts if holds(part, form, scope, today) is holding]
        parts = deciding or list(condition.parts)
        return " and ".join(_because(part, form, scope, today, holding=holding) for part in parts)
    return _met(condition, form, scope, holding=holding)


def _met(test: Test, form: Form, scope: Scope, *, holding: bool) -> str:
    name = _subject_words(test.subject, form)
    if test.operator in ("answered", "not_asked"):
        had = quantity(test.subject, scope) is not None
        return f"{name} was {'answered' if had else 'not answered'}"
    value = quantity(test.subject, scope)
    if value is None:
        return f"{name} has no answer"
    met = _value_words(form.questions.get(test.subject.question), value, form)
    if holding:
        return f"{name} was {met}"
    return f"{name} was {met}, and it would have to be that it {_comparison(test, form)}"


def _test_words(test: Test, form: Form) -> str:
    name = _subject_words(test.subject, form)
    if test.operator == "answered":
        return f"{name} has an answer"
    if test.operator == "not_asked":
        return f"{name} was not asked"
    return f"{name} {_comparison(test, form)}"


def _comparison(test: Test, form: Form) -> str:
    question = form.questions.get(test.subject.question)
    several = test.operand if isinstance(test.operand, tuple) else (test.operand,)
    words = " or ".join(_operand_words(question, one, form) for one in several)
    return f"{_WORDS[test.operator]} {words}"


def _operand_words(question: Question | None, typed: str, form: Form) -> str:
    if question is not None:
        for choice in form.kind(question).choices(question):
            if choice.id == typed:
                return f"‘{choice.say}’"
    if typed in form.questions:
        return f"the answer to ‘{form.questions[typed].label}’"
    return typed


def _subject_words(subject: Subject, form: Form) -> str:
    if subject.question == "item.number":
        return "the item’s number"
    inner = form.questions.get(subject.question)
    label = f"‘{inner.label}’" if inner else ""
    if subject.quantity == "value":
        return label
    repeat = form.loops[subject.repeat].repeat
    words = {
        "count": f"the number of {repeat.plural}",
        "sum": f"the total of {label} of all {repeat.plural}",
        "any": f"{label} of any {repeat.item}",
        "every": f"{label} of every {repeat.item}",
    }
    return words[subject.quantity]


def _value_words(question: Question | None, value: Anything, form: Form) -> str:
    if isinstance(value, list):
        return " and ".join(_value_words(question, one, form) for one in value if one is not None)
    if question is None or (isinstance(value, Decimal) and question.type == "computed"):
        return str(value)
    return "‘" + ", ".join(form.kind(question).show(question, value)) + "’"


def _bracketed(part: Condition, form: Form, outer: Condition) -> str:
    words = condition_words(part, form)
    mixed = isinstance(part, All | Any) and type(part) is not type(outer)
    return f"({words})" if mixed else words
