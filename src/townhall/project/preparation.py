"""What `serve` does before it answers anyone: the tables, and the services it was given."""

import fcntl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from townhall.definitions.files import publish_file, service_files
from townhall.engine.faults import InvalidDefinition
from townhall.notify import standin_address
from townhall.project import house

# Any number that means this and nothing else to the database.
ADVISORY_LOCK = 7_031_882


def prepare(data: Path, *, at: datetime) -> bool:
    """Bring the tables up to date and publish every service of the settings' folders.

    A service that is refused is said with its reason, and what was live stays live. False where one
    of the folders' own settings cannot be read: no page could be shown.
    """
    bring_up_to_date(data)
    with one_at_a_time(data):
        try:
            shelf = house.library()
            house.council()
        except InvalidDefinition as refused:
            return _refuse(*refused.faults)
        except house.NoCouncil as reason:
            return _refuse(reason)
        for file in service_files(settings.SERVICES):
            done = publish_file(file, by="serve", at=at, library=shelf)
            if done.refused:
                print(f"{file}: not published\n{done.refused}", file=sys.stderr)
    return True


def bring_up_to_date(data: Path) -> None:
    """Make the tables, or change them to this release's."""
    with one_at_a_time(data):
        call_command("migrate", interactive=False, verbosity=0)


def _refuse(*reasons: object) -> bool:
    for reason in reasons:
        print(f"serve: {reason}", file=sys.stderr)
    return False


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
    if house.senders().live:
        return []
    return [
        f"Nothing is sent outside. Mail and webhooks are filed in {standin_address.folder(data)}"
    ]
