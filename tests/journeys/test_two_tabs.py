"""Add another in two tabs, sent twice, and from a page that has stood open: no item is lost."""

from dataclasses import replace
from urllib.parse import urlencode

import pytest
from tests.support.definitions import define, page
from tests.support.visitor import FORM, held

from townhall.runner import fittings

NAME = {"id": "name", "ask": "What is it called?", "type": "text", "personal": "none"}
AGE = {"id": "age", "ask": "How old is it?", "type": "number", "personal": "none"}


@pytest.fixture(params=[1, -1], ids=["first comes first", "first comes last"])
def begin(put, visitor, request):
    """Someone in a service whose list has one page an item, or two; marks go up, or down."""
    marks = iter(f"{500_000 + request.param * number}" for number in range(1, 100))
    fittings.install(replace(fittings.installed(), mark=lambda: next(marks)))

    def start(*, pages=1, **more):
        repeat = {"id": "people", "item": "person", "items": "People", "min": 0, "max": 4, **more}
        asked = [page("who", NAME, repeat=repeat), page("age", AGE, repeat=repeat)]
        visitor.start(put(define(asked[:pages])))
        return visitor

    return start


def add(visitor):
    """Press Yes on the list; the page that comes, as a tab that is left open."""
    visitor.open("/a-service/people")
    visitor.send({"another": "yes"})
    return visitor.page


def send(visitor, tab, answers):
    visitor.page = tab
    visitor.send(answers)


def people(visitor):
    visitor.open("/a-service/people")
    cards = visitor.page.select(".govuk-summary-card")
    rows = [card.select(".govuk-summary-list__value") for card in cards]
    return [" ".join(one.text.strip() for one in row) for row in rows]


def test_what_two_tabs_add_is_kept_both_times(begin):
    visitor = begin()
    add(visitor)
    visitor.send({"name": "First"})
    a, b = add(visitor), add(visitor)
    send(visitor, a, {"name": "Tab A"})
    send(visitor, b, {"name": "Tab B"})
    found = people(visitor)
    assert (found[0], sorted(found[1:])) == ("First", ["Tab A", "Tab B"])


def test_each_tab_goes_on_with_the_item_it_began(begin):
    visitor = begin(pages=2)
    a, b = add(visitor), add(visitor)
    send(visitor, a, {"name": "Tab A"})
    a = visitor.page
    send(visitor, b, {"name": "Tab B"})
    assert visitor.path != a.select_one("#page-form")["action"]
    visitor.follow("Back")
    assert visitor.value("name") == "Tab B"
    visitor.send()
    visitor.send({"age": "2"})
    assert visitor.path == a.select_one("#page-form")["action"], "A's is still to be finished"
    send(visitor, a, {"age": "1"})
    assert sorted(people(visitor)) == ["Tab A 1", "Tab B 2"]


def test_what_two_tabs_begin_below_the_least_is_kept_both_times(begin):
    visitor = begin(min=2)
    a = visitor.page
    visitor.open("/a-service/time-out")
    b = visitor.page
    send(visitor, a, {"name": "Tab A"})
    send(visitor, b, {"name": "Tab B"})
    assert sorted(people(visitor)) == ["Tab A", "Tab B"]


def test_a_page_sent_twice_is_one_item(begin):
    visitor = begin()
    tab = add(visitor)
    for _ in range(2):
        send(visitor, tab, {"name": "Once"})
    assert people(visitor) == ["Once"]


def test_going_back_to_what_was_just_added_shows_it_for_change(begin):
    visitor = begin()
    path = add(visitor).select_one("#page-form")["action"]
    visitor.send({"name": "Bo"})
    visitor.open(path)
    assert (visitor.path, visitor.value("name")) == (path, "Bo")
    visitor.send({"name": "Bobby"})
    assert people(visitor) == ["Bobby"]


def test_a_page_with_a_problem_is_still_the_same_item(begin):
    visitor = begin()
    tab = add(visitor)
    send(visitor, tab, {"name": ""})
    assert visitor.errors
    visitor.send({"name": "Bo"})
    send(visitor, tab, {"name": "Bobby"})
    assert people(visitor) == ["Bobby"]


def test_a_page_left_open_writes_into_no_other_item(begin):
    visitor = begin()
    tab = add(visitor)
    visitor.send({"name": "Removed"})
    visitor.follow("Remove")
    visitor.send({"remove": "yes"})
    add(visitor)
    visitor.send({"name": "Another"})
    send(visitor, tab, {"name": "Removed, sent again"})
    assert "Another" in people(visitor)


def test_what_comes_in_late_is_an_item_too(begin, clock):
    visitor = begin()
    tab = add(visitor)
    clock.forward(minutes=61)
    send(visitor, tab, {"name": "Late"})
    visitor.send(form="main form")
    assert people(visitor) == ["Late"]


def test_no_more_are_kept_than_the_list_may_hold(begin):
    visitor = begin(max=1)
    a, b = add(visitor), add(visitor)
    send(visitor, a, {"name": "Tab A"})
    send(visitor, b, {"name": "Tab B"})
    assert "You cannot add more than 1." in visitor.text
    assert people(visitor) == ["Tab A"]


@pytest.mark.parametrize("item", ["3", "3-aaaaaa", "0-aaaaaa", "1-AAAAAA", "1-aaaaaa-a", "a", "1-"])
def test_only_what_we_make_names_an_item(begin, item):
    visitor = begin()
    form = held(add(visitor).select_one("#page-form"))
    data, origin = urlencode(form | {"name": "Mine"}), {"Origin": "http://testserver"}
    visitor.client.post(f"/a-service/who/{item}", data, FORM, headers=origin)
    assert people(visitor) == []
