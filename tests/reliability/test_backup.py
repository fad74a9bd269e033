"""A backup under live writes, put back elsewhere: what was acknowledged before it is there once,
and reaches its receiver once.
"""

import json
import os
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.reliability.town import Clients, Ready, Town, town
from tests.support import postgres
from tests.support.own_database import empty_database, run
from tests.support.serving import eventually
from townhall.notify import standin_address
from townhall.submissions.sealing import write_key

pytestmark = [pytest.mark.kill, pytest.mark.timeout(300), pytest.mark.long(30)]
CLI = "townhall.project.cli"
DRAFTS = 240
BEFORE = 60
UNSENT = 5
PACE = 0.1
"""Seconds between two presses while the backup is made, so that some are left to be sent then."""


@dataclass(frozen=True)
class Backed:
    """A backup that was made while people sent, and what had been acknowledged when it began."""

    made: Town
    folder: Path
    acked: set[str]
    during: int


@pytest.fixture(scope="module")
def backed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backed]:
    """Two keys: the current one, and an older one under which half of the drafts were begun."""
    place = tmp_path_factory.mktemp("backed")
    data, backups = place / "data", place / "backups"
    data.mkdir()
    backups.mkdir()
    current, old = write_key("current"), write_key("old")
    path = f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}"
    with town(data, TOWNHALL_KEYS=old, PATH=path) as made:
        drafts = made.prefill(DRAFTS + UNSENT)[UNSENT:]
        made.env["TOWNHALL_KEYS"] = f"{current},{old}"
        (data / "files").mkdir()
        (data / "files" / "attached.bin").write_bytes(b"\0" * 3_000_000)
        made.open()
        clients = Clients([web.port for web in made.webs])
        done = threading.Event()
        threads = clients.press_all(supply(drafts, done), threads=2)
        eventually(lambda: len(clients.acked) >= BEFORE)
        acked = {one.draft for one in clients.acked}
        said = json.loads(run(made.env, CLI, "backup", str(backups), "--json"))
        during = len(clients.acked) - len(acked)
        done.set()
        for thread in threads:
            thread.join(120)
        made.drain(DRAFTS)
        yield Backed(made, Path(said["backup"]), acked, during)


def supply(drafts: list[Ready], done: threading.Event) -> Iterator[Ready]:
    """Some at once, then one after another until the backup is made, then the rest."""
    yield from drafts[:BEFORE]
    for one in drafts[BEFORE:]:
        done.wait(PACE)
        yield one


@contextmanager
def new_place(backed: Backed, folder: Path) -> Iterator[dict[str, str]]:
    """The environment of another data folder and database, whose deliveries go to the same far
    end.
    """
    folder.mkdir()
    standin_address.folder(folder).mkdir()
    address = standin_address.folder(Path(backed.made.env["TOWNHALL_DATA"])) / "address.json"
    (standin_address.folder(folder) / "address.json").write_bytes(address.read_bytes())
    with empty_database() as url:
        yield {**backed.made.env, "TOWNHALL_DATA": str(folder), "DATABASE_URL": url}


def test_nothing_acknowledged_before_is_lost_and_nothing_is_delivered_twice(
    backed: Backed, tmp_path: Path
):
    assert backed.during > 0, "nobody sent anything while the backup was made"
    with new_place(backed, tmp_path / "new") as env:
        printed = run(env, CLI, "restore", str(backed.folder), "--data", env["TOWNHALL_DATA"])
        assert "Next:" in printed
        run(env, CLI, "worker", "--until-idle", "--data", env["TOWNHALL_DATA"])
        found = json.loads(run(env, "tests.reliability.programs", "ledger"))
    stored = Counter(draft for draft, _, _ in found["submissions"])
    assert set(stored.values()) == {1}
    assert backed.acked <= set(stored)
    assert found["states"] == {"done": len(stored)}
    # Some were delivered before and again now: under the same key and with the same words.
    receiver = backed.made.receiver
    assert receiver.conflicts == 0
    keys = Counter(json.loads(body)["reference"] for body in receiver.effects.values())
    assert {keys[reference] for _, _, reference in found["submissions"]} == {1}
    assert len(receiver.effects) == DRAFTS


def test_a_backup_holds_no_key_and_no_answer_and_only_we_may_read_it(backed: Backed):
    secrets = [part.partition(":")[2] for part in backed.made.env["TOWNHALL_KEYS"].split(",")]
    paths = [backed.folder, *backed.folder.rglob("*")]
    assert {path.stat().st_mode & 0o077 for path in paths} == {0}
    for path in filter(Path.is_file, paths):
        held = path.read_bytes()
        assert [word for word in [*secrets, "note 1"] if word.encode() in held] == [], path.name
    said = json.loads((backed.folder / "manifest.json").read_text())
    assert said["keys"] == ["current", "old"]
    assert "files/files/attached.bin" in {part["name"] for part in said["parts"]}
    assert [path.name for path in backed.folder.parent.iterdir()] == [backed.folder.name]


def steps(backed: Backed, folder: Path, name: str) -> list[dict[str, object]]:
    with new_place(backed, folder) as env:
        printed = run(env, "tests.reliability.restorals", name, str(backed.folder), str(folder))
    return [json.loads(line) for line in printed.splitlines()]


def test_what_would_lose_or_mix_records_is_refused_and_changes_nothing(
    backed: Backed, tmp_path: Path
):
    theirs, other, done, again, in_use, mixed, *spoilt, replaced, changed = steps(
        backed, tmp_path / "new", "main"
    )
    nothing = {"records": False, "submissions": 0, "names": []}
    assert theirs["refused"] == "key-missing"
    assert "“current”" in str(theirs["said"])
    assert theirs["there"] == nothing
    assert other["refused"] == "key-missing"
    assert "“old”" in str(other["said"])
    assert other["there"] == nothing | {"names": ["preparing.lock"]}

    total = done["submissions"]
    assert isinstance(total, int)
    assert total >= len(backed.acked)
    assert done["aside"] == []
    for refused, code in ((again, "records-there"), (in_use, "in-use"), (mixed, "key-missing")):
        assert refused["refused"] == code
        assert refused["there"] == done["there"]
    assert [one["refused"] for one in spoilt] == ["backup-damaged", "backup-damaged"]
    assert [one["there"] for one in spoilt] == [done["there"], done["there"]]

    assert replaced["submissions"] == total
    assert len(replaced["aside"]) == (2 if backed.made.env["DATABASE_URL"] else 1)  # type: ignore[arg-type]
    assert changed == {"changed": 0, "chain_holds": True}


def test_what_was_kept_long_enough_is_destroyed_again(backed: Backed, tmp_path: Path):
    done, left = steps(backed, tmp_path / "new", "later")
    assert done["purged"]
    # What had not been delivered when the backup was made is never destroyed undelivered.
    assert left == {"left": done["undelivered"], "overdue": done["overdue"]}
    assert done["overdue"] == done["undelivered"]
