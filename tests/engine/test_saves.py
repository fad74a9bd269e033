"""A draft after one save is worked out from what stood before it: the same as from nothing."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import form_of, plain_pages, value_for

from townhall.engine.answers import Answers, PageRow, dump_page, load_answers, with_row
from townhall.engine.form import Form

ITEMS = ("1", "2", "10")


@st.composite
def tangled_forms(draw: st.DrawFn) -> Form:
    """Draw a form whose pages may ask what others ask, compute from them and have rules."""
    pages = draw(plain_pages())
    plain = [page for page in pages if "questions" in page and "repeat" not in page]
    for number, page in enumerate(plain):
        earlier = [one for other in plain[:number] for one in other["questions"]]
        known = {one["id"] for one in page["questions"]}
        if earlier and draw(st.integers(0, 2)) == 0:
            again = draw(st.sampled_from(earlier))
            page["questions"] += [] if again["id"] in known else [deepcopy(again)]
        _add_sum(draw, page, number)
        _add_rule(draw, page)
    return form_of(pages)


def _add_sum(draw: st.DrawFn, page: dict[str, Any], number: int) -> None:
    counted = [one["id"] for one in page["questions"] if one["type"] == "number"]
    if counted and draw(st.booleans()):
        made = {"id": f"sum{number}", "ask": "The sum", "type": "computed", "sum": counted}
        page["questions"].append(made)


def _add_rule(draw: st.DrawFn, page: dict[str, Any]) -> None:
    limited = [one["id"] for one in page["questions"] if one["type"] in ("number", "computed")]
    if limited and draw(st.booleans()):
        limit = {draw(st.sampled_from(limited)): {"at_most": str(draw(st.integers(0, 8)))}}
        page["rules"] = [{"require": limit, "say": "That is too many", "at": limited[0]}]


def drawn_row(draw: st.DrawFn, form: Form, rows: list[PageRow]) -> PageRow:
    """Draw a page as it might be stored: mostly one that is in place and newer than all others."""
    page = draw(st.sampled_from([*form.pages_by_id, *form.loops]))
    odd = draw(st.integers(0, 9)) == 0
    inside = page in form.loop_by_page
    item = draw(st.sampled_from(ITEMS)) if inside != odd else ""
    newest = max((row.revision for row in rows), default=0) + 1
    revision = draw(st.integers(1, newest)) if odd else newest
    return PageRow(page, item, revision, drawn_data(draw, form, page))


def drawn_data(draw: st.DrawFn, form: Form, page: str) -> dict[str, Any]:
    values = {
        one.id: value_for(draw, form, one)
        for one in form.leaves_of.get(page, ())
        if one.type != "computed" and draw(st.integers(0, 3))
    }
    return dump_page(form, {name: one for name, one in values.items() if one is not None})


@given(tangled_forms(), st.data())
def test_a_row_put_in_place_gives_what_all_rows_give(form: Form, data: st.DataObject) -> None:
    rows: list[PageRow] = []
    answers = Answers()
    for _ in range(data.draw(st.integers(1, 8))):
        row = drawn_row(data.draw, form, rows)
        before, found = deepcopy(answers), with_row(form, answers, rows, row)
        assert answers == before
        rows = [*(one for one in rows if one[:2] != row[:2]), row]
        answers = load_answers(form, rows)
        assert found == answers
        if all(bool(one.item) == (one.page in form.loop_by_page) for one in rows):
            assert list(found.values) == list(answers.values)
