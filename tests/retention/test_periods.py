"""When keeping ends."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from townhall.retention.periods import counts_from, read_due

AT = datetime(2026, 1, 31, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "rule, due",
    [
        ("28 days after submitted", datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("1 day after submitted", datetime(2026, 2, 1, 9, tzinfo=UTC)),
        ("2 weeks after submitted", datetime(2026, 2, 14, 9, tzinfo=UTC)),
        ("1 month after submitted", datetime(2026, 2, 28, 9, tzinfo=UTC)),
        ("25 months after submitted", datetime(2028, 2, 29, 9, tzinfo=UTC)),
        ("2 years after submitted", datetime(2028, 1, 31, 9, tzinfo=UTC)),
    ],
)
def test_counts_in_days_weeks_months_and_years(rule, due):
    assert read_due(rule, {"submitted": AT}) == due


@pytest.mark.parametrize(
    "rule", ["2 years after closed", "for ever", "", "9999 years after submitted"]
)
def test_what_is_not_known_to_be_due_is_kept(rule):
    assert read_due(rule, {"submitted": AT}) is None


LATEST = datetime(2100, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@given(st.datetimes(timezones=st.just(UTC), max_value=LATEST), st.integers(1, 1200))
def test_a_month_is_between_28_and_31_days(start, count):
    due = read_due(f"{count} months after submitted", {"submitted": start})
    assert due is not None
    assert timedelta(days=28 * count) <= due - start <= timedelta(days=31 * count)


def test_says_what_it_counts_from():
    assert counts_from("2 years after closed") == "closed"
    assert counts_from("never") is None
