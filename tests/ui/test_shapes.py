"""A page of a shape met before is filled, and equals what its template draws."""

import tracemalloc
from itertools import count

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup, escape

from townhall.ui import slots
from townhall.ui.shapes import Pages, Same, marked
from townhall.ui.slots import cut, mark

TEXT = st.text(max_size=12) | st.sampled_from(["", "<b>&\"'", "{{ x }}", "th00x0x", "\n\nline"])
PLAIN = TEXT | TEXT.map(escape) | st.none() | st.booleans() | st.integers(0, 3)
DATA = st.fixed_dictionaries({
    "a": PLAIN,
    "b": PLAIN,
    "rows": st.lists(st.fixed_dictionaries({"text": TEXT, "on": st.booleans()}), max_size=3),
})  # fmt: skip
TEMPLATE = Environment(autoescape=True).from_string(
    "{% if a %}<p title='{{ a }}'>{{ a }}</p>{% endif %}{{ b }}"
    "{% for row in rows %}<i{% if row.on %} class=on{% endif %}>{{ row.text }}</i>{% endfor %}"
)


def draw(data):
    return TEMPLATE.render(**data)


@given(st.lists(DATA, max_size=6))
def test_what_is_filled_is_what_is_drawn(pages):
    kept = Pages()
    for data in pages:
        assert kept.draw("t", data, draw) == draw(data)


def test_a_shape_met_before_is_not_drawn_again():
    kept, drawn = Pages(), count()

    def counted(data):
        next(drawn)
        return draw(data)

    for text in ("one", "two", "<three>"):
        data = {"a": text, "b": Markup("<b>x</b>"), "rows": [{"text": text, "on": True}]}
        assert kept.draw("t", data, counted) == draw(data)
    kept.draw("t", {"a": "", "b": None, "rows": []}, counted)
    kept.draw("other", {"a": "", "b": None, "rows": []}, counted)
    assert next(drawn) == 3
    assert len(kept) == 3


def test_what_has_no_shape_is_drawn_as_it_is():
    kept = Pages()
    data = {"a": object(), "b": 1, "rows": []}
    assert kept.draw("t", data, draw) == draw(data)
    assert not len(kept)


def test_the_cache_is_begun_again_when_it_is_full(monkeypatch):
    page = {"a": "x", "b": None, "rows": []}
    monkeypatch.setattr(slots, "MOST_BYTES", 2 * cut(draw(marked(page))).size)
    kept = Pages()
    for number in range(5):
        kept.draw(number, page, draw)
        assert 1 <= len(kept) <= 2


def test_what_is_kept_of_long_posts_takes_no_more_than_it_is_said_to():
    """A page that sends back 1,000 fields is mostly slots, and its key is as long as they are."""
    kept = Pages()
    tracemalloc.start()
    for number in range(20):
        rows = [{"text": "x" if at % 20 != number else "", "on": False} for at in range(1_000)]
        kept.draw("t", {"a": "x", "b": None, "rows": rows}, draw)
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken < kept.size


def test_marks_follow_the_order_of_the_texts():
    data = {"a": "x", "b": ["y", {"c": Markup("z")}], "d": ""}
    made = marked(data)
    assert [made["a"], made["b"][0], made["b"][1]["c"]] == [mark(0), mark(1), mark(2)]
    assert isinstance(made["b"][1]["c"], Markup)
    assert made["d"] == ""


def test_a_slot_may_come_twice_and_text_is_escaped_but_markup_is_not():
    found = cut(f"<p>{mark(1)}-{mark(0)}-{mark(1)}</p>")
    assert found.fill(["<a>", Markup("<b>")]) == "<p><b>-&lt;a&gt;-<b></p>"


@given(TEXT)
def test_a_text_is_put_in_as_jinja_escapes_it(text):
    assert cut(mark(0)).fill([text]) == escape(text)


def test_one_object_in_a_key_is_that_object_alone():
    one, twin = [1], [1]
    assert Same(one) == Same(one)
    assert Same(one) != Same(twin)
    assert hash(Same(one)) == hash(Same(one))
