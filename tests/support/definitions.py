"""Builders and hypothesis strategies of definitions and answers, without Django."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from townhall.engine.answers import Answers, Item
from townhall.engine.form import Form, compile_form
from townhall.engine.kinds.base import Context
from townhall.engine.library import Library
from townhall.engine.load import load_text
from townhall.engine.model import Definition
from townhall.engine.question import Question
from townhall.engine.route import Route, Step, Visit, new_item, walk

TODAY = date(2026, 12, 7)

OWNER = {"team": "Street Scene", "email": "street@borough.example", "review": "2027-04-01"}
PRIVACY = {
    "purpose": "To deal with your report",
    "basis": "public task",
    "power": "Environmental Protection Act 1990",
    "retain": {"submitted": "2 years after submitted"},
}


def define(pages: list[dict[str, Any]], **more: Any) -> Definition:
    """Make a definition from plain pages, with everything else in order."""
    return Definition.model_validate(
        {
            "townhall": 1,
            "service": "a-service",
            "title": "Tell us about a thing",
            "summary": "Use this to tell us.",
            "owner": OWNER,
            "privacy": PRIVACY,
            "pages": pages,
            "confirmation": {"next": "We will look at it."},
            **more,
        }
    )


def form_of(pages: list[dict[str, Any]], **more: Any) -> Form:
    """Make a compiled form from plain pages."""
    return compile_form(define(pages, **more))


def form_from(text: str) -> Form:
    """Make a compiled form from a file's text; fails on any error."""
    loaded = load_text(text, "test.yaml", Library.shipped())
    assert loaded.definition is not None, [str(fault) for fault in loaded.faults]
    return compile_form(loaded.definition)


def radios(id: str, *options: str, **more: Any) -> dict[str, Any]:
    """Make a radios question."""
    return {"id": id, "ask": f"Which {id}?", "type": "radios", "options": list(options), **more}


def page(id: str, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Make a page."""
    return {"page": id, "title": f"About {id}", "questions": list(questions), **more}


def answered(values: dict[str, Any], *posted: str) -> Answers:
    """Make answers outside any repeat."""
    return Answers(values, frozenset(posted))


def post(form: Form, answers: Answers, step: Step, values: dict[str, Any]) -> Answers:
    """Give the answers as they are after a page was sent."""
    loop = form.loop_of(step.page)
    if step.listing:
        return replace(answers, posted=answers.posted | {step.page})
    if loop is None:
        merged = dict(answers.values)
        for leaf in form.leaves_of[step.page]:
            merged.pop(leaf.id, None)
        return replace(answers, values={**merged, **values}, posted=answers.posted | {step.page})
    held = answers.items.get(loop.repeat.id, ())
    if answers.item(loop.repeat.id, step.item) is None:
        held = (*held, Item(step.item))
    items = tuple(
        Item(one.id, {**one.values, **values}, one.posted | {step.page})
        if one.id == step.item
        else one
        for one in held
    )
    return replace(answers, items={**answers.items, loop.repeat.id: items})


# Strategies

OPTIONS = ("red", "green", "blue")


def _question(number: int, kind: str) -> dict[str, Any]:
    common = {"id": f"q{number}", "ask": f"What is number {number}?", "type": kind}
    if kind in ("radios", "checkboxes"):
        common["options"] = list(OPTIONS)
    return common


def _test(draw: st.DrawFn, question: dict[str, Any]) -> dict[str, Any]:
    name, kind = question["id"], question["type"]
    if draw(st.integers(0, 5)) == 0:
        return {
            name: {
                draw(st.sampled_from(["answered", "not_asked"])): draw(
                    st.sampled_from(["yes", "no"])
                )
            }
        }
    if kind == "radios":
        choice = draw(st.sampled_from([*OPTIONS, list(OPTIONS[:2])]))
        return {name: {"is_not": choice}} if choice == "red" else {name: choice}
    if kind == "checkboxes":
        return {
            name: {draw(st.sampled_from(["includes", "excludes"])): draw(st.sampled_from(OPTIONS))}
        }
    if kind == "yes-no":
        return {name: draw(st.sampled_from(["yes", "no"]))}
    operator = draw(
        st.sampled_from(["at_least", "at_most", "more_than", "less_than", "is", "is_not"])
    )
    return {name: {operator: str(draw(st.integers(0, 5)))}}


def _condition(draw: st.DrawFn, earlier: list[dict[str, Any]], depth: int = 0) -> Any:
    shape = draw(st.integers(0, 5 if depth < 2 else 1))
    if shape in (2, 3):
        parts = [_condition(draw, earlier, depth + 1) for _ in range(draw(st.integers(1, 3)))]
        return {"all" if shape == 2 else "any": parts}
    if shape == 4:
        return {"not": _condition(draw, earlier, depth + 1)}
    return _test(draw, draw(st.sampled_from(earlier)))


@st.composite
def plain_pages(draw: st.DrawFn, max_pages: int = 7) -> list[dict[str, Any]]:
    """Draw the pages of a definition: conditions, forward jumps, exits, a repeat."""
    count = draw(st.integers(1, max_pages))
    pages: list[dict[str, Any]] = []
    earlier: list[dict[str, Any]] = []
    for number in range(count):
        one: dict[str, Any] = {"page": f"p{number}", "title": f"Page {number}"}
        if earlier and draw(st.booleans()):
            one["when"] = _condition(draw, earlier)
        if number and draw(st.integers(0, 7)) == 0:
            one["exit"] = "You cannot use this service"
            pages.append(one)
            continue
        kinds = draw(
            st.lists(st.sampled_from(["radios", "checkboxes", "yes-no", "number"]), max_size=3)
        )
        asked = [_question(number * 10 + index, kind) for index, kind in enumerate(kinds)]
        for question in asked:
            question["required"] = draw(st.booleans())
            if earlier and draw(st.integers(0, 3)) == 0:
                question["when"] = _condition(draw, earlier)
        one["questions"] = asked
        later = number + 1
        if draw(st.integers(0, 5)) == 0 and not draw(st.booleans()):
            one["repeat"] = {"id": f"r{number}", "min": str(draw(st.integers(0, 2))), "max": "3"}
        else:
            earlier += asked
            if later < count and earlier and draw(st.integers(0, 2)) == 0:
                target = f"p{draw(st.integers(later, count - 1))}"
                one["next"] = [{"when": _condition(draw, earlier), "go": target}]
        pages.append(one)
    return pages


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Draw a compiled form."""
    return form_of(draw(plain_pages()))


def value_for(draw: st.DrawFn, form: Form, question: Question) -> Any:
    """Draw a valid value of a question, or None to leave an optional one blank."""
    from_kind = form.kind(question)
    if not question.required and draw(st.booleans()):
        return None
    if question.type == "number":
        return from_kind.operand(question, str(draw(st.integers(0, 6))))
    if question.type == "checkboxes":
        ids = draw(st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True))
        return tuple(option for option in OPTIONS if option in ids)
    if question.type == "radios":
        return draw(st.sampled_from(OPTIONS))
    if question.type == "yes-no":
        return draw(st.sampled_from(["yes", "no"]))
    return from_kind.sample(question, Context(TODAY))


@st.composite
def journeys(draw: st.DrawFn) -> tuple[Form, Answers, Route]:
    """Draw a form and answers given page by page, to the end or part of the way."""
    form = draw(forms())
    answers = Answers()
    for _ in range(draw(st.integers(0, 30))):
        route = walk(form, answers, today=TODAY)
        if route.stop is None:
            break
        answers = _answer_step(draw, form, answers, route, route.stop)
    return form, answers, walk(form, answers, today=TODAY)


def _answer_step(
    draw: st.DrawFn, form: Form, answers: Answers, route: Route, step: Step
) -> Answers:
    visit: Visit = route.visits[step]
    if step.listing:
        loop = form.loops[step.page]
        more = len(answers.items.get(step.page, ())) < loop.repeat.max and draw(st.booleans())
        if not more:
            return post(form, answers, step, {})
        visit = new_item(form, loop, answers, route, today=TODAY)
    values = {one.id: value_for(draw, form, one) for one in visit.asked}
    kept = {name: value for name, value in values.items() if value is not None}
    return post(form, answers, visit.step, kept)
