"""R2: a process that dies between any two steps leaves one submission and one effect."""

from pathlib import Path

import pytest

from tests.reliability.town import PROGRAMS, town
from tests.support.own_database import start
from townhall.outbox.crashpoints import POINTS, STATUS, VARIABLE, crashpoint

pytestmark = pytest.mark.kill


@pytest.mark.long(15)
@pytest.mark.timeout(300)
def test_a_crash_at_each_point_loses_and_doubles_nothing(tmp_path: Path):
    with town(tmp_path) as made:
        drafts = made.prefill(len(POINTS))
        for point, ready in zip(POINTS, drafts, strict=True):
            env = {**made.env, VARIABLE: point}
            dying = start(env, PROGRAMS, "pass_through", ready.draft)
            dying.communicate(timeout=60)
            assert dying.returncode == STATUS, point
            made.ask("pass_through", ready.draft)
        found = made.ledger()
        assert sorted(row[0] for row in found["submissions"]) == sorted(
            ready.draft for ready in drafts
        )
        assert found["states"] == {"done": len(POINTS)}
        assert len(made.receiver.effects) == len(POINTS)
        # Only a crash after the call is met with a second call, and that under the same key.
        assert len(made.receiver.requests) == len(POINTS) + 2


def test_a_crash_point_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="no crash point"):
        crashpoint("outbox.nowhere")
