"""Back-off: full jitter under a ceiling, for 72 hours and never less."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from townhall.outbox.backoff import CEILING, FLOOR, LIMIT, ceiling, next_try, wait

SINCE = datetime(2026, 12, 7, 9, 0, tzinfo=UTC)
ATTEMPTS = st.integers(1, 10_000)
JITTER = st.floats(0, 1, exclude_max=True)


def test_the_ceiling_doubles_from_five_seconds_to_half_an_hour():
    assert [ceiling(n).total_seconds() for n in (1, 2, 3, 9, 10, 10_000)] == [
        5,
        10,
        20,
        1280,
        1800,
        1800,
    ]


@given(ATTEMPTS, JITTER)
def test_a_wait_is_drawn_between_nothing_and_the_ceiling(attempts: int, jitter: float):
    assert FLOOR <= wait(attempts, jitter) <= max(FLOOR, ceiling(attempts))


def test_full_jitter_uses_the_whole_range():
    assert wait(10, 0.0) == FLOOR
    assert wait(10, 0.5) == CEILING / 2


@given(ATTEMPTS, JITTER, st.integers(0, 80 * 3600))
def test_it_tries_until_72_hours_are_over_and_not_after(attempts: int, jitter: float, spent: int):
    at = SINCE + timedelta(seconds=spent)
    due = next_try(SINCE, attempts, at=at, jitter=jitter)
    if at >= SINCE + LIMIT:
        assert due is None
    else:
        assert due is not None
        assert at < due <= SINCE + LIMIT


@settings(max_examples=20)
@given(st.lists(JITTER, min_size=1, max_size=50))
def test_the_last_try_is_at_the_limit_itself(jitters: list[float]):
    at, attempts = SINCE, 1
    drawn = itertools.cycle(max(0.01, jitter) for jitter in jitters)
    while due := next_try(SINCE, attempts, at=at, jitter=next(drawn)):
        at, attempts = due, attempts + 1
    assert at == SINCE + LIMIT


def test_the_far_end_may_ask_for_longer_but_not_past_the_limit():
    asked = next_try(SINCE, 1, at=SINCE, jitter=0.1, after=timedelta(minutes=10))
    assert asked == SINCE + timedelta(minutes=10)
    assert next_try(SINCE, 1, at=SINCE, jitter=0.1, after=timedelta(days=9)) == SINCE + LIMIT
