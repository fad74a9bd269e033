"""How long a child that keeps ending has to wait."""

import time

import pytest

from townhall.project.supervisor import FIRST_WAIT, LONGEST_WAIT, WELL_AFTER, Child


@pytest.fixture
def child():
    """A child that ends at once each time it is started."""
    made = Child("short", ["-c", "raise SystemExit(3)"])
    yield made
    made.end(0)


def start_and_end(child, now):
    child.look(now)
    assert child.process is not None
    child.process.wait()
    return child


def test_each_early_end_doubles_the_wait_up_to_a_limit(child):
    now, waits = 0.0, []
    for _ in range(9):
        start_and_end(child, now).look(now)
        waits.append(child.due - now)
        now = child.due
    assert waits[:3] == [FIRST_WAIT, FIRST_WAIT * 2, FIRST_WAIT * 4]
    assert waits[-1] == LONGEST_WAIT


def test_a_child_that_was_well_for_long_starts_from_the_shortest_wait(child):
    child.wait = LONGEST_WAIT
    start_and_end(child, 0.0).look(WELL_AFTER + 1)
    assert child.due == WELL_AFTER + 1 + FIRST_WAIT


def test_it_is_not_started_before_it_is_due(child):
    child.due = 10.0
    child.look(9.9)
    assert child.process is None


def test_a_child_that_does_not_stop_is_killed():
    deaf = Child("deaf", ["-c", "import signal; signal.signal(15, 1); signal.pause()"])
    deaf.start(0.0)
    deaf.process.terminate()
    deaf.end(time.monotonic() + 0.2)
    assert deaf.process.returncode < 0
