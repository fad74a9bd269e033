"""The loss of a machine with SQLite: `python -m tests.reliability.drill_litestream --rounds 5`.

While people send, everything is killed outright (SIGKILL) and the data folder deleted; Litestream's
replica is restored and compared with what had been acknowledged. Prints a line for each round, and
one for all of them. Litestream is the one on the PATH or beside this Python (`make drills`).
"""

import argparse
import dataclasses
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.reliability.losses import DRAFTS, Loss, Writing, loss, stored, summary
from tests.reliability.town import town
from tests.support.own_database import ROOT

EXAMPLE = ROOT / "deploy" / "litestream.yml"
LIVE = "/var/lib/townhall/townhall.sqlite3"
REPLICA = "/mnt/backups/townhall"


def main() -> int:
    """Run the rounds; the exit code is 0 whatever was lost, because that is what is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--acked", type=int, default=150, help="before the disaster may come")
    parser.add_argument("--drafts", type=int, default=DRAFTS)
    parser.add_argument("--every", default="", help="another interval than the example's")
    asked = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    losses, seconds = [], []
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory(prefix="townhall-drill-") as folder:
            found, took = one_round(Path(folder), asked, random.Random(number))
        print(json.dumps(dataclasses.asdict(found)), flush=True)
        losses.append(found)
        seconds.append(took)
    print(summary(f"litestream every {asked.every or 'as in the example'}", losses, seconds))
    return 0


def one_round(place: Path, asked: argparse.Namespace, chance: random.Random) -> tuple[Loss, float]:
    """One disaster, at a random instant. Gives what was lost and the seconds a restore took."""
    data, back = place / "data", place / "back"
    for folder in (data, back, place / "replica"):
        folder.mkdir()
    config = written(place, asked.every)
    with town(data) as made:
        writing = Writing(made, made.prefill(asked.drafts))
        with replicating(config) as replica:
            made.open()
            writing.begin()
            writing.until(asked.acked, seconds=4 + chance.random() * 2)
            replica.kill()
            ended = time.monotonic()
            made.close()
        writing.end()
        for parts in (made.webs, made.workers):
            parts.clear()
        shutil.rmtree(data)
        began = time.monotonic()
        command = ["restore", "-config", str(config), "-o", str(back / "townhall.sqlite3")]
        litestream(*command, str(data / "townhall.sqlite3"))
        took = time.monotonic() - began
        env = {**made.env, "TOWNHALL_DATA": str(back)}
        return loss(writing, stored(env), ended), took


def written(place: Path, every: str) -> Path:
    """The example that is shipped, with this round's places in it."""
    text = EXAMPLE.read_text()
    assert LIVE in text
    assert REPLICA in text
    text = text.replace(LIVE, str(place / "data" / "townhall.sqlite3"))
    text = text.replace(REPLICA, str(place / "replica"))
    if every:
        lines = text.splitlines()
        text = "\n".join(
            f"{line.partition(':')[0]}: {every}"
            if line.strip().startswith(("sync-interval", "monitor-interval"))
            else line
            for line in lines
        )
    config = place / "litestream.yml"
    config.write_text(text)
    return config


@contextmanager
def replicating(config: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Litestream at work, until the block ends."""
    with (config.parent / "litestream.log").open("wb") as log:
        process = subprocess.Popen(
            [program(), "replicate", "-config", str(config)], stdout=log, stderr=log
        )
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def litestream(*arguments: str) -> None:
    """Run it to its end."""
    subprocess.run([program(), *arguments], check=True, stdout=subprocess.DEVNULL)


def program() -> str:
    """Where it is."""
    beside = Path(sys.executable).with_name("litestream")
    found = str(beside) if beside.exists() else shutil.which("litestream")
    assert found, "install litestream, or run this with `make drills`"
    return found


if __name__ == "__main__":
    sys.exit(main())
