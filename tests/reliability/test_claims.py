"""Claims raced by whole processes: each delivery is held by exactly one of them."""

from pathlib import Path

import pytest

from tests.reliability.town import PROGRAMS
from tests.support.own_database import finish, own_database, run, start

pytestmark = pytest.mark.kill
PROCESSES = 4
EVENTS = 400
# One process that was quick enough to take them all would have raced nobody.
MOST = str(EVENTS // 3)


def test_four_processes_never_hold_the_same_delivery(tmp_path: Path):
    with own_database(tmp_path) as env:
        run(env, PROGRAMS, "add_events", str(EVENTS))
        racing = [start(env, PROGRAMS, "claim_many", str(one), MOST) for one in range(PROCESSES)]
        for process in racing:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in racing:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        lines = [line.split() for process in racing for line in finish(process).splitlines()]
    claimed = [delivery for _, delivery in lines]
    assert len(claimed) == len(set(claimed)) == EVENTS
    assert len({process for process, _ in lines}) > 2
