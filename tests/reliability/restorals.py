"""Restores one after another in one process, as an operator might get them wrong and right.

`python -m tests.reliability.restorals BACKUP DATA`, with the environment of the new place. Prints
one line of JSON for each step: what was refused, or what came back, and what is there afterwards.
"""

import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import django
import psycopg
from django.db import connection
from django.test import override_settings

django.setup()

# ruff: noqa: E402
from townhall.audit.queries import broken
from townhall.project import clock
from townhall.project.recovery import restoring
from townhall.project.recovery.backing_up import store
from townhall.project.recovery.files import Watch
from townhall.project.recovery.refusals import Refused
from townhall.retention.models import Overdue
from townhall.submissions.models import Submission
from townhall.submissions.sealing import write_key

MUCH_LATER = timedelta(days=800)


def quiet(words: str, done: int, total: int) -> None:
    """Watch, and do nothing."""


def put_back(
    folder: Path, data: Path, *, replace: bool = False, later: bool = False, watch: Watch = quiet
) -> None:
    """Restore, and print how that ended."""
    at = clock.now() + (MUCH_LATER if later else timedelta())
    wanted = restoring.Wanted(folder, data, replace)
    try:
        done = restoring.restore(wanted, by="test", at=at, watch=watch)
    except Refused as refused:
        print(json.dumps({"refused": refused.code, "said": str(refused), "there": there(data)}))
        return
    settled = done.settled
    print(json.dumps({
        "submissions": settled.submissions, "purged": settled.purged, "overdue": settled.overdue,
        "undelivered": settled.undelivered, "aside": done.aside, "there": there(data),
    }))  # fmt: skip


def there(data: Path) -> dict[str, object]:
    """What stands in the new place: its submissions, and the names in its folder."""
    has = store().has_records()
    passing = ("stand-in", "townhall.sqlite3-wal", "townhall.sqlite3-shm")
    names = sorted(path.name for path in data.iterdir() if path.name not in passing)
    rows = Submission.objects.count() if has else 0
    connection.close()
    return {"records": has, "submissions": rows, "names": names}


@contextmanager
def opened(data: Path) -> Iterator[None]:
    """Somebody else has the database open."""
    if connection.vendor == "sqlite":
        with sqlite3.connect(data / "townhall.sqlite3") as held:
            held.execute("SELECT count(*) FROM django_migrations").fetchall()
            yield
        held.close()
        return
    with psycopg.connect(os.environ["DATABASE_URL"]):
        yield


def change(folder: Path) -> None:
    """Change one bit of a backup's database; done again, it is as it was.

    Where a definition stands in it in clear, a bit of that: no database would notice.
    """
    path = folder / store().part
    raw = bytearray(path.read_bytes())
    found = raw.find(b'"title"')
    raw[found + len('"title":"') if found > 0 else len(raw) // 2] ^= 2
    path.write_bytes(raw)


def put_back_changed(folder: Path, data: Path) -> None:
    """One byte is another: before the backup is proven, and as soon as it has been."""

    def proven(words: str, done: int, total: int) -> None:
        if words == "proving the backup" and done == total:
            change(folder)

    change(folder)
    put_back(folder, data, replace=True)
    change(folder)
    put_back(folder, data, replace=True, watch=proven)
    change(folder)


def main(folder: Path, data: Path) -> None:
    """Every step in order; the last leaves the records much later than they were backed up."""
    other = write_key("old")
    with override_settings(KEYS=write_key("theirs")):
        put_back(folder, data)
    with override_settings(KEYS=f"{os.environ['TOWNHALL_KEYS'].split(',')[0]},{other}"):
        # The mark is good and each id is there, but one key is another one.
        put_back(folder, data)
    put_back(folder, data)
    put_back(folder, data)
    with opened(data):
        put_back(folder, data, replace=True)
    with override_settings(KEYS=f"{os.environ['TOWNHALL_KEYS'].split(',')[0]},{other}"):
        put_back(folder, data, replace=True)
    put_back_changed(folder, data)
    Submission.objects.all().update(service="changed")
    connection.close()
    put_back(folder, data, replace=True)
    changed = Submission.objects.filter(service="changed").count()
    print(json.dumps({"changed": changed, "chain_holds": broken() is None}))


def later(folder: Path, data: Path) -> None:
    """Restore when keeping has ended for everything in the backup."""
    put_back(folder, data, later=True)
    print(json.dumps({"left": Submission.objects.count(), "overdue": Overdue.objects.count()}))


if __name__ == "__main__":
    {"main": main, "later": later}[sys.argv[1]](Path(sys.argv[2]), Path(sys.argv[3]))
