"""One board for a whole run, headed by the machine, its disk and its noise."""

from pathlib import Path

import pytest

from tests.bench import machine
from tests.bench.board import Board

# Of each core, by others, before the bench began.
BUSY = 0.25


@pytest.fixture(scope="session")
def board(tmp_path_factory):
    made = Board()
    made.head("Where")
    for name, words in machine.facts().items():
        made.add(name, name.replace("_", " "), words)
    disk(made, tmp_path_factory.mktemp("disk"), "")
    made.add("load_before", "load average before", machine.load())
    before = machine.load()
    yield made
    made.head("Afterwards")
    disk(made, tmp_path_factory.mktemp("disk"), "_after")
    made.add("load_after", "load average after (the bench makes about 2)", machine.load())
    busy = before > BUSY * len(machine.CORES)
    said = f"no: the load was {before:.1f} before it began" if busy else "yes"
    made.add("quiet", "whether the machine was quiet", said)
    if busy:
        print("  The machine was busy, so times, rates and their ratios above may be far off.")
    made.write()


def disk(board: Board, folder: Path, when: str) -> None:
    took = machine.commit_latency(folder)
    board.add(
        f"disk_commit_median{when}", "commit to this disk, median", machine.median(took), "ms"
    )
    board.add(
        f"disk_commit_p99{when}", "commit to this disk, 99th of 100", took[-len(took) // 100], "ms"
    )
