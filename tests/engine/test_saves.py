"""A draft after one save is worked out from what stood before it: the same as from nothing."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import (
    OPTIONS,
    TODAY,
    answered,
    form_of,
    page,
    plain_pages,
    radios,
    value_for,
)

from townhall.engine.answers import Answers, PageRow, dump_page, load_answers, with_row
from townhall.engine.examples import Run, run_examples
from townhall.engine.fees import FeeTables
from townhall.engine.form import Form, compile_form
from townhall.engine.library import NOT_SERVICES, Library
from townhall.engine.load import load_service
from townhall.engine.route import Route, Step, new_item, rewalk, walk
from townhall.engine.scope import Scope

ITEMS = ("1", "2", "10")
SERVICES = Path(__file__).parents[2] / "services"
LIBRARY = Library.shipped().with_folder(SERVICES)
FILES = [one for one in sorted(SERVICES.glob("*.yaml")) if one.name not in NOT_SERVICES]


@st.composite
def tangled_forms(draw: st.DrawFn) -> Form:
    """Draw a form whose pages may ask what others ask, compute from them and have rules."""
    pages = draw(plain_pages())
    plain = [one for one in pages if "questions" in one and "repeat" not in one]
    for number, here in enumerate(plain):
        earlier = [one for other in plain[:number] for one in other["questions"]]
        known = {one["id"] for one in here["questions"]}
        if earlier and draw(st.integers(0, 2)) == 0:
            again = draw(st.sampled_from(earlier))
            here["questions"] += [] if again["id"] in known else [deepcopy(again)]
        _add_sum(draw, here, number)
        _add_rule(draw, here)
    return form_of([each for one in pages for each in _with_second(draw, one)])


def _with_second(draw: st.DrawFn, here: dict[str, Any]) -> list[dict[str, Any]]:
    """Give a repeat a second page, which may look at the first."""
    if "repeat" not in here or draw(st.booleans()):
        return [here]
    again = page(f"{here['page']}-again", radios(f"{here['page']}-more", *OPTIONS))
    first = [one["id"] for one in here["questions"]]
    if first and draw(st.booleans()):
        again["when"] = {first[0]: {"answered": "yes"}}
    return [here, {**again, "repeat": here["repeat"]}]


def _add_sum(draw: st.DrawFn, here: dict[str, Any], number: int) -> None:
    counted = [one["id"] for one in here["questions"] if one["type"] == "number"]
    if counted and draw(st.booleans()):
        made = {"id": f"sum{number}", "ask": "The sum", "type": "computed", "sum": counted}
        here["questions"].append(made)


def _add_rule(draw: st.DrawFn, here: dict[str, Any]) -> None:
    limited = [one["id"] for one in here["questions"] if one["type"] in ("number", "computed")]
    if limited and draw(st.booleans()):
        limit = {draw(st.sampled_from(limited)): {"at_most": str(draw(st.integers(0, 8)))}}
        here["rules"] = [{"require": limit, "say": "That is too many", "at": limited[0]}]


def newest(rows: list[PageRow]) -> int:
    return max((row.revision for row in rows), default=0) + 1


def drawn_row(draw: st.DrawFn, form: Form, rows: list[PageRow]) -> PageRow:
    """Draw a page as it might be stored, newer than all others: mostly one that is in place."""
    page = draw(st.sampled_from([*form.pages_by_id, *form.loops]))
    odd = draw(st.integers(0, 9)) == 0
    inside = page in form.loop_by_page
    item = draw(st.sampled_from(ITEMS)) if inside != odd else ""
    return PageRow(page, item, newest(rows), drawn_data(draw, form, page))


def drawn_data(draw: st.DrawFn, form: Form, page: str) -> dict[str, Any]:
    """Draw what was sent to a page; one in eight answers is left out, asked for or not."""
    values = {
        one.id: value_for(draw, form, one)
        for one in form.leaves_of.get(page, ())
        if one.type != "computed" and draw(st.integers(0, 7))
    }
    return dump_page(form, {name: one for name, one in values.items() if one is not None})


def put(rows: list[PageRow], row: PageRow) -> list[PageRow]:
    return [*(one for one in rows if one[:2] != row[:2]), row]


@given(tangled_forms(), st.data())
def test_a_row_put_in_place_gives_what_all_rows_give(form: Form, data: st.DataObject) -> None:
    rows: list[PageRow] = []
    answers = Answers()
    for _ in range(data.draw(st.integers(1, 8))):
        row = drawn_row(data.draw, form, rows)
        before, found = deepcopy(answers), with_row(form, answers, rows, row)
        assert answers == before
        rows = put(rows, row)
        answers = load_answers(form, rows)
        assert found == answers
        if all(bool(one.item) == (one.page in form.loop_by_page) for one in rows):
            assert list(found.values) == list(answers.values)


def told(route: Route) -> object:
    """Everything that a route says, so that two can be compared, and one with itself later."""
    visits = [
        (step, visit.step, visit.asked, dict(visit.values), said(visit.before))
        for step, visit in route.visits.items()
    ]
    ways = [(route.before(step), route.after(step)) for step in route.steps]
    ends = (route.stop, route.exit, route.problems, route.complete, route.today)
    return deepcopy((visits, ways, ends, said(route.scope)))


def said(scope: Scope) -> object:
    inner = None if scope.inner is None else dict(scope.inner)
    return scope.given, scope.asked, dict(scope.repeats), inner, scope.number


def in_items(route: Route) -> list[tuple[object, object]]:
    """What stands in an item before each of its pages, and what its earlier pages gave."""
    found: list[tuple[object, object]] = []
    given: dict[str, object] = {}
    item: object = None
    for step, visit in route.visits.items():
        given = given if step.item and (step.item, visit.before.number) == item else {}
        item = step.item, visit.before.number
        found += [(visit.before.inner, given)] if step.item else []
        given = {**given, **visit.values}
    return found


def drawn_step(draw: st.DrawFn, form: Form, answers: Answers, route: Route) -> Step:
    """Draw what is sent next: mostly the page that is next, or one met before, or an item."""
    loops = [form.loops[step.page] for step in route.steps if step.listing]
    fresh = [new_item(form, loop, answers, route, today=TODAY).step for loop in loops]
    if route.stop is not None and draw(st.integers(0, 2)):
        listed = route.stop.listing and draw(st.booleans())
        return fresh[-1] if listed else route.stop
    anywhere = [Step(page) for page in form.pages_by_id if page not in form.loop_by_page]
    inside = [Step(page, draw(st.sampled_from(ITEMS))) for page in form.loop_by_page]
    return draw(st.sampled_from([*route.steps, *fresh, *anywhere, *inside]))


@given(tangled_forms(), st.data())
def test_a_route_walked_again_from_the_change_is_the_route_walked_whole(
    form: Form, data: st.DataObject
) -> None:
    rows: list[PageRow] = []
    answers = Answers()
    route = walk(form, answers, today=TODAY)
    past = [(rows, answers, route, told(route))]
    for _ in range(data.draw(st.integers(1, 20))):
        step = drawn_step(data.draw, form, answers, route)
        row = PageRow(*step[:2], newest(rows), drawn_data(data.draw, form, step.page))
        answers = with_row(form, answers, rows, row)
        rows = put(rows, row)
        route = rewalk(form, route, answers, step, today=TODAY)
        assert told(route) == told(walk(form, answers, today=TODAY))
        assert all(found == wanted for found, wanted in in_items(route))
        past.append((rows, answers, route, told(route)))
        if data.draw(st.integers(0, 5)) == 0:
            rows, answers, route, _ = data.draw(st.sampled_from(past))
    assert [told(route) for *_, route, _ in past] == [before for *_, before in past]


def resent(form: Form, run: Run, today: date) -> None:
    """Send an example's pages one by one, and then each of them once more."""
    rows: list[PageRow] = []
    answers = Answers()
    route = walk(form, answers, today=today)
    for revision, (step, visit) in enumerate([*run.route.visits.items()] * 2, start=1):
        row = PageRow(*step[:2], revision, dump_page(form, visit.values))
        answers = with_row(form, answers, rows, row)
        rows = put(rows, row)
        route = rewalk(form, route, answers, step, today=today)
        assert answers == load_answers(form, rows)
        assert told(route) == told(walk(form, answers, today=today))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_repository_s_own_services_are_saved_page_by_page(file: Path) -> None:
    made = load_service(file, LIBRARY).definition
    assert made is not None
    form = compile_form(made)
    for run in run_examples(form, FeeTables(), today=TODAY):
        resent(form, run, run.example.at.date() if run.example.at else TODAY)


def test_on_another_day_the_whole_route_is_walked() -> None:
    born = {"id": "born", "ask": "When?", "type": "date", "max": "today"}
    form = form_of([page("born", born), page("who", radios("who", "a", "b"))])
    answers = answered({"born": TODAY, "who": "a"}, "born", "who")
    known = walk(form, answers, today=TODAY)
    earlier = TODAY - timedelta(days=1)
    assert known.complete
    assert rewalk(form, known, answers, Step("who"), today=earlier).stop == Step("born")
