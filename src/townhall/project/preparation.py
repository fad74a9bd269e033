"""What `serve` does before it answers anyone: the tables, and the services it was given."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connection

REPOSITORY = Path(__file__).resolve().parents[3]
# Any number that means this and nothing else to the database.
ADVISORY_LOCK = 7_031_882


def folders(given: Sequence[Path] | None) -> list[Path]:
    """The folders to publish: those given, else the environment's, else the demonstration's."""
    named = given or [
        Path(folder)
        for folder in os.environ.get("TOWNHALL_SERVICES", "").split(os.pathsep)
        if folder
    ]
    demonstration = [REPOSITORY / "services"] if (REPOSITORY / "services").is_dir() else []
    return [folder.resolve() for folder in named or demonstration]


def prepare(data: Path, services: Sequence[Path], *, at: datetime) -> bool:
    """Bring the tables up to date. False where a service could not be published."""
    with one_at_a_time(data):
        call_command("migrate", interactive=False, verbosity=0)
    return True


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Hold the only right to prepare this data folder, and this database, for a moment.

    Two `serve` started together on one folder, or on one PostgreSQL, take turns.
    """
    with (data / "preparing.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])


def where_messages_go(data: Path) -> list[str]:
    """Where the stand-ins of the demonstration leave what they would have sent."""
    return []
