"""What holds of every kind, whatever the answer and however hostile what was sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from tests.support.questions import CASES, NOW, kind_of, question

from townhall.engine.kinds import KINDS
from townhall.engine.kinds.base import BadOperand, BadStored
from townhall.engine.problems import Problem, wording

EVERY = pytest.mark.parametrize("case", CASES)
NASTY = st.text() | st.sampled_from(
    ["\0", "\ud800", "1e999", "NaN", "9223372036854775808", "１２", "=1+1", "{{7*7}}", "a" * 10_000]
)
ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_every_kind_has_a_case():
    assert {q.type for q, _ in CASES.values()} == KINDS.keys() - {"group", "computed"}


@EVERY
@given(data=st.data())
def test_what_the_boxes_hold_reads_back_as_the_value(case, data):
    q, values = CASES[case]
    value = data.draw(values)
    kind = kind_of(q)
    assert kind.parse(q, kind.refill(q, value), NOW) == value
    assert kind.problems(q, value, NOW) == []


@EVERY
@given(data=st.data())
def test_storage_gives_the_value_back_and_meets_its_schema(case, data):
    q, values = CASES[case]
    value = data.draw(values)
    kind = kind_of(q)
    stored = json.loads(json.dumps(kind.dump(value)))
    loaded = kind.load(q, stored)
    assert loaded == value
    assert type(loaded) is type(value)
    Draft202012Validator(kind.json_schema(q)).validate(stored)


@EVERY
def test_the_sample_is_valid(case):
    q, _ = CASES[case]
    kind = kind_of(q)
    sample = kind.sample(q, NOW)
    assert kind.problems(q, sample, NOW) == []
    assert kind.parse(q, kind.refill(q, sample), NOW) == sample
    assert all(kind.show(q, sample))
    Draft202012Validator(kind.json_schema(q)).validate(kind.dump(sample))


@EVERY
@given(data=st.data())
def test_nothing_that_is_sent_raises(case, data):
    q, _ = CASES[case]
    kind = kind_of(q)
    names = st.sampled_from([*kind.parts(q), "other"])
    raw = data.draw(st.dictionaries(names, st.lists(NASTY, max_size=3), max_size=4))
    value = kind.parse(q, raw, NOW)
    problems = value if isinstance(value, list) else []
    if value is not None and not isinstance(value, list):
        problems = kind.problems(q, value, NOW)
        json.dumps(kind.dump(value)).encode()
        assert kind.load(q, kind.dump(value)) == value
    for problem in problems:
        assert problem.code in kind.codes
        assert set(problem.parts) <= set(kind.part_names(q))
        for language in ("en", "cy"):
            assert "nvalid" not in wording(problem, q, language)


@EVERY
@given(given_json=ANY_JSON)
def test_no_example_and_nothing_stored_raises_but_as_it_says(case, given_json):
    q, _ = CASES[case]
    kind = kind_of(q)
    posted = kind.as_posted(q, given_json)
    assert set(posted) == set(kind.parts(q))
    kind.parse(q, posted, NOW)
    try:
        value = kind.load(q, given_json)
    except BadStored:
        return
    kind.show(q, value)
    assert kind.load(q, kind.dump(value)) == value


@EVERY
@given(text=st.text())
def test_an_operand_is_typed_or_refused(case, text):
    q, _ = CASES[case]
    kind = kind_of(q)
    try:
        operand = kind.operand(q, text)
    except BadOperand:
        return
    assert isinstance(operand, type(kind.sample(q, NOW)))


@EVERY
def test_a_blank_is_no_answer_and_is_missed_in_words(case):
    q, _ = CASES[case]
    kind = kind_of(q)
    assert kind.parse(q, {}, NOW) is None
    assert kind.parse(q, {name: [""] for name in kind.parts(q)}, NOW) is None
    if q.type not in ("radios", "select", "checkboxes", "yes-no", "declaration"):
        assert kind.parse(q, {name: [" \u200b\t "] for name in kind.parts(q)}, NOW) is None
    for language in ("en", "cy", "pl"):
        assert len(wording(kind.missing(q), q, language)) > 8


@EVERY
def test_settings_survive_the_canonical_definition(case):
    q, _ = CASES[case]
    again = type(q).model_validate(json.loads(json.dumps(q.model_dump(mode="json"))))
    assert again == q
    assert kind_of(q).faults(q) == []


@EVERY
def test_a_kind_of_another_settings_is_refused(case):
    q, _ = CASES[case]
    wrong = question("computed", age="dob").settings
    with pytest.raises(TypeError, match="settings"):
        kind_of(q).settings(q.model_copy(update={"settings": wrong}))


def test_a_problem_never_shows_what_was_typed():
    assert "secret" not in repr(Problem("too_small", "q", params={"limit": "secret"}))
