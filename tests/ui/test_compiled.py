"""A compiled fragment is what the macros draw, for every kind, state and character."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import form_of, page
from tests.ui.test_widgets import NASTY, drawn, form_with

from townhall.engine.answers import Scope
from townhall.engine.kinds import KINDS
from townhall.engine.problems import Problem
from townhall.engine.validation import parse_page
from townhall.ui import compiled, slots
from townhall.ui.compiled import compilable, draw_compiled
from townhall.ui.questions import Drawing, Sheet
from townhall.ui.widgets import live
from townhall.ui.wording import Telling
from townhall.ui.words import words_in

KEPT = sorted(set(KINDS) - {"computed", "group"})
TEXTS = st.one_of(st.just(""), NASTY, st.sampled_from(["one", "yes", "none", "\n\nline", "  a  "]))


def both(field):
    return str(draw_compiled(field, live)), str(live(field))


@pytest.fixture(autouse=True)
def cold():
    compiled.forget()


@pytest.mark.parametrize("kind", KEPT)
@given(data=st.data())
def test_a_fragment_is_what_the_macros_draw(kind, data):
    form = form_with(kind)
    question = form.question("q")
    parts = form.kind(question).part_names(question)
    for _ in range(2):
        raw = {form.kind(question).field(question, part): [data.draw(TEXTS)] for part in parts}
        wrong = data.draw(st.lists(st.sampled_from(["", *parts]), max_size=2))
        problems = [Problem("missing", "q", part) for part in wrong]
        language = data.draw(st.sampled_from(["en", "cy"]))
        for field in drawn(form, raw, problems, language).fields():
            ours, theirs = both(replace(field, version=form.version))
            assert ours == theirs


@pytest.mark.parametrize("kind", KEPT)
def test_a_state_met_again_is_not_drawn_again(kind):
    form = form_with(kind)
    result = parse_page(form, form.pages[0], {}, Scope(), None)
    field = replace(drawn(form, {}, result.problems).fields()[1], version=form.version)
    first = draw_compiled(field, live)

    def never(_):
        raise AssertionError("drawn again")

    assert draw_compiled(field, never) == first


AGAIN = [
    {"hint": "In your own words"},
    {"required": False},
    {"type": "email"},
    {"type": "radios", "options": [{"id": "x", "say": "Ex"}, "Two"]},
    {"type": "radios", "options": [{"id": "x", "say": "Why"}, "Two"]},
]


def test_a_question_asked_again_otherwise_on_another_page_is_drawn_as_that_page_asks_it():
    """``ask_again`` may give a place its own hint, options or `required`."""
    asked = [{"id": "q", "ask": "What?", "type": "text"} | more for more in ({}, *AGAIN)]
    form = form_of([page(f"p{at}", one) for at, one in enumerate(asked)])
    tell = Telling(form, Scope(), words_in("en"))
    for each in form.pages:
        (field,) = Drawing(form, Sheet(each, form.leaves_of[each.page], {}), tell).fields()
        assert field.version
        ours, theirs = both(field)
        assert ours == theirs


def test_words_that_hold_an_answer_are_never_kept():
    form = form_with("text", ask="Where did {{ count }} go?")
    field = replace(drawn(form, {}).fields()[1], version=form.version)
    assert not compilable(field)


def test_the_cache_is_begun_again_when_it_is_full(monkeypatch):
    monkeypatch.setattr(slots, "MOST_BYTES", slots.KEY)
    form = form_with("text")
    for raw in ({}, {"q": ["x"]}, {"count": ["2"]}):
        for field in drawn(form, raw).fields():
            draw_compiled(replace(field, version=form.version), live)
    assert compiled.kept() == 1


def test_an_option_that_is_posted_over_and_over_is_one_state():
    form = form_with("checkboxes")
    for posted in (["one", "two"], ["two", "one", "two"], ["one", "two"] * 400):
        field = replace(drawn(form, {"q": posted}).fields()[1], version=form.version)
        ours, theirs = both(field)
        assert ours == theirs
    assert compiled.kept() == 2
