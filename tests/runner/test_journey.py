"""Where a person stands: addresses, back and onward, for any answers."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.support.definitions import TODAY, answered, form_of, page, radios

from townhall.engine.answers import Answers, Item
from townhall.engine.route import Step
from townhall.runner.journey import journey_of
from townhall.submissions.locks import Lock
from townhall.submissions.opened import Opened

AT = datetime(2026, 12, 7, 9, tzinfo=UTC)
NAME = {"id": "name", "ask": "Name?", "type": "text"}
PAGES = [
    page("pest", radios("pest", "Rats", "Wasps")),
    page("nests", {"id": "nests", "ask": "How many?", "type": "number"}, when={"pest": "wasps"}),
    page("who", NAME),
]
FAMILY = [
    page("child", NAME, repeat={"id": "children", "min": 0, "max": 2}),
    page("end", {"id": "end", "ask": "Else?", "type": "text", "required": False}),
]


def journey(pages, answers):
    opened = Opened(None, form_of(pages), answers, Lock.OPEN, AT + timedelta(hours=1), None)
    return journey_of("s", opened, at=AT, today=TODAY, mark=lambda: "c0ffee")


def test_onward_is_the_next_page_and_back_the_one_before():
    here = journey(PAGES, answered({"pest": "wasps"}, "pest"))
    assert here.onward(Step("pest"), change=False) == "/s/nests"
    assert here.back(Step("nests"), change=False) == "/s/pest"
    assert here.back(Step("pest"), change=False) == "/s"


def test_a_change_comes_straight_back_when_nothing_is_new():
    done = journey(PAGES, answered({"pest": "rats", "name": "A"}, "pest", "who"))
    assert done.onward(Step("pest"), change=True) == "/s/check-answers"
    assert done.onward(Step("pest"), change=False) == "/s/who"
    assert done.back(Step("pest"), change=True) == "/s/check-answers"


def test_a_change_that_asks_something_new_keeps_its_way_back():
    more = journey(PAGES, answered({"pest": "wasps", "name": "A"}, "pest", "who"))
    assert more.onward(Step("pest"), change=True) == "/s/nests?change=1"
    assert more.back(Step("nests"), change=True) == "/s/pest"


@pytest.mark.parametrize("step", [Step("who"), Step("nests"), Step("nothing"), Step("pest", "1")])
def test_a_step_that_lies_ahead_or_off_the_route_is_not_met(step):
    here = journey(PAGES, answered({}))
    assert here.visit(step) is None
    assert here.unfinished() == "/s/pest"


def test_a_route_that_is_remembered_grows_by_none_of_the_pages_that_are_looked_at():
    done = journey(PAGES, answered({"pest": "wasps", "nests": 2, "name": "A"}, "pest", "nests"))
    before = [dict(done.visit(step).before) for step in done.route.steps]
    assert before == [{}, {"pest": "wasps"}, {"pest": "wasps", "nests": 2}]
    holding = [step for step, visit in done.route.visits.items() if visit.scope is not None]
    assert holding == [done.route.stop]


def family(*ids, done=False):
    items = tuple(Item(id, {"name": "x"}, frozenset({"child"})) for id in ids)
    posted = frozenset({"children"} if done else ())
    return journey(FAMILY, Answers({}, posted, {"children": items}))


def test_an_item_being_added_may_be_met_and_one_beyond_it_may_not():
    assert family("1").visit(Step("child", "2")) is not None
    assert family("1").visit(Step("child", "3")) is None
    assert family("1", "2").visit(Step("child", "3")) is None


def test_an_item_is_begun_under_a_mark_whatever_was_added_meanwhile():
    here = family("1", "2-aaaaaa")
    loop = here.form.loops["children"]
    assert family("1").beginning(loop) == "/s/child/2-c0ffee"
    assert family().unfinished() == "/s/children"
    assert family("1").visit(Step("child", "2-c0ffee")) is not None
    assert family("2-aaaaaa").visit(Step("child", "2-c0ffee")) is not None
    assert family("1").visit(Step("child", "3-c0ffee")) is None
    assert here.visit(Step("child", "2-c0ffee")) is None
    assert here.visit(Step("child", "2-aaaaaa")) is not None


def test_an_item_leads_back_to_its_list_from_either_end():
    here = family("1", "2", done=True)
    assert here.onward(Step("child", "1"), change=False) == "/s/children"
    assert here.back(Step("child", "2"), change=False) == "/s/children"
    assert here.back(Step("child", "3"), change=False) == "/s/children"


def test_items_are_numbered_by_their_place():
    here = family("2", "7")
    loop = here.form.loops["children"]
    assert [here.number(loop, id) for id in ("2", "7", "8")] == [1, 2, 3]


def test_the_route_ends_at_an_exit():
    out = {"page": "out", "exit": "Sorry", "when": {"pest": "rats"}}
    here = journey([PAGES[0], out, PAGES[2]], answered({"pest": "rats"}, "pest"))
    assert here.unfinished() == "/s/out"
    assert here.onward(Step("pest"), change=True) == "/s/out"
