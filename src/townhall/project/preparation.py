"""What `serve` does before it answers anyone: the tables, and the services it was given."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from townhall.definitions.files import Published, publish_file, rehearse_file
from townhall.engine.faults import InvalidDefinition
from townhall.engine.library import Library
from townhall.notify import standin_address
from townhall.project import house
from townhall.proof.paths import services_at
from townhall.submissions import rotation

# Any number that means this and nothing else to the database.
ADVISORY_LOCK = 7_031_882
LOCK = "preparing.lock"


class NoRecords(Exception):
    """There is no data folder to work with; the message says what is wrong with it."""


def have_folder(data: Path, *, create: bool) -> None:
    """Have a data folder that we can write in; where not `create`, with a database in it.

    A folder that was mistyped is thereby noticed. Raises NoRecords.
    """
    if not create and connection.vendor == "sqlite" and not _database().is_file():
        raise NoRecords(
            f"there is no database in {data}: say with --data where it is "
            "(`townhall serve` and `townhall publish` make a new one)."
        )
    try:
        data.mkdir(parents=True, exist_ok=True)
        (data / LOCK).touch()
    except OSError as fault:
        reason = os.strerror(fault.errno) if fault.errno else type(fault).__name__
        if isinstance(fault, FileExistsError | NotADirectoryError):
            reason = "it is not a folder"
        raise NoRecords(f"records cannot be kept in {data}: {reason}.") from None


def _database() -> Path:
    return Path(str(settings.DATABASES["default"]["NAME"]))


def prepare(data: Path, *, at: datetime, publish: bool = True) -> list[str] | None:
    """Bring the tables up to date and publish every service of the settings' folders.

    Without ``publish`` what is live stays as it is: of several machines one publishes, so that
    another with older files does not put an older version back.

    A service that is refused is said with its reason, and what was live stays live. Gives the names
    of the services that were withdrawn and stay so; None where one of the folders' own settings
    cannot be read: no page could be shown.
    """
    bring_up_to_date(data)
    withdrawn: list[str] = []
    with one_at_a_time(data):
        try:
            shelf = house.library()
            house.council()
        except InvalidDefinition as refused:
            _refuse(*refused.faults)
            return None
        except house.NoCouncil as reason:
            _refuse(reason)
            return None
        for file in services_at(settings.SERVICES)[0] if publish else ():
            done = _published(file, shelf, at)
            if done.refused:
                print(f"{file}: not published\n{done.refused}", file=sys.stderr)
            if done.withdrawn:
                withdrawn.append(done.service)
    return withdrawn


def _published(file: Path, shelf: Library, at: datetime) -> Published:
    if settings.REHEARSAL:
        return rehearse_file(file, at=at, library=shelf)
    return publish_file(file, by="serve", at=at, library=shelf, revive=False)


def bring_up_to_date(data: Path) -> None:
    """Make the tables, or change them to this release's."""
    with one_at_a_time(data):
        call_command("migrate", interactive=False, verbosity=0)


def _refuse(*reasons: object) -> None:
    for reason in reasons:
        print(f"serve: {reason}", file=sys.stderr)


@contextmanager
def one_at_a_time(data: Path) -> Iterator[None]:
    """Hold the only right to prepare this data folder, and this database, for a moment.

    Two `serve` started together on one folder, or on one PostgreSQL, take turns. There they wait
    for each other without end, and change tables however long that takes; to touch a table that is
    in use they wait as long as anyone does (``databases.POSTGRES``), so that no page waits longer.
    """
    with (data / LOCK).open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SET lock_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            cursor.execute("RESET lock_timeout")
            yield
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
            cursor.execute("RESET statement_timeout")


def missing_keys() -> list[str]:
    """Say which keys stored answers need and we do not have; what they sealed cannot be read."""
    return [
        f"stored answers are sealed with the key “{name}”, and TOWNHALL_KEYS does not hold it. "
        "They can be neither read nor delivered until it does."
        for name in rotation.missing()
    ]


def where_messages_go(data: Path) -> list[str]:
    """Where the stand-ins of the demonstration leave what they would have sent."""
    if house.senders().live:
        return []
    rehearsal = ["This is a rehearsal: references begin TEST, and each start begins with nothing."]
    return [
        *(rehearsal if settings.REHEARSAL else ()),
        f"Nothing is sent outside. Mail and webhooks are filed in {standin_address.folder(data)}",
    ]
