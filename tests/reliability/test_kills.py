"""R1: what was acknowledged is there once, whole, and delivered once, whatever was killed."""

import json
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.town import Clients, Town, kill_in_turn, town

pytestmark = [pytest.mark.kill, pytest.mark.long(45)]


def killed(folder: Path, *, kills: int, total: int) -> dict[str, float]:
    """Press every draft's button while processes are killed, then hold the record to account."""
    with town(folder) as made:
        drafts = made.prefill(total)
        made.open()
        clients = Clients([web.port for web in made.webs])
        began = time.monotonic()
        threads = clients.press_all(drafts)
        done = kill_in_turn(made, clients, kills=kills, total=total)
        for thread in threads:
            thread.join(600)
        pressed = time.monotonic() - began
        made.drain(total)
        drained = time.monotonic() - began
        judge(made, clients, total)
    assert done == kills
    return {"kills": done, "acked": total, "pressed": pressed, "drained": drained}


def judge(made: Town, clients: Clients, total: int) -> None:
    """Nothing lost, nothing twice, nothing changed; and enough was asked for that to mean much."""
    assert len(clients.acked) == total
    assert {status for status, _ in clients.odd} <= {503}
    found = made.ledger()
    stored = found["submissions"]
    assert isinstance(stored, list)
    assert Counter(row[0] for row in stored) == Counter(one.draft for one in clients.acked)
    assert len({row[2] for row in stored}) == total
    assert found["events"] == {row[1]: 1 for row in stored}
    assert found["states"] == {"done": total}
    bodies = [json.loads(body) for body in made.receiver.effects.values()]
    number_of = {one.draft: one.number for one in clients.acked}
    notes = {row[2]: f"note {number_of[row[0]]}" for row in stored}
    assert {body["reference"]: body["answers"]["note"] for body in bodies} == notes
    assert len(bodies) == total
    assert made.receiver.conflicts == 0


@pytest.mark.timeout(600)
def test_two_thousand_acknowledged_submissions_survive_ten_kills(tmp_path: Path):
    killed(tmp_path, kills=10, total=2000)
