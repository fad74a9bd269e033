"""The loss of a PostgreSQL server with pgBackRest: `python -m tests.reliability.drill_pgbackrest`.

As `drill_postgres` with an archive alone, but pgBackRest takes the backup, archives and restores.
It needs Debian's packages `pgbackrest` and `postgresql`, of releases that know each other.
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
from contextlib import ExitStack
from pathlib import Path

from tests.reliability.drill_postgres import Cluster, end, new_folder
from tests.reliability.losses import Loss, Writing, loss, stored, summary
from tests.reliability.town import town
from tests.support import postgres

CONFIG = """
[global]
repo1-path={place}/repo
repo1-retention-full=4
log-path={place}/repo
lock-path={place}/repo
start-fast=y

[townhall]
pg1-path={place}/server
pg1-socket-path={place}/socket
pg1-port={port}
pg1-user=postgres
"""


def main() -> int:
    """Run the rounds; what is lost is measured, not judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--acked", type=int, default=150, help="before the disaster may come")
    parser.add_argument("--drafts", type=int, default=1500)
    parser.add_argument("--archive-timeout", default="5s", help="PostgreSQL's setting")
    asked = parser.parse_args()
    assert shutil.which("pgbackrest"), "install pgbackrest"
    losses, seconds = [], []
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory(prefix="townhall-drill-") as folder:
            found, took = one_round(Path(folder), asked, random.Random(number))
        print(json.dumps(dataclasses.asdict(found)), flush=True)
        losses.append(found)
        seconds.append(took)
    print(summary("pgbackrest", losses, seconds))
    return 0


def one_round(place: Path, asked: argparse.Namespace, chance: random.Random) -> tuple[Loss, float]:
    """One disaster. Gives what was lost, and the seconds until the new server took statements."""
    with ExitStack() as ending:
        server = founded(place, asked.archive_timeout)
        ending.callback(server.kill)
        os.environ["DATABASE_URL"] = server.address
        made = ending.enter_context(town(new_folder(place, "data", None)))
        writing = Writing(made, made.prefill(asked.drafts))
        pgbackrest(server, "stanza-create")
        pgbackrest(server, "--type=full", "backup")
        made.open()
        writing.begin()
        writing.until(asked.acked, seconds=4 + chance.random() * 2)
        server.kill()
        ended = time.monotonic()
        end(writing, made)
        shutil.rmtree(server.folder)
        new_folder(place, "server", server.user)
        began = time.monotonic()
        pgbackrest(server, "restore")
        server.start(**settings(place, "5s"), **restoring(server))
        took = time.monotonic() - began
        return loss(writing, stored(made.env), ended), took


def founded(place: Path, archive_timeout: str) -> Cluster:
    """A new server of Debian's, which hands its WAL to pgBackRest."""
    place.chmod(0o755)
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    user = postgres.ordinary_user()
    for name in ("repo", "socket"):
        new_folder(place, name, user)
    made = Cluster(new_folder(place, "server", user), programs, user)
    (place / "pgbackrest.conf").write_text(CONFIG.format(place=place, port=made.port))
    made.run("initdb", "-D", str(made.folder), "--username=postgres", "--auth=trust",
             "--locale=C", "--encoding=UTF8")  # fmt: skip
    made.start(**settings(place, archive_timeout))
    return made


def settings(place: Path, archive_timeout: str) -> dict[str, str]:
    """What docs/backup.md says, and where this round's things are."""
    return {
        "archive_mode": "on",
        "archive_timeout": archive_timeout,
        "archive_command": f"pgbackrest --config={place}/pgbackrest.conf --stanza=townhall "
        "archive-push %p",
        "unix_socket_directories": str(place / "socket"),
        "max_connections": "60",
        "hot_standby": "off",
    }


def restoring(server: Cluster) -> dict[str, str]:
    """The restore command that pgBackRest wrote, which `start` would otherwise write over."""
    config = server.folder.parent / "pgbackrest.conf"
    return {
        "restore_command": f"pgbackrest --config={config} --stanza=townhall archive-get %f %p",
        "recovery_target_action": "promote",
    }


def pgbackrest(server: Cluster, *arguments: str) -> None:
    """Run it to its end, as the server's user."""
    config = server.folder.parent / "pgbackrest.conf"
    command = ["pgbackrest", f"--config={config}", "--stanza=townhall", *arguments]
    subprocess.run(
        command, user=server.user, check=True, cwd="/", env=postgres.plain(),
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
