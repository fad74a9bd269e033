"""Dates, months and times, as people type them."""

from datetime import date, time

import pytest
from pydantic import ValidationError
from tests.support.questions import NOW, TODAY, codes, kind_of, parse, question

from townhall.engine.kinds.base import BadOperand, BadStored, Context
from townhall.engine.kinds.months import month_name, month_number
from townhall.engine.kinds.times import read_time, say_time

DATE = question("date")
MONTH = question("month-year")
TIME = question("time")


@pytest.mark.parametrize("month", ["3", "03", "March", "mar", "MAR", "Mar.", "mawrth", " march "])
def test_a_month_is_a_number_or_its_name(month):
    assert parse(DATE, "27", month, "2027") == date(2027, 3, 27)


def test_every_month_is_known_by_name_and_start_in_both_languages():
    for language in ("en", "cy"):
        for number in range(1, 13):
            name = month_name(number, language)
            assert month_number(name) == number
            assert month_number(name[:3]) == number
    assert month_name(1, "pl") == "January"


@pytest.mark.parametrize("month", ["0", "13", "003", "ma", "xyz", "1.5", "３", "²", "-1", "Marchy"])
def test_only_the_month_is_named(month):
    assert codes(parse(DATE, "27", month, "2027")) == [("bad_month", "month")]


@pytest.mark.parametrize("day", ["0", "32", "x", "1st", "１", "001", "-1", "²"])
def test_only_the_day_is_named(day):
    assert codes(parse(DATE, day, "3", "2027")) == [("bad_day", "day")]


@pytest.mark.parametrize("year", ["0", "27", "02027", "x", "２０２７", "-200", "0x7e", "20 7"])
def test_a_year_has_four_numbers(year):
    assert codes(parse(DATE, "27", "3", year)) == [("bad_year", "year")]


@pytest.mark.parametrize("year", ["0000", "9999", "1026", "1799", "2200"])
def test_a_year_is_one_that_a_service_could_mean(year):
    assert codes(parse(DATE, "27", "3", year)) == [("year_out_of_range", "year")]


def test_each_wrong_part_is_named():
    assert codes(parse(DATE, "40", "13", "27")) == [
        ("bad_day", "day"),
        ("bad_month", "month"),
        ("bad_year", "year"),
    ]


@pytest.mark.parametrize(
    ("day", "month", "year"), [("31", "2", "2027"), ("29", "feb", "2026"), ("31", "4", "2027")]
)
def test_a_day_that_the_month_does_not_have(day, month, year):
    assert codes(parse(DATE, day, month, year)) == [("not_a_date", "day")]
    assert parse(DATE, "29", "2", "2028") == date(2028, 2, 29)


def test_blank_boxes_are_named_together():
    outcome = parse(DATE, "", "3", "")
    assert codes(outcome) == [("date_incomplete", "day")]
    assert outcome[0].parts == ("day", "year")
    assert parse(DATE, "", " ", "") is None
    assert codes(parse(DATE, "1", "a\0", "")) == [("bad_character", "month")]


@pytest.mark.parametrize(
    ("keys", "day", "code"),
    [
        ({"min": "today"}, date(2026, 11, 22), "date_in_past"),
        ({"min": "today + 1 day"}, TODAY, "date_not_in_future"),
        ({"min": "today + 2 working days"}, date(2026, 11, 24), "too_early"),
        ({"min": "today - 1 months"}, date(2026, 10, 22), "too_early"),
        ({"min": "2026-12-01"}, date(2026, 11, 30), "too_early"),
        ({"max": "today"}, date(2026, 11, 24), "date_in_future"),
        ({"max": "today - 1 days"}, TODAY, "date_not_in_past"),
        ({"max": "today - 18 years"}, date(2008, 11, 24), "too_late"),
        ({"max": "2026-12-01"}, date(2026, 12, 2), "too_late"),
    ],
)
def test_limits(keys, day, code):
    q = question("date", **keys)
    assert codes(kind_of(q).problems(q, day, NOW)) == [(code, "")]


def test_a_limit_may_be_another_answer():
    q = question("date", min="start", max="today + 1 years")
    kind = kind_of(q)
    assert kind.references(q) == ("start",)
    assert kind.problems(q, TODAY, NOW) == []
    later = Context(TODAY, {"start": date(2026, 12, 1)})
    assert codes(kind.problems(q, TODAY, later)) == [("too_early", "")]
    assert kind.problems(q, TODAY, Context(TODAY, {"start": "soon"})) == []
    assert kind.sample(q, later) == date(2026, 12, 1)


def test_a_month_is_held_to_the_month_of_its_limit():
    q = question("month-year", min="today", max="2026-12-05")
    assert parse(q, "11", "2026") == date(2026, 11, 1)
    assert codes(parse(q, "10", "2026")) == [("date_in_past", "")]
    assert parse(q, "dec", "2026") == date(2026, 12, 1)
    assert codes(parse(q, "1", "2027")) == [("too_late", "")]
    assert codes(parse(q, "", "2027")) == [("date_incomplete", "month")]


def test_dates_are_shown_in_words_in_the_persons_language():
    assert kind_of(DATE).show(DATE, date(2026, 12, 7)) == ["7 December 2026"]
    assert kind_of(DATE).show(DATE, date(2026, 12, 7), "cy") == ["7 Rhagfyr 2026"]
    assert kind_of(MONTH).show(MONTH, date(2026, 3, 1), "cy") == ["Mawrth 2026"]


def test_a_birth_date_identifies_and_is_filled_by_the_browser():
    own = question("date", birth="yes", max="today")
    assert own.classes == ("identifier",)
    assert kind_of(own).autocomplete(own, "day") == "bday-day"
    assert kind_of(own).sample(own, NOW).year == 1986
    assert DATE.classes == ("none",)
    assert kind_of(DATE).autocomplete(DATE, "day") == ""


@pytest.mark.parametrize(
    "given",
    [
        "2026-12-07",
        "7 December 2026",
        "7/12/2026",
        "07.12.2026",
        {"day": 7, "month": 12, "year": 2026},
    ],
)
def test_an_example_may_write_a_date_in_any_way(given):
    posted = kind_of(DATE).as_posted(DATE, given)
    assert kind_of(DATE).parse(DATE, posted, NOW) == date(2026, 12, 7)


def test_an_example_may_be_wrong_or_blank():
    assert codes(parse(DATE, *(t[0] for t in kind_of(DATE).as_posted(DATE, "31/2/2027").values())))
    assert kind_of(DATE).parse(DATE, kind_of(DATE).as_posted(DATE, None), NOW) is None
    assert kind_of(MONTH).as_posted(MONTH, "2026-12") == {"q-month": ["12"], "q-year": ["2026"]}


@pytest.mark.parametrize("stored", ["2026-13-01", "2026-W01-1", "20261201", 5, None, "tomorrow"])
def test_only_a_stored_date_loads(stored):
    for q in (DATE, MONTH):
        with pytest.raises(BadStored):
            kind_of(q).load(q, stored)


def test_operands():
    assert kind_of(DATE).operand(DATE, "2026-12-01") == date(2026, 12, 1)
    assert kind_of(MONTH).operand(MONTH, "2026-12") == date(2026, 12, 1)
    with pytest.raises(BadOperand, match="2026-12-31"):
        kind_of(DATE).operand(DATE, "soon")


def test_settings():
    q = question("date", min="2027-01-01", max="2026-01-01")
    assert [fault.code for fault in kind_of(q).faults(q)] == ["limits_cross"]
    for text in ("today + 3 fortnights", "31/12/2026", "2026-02-31"):
        with pytest.raises(ValidationError):
            question("date", min=text)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("9:30am", time(9, 30)),
        ("9.30 AM", time(9, 30)),
        ("9:30", time(9, 30)),
        ("0930", time(9, 30)),
        ("14:05", time(14, 5)),
        ("2pm", time(14)),
        ("2 p.m.", time(14)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("12:30am", time(0, 30)),
        ("noon", time(12)),
        ("12 noon", time(12)),
        ("Midday", time(12)),
        ("midnight", time(0)),
        ("canol nos", time(0)),
        ("00:00", time(0)),
        ("23:59", time(23, 59)),
    ],
)
def test_times_as_people_type_them(typed, value):
    assert parse(TIME, typed) == value


@pytest.mark.parametrize(
    "typed", ["9", "14", "24:00", "9:60", "13pm", "0am", "14:05pm", "９:30", "soon", "9:3", "1:2:3"]
)
def test_what_is_no_time(typed):
    assert codes(parse(TIME, typed)) == [("not_a_time", "")]
    with pytest.raises(BadOperand):
        kind_of(TIME).operand(TIME, typed)


def test_a_time_compares_with_a_literal():
    assert kind_of(TIME).operand(TIME, "2pm") == time(14)


@pytest.mark.parametrize("stored", ["9:30", "24:00", "09:30:00", 930, None, "09:30\n"])
def test_only_a_stored_time_loads(stored):
    with pytest.raises(BadStored):
        kind_of(TIME).load(TIME, stored)


def test_times_are_shown_in_govuk_style():
    assert [say_time(time(h, m)) for h, m in ((9, 30), (14, 0), (12, 0), (0, 0), (0, 5))] == [
        "9:30am",
        "2pm",
        "midday",
        "midnight",
        "12:05am",
    ]
    assert say_time(time(12), "cy-GB") == "canol dydd"
    assert say_time(time(12), "pl") == "midday"
    assert read_time(say_time(time(12), "cy")) == time(12)
