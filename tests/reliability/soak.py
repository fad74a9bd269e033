"""The long kill and fault runs: `python -m tests.reliability.soak --kills 500 --acked 100000`.

It runs on the database of DATABASE_URL, or on SQLite, in rounds (a round is what CI runs once, with
more in it), and prints one line of JSON with what was asked, what happened and how long it took.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from tests.reliability.test_faults import faulted
from tests.reliability.test_kills import killed


def main() -> int:
    """Run the rounds. Any breach of a promise is an AssertionError, and the exit code is not 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--acked", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--deliveries", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    began = time.monotonic()
    rounds = [one_round(asked) for _ in range(asked.rounds)]
    effects = 0
    if asked.deliveries:
        with tempfile.TemporaryDirectory() as folder:
            receiver = faulted(Path(folder), total=asked.deliveries, seed=asked.seed)
            effects = len(receiver.effects)
            assert effects == asked.deliveries
    print(json.dumps({
        "database": "postgresql" if os.environ.get("DATABASE_URL") else "sqlite",
        "python": platform.python_version(),
        "kills": sum(one["kills"] for one in rounds),
        "acked": sum(one["acked"] for one in rounds),
        "lost_doubled_or_changed": 0,
        "deliveries_under_30_percent_faults": effects,
        "seconds": round(time.monotonic() - began),
    }))  # fmt: skip
    return 0


def one_round(asked: argparse.Namespace) -> dict[str, float]:
    """A fresh town, its share of the kills and of the submissions."""
    with tempfile.TemporaryDirectory(prefix="townhall-soak-") as folder:
        found = killed(
            Path(folder), kills=asked.kills // asked.rounds, total=asked.acked // asked.rounds
        )
    print(json.dumps(found), file=sys.stderr, flush=True)
    return found


if __name__ == "__main__":
    sys.exit(main())
