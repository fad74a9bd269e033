"""Conditions: read as data, written back the same, and evaluated as a slow reference does."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.definitions import TODAY, form_of, page, radios

from townhall.engine import conditions
from townhall.engine.answers import Scope
from townhall.engine.conditions import All, BadCondition, Named, Not, parse
from townhall.engine.conditions import Any as AnyOf
from townhall.engine.evaluate import holds
from townhall.engine.faults import InvalidDefinition

QUESTIONS = {
    "colour": ("radios", "red"),
    "size": ("number", Decimal(3)),
    "kinds": ("checkboxes", ("red", "blue")),
    "sure": ("yes-no", "yes"),
}
names = st.sampled_from(sorted(QUESTIONS))
operators = st.sampled_from(conditions.OPERATORS)


def comparisons_of(name: str) -> st.SearchStrategy[dict[str, Any]]:
    kind = QUESTIONS[name][0]
    presence = st.builds(
        lambda op, yes: {name: {op: yes}},
        st.sampled_from(["answered", "not_asked"]),
        st.sampled_from(["yes", "no"]),
    )
    number = st.integers(0, 5).map(str)
    options = st.sampled_from(["red", "green", "blue"])
    by_kind = {
        "radios": options.map(lambda one: {name: one})
        | options.map(lambda one: {name: {"is_not": one}})
        | st.lists(options, min_size=1).map(lambda some: {name: some}),
        "number": st.builds(
            lambda op, size: {name: {op: size}},
            st.sampled_from(["is", "at_least", "at_most", "more_than", "less_than"]),
            number,
        ),
        "checkboxes": st.builds(
            lambda op, one: {name: {op: one}}, st.sampled_from(["includes", "excludes"]), options
        ),
        "yes-no": st.sampled_from(["yes", "no"]).map(lambda one: {name: one}),
    }
    return by_kind[kind] | presence


raw_conditions = st.recursive(
    names.flatmap(comparisons_of),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"all": parts})
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts})
        | inner.map(lambda part: {"not": part})
    ),
    max_leaves=6,
)


def form_with(raw: Any) -> Any:
    options = {"options": ["red", "green", "blue"]}
    first = [
        {"id": name, "ask": f"{name}?", "type": kind, "required": "false"}
        | (options if kind in ("radios", "checkboxes") else {})
        for name, (kind, _) in QUESTIONS.items()
    ]
    return form_of([page("first", *first), page("second", radios("end", "yes", "no"), when=raw)])


def slowly(raw: dict[str, Any], values: dict[str, Any], asked: set[str]) -> bool:
    """The meaning of a condition, written from design §2 with nothing shared."""
    ((key, value),) = raw.items()
    if key in ("all", "any"):
        outcomes = [slowly(part, values, asked) for part in value]
        return all(outcomes) if key == "all" else any(outcomes)
    if key == "not":
        return not slowly(value, values, asked)
    return told(key, value, values, asked)


def told(key: str, value: Any, values: dict[str, Any], asked: set[str]) -> bool:
    if isinstance(value, str):
        return values.get(key) == value
    if isinstance(value, list):
        return values.get(key) in value
    ((operator, right),) = value.items()
    if operator == "answered":
        return (key in values) == (right == "yes")
    if operator == "not_asked":
        return (key not in asked) == (right == "yes")
    left = values.get(key)
    if left is None:
        return False
    return compared(operator, left, right)


def compared(operator: str, left: Any, right: Any) -> bool:
    if operator in ("includes", "excludes"):
        return (right in left) == (operator == "includes")
    if operator == "is_not":
        return bool(left != right)
    number = Decimal(right)
    outcomes = {"is": left == number, "at_least": left >= number, "at_most": left <= number}
    return {**outcomes, "more_than": left > number, "less_than": left < number}[operator]


@given(raw_conditions, st.sets(names), st.sets(names))
def test_a_condition_means_what_the_slow_reference_says(
    raw: dict[str, Any], given_names: set[str], also_asked: set[str]
) -> None:
    form = form_with(raw)
    values = {name: QUESTIONS[name][1] for name in given_names}
    asked = given_names | also_asked
    outcome = holds(parse(raw), form, Scope(dict(values), set(asked)), TODAY)
    assert outcome == slowly(raw, values, asked)


@given(raw_conditions)
def test_a_condition_is_written_back_as_it_was_read(raw: dict[str, Any]) -> None:
    assert parse(conditions.as_plain(parse(raw))) == parse(raw)


def test_a_name_several_entries_and_nesting_are_read() -> None:
    both = parse({"a": "x", "b": {"at_least": "3"}})
    assert isinstance(both, All)
    assert len(both.parts) == 2
    assert parse("urgent") == Named("urgent")
    assert isinstance(parse({"not": {"any": [{"a": "x"}]}}), Not)
    assert isinstance(parse({"any": [{"a": "x"}]}), AnyOf)


@pytest.mark.parametrize(
    "raw",
    [None, "", [], {}, {"all": []}, {"all": {"a": "b"}}, {"a": {"like": "b"}}, {"a": {"is": ["b"]}},
     {"a b": "c"}, {"count of r.q": {"is": "1"}}, {"any r": "x"}, {"a": {"answered": "maybe"}}],
)  # fmt: skip
def test_what_is_not_a_condition_is_refused(raw: object) -> None:
    with pytest.raises(BadCondition):
        parse(raw)


def test_nesting_has_a_limit() -> None:
    raw: Any = {"a": "b"}
    for _ in range(30):
        raw = {"not": raw}
    with pytest.raises(BadCondition):
        parse(raw)


@pytest.mark.parametrize(
    ("when", "code", "words"),
    [
        ({"colour": "Red"}, "unknown-option", "Did you mean `red`?"),
        ({"color": "red"}, "unknown-question", "Did you mean `colour`?"),
        ({"colour": {"at_least": "3"}}, "operator", "one_of"),
        ({"size": "large"}, "operand", "number"),
        ({"kinds": "red"}, "operator", "includes"),
        ("hurry", "unknown-condition", "conditions:"),
        ({"count of cats": {"is": "1"}}, "unknown-repeat", "none"),
    ],
)
def test_a_condition_that_cannot_be_evaluated_is_refused_at_once(
    when: Any, code: str, words: str
) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        form_with(when)
    fault = caught.value.faults[0]
    assert fault.code == code
    assert words in fault.remedy
    assert fault.where.path == ("pages", 1, "when")


def test_dates_are_compared_with_today() -> None:
    born = {"id": "born", "ask": "When were you born?", "type": "date"}
    when = {"born": {"not_after": "today - 18 years"}}
    form = form_of([page("first", born), page("adult", radios("x", "yes", "no"), when=when)])
    day = date(2026, 12, 7)
    assert holds(parse(when), form, Scope({"born": date(2008, 12, 7)}, {"born"}), day)
    assert not holds(parse(when), form, Scope({"born": date(2008, 12, 8)}, {"born"}), day)
