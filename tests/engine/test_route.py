"""The route: forward only, never twice, and blind to what is off it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import (
    TODAY,
    answered,
    form_of,
    forms,
    journeys,
    page,
    post,
    radios,
)

from townhall.engine.answers import Answers, Item
from townhall.engine.faults import InvalidDefinition
from townhall.engine.form import Form
from townhall.engine.kinds.base import Context
from townhall.engine.route import Route, Step, new_item, walk
from townhall.engine.submitted import dump_submitted, load_submitted, prune
from townhall.engine.validation import asked

PEST = form_of(
    [
        page("which", radios("pest", "rats", "wasps", "other")),
        page("none", when={"pest": "other"}, exit="We do not treat this pest", questions=[]),
        page(
            "nests",
            {"id": "nests", "ask": "How many nests?", "type": "number"},
            when={"pest": "wasps"},
        ),
        page("last", radios("sure", "yes", "maybe")),
    ]
)


def pages_on(route: Route) -> list[str]:
    return [step.page for step in route.steps]


def test_the_route_stops_at_the_first_page_that_was_not_sent() -> None:
    route = walk(PEST, Answers(), today=TODAY)
    assert (pages_on(route), route.stop) == (["which"], Step("which"))


def test_a_page_whose_condition_is_false_is_passed_over() -> None:
    route = walk(PEST, answered({"pest": "rats"}, "which"), today=TODAY)
    assert pages_on(route) == ["which", "last"]


def test_an_exit_ends_the_route_and_it_is_never_complete() -> None:
    route = walk(PEST, answered({"pest": "other"}, "which", "last"), today=TODAY)
    assert route.exit is not None
    assert not route.complete
    assert pages_on(route) == ["which", "none"]


def test_going_back_over_a_branch_restores_its_answers_but_does_not_submit_them() -> None:
    values = {"pest": "rats", "nests": Decimal(3), "sure": "yes"}
    given_answers = answered(values, "which", "nests", "last")
    route = walk(PEST, given_answers, today=TODAY)
    assert route.complete
    assert prune(PEST, route).values == {"pest": "rats", "sure": "yes"}
    back = replace(given_answers, values={**values, "pest": "wasps"})
    assert prune(PEST, walk(PEST, back, today=TODAY)).values["nests"] == Decimal(3)


def test_a_jump_to_a_page_whose_own_condition_is_false_hands_on_to_the_page_after() -> None:
    form = form_of(
        [
            page("a", radios("x", "left", "right"), next="c"),
            page("b", radios("b1", "yes", "no")),
            page("c", radios("c1", "yes", "no"), when={"x": "left"}),
            page("d", radios("d1", "yes", "no")),
        ]
    )
    assert pages_on(walk(form, answered({"x": "left"}, "a"), today=TODAY)) == ["a", "c"]
    assert pages_on(walk(form, answered({"x": "right"}, "a"), today=TODAY)) == ["a", "d"]


CHILDREN = form_of(
    [
        page(
            "child",
            {"id": "age", "ask": "How old?", "type": "number"},
            repeat={"id": "children", "min": "1", "max": "2", "item": "child"},
        ),
        page("school", radios("school", "yes", "no"), when={"any children.age": {"at_least": "5"}}),
    ]
)


def test_a_repeat_asks_for_its_least_number_before_it_lists() -> None:
    assert walk(CHILDREN, Answers(), today=TODAY).stop == Step("child", "1")
    one = post(CHILDREN, Answers(), Step("child", "1"), {"age": Decimal(4)})
    assert walk(CHILDREN, one, today=TODAY).stop == Step("children", listing=True)


def test_what_stands_in_any_item_decides_what_follows() -> None:
    held = {"children": (Item("1", {"age": Decimal(4)}, frozenset({"child"})),)}
    young = Answers({}, frozenset({"children"}), held)
    assert walk(CHILDREN, young, today=TODAY).complete
    older = Item("3", {"age": Decimal(6)}, frozenset({"child"}))
    both = replace(young, items={"children": (*held["children"], older)})
    assert walk(CHILDREN, both, today=TODAY).stop == Step("school")


def test_a_new_item_has_an_id_that_no_item_has_had_beside_it() -> None:
    held = {"children": (Item("3", {"age": Decimal(4)}, frozenset({"child"})),)}
    given_answers = Answers({}, frozenset(), held)
    route = walk(CHILDREN, given_answers, today=TODAY)
    visit = new_item(CHILDREN, CHILDREN.loops["children"], given_answers, route, today=TODAY)
    assert visit.step == Step("child", "4")


def test_a_new_item_is_asked_the_same_when_it_is_shown_and_when_it_is_sent() -> None:
    more = radios("more", "yes", "no", when={"first": {"not_asked": "yes"}})
    repeat = {"id": "children", "min": "0", "item": "child"}
    child = page("child", {"id": "age", "ask": "How old?", "type": "number"}, more, repeat=repeat)
    form = form_of([page("first", radios("first", "yes", "no")), child])
    given_answers = answered({"first": "yes"}, "first")
    route = walk(form, given_answers, today=TODAY)
    visit = new_item(form, form.loops["children"], given_answers, route, today=TODAY)
    assert [one.id for one in visit.asked] == ["age"]
    assert asked(form, form.pages_by_id["child"], visit.before, TODAY) == visit.asked


@given(journeys())
def test_no_step_comes_twice_and_pages_keep_their_order(
    journey: tuple[Form, Answers, Route],
) -> None:
    form, _, route = journey
    order = {one.page: number for number, one in enumerate(form.pages)}
    outside = [order[step.page] for step in route.steps if step.page in order and not step.item]
    assert len(set(route.steps)) == len(route.steps)
    assert outside == sorted(outside)


@given(journeys(), st.data())
def test_answers_off_the_route_change_nothing(
    journey: tuple[Form, Answers, Route], data: st.DataObject
) -> None:
    form, answers, route = journey
    on = {step.page for step in route.steps}
    off = [leaf for name, leaves in form.leaves_of.items() if name not in on for leaf in leaves]
    noise = {leaf.id: form.kind(leaf).sample(leaf, Context(TODAY)) for leaf in off}
    noisy = replace(answers, values={**noise, **answers.values})
    again = walk(form, noisy, today=TODAY)
    assert again.steps == route.steps
    assert prune(form, again) == prune(form, route)


@given(journeys())
def test_only_questions_that_were_asked_are_submitted(
    journey: tuple[Form, Answers, Route],
) -> None:
    form, _, route = journey
    met = {question.id for visit in route.visits.values() for question in visit.asked}
    submitted = prune(form, route)
    inner = {name for items in submitted.items.values() for item in items for name in item}
    assert set(submitted.values) | inner <= met
    assert load_submitted(form, dump_submitted(form, submitted)) == submitted


@given(forms())
def test_an_empty_draft_has_a_first_page_or_nothing_to_ask(form: Form) -> None:
    route = walk(form, Answers(), today=TODAY)
    assert route.stop is not None or route.exit is not None or route.complete


@given(journeys())
def test_what_stands_before_a_step_is_what_the_steps_before_it_gave(
    journey: tuple[Form, Answers, Route],
) -> None:
    _, _, route = journey
    standing: dict[str, object] = {}
    for step, visit in route.visits.items():
        assert visit.before.given == standing
        if not step.item and not step.listing and step != route.stop:
            standing.update(visit.values)


def test_the_first_page_of_a_repeat_may_not_depend_on_the_item_s_number() -> None:
    repeat = {"id": "children", "item": "child"}
    question = {"id": "age", "ask": "How old?", "type": "number"}
    with pytest.raises(InvalidDefinition) as caught:
        form_of([page("child", question, repeat=repeat, when={"item.number": {"is": "1"}})])
    assert caught.value.faults[0].code == "repeat-first-page"


def test_a_later_page_of_a_repeat_may_be_for_one_item_alone() -> None:
    repeat = {"id": "children", "item": "child"}
    age = {"id": "age", "ask": "How old?", "type": "number"}
    only = page("eldest", radios("eldest", "yes", "no"), repeat=repeat)
    form = form_of([page("child", age, repeat=repeat), {**only, "when": {"item.number": "1"}}])
    answers = post(form, Answers(), Step("child", "1"), {"age": Decimal(9)})
    assert walk(form, answers, today=TODAY).stop == Step("eldest", "1")
    answers = post(form, answers, Step("eldest", "1"), {"eldest": "yes"})
    answers = post(form, answers, Step("child", "2"), {"age": Decimal(7)})
    assert walk(form, answers, today=TODAY).stop == Step("children", listing=True)
