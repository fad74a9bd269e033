"""Files that were never forms, or were made to do harm: refused or imported, never a crash."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.importers.made_forms import condition, form, page, question
from townhall.importers.convert import convert

BOMB = "a: &a [1]\nb: &b [*a, *a]\nc: [*b, *b]\npages: []\n"


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "42", "null", "{", "{}", '{"pages": []}', '{"pages": [1, null, "x"]}',
        '{"pages": {"path": 1}}', BOMB, "pages: !!python/object/apply:os.system [ls]", "\x00",
        "- a\n- b", "pages:\n  - [", "\ufeff{}",
        '{"pages": [{}]}', "[" * 10_000, '{"a":' * 10_000,
    ],
)  # fmt: skip
def test_what_is_not_a_form_is_not_recognised(text: str) -> None:
    done = convert(text, "x", "x", {"from": "a test"})
    assert done.status == "not recognised"
    assert done.problem


def test_a_big_file_is_refused_at_once() -> None:
    begun = time.perf_counter()
    assert convert("{" + " " * 6_000_000, "x", "x", {"from": "a test"}).problem
    assert time.perf_counter() - begun < 1


def test_a_thousand_pages_are_read_in_good_time() -> None:
    pages = [
        page(f"/p{at}", question("YesNoField", f"q{at}"), to=f"/p{at + 1}") for at in range(500)
    ]
    begun = time.perf_counter()
    done = convert(json.dumps(form(*pages, page("/p500"))), "x", "x", {"from": "a test"})
    assert done.pages == 501
    assert time.perf_counter() - begun < 20


JUNK: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False)
    | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def _whole() -> dict[str, Any]:
    radios = question("RadiosField", "r", list="colours")
    rows = question("MultiInputField", "rows", children=[question("TextField", "what")])
    words = {"type": "Para", "content": "<p>Words</p>", "options": {"condition": "c"}}
    return form(
        page("/one", radios, words, to=[{"path": "/two", "condition": "c"}, {"path": "/three"}]),
        page("/two", rows, to="/three", controller="RepeatingFieldPageController", options={}),
        page("/three", question("DatePartsField", "d"), section="s", options={"customText": {}}),
        conditions=[
            condition("c", ("r", "RadiosField", "is", "red")),
            {"name": "old", "value": "r == 'red'"},
        ],
        sections=[{"name": "s", "title": "S"}],
        outputs=[
            {"name": "o", "type": "email", "outputConfiguration": {"emailAddress": "a@example.com"}}
        ],
        fees=[{"description": "f", "amount": 1}],
        specialPages={"confirmationPage": {"customText": {"nextSteps": "<p>Wait</p>"}}},
    )


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    keys = (
        value.keys()
        if isinstance(value, dict)
        else range(len(value))
        if isinstance(value, list)
        else ()
    )
    return [path] + [place for key in keys for place in _places(value[key], (*path, key))]


PLACES = [place for place in _places(_whole()) if place]


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(PLACES), JUNK), min_size=1, max_size=3))
def test_a_form_with_any_part_replaced_is_imported_or_refused(
    changes: list[tuple[tuple[Any, ...], Any]],
) -> None:
    raw = json.loads(json.dumps(_whole()))
    for place, junk in changes:
        holder = raw
        try:
            for key in place[:-1]:
                holder = holder[key]
            holder[place[-1]] = junk
        except (TypeError, KeyError, IndexError):
            continue
    done = convert(json.dumps(raw), "x", "x", {"from": "a test"})
    assert done.text or done.problem
