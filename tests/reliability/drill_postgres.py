"""The loss of a PostgreSQL server: `python -m tests.reliability.drill_postgres --rounds 5`.

A base backup is taken, WAL is archived file by file and streamed by `pg_receivewal`, people send,
and then the server is killed outright and its folder deleted. A new one is made of what was kept,
and compared with what had been acknowledged:

- `archive`: from archived files alone (what is in an unfinished file is lost);
- `stream`: from archived and streamed WAL;
- `synchronous`: the same, where each commit waits for the stream;
- `time`: to an instant in the middle (point-in-time recovery): everything acknowledged before it
  must be there.

The server keeps what a real one does: fsync is on. Prints a line for each round, and one for each
way.
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
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
import psycopg

from tests.reliability.losses import DRAFTS, Loss, Writing, loss, stored, summary
from tests.reliability.town import Town, town
from tests.support import postgres
from tests.support.ports import free_port
from tests.support.serving import eventually

WAYS = ("archive", "stream", "synchronous", "time")
SLOT = "townhall_stream"
IS_SYNCHRONOUS = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


@dataclass
class Cluster:
    """A folder of PostgreSQL's, and the programs and the user to run it with."""

    folder: Path
    programs: Path
    user: str | None
    port: int = field(default_factory=free_port)

    @property
    def address(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *arguments: str) -> None:
        """Run one of its programs to its end."""
        command = [str(self.programs / program), *arguments]
        subprocess.run(
            command, user=self.user, check=True, cwd="/", env=postgres.plain(),
            stdout=subprocess.DEVNULL,
        )  # fmt: skip

    def start(self, **options: str) -> None:
        """Start it, and wait until it takes statements."""
        told = {"port": str(self.port), "listen_addresses": "127.0.0.1",
                "unix_socket_directories": "", **options}  # fmt: skip
        written = "".join(f"{name} = '{value}'\n" for name, value in told.items())
        settings = self.folder / "postgresql.auto.conf"
        settings.write_text(written)
        self.run("pg_ctl", "start", "-D", str(self.folder), "--wait", "--silent", "--timeout=120",
                 f"--log={self.folder / 'server.log'}")  # fmt: skip
        eventually(self.answers)

    def kill(self) -> None:
        """Kill the server and every process of it outright."""
        first = psutil.Process(int((self.folder / "postmaster.pid").read_text().splitlines()[0]))
        for process in [first, *first.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                process.kill()

    def answers(self) -> bool:
        """Whether it takes statements: while it replays WAL it does not."""
        try:
            self.tell("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True

    def tell(self, words: str) -> object:
        """Ask one thing of the server."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            answer = connection.execute(words.encode())
            row = answer.fetchone() if answer.description else None
            return row[0] if row else None


def main() -> int:
    """Run the rounds of each way. AssertionError where a way loses what it may not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--acked", type=int, default=150, help="before the disaster may come")
    parser.add_argument("--drafts", type=int, default=DRAFTS)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=WAYS)
    parser.add_argument("--archive-timeout", default="5s", help="PostgreSQL's setting")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="townhall-programs-") as folder:
        Path(folder).chmod(0o755)
        asked.programs = postgres.binaries(Path(folder))
        for way in asked.ways:
            rounds(asked, way)
    return 0


def rounds(asked: argparse.Namespace, way: str) -> None:
    """Run the rounds of one way, and print what they lost."""
    losses, seconds = [], []
    for number in range(asked.rounds):
        with tempfile.TemporaryDirectory(prefix="townhall-drill-") as folder:
            found, took = one_round(Path(folder), asked, way, random.Random(number))
        print(json.dumps({"way": way} | dataclasses.asdict(found)), flush=True)
        losses.append(found)
        seconds.append(took)
    print(summary(f"postgresql {way}", losses, seconds), flush=True)


def one_round(
    place: Path, asked: argparse.Namespace, way: str, chance: random.Random
) -> tuple[Loss, float]:
    """One disaster. Gives what was lost, and the seconds until a new server took statements."""
    with ExitStack() as ending:
        alive: list[Cluster] = []
        ending.callback(lambda: [one.kill() for one in alive])
        old = founded(place, asked.programs, asked.archive_timeout)
        alive.append(old)
        os.environ["DATABASE_URL"] = old.address
        made = ending.enter_context(town(new_folder(place, "data", None)))
        writing = Writing(made, made.prefill(asked.drafts))
        old.run("pg_basebackup", "-d", old.address, "-D", str(place / "base"), "--checkpoint=fast")
        if way in ("stream", "synchronous"):
            ending.enter_context(streaming(old, place, synchronous=way == "synchronous"))
        made.open()
        writing.begin()
        writing.until(asked.acked, seconds=4 + chance.random() * 2)
        ended, until = time.monotonic(), datetime.now(UTC)
        if way == "time":
            go_on(writing, old)
        old.kill()
        alive.clear()
        ended = ended if way == "time" else time.monotonic()
        end(writing, made)
        shutil.rmtree(old.folder)
        began = time.monotonic()
        # At the old address, so that whoever knew it finds it there.
        alive.append(restored(place, old, until if way == "time" else None))
        took = time.monotonic() - began
        back = stored(made.env)
        found = loss(writing, back, ended)
    assert way not in ("synchronous", "time") or not found.lost, found
    assert way != "time" or len(back) < len(writing.acked), "it was not restored to an instant"
    return found, took


def new_folder(place: Path, name: str, user: str | None) -> Path:
    """A folder of the server's user, which nobody else may read."""
    made = place / name
    made.mkdir(mode=0o700)
    if user:
        shutil.chown(made, user)
    return made


def founded(place: Path, programs: Path, archive_timeout: str) -> Cluster:
    """A new server that archives its WAL, as docs/backup.md says, and keeps every commit."""
    user = postgres.ordinary_user()
    place.chmod(0o755)
    folder = new_folder(place, "server", user)
    archive = new_folder(place, "archive", user)
    new_folder(place, "base", user)
    new_folder(place, "stream", user)
    made = Cluster(folder, programs, user)
    made.run("initdb", "-D", str(folder), "--username=postgres", "--auth=trust", "--locale=C",
             "--encoding=UTF8")  # fmt: skip
    made.start(
        fsync="on",
        wal_level="replica",
        archive_mode="on",
        archive_timeout=archive_timeout,
        archive_command=f"test ! -f {archive}/%f && cp %p {archive}/%f.new && "
        f"sync {archive}/%f.new && mv {archive}/%f.new {archive}/%f",
        max_connections="60",
    )
    return made


@contextmanager
def streaming(old: Cluster, place: Path, *, synchronous: bool) -> Iterator[None]:
    """`pg_receivewal` at work; where synchronous, each commit waits until it has flushed."""
    command = [str(old.programs / "pg_receivewal"), "-D", str(place / "stream"), "--no-loop",
               "--synchronous", "--slot", SLOT,
               "-d", f"{old.address}?application_name={SLOT}"]  # fmt: skip
    subprocess.run(
        [*command, "--create-slot"], user=old.user, check=True, cwd="/", env=postgres.plain()
    )
    process = subprocess.Popen(
        command, user=old.user, cwd="/", env=postgres.plain(), stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: old.tell("SELECT count(*) FROM pg_stat_replication"))
        if synchronous:
            old.tell(f"ALTER SYSTEM SET synchronous_standby_names = '{SLOT}'")
            old.tell("SELECT pg_reload_conf()")
            eventually(lambda: old.tell(IS_SYNCHRONOUS))
        yield
    finally:
        process.kill()
        process.wait()


def go_on(writing: Writing, old: Cluster) -> None:
    """People send on, and all of that is archived too."""
    more = len(writing.acked) + 50
    eventually(lambda: len(writing.acked) >= more, 600)
    last = old.tell("SELECT pg_walfile_name(pg_switch_wal())")
    eventually(lambda: old.tell(f"SELECT last_archived_wal >= '{last}' FROM pg_stat_archiver"))


def end(writing: Writing, made: Town) -> None:
    """Everybody stops, and the town's processes are killed."""
    writing.end()
    made.close()
    for parts in (made.webs, made.workers):
        parts.clear()


def restored(place: Path, old: Cluster, until: datetime | None) -> Cluster:
    """A server made of the base backup and of the WAL that was kept."""
    kept = place / "archive"
    for path in (place / "stream").iterdir():
        target = kept / path.name.removesuffix(".partial")
        if not target.exists():
            shutil.copy(path, target)
            shutil.chown(target, old.user or os.getuid())
    made = Cluster(place / "base", old.programs, old.user, old.port)
    (made.folder / "recovery.signal").touch()
    goal = {"recovery_target_time": until.isoformat()} if until else {}
    made.start(
        restore_command=f"cp {kept}/%f %p",
        recovery_target_action="promote",
        hot_standby="off",
        max_connections="60",
        **goal,
    )
    return made


if __name__ == "__main__":
    sys.exit(main())
