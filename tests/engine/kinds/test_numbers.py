"""Numbers, money and percentages, as people type them."""

from decimal import Decimal

import pytest
from pydantic import ValidationError
from tests.support.questions import NOW, TODAY, codes, kind_of, parse, question

from townhall.engine.kinds.base import BadOperand, BadStored, Context
from townhall.engine.problems import wording

NUMBER = question("number")
MONEY = question("money")


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("3", "3"),
        (" 03 ", "3"),
        ("+3", "3"),
        ("-3", "-3"),
        ("\u22123", "-3"),
        ("- 3", "-3"),
        ("3.0", "3"),
        ("3.", "3"),
        ("1,250", "1250"),
        ("1 250 000", "1250000"),
        ("-0", "0"),
        ("999999999999999", "999999999999999"),
    ],
)
def test_whole_numbers(typed, value):
    assert parse(NUMBER, typed) == Decimal(value)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("three", "not_a_number"),
        ("1e999", "not_a_number"),
        ("1e3", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("１２", "not_a_number"),
        ("٣", "not_a_number"),
        ("0x10", "not_a_number"),
        ("1_000", "not_a_number"),
        ("1,5", "not_a_number"),
        ("12,34", "not_a_number"),
        ("1 2", "not_a_number"),
        ("--3", "not_a_number"),
        (".", "not_a_number"),
        ("-", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("3.5", "not_whole"),
        ("9223372036854775808", "too_big"),
        ("1" * 50, "too_big"),
        ("1" * 70, "too_long"),
        ("-1000000000000000", "too_big"),
    ],
)
def test_what_is_no_whole_number(typed, code):
    assert codes(parse(NUMBER, typed)) == [(code, "")]


def test_decimals_are_held_to_their_number():
    q = question("number", decimals=2)
    assert str(parse(q, "1.5")) == "1.50"
    assert str(parse(q, ".5")) == "0.50"
    assert str(parse(q, "-.004000")) != "-0.00"
    assert codes(parse(q, "1.555")) == [("too_many_decimals", "")]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("£1,250.50", "1250.50"), ("1250.5", "1250.50"), ("£ 3", "3.00"), ("£0", "0.00")],
)
def test_money_takes_a_pound_sign_and_commas(typed, value):
    assert str(parse(MONEY, typed)) == value


def test_money_is_not_negative_unless_the_author_says():
    assert codes(parse(MONEY, "-£5")) == [("too_small", "")]
    assert codes(parse(MONEY, "£-5")) == [("too_small", "")]
    assert parse(question("money", min="-10"), "-£5") == Decimal(-5)
    assert codes(parse(question("money", min="-10"), "-£-5")) == [("not_a_number", "")]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("75", "£75"), ("75.00", "£75"), ("75.5", "£75.50"), ("1250", "£1,250"), ("-2.5", "-£2.50")],
)
def test_money_is_shown_in_govuk_style(value, shown):
    assert kind_of(MONEY).show(MONEY, Decimal(value)) == [shown]


def test_affixes_may_be_typed_and_are_shown():
    q = question("number", suffix="metres", prefix="~")
    assert parse(q, "~3 metres") == 3
    assert kind_of(q).show(q, Decimal(1234)) == ["~1,234 metres"]
    assert kind_of(NUMBER).show(NUMBER, Decimal(7)) == ["7"]
    percent = question("percent")
    assert parse(percent, "25%") == 25
    assert kind_of(percent).show(percent, Decimal(25)) == ["25%"]
    assert codes(parse(percent, "101")) == [("too_big", "")]


@pytest.mark.parametrize("typed", ["4.8m", "4.8 m", "4.8 M.", "4.8 metre", "4.8 METRES", "4.8"])
def test_a_unit_may_be_shortened(typed):
    assert parse(question("number", suffix="metres", decimals=1), typed) == Decimal("4.8")


@pytest.mark.parametrize("unit", ["m2", "m²", "% of it", "kg CO2"])
def test_a_unit_may_have_any_signs(unit):
    q = question("number", suffix=unit)
    assert parse(q, f"12 {unit}") == parse(q, f"12{unit}") == parse(q, f"12 {unit[:1]}") == 12


@pytest.mark.parametrize("typed", ["4.8 miles", "4.8 metres or so", "4.8 etres", "m", "4.8 m 2 m"])
def test_what_is_no_beginning_of_the_unit_is_no_number(typed):
    q = question("number", suffix="metres", decimals=1)
    assert codes(parse(q, typed)) == [("not_a_number", "")]


@pytest.mark.parametrize("unit", ["mm", "millimetres"])
def test_a_beginning_that_is_another_unit_is_no_number(unit):
    millimetres, pounds = question("number", suffix=unit), question("number", suffix="Pounds a day")
    assert codes(parse(millimetres, "5 M")) == codes(parse(pounds, "5p")) == [("not_a_number", "")]
    assert parse(millimetres, f"5{unit}") == parse(pounds, "5 pounds") == 5


def test_limits_may_be_another_answer():
    q = question("number", min="adults", max=9)
    kind = kind_of(q)
    assert kind.references(q) == ("adults",)
    assert kind.problems(q, Decimal(1), Context(TODAY)) == []
    found = kind.problems(q, Decimal(1), Context(TODAY, {"adults": Decimal(2)}))
    assert (
        wording(found[0], q.model_copy(update={"short": "Seats"}))
        == "Seats must be between 2 and 9"
    )
    assert kind.problems(q, Decimal(1), Context(TODAY, {"adults": "two"})) == []


@pytest.mark.parametrize(
    ("keys", "sample"),
    [
        ({}, 1),
        ({"max": "0"}, 0),
        ({"min": 4}, 4),
        ({"min": "0.25"}, 1),
        ({"min": "1.5", "max": 9}, 2),
        ({"max": "-0.5"}, -1),
        ({"decimals": 1, "min": "0.25", "max": "0.75"}, Decimal("0.7")),
        ({"decimals": 1, "max": "0.75"}, Decimal("0.7")),
    ],
)
def test_the_sample_is_the_allowed_number_nearest_one(keys, sample):
    q = question("number", **keys)
    assert kind_of(q).sample(q, NOW) == sample
    assert kind_of(q).problems(q, kind_of(q).sample(q, NOW), NOW) == []


@pytest.mark.parametrize("stored", ["3", "1e3", True, None, 1.5, 10**16, [3], "NaN", "1.", ".5"])
def test_only_what_was_dumped_loads(stored):
    with pytest.raises(BadStored):
        kind_of(NUMBER).load(NUMBER, stored)


def test_operands_are_literal_numbers():
    kind = kind_of(NUMBER)
    assert kind.operand(NUMBER, "3") == 3
    assert kind.operand(NUMBER, "-2.5") == Decimal("-2.5")
    for text in ("three", "1e9", "", "３", "9" * 16):
        with pytest.raises(BadOperand):
            kind.operand(NUMBER, text)


def test_limits_that_cross_are_a_fault():
    q = question("number", min=5, max="3")
    assert [fault.code for fault in kind_of(q).faults(q)] == ["limits_cross"]
    assert kind_of(NUMBER).faults(NUMBER) == []


@pytest.mark.parametrize("limit", ["1e9", "two or three", "", "today + 3 days", True])
def test_a_limit_that_cannot_be_read_is_refused(limit):
    with pytest.raises(ValidationError):
        question("number", min=limit)


def test_personal_classes():
    assert NUMBER.classes == ("none",)
    assert MONEY.classes == ("financial",)
