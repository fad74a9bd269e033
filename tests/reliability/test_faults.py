"""R3: exactly one effect for each key at a receiver that breaks three requests in ten."""

from pathlib import Path

import pytest

from tests.fakes import http
from tests.fakes.webhook import SECRET, Receiver, drawn
from tests.reliability.town import PROGRAMS
from tests.support.own_database import own_database, run, start

pytestmark = [pytest.mark.kill, pytest.mark.long(20)]
SEED = 20261207


def faulted(folder: Path, *, total: int, seed: int = SEED) -> Receiver:
    """Deliver `total` events to a receiver that fails; give the receiver when all are done."""
    receiver = Receiver(faults=drawn(seed, 0.3))
    with own_database(folder) as env, http.Server(receiver) as server:
        run(env, PROGRAMS, "add_events", str(total))
        quiet = {**env, "TOWNHALL_LOG_LEVEL": "ERROR"}
        delivering = start(quiet, PROGRAMS, "flaky", server.url, SECRET)
        delivering.communicate(timeout=120 + total / 10)
        assert delivering.returncode == 0
    return receiver


@pytest.mark.timeout(180)
def test_a_thousand_deliveries_under_faults_have_a_thousand_effects(tmp_path: Path):
    receiver = faulted(tmp_path, total=1000)
    assert len(receiver.effects) == 1000
    assert len(set(receiver.effects.values())) == 1000
    assert receiver.conflicts == 0
    # A run in which little went wrong would prove little.
    assert receiver.faulted >= 0.25 * len(receiver.requests)
    assert len(receiver.requests) > 1200
