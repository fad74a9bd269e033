"""Computed answers and groups, which nobody posts; and the table of kinds."""

import json
import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from tests.support.questions import NOW, decimals, kind_of, question

from townhall.engine import kinds
from townhall.engine.kinds.texts import Text

AGE = question("computed", age="dob", suffix="years")
TOTAL = question("computed", sum=["a", "b"], prefix="£", decimals=2)
GROUP = question("group", questions=[{"id": "a", "ask": "A", "type": "text"}])


def test_a_computed_answer_names_one_operation():
    assert (AGE.settings.operation, AGE.settings.operands) == ("age", ("dob",))
    assert (TOTAL.settings.operation, TOTAL.settings.operands) == ("sum", ("a", "b"))
    assert kind_of(TOTAL).references(TOTAL) == ("a", "b")
    for wrong in ({}, {"age": "dob", "sum": ["a"]}, {"difference": ["a"]}, {"product": []}):
        with pytest.raises(ValidationError):
            question("computed", **wrong)


def test_a_computed_answer_is_never_posted():
    kind = kind_of(TOTAL)
    assert kind.parts(TOTAL) == ()
    assert kind.parse(TOTAL, {"q": ["5"]}, NOW) is None
    assert kind.problems(TOTAL, Decimal(5), NOW) == []
    assert kind.refill(TOTAL, Decimal(5)) == {}
    assert kind.as_posted(TOTAL, "5") == {}


def test_a_computed_answer_is_shown_stored_and_compared():
    kind = kind_of(TOTAL)
    assert kind.show(TOTAL, Decimal("1250.50")) == ["£1,250.50"]
    assert kind.show(AGE, Decimal(42)) == ["42 years"]
    assert kind.operand(AGE, "18") == 18
    assert (AGE.classes, TOTAL.classes) == (("identifier",), ("none",))
    for value in (Decimal("5.50"), Decimal(-5), Decimal("1E+2")):
        assert kind.load(TOTAL, kind.dump(value)) == value
        Draft202012Validator(kind.json_schema(TOTAL)).validate(kind.dump(value))


@given(factors=st.lists(decimals(6), min_size=1, max_size=100))
def test_a_product_of_many_comes_back_from_storage(factors):
    value = math.prod(factors, start=Decimal(1))
    stored = json.loads(json.dumps(kind_of(TOTAL).dump(value)))
    assert kind_of(TOTAL).load(TOTAL, stored) == value
    Draft202012Validator(kind_of(TOTAL).json_schema(TOTAL)).validate(stored)


@pytest.mark.parametrize("stored", ["1e3", "five", "", None, True, "1.", 1.5])
def test_only_a_stored_number_loads(stored):
    with pytest.raises(kinds.BadStored):
        kind_of(TOTAL).load(TOTAL, stored)


def test_limits_on_a_computed_answer_are_a_fault():
    q = question("computed", age="dob", min=18)
    assert [fault.code for fault in kind_of(q).faults(q)] == ["computed_limits"]
    assert kind_of(AGE).faults(AGE) == []


def test_a_group_has_no_answer_of_its_own():
    kind = kind_of(GROUP)
    assert not kind.has_value
    assert kind.parts(GROUP) == ()
    assert kind.parse(GROUP, {"q": ["x"]}, NOW) is None
    assert kind.refill(GROUP, "x") == kind.as_posted(GROUP, "x") == {}
    assert kind.show(GROUP, "x") == []
    assert kind.dump("x") is None
    assert not Draft202012Validator(kind.json_schema(GROUP)).is_valid(None)
    for asked in (lambda: kind.load(GROUP, "x"), lambda: kind.sample(GROUP, NOW)):
        with pytest.raises(TypeError, match="group"):
            asked()


def test_a_group_compares_with_nothing():
    with pytest.raises(kinds.BadOperand, match="group"):
        kind_of(GROUP).operand(GROUP, "x")


@pytest.mark.parametrize(
    ("spelled", "name"),
    [
        ("text", "text"),
        ("long text", "long-text"),
        ("Long-Text", "long-text"),
        ("month and year", "month-year"),
        (" yes/no ", "yes-no"),
        ("radio", "radios"),
    ],
)
def test_spellings(spelled, name):
    assert kinds.kind_named(spelled).name == name


def test_a_kind_that_says_nothing_more_looks_at_nothing_more():
    q = question("radios", options=["Rats"])
    assert kind_of(q).autocomplete(q) == ""
    assert kind_of(q).references(q) == ()


def test_an_unknown_kind_is_none():
    assert kinds.kind_named("telepathy") is None


@pytest.mark.parametrize("name", ["text", "textarea"])
def test_a_name_is_taken_once(name):
    taken = type("Taken", (Text,), {"name": name})()
    with pytest.raises(ValueError, match=name):
        kinds.install([taken])


def test_a_room_adds_its_kind(monkeypatch):
    monkeypatch.setattr(kinds, "KINDS", dict(kinds.KINDS))
    kinds.install([type("Street", (Text,), {"name": "street"})()])
    assert kinds.kind_named("street").name == "street"


def test_the_table_is_complete():
    assert set(kinds.KINDS) == {
        "text",
        "long-text",
        "number",
        "money",
        "percent",
        "date",
        "month-year",
        "time",
        "email",
        "phone",
        "url",
        "radios",
        "checkboxes",
        "select",
        "yes-no",
        "name",
        "address",
        "postcode",
        "declaration",
        "group",
        "computed",
    }
