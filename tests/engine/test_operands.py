"""Dates counted from today."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.engine.operands import Relative, add_months, add_working_days, relative

days = st.dates(date(1900, 1, 1), date(2200, 1, 1))


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("today", date(2026, 12, 7), date(2026, 12, 7)),
        ("today - 18 years", date(2024, 2, 29), date(2006, 2, 28)),
        ("today + 1 month", date(2027, 1, 31), date(2027, 2, 28)),
        ("today + 3 days", date(2026, 12, 30), date(2027, 1, 2)),
        ("today + 1 working day", date(2026, 12, 24), date(2026, 12, 29)),
        ("today - 1 working day", date(2026, 12, 28), date(2026, 12, 24)),
    ],
)
def test_a_relative_date_is_counted_on_the_calendar(text: str, today: date, expected: date) -> None:
    found = relative(text)
    assert found is not None
    assert found.on(today) == expected


@pytest.mark.parametrize("text", ["", "tomorrow", "today +", "today + x days", "today + 3 weeks"])
def test_other_text_is_no_relative_date(text: str) -> None:
    assert relative(text) is None


@given(days, st.integers(-400, 400))
def test_a_working_day_is_never_at_a_weekend(day: date, count: int) -> None:
    if count:
        assert add_working_days(day, count).weekday() < 5


@given(days, st.integers(-1200, 1200))
def test_months_move_the_month_and_keep_the_day_where_it_exists(day: date, months: int) -> None:
    moved = add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == day.day or (moved + timedelta(days=1)).day == 1


@given(st.integers(-99_999, 99_999), st.sampled_from(["days", "months", "years"]))
def test_far_away_dates_stay_within_the_calendar(count: int, unit: str) -> None:
    assert date.min <= Relative(count, unit).on(date(2026, 12, 7)) <= date.max


@given(st.integers(1, 500), st.sampled_from(["days", "months", "years", "working days"]))
def test_a_relative_date_is_written_as_it_is_read(count: int, unit: str) -> None:
    assert relative(str(Relative(-count, unit))) == Relative(-count, unit)
