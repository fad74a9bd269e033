"""Export's rules: which fields, and no formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import form_of, page

from townhall.engine.submitted import Submitted
from townhall.submissions.export import (
    Field,
    answers_in_words,
    chosen,
    csv_line,
    fields_of,
    json_line,
    neutral,
)


def text(id, **more):
    return {"id": id, "ask": f"What is {id}?", "type": "text", **more}


@pytest.mark.parametrize("start", "=+-@\t\r\n＝＋－＠")
def test_no_cell_is_a_formula(start):
    assert neutral(f"{start}cmd|' /C calc'!A0").startswith("'")
    assert neutral(f"  {start}1").startswith("'")


@given(st.lists(st.text(), min_size=1))
def test_a_line_reads_back_as_the_same_cells(cells):
    read = next(csv.reader(io.StringIO(csv_line(cells), newline="")))
    assert read == [neutral(cell) for cell in cells]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in read)


def test_json_keeps_the_original():
    assert (
        json_line({"reference": "R"}, {"a": "=1+1"})
        == '{"reference": "R", "answers": {"a": "=1+1"}}\n'
    )


def test_special_offence_and_child_answers_are_held_back_unless_named():
    form = form_of(
        [
            page(
                "p",
                text("open", personal=["contact"]),
                text("health"),
                text("crime", personal=["offence"]),
                text("kid", personal=["child"], name="kid_name"),
            )
        ]
    )
    fields = fields_of([form])
    assert chosen(fields, []) == ["open"]
    assert chosen(fields, ["kid_name", "health"]) == ["open", "health", "kid_name"]
    with pytest.raises(KeyError):
        chosen(fields, ["nothing"])


def test_a_field_held_back_in_one_version_is_held_back_in_all():
    old = form_of([page("p", text("a", personal=["none"]))])
    new = form_of([page("p", text("a", personal=["special"]), text("b", personal=["none"]))])
    assert fields_of([old, new]) == [Field("a", open=False), Field("b", open=True)]


def test_items_follow_each_other():
    form = form_of([page("p", text("who", personal=["none"]), repeat={"id": "people"})])
    submitted = Submitted({}, {"people": ({"who": "Ann"}, {"who": "Bob"})})
    assert answers_in_words(form, submitted, ["who"]) == {"who": "Ann; Bob"}
